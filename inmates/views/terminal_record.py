"""What a person reads at a terminal: their wages, debts, and who looked at their record.

Every page asks by the person of the visit alone: no address names a person, a slip or a writ.
"""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inmates.presenters.own_record import (
    credit_rows,
    debt_rows,
    look_rows,
    month_rows,
    owed_rows,
    settled_words,
    three_numbers,
    transfer_rows,
    visit_rows,
    year_rows,
)
from inmates.presenters.own_slips import slip_blocks
from inmates.selectors.own_debts import own_debts, writs_share
from inmates.selectors.own_looks import looks_at_person, own_visits
from inmates.selectors.own_record import (
    owed_back,
    own_credits,
    own_months,
    own_slips,
    own_transfers,
    with_lines,
    year_months,
)
from inmates.views.terminal_gate import terminal_person
from portal.kernel import clock
from portal.kernel.periods import Month
from portal.kernel.text import month_name, share

# As many months stand on the first page; a year of looks is shown.
MONTHS_SHOWN = 13
LOOKS_SHOWN = timedelta(days=365)
CREDITS_SHOWN = 12


@require_safe
@terminal_person
def pay(request: Any) -> HttpResponse:
    """Three numbers of the last month, the year so far, what reached the account."""
    slips = list(own_slips(request.terminal_person.pk))
    months = own_months(slips)
    last = months[0] if months else None
    context = {
        "last": last,
        "name": month_name(last.month) if last else "",
        "numbers": three_numbers(last) if last else [],
        "settled": settled_words(last) if last else "",
        "owed": owed_rows(owed_back(slips)),
        "months": month_rows(months[:MONTHS_SHOWN]),
        "year": str(last.month.year) if last else "",
        "year_rows": year_rows(year_months(months, last.month.year)) if last else [],
        "credits": credit_rows(own_credits(slips)[:CREDITS_SHOWN]),
    }
    return render(request, "inmates/terminal/pay.html", context)


@require_safe
@terminal_person
def month(request: Any, month: str) -> HttpResponse:
    """Every slip of one month, line by line with its why; 404 for a month without one."""
    try:
        asked = Month.parse(month)
    except ValueError:
        raise Http404 from None
    slips = own_slips(request.terminal_person.pk).filter(run__month=asked.first_day)
    found = own_months(with_lines(slips))
    if not found:
        raise Http404
    one = found[0]
    context = {
        "month": asked,
        "name": month_name(asked).capitalize(),
        "numbers": three_numbers(one),
        "settled": settled_words(one),
        "blocks": slip_blocks(one),
        "transfers": transfer_rows(own_transfers(one)),
    }
    return render(request, "inmates/terminal/month.html", context)


@require_safe
@terminal_person
def debts(request: Any) -> HttpResponse:
    """What is left of each writ and when it ends, if every month pays what the last one did."""
    person = request.terminal_person
    found = own_debts(person.pk, own_months(own_slips(person.pk)), clock.today())
    most = writs_share(clock.today())
    context = {
        "most": share(most) if most is not None else "",
        "debts": debt_rows(found.debts),
        "by_pay_of": month_name(found.by_pay_of) if found.by_pay_of else "",
    }
    return render(request, "inmates/terminal/debts.html", context)


@require_safe
@terminal_person
def looks(request: Any) -> HttpResponse:
    """Who read the person's name or IIN in the last year, by role and organisation."""
    person, today = request.terminal_person, clock.today()
    context = {
        "looks": look_rows(looks_at_person(person, today - LOOKS_SHOWN, today)),
        "visits": visit_rows(own_visits(person.pk)),
    }
    return render(request, "inmates/terminal/looks.html", context)
