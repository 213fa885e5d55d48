"""The operator's page: every institution it works in, and what is due to whom."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.periods import Month
from portal.kernel.text import month_name
from portal.reports.operator import presenters
from portal.reports.operator.selectors import goods_due, places_of_operator, wage_runs

MONTHS_OFFERED = 13
# The days of payment of earlier months are not entered (due_days.json).
EARLIEST = date(2024, 1, 1)
GOODS_SHOWN = 12


@require_safe
@allow(role_holders(Role.OPERATOR))
def operator(request: HttpRequest) -> HttpResponse:
    """Orders, people present, the month's wage fund, goods and money that are due."""
    today = clock.today()
    month, refusal = _month(request.GET.get("month", ""), today)
    places = places_of_operator(request.user, today)
    runs = list(wage_runs(request.user, today, month))
    rows = presenters.place_rows(places, runs, today)
    workshops = [workshop.pk for place in places for workshop in place.workshops]
    goods = list(goods_due(workshops, GOODS_SHOWN + 1))
    context = _month_picker(month, today) | {
        "today": today,
        "refusal": refusal,
        "rows": rows,
        "total": presenters.totals(rows),
        "has_operators": len({row["operator"] for row in rows} | {r.payer.name for r in runs}) > 1,
        "goods": presenters.goods_rows(goods[:GOODS_SHOWN], today),
        "has_more_goods": len(goods) > GOODS_SHOWN,
        "money": presenters.money_rows(runs, month, today),
        "sources": presenters.due_sources(month),
    }
    return render(request, "reports/operator.html", context, status=400 if refusal else 200)


def _month(typed: str, today: date) -> tuple[Month, str]:
    """The month asked for, else the last one that has ended; and why the asked one is refused."""
    last = Month.of(today).previous()
    if not typed:
        return last, ""
    try:
        month = Month.parse(typed.strip())
    except ValueError:
        return last, _("A month is written as 2026-11.")
    if month.first_day > today or month.first_day < EARLIEST:
        return last, _("There are no wages of this month. Choose one from the list.")
    return month, ""


def _month_picker(month: Month, today: date) -> dict[str, Any]:
    months = [Month.of(today).plus(-back) for back in range(MONTHS_OFFERED)]
    if month not in months:
        months.append(month)
    return {
        "month": month,
        "months_offered": [(str(one), month_name(one), one == month) for one in months],
    }
