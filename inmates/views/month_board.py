"""The month board of wages: all places of a month, one place step by step, the start of a run."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.enums import RunKind
from inmates.models import PayrollRun
from inmates.presenters.month_board import (
    board_address,
    month_chips,
    month_steps,
    only_runs,
    place_rows,
)
from inmates.presenters.pay_blockers import blocker_rows
from inmates.presenters.payroll import can_be_calculated, is_under_way
from inmates.presenters.run_kinds import run_rows
from inmates.refusals import AlreadyCalculating
from inmates.rules import APPROVAL_PAGES, PAYROLL_ACTS, PAYROLL_READERS, can_start_payroll_run
from inmates.selectors.month_board import month_facts, sheets_of_places
from inmates.selectors.payroll import Place, payroll_places, runs_of_months
from inmates.selectors.run_families import month_runs, other_runs
from inmates.services.payroll import start_payroll_run
from portal.accounts.selectors import grants_of
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.periods import Month
from portal.kernel.text import month_name

MONTHS_SHOWN = 6
MONTHS_KEPT = 24


@require_safe
@allow(APPROVAL_PAGES)
def payroll_runs(request: HttpRequest) -> HttpResponse:
    """Payers × institutions of one month: the state of each, what comes next, whose turn it is."""
    on = clock.today()
    present = Month.of(on)
    month = _month(request.GET.get("month", ""), present) or present.previous()
    shown = MONTHS_KEPT if request.GET.get("earlier") else MONTHS_SHOWN
    months = [present.plus(-back) for back in range(shown)]
    places = payroll_places(request.user, on)
    runs = runs_of_months(request.user, on, [month])
    address = reverse("inmates:payroll_runs")
    others = other_runs(request.user, on, month)
    rows = place_rows(places, month, runs, sheets_of_places(places, month))
    context = {
        "rows": [row | {"others": run_rows(others.get(row["key"], []))} for row in rows],
        "has_places": bool(places),
        "month": month,
        "title": month_name(month).capitalize(),
        "months": month_chips(month, months, lambda one: f"{address}?month={one}"),
        "has_earlier": shown < MONTHS_KEPT,
    }
    return render(request, "inmates/payroll/places.html", context)


@require_safe
@allow(APPROVAL_PAGES)
def payroll_board(
    request: HttpRequest, payer_id: int, institution_id: int, month: str
) -> HttpResponse:
    """One payer in one institution in one month, step by step from timesheets to payment."""
    place, when = found_place(request, payer_id, institution_id, month)
    return _board(request, place, when)


@require_POST
@allow(PAYROLL_ACTS)
def payroll_start(
    request: HttpRequest, payer_id: int, institution_id: int, month: str
) -> HttpResponse:
    """Calculate the month; a refusal is told on the board, which lists what is missing."""
    place, when = found_place(request, payer_id, institution_id, month)
    order = {"payer_id": place.payer.pk, "institution_id": place.institution.pk}
    try:
        run = start_payroll_run(actor=request.user, month=when, at=clock.now(), **order)
    except AlreadyCalculating as running:
        # A second click: the first one is at work, show it.
        messages.info(request, str(running))
        runs = PayrollRun.objects.filter(month=when.first_day, is_reversed=False, **order)
        run = runs.get(kind=RunKind.REGULAR)
    except PortalError as refusal:
        return _board(request, place, when, refused=str(refusal), status=refusal.status)
    return redirect("inmates:payroll_run", run_id=run.pk)


def _board(
    request: HttpRequest, place: Place, month: Month, *, refused: str = "", status: int = 200
) -> HttpResponse:
    on = clock.today()
    facts = month_facts(*place.key, month)
    run = facts.run
    place_id = place.institution.organisation_id
    roles = {grant.role for grant in grants_of(request.user, on)}
    steps = month_steps(facts)
    months = [Month.of(on).plus(-back) for back in range(MONTHS_SHOWN)]
    is_over = month < Month.of(on)
    context = {
        "crumbs": [
            {"label": _("Payroll"), "url": f"{reverse('inmates:payroll_runs')}?month={month}"},
            {"label": place.payer.name},
            {"label": place.institution.organisation.name},
        ],
        "title": month_name(month).capitalize(),
        "month_name": month_name(month),
        "months": month_chips(month, months, lambda one: board_address(*place.key, one)),
        "steps": steps if roles & set(PAYROLL_READERS) else only_runs(steps),
        "blockers": blocker_rows(facts.blockers, place.payer.pk, month, roles),
        "run": run,
        "runs": run_rows(month_runs(*place.key, month)),
        "off_cycle_url": reverse("inmates:off_cycle", args=[*place.key, str(month)]),
        "people": facts.people,
        "is_under_way": run is not None and is_under_way(run),
        "is_over": is_over,
        "over_on": month.next().first_day,
        "can_calculate": is_over and (run is None or can_be_calculated(run)),
        "start_url": reverse("inmates:payroll_start", args=[*place.key, str(month)]),
        "may_start": can_start_payroll_run(request.user, place.payer.pk, place_id, on),
        "refused": refused,
    }
    return render(request, "inmates/payroll/board.html", context, status=status)


def found_place(
    request: HttpRequest, payer_id: int, institution_id: int, month: str
) -> tuple[Place, Month]:
    """The place among those the user acts for; any other is not found."""
    on = clock.today()
    when = _month(month, Month.of(on))
    found = [
        place
        for place in payroll_places(request.user, on)
        if place.key == (payer_id, institution_id)
    ]
    if when is None or not found:
        raise Http404
    return found[0], when


def _month(text: str, present: Month) -> Month | None:
    """A month up to the present one."""
    try:
        month = Month.parse(text)
    except ValueError:
        return None
    return month if month <= present else None
