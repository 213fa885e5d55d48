"""Runs outside the month's order and reversals: made, taken back; days confirmed at release."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inmates.enums import OFF_CYCLE_RUNS, RunKind
from inmates.forms.payroll_run import OffCycleForm, ReverseRunForm
from inmates.models import Placement
from inmates.presenters.month_board import board_address
from inmates.presenters.pay_blockers import blocker_rows
from inmates.presenters.run_kinds import (
    ABOUT,
    NOBODY,
    SINCE,
    candidate_rows,
    kind_chips,
    run_title,
)
from inmates.rules import PAYROLL_ACTS, SHIFT_PAGES, can_start_payroll_run
from inmates.run_refusals import InputsMissing
from inmates.selectors.off_cycle import Candidate, Scope, candidates
from inmates.selectors.payroll import Place
from inmates.selectors.timesheets import placed_in_workshops
from inmates.services.leavers import confirm_days
from inmates.services.off_cycle import NewRun, drop_run, start_off_cycle_run
from inmates.services.reversing import reverse_payroll_run
from inmates.views.month import found_month
from inmates.views.month_board import found_place
from inmates.views.payroll_run import found_run, run_page
from portal.accounts.selectors import grants_of
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.once import once
from portal.kernel.periods import Month
from portal.kernel.text import month_name

# Of a list of people on one page.
SHOWN = 25
LONGEST_NUMBER = 12


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PAYROLL_ACTS)
@once
def off_cycle(request: HttpRequest, payer_id: int, institution_id: int, month: str) -> HttpResponse:
    """For whom such a run would have something to pay; one order, and its refusal in words."""
    place, when = found_place(request, payer_id, institution_id, month)
    scope = Scope(*place.key, when)
    on = clock.today()
    can_start_payroll_run(
        request.user, place.payer.pk, place.institution.organisation_id, on
    ).require()
    kind = _kind(request)
    rows, sought = _sought(request, candidates(kind, scope, on))
    address = reverse("inmates:off_cycle", args=[*place.key, str(when)])
    form = OffCycleForm(
        request.POST if request.method == "POST" else None,
        action=f"{address}?{urlencode({'kind': kind} | ({'number': sought} if sought else {}))}",
        cancel_url=board_address(*place.key, when),
    )
    missing: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        numbers = list(filter(None, form.cleaned_data["numbers"])) or [one.number for one in rows]
        new = NewRun(kind, numbers, form.cleaned_data["reason"])
        try:
            run = start_off_cycle_run(actor=request.user, scope=scope, new=new, at=clock.now())
            return redirect("inmates:payroll_run", run_id=run.pk)
        except InputsMissing as refusal:
            roles = {grant.role for grant in grants_of(request.user, on)}
            missing = blocker_rows(refusal.blockers, place.payer.pk, when, roles)
            form.add_error(None, _("Something is missing for these people; it is listed above."))
        except PortalError as refusal:
            form.add_error(None, str(refusal))
    context = _context(place, when, kind, address) | {
        "form": form, "blockers": missing, "sought": sought, "people_count": len(rows),
        "page": Paginator(candidate_rows(rows), SHOWN).get_page(request.GET.get("page")),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "inmates/payroll/off_cycle.html", context, status=status)


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in OFF_CYCLE_RUNS else RunKind.RELEASE.value


def _sought(request: HttpRequest, rows: list[Candidate]) -> tuple[list[Candidate], str]:
    """Those whose number has the figures looked for; left out, everybody."""
    sought = request.GET.get("number", "").replace("\x00", "").strip()[:LONGEST_NUMBER]
    return [one for one in rows if sought in one.number], sought


def _context(place: Place, month: Month, kind: str, address: str) -> dict[str, Any]:
    board = board_address(*place.key, month)
    return {
        "crumbs": [
            {"label": _("Payroll"), "url": f"{reverse('inmates:payroll_runs')}?month={month}"},
            {"label": place.payer.name},
            {"label": place.institution.organisation.name},
            {"label": month_name(month).capitalize(), "url": board},
        ],
        "title": _("Run outside the month's order"),
        "month_name": month_name(month),
        "chips": kind_chips(kind, address),
        "about": ABOUT[RunKind(kind)],
        "since": SINCE[RunKind(kind)],
        "nobody": NOBODY[RunKind(kind)],
        "kind": kind,
    }


@require_POST
@allow(PAYROLL_ACTS)
def payroll_reverse(request: HttpRequest, run_id: int) -> HttpResponse:
    """A mirror of the approved wages, for another person to approve; a refusal keeps the reason."""
    run = found_run(request, run_id)
    form = ReverseRunForm(request.POST, run_id=run.pk)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            mirror = reverse_payroll_run(
                actor=request.user, run_id=run.pk, reason=reason, at=clock.now()
            )
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The reversal waits for the first signature."))
            return redirect("inmates:payroll_run", run_id=mirror.pk)
    return run_page(request, run, more={"reverse_form": form}, status=422)


@require_POST
@allow(PAYROLL_ACTS)
def payroll_drop(request: HttpRequest, run_id: int) -> HttpResponse:
    """An off-cycle run or reversal that nobody approved is taken back."""
    run = found_run(request, run_id)
    try:
        drop_run(actor=request.user, run_id=run.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect("inmates:payroll_run", run_id=run.pk)
    messages.success(request, _("Taken back: %(title)s.") % {"title": run_title(run)})
    return redirect(board_address(run.payer_id, run.institution_id, Month.of(run.month)))


@require_POST
@allow(SHIFT_PAGES)
def confirm_leaver(request: HttpRequest, code: str, month: str, placement_id: int) -> HttpResponse:
    """The days of somebody who left are vouched for; a refusal is told on the page of the month."""
    workshop, when = found_month(request, code, month)
    placement: Placement = get_object_or_404(
        placed_in_workshops([workshop.pk], when), pk=placement_id
    )
    try:
        confirm_days(actor=request.user, placement_id=placement.pk, month=when, at=clock.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Confirmed: the last pay may be calculated from these days."))
    return redirect("inmates:month", code=code, month=month)
