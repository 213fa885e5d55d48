"""One run of wages: its progress, totals, people and problems, and what may be done with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.enums import OFF_CYCLE_RUNS, PRINTED_RUNS, RunKind, RunStatus
from inmates.forms.payroll_run import PaymentForm, ReturnRunForm, ReverseRunForm
from inmates.models import Inmate, PayrollRun, Payslip
from inmates.presenters.payroll import (
    can_be_calculated,
    is_under_way,
    late_changes,
    problem_rows,
    run_crumbs,
    run_facts,
    timeline,
)
from inmates.presenters.run_changes import change_rows
from inmates.presenters.run_kinds import (
    difference_people,
    is_droppable,
    is_payable,
    is_reversible,
    kind_facts,
    reversed_words,
    run_rows,
    run_title,
)
from inmates.refusals import AlreadyCalculating
from inmates.rules import (
    APPROVAL_PAGES,
    PAYROLL_ACTS,
    can_approve_payroll_run,
    can_pay_payroll_run,
    can_return_payroll_run,
    can_start_payroll_run,
)
from inmates.selectors.last_edit import edited_after
from inmates.selectors.late_changes import changes_after
from inmates.selectors.mirrors import why_outdated
from inmates.selectors.payroll import (
    payroll_runs_visible_to,
    run_payslips,
    run_problems,
    runs_with_totals,
)
from inmates.selectors.run_changes import largest_changes
from inmates.selectors.run_families import before_slips, causes_of_slips, paid_together
from inmates.services.approval import approve_payroll_run
from inmates.services.off_cycle import restart_run
from inmates.services.paying import pay_payroll_run
from inmates.services.payroll import recalculate_person
from inmates.services.returning import return_payroll_run
from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.htmx import asks_for_part
from portal.kernel.states import history_of

PAGE_SIZE = 100
# Differences of an earlier month are calculated with their run, a reversal never.
CALCULATED_KINDS = (RunKind.REGULAR, *OFF_CYCLE_RUNS)


@require_safe
@allow(APPROVAL_PAGES)
def payroll_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The state and progress of a run; done, its totals, people and problems."""
    return run_page(request, found_run(request, run_id))


def found_run(request: HttpRequest, run_id: int) -> PayrollRun:
    visible = payroll_runs_visible_to(request.user, clock.today())
    rows = runs_with_totals(visible).select_related(
        "payer",
        "institution__organisation",
        "task_run",
        "approved_by",
        "settled_with",
        "reverses",
        "reversal",
    )
    return get_object_or_404(rows, pk=run_id)


def mirror_of(run: PayrollRun) -> PayrollRun | None:
    """The reversal of the run, approved or not yet."""
    found: PayrollRun | None = getattr(run, "reversal", None)
    return found


def run_page(
    request: HttpRequest,
    run: PayrollRun,
    *,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    if asks_for_part(request):
        return _progress(request, run)
    on = clock.today()
    place_id = run.institution.organisation_id
    shown = Paginator(run_payslips(run), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **_acts(request, run),
        **_differences(run, slips := list(shown)),
        "run": run,
        "crumbs": run_crumbs(run),
        "title": run_title(run),
        "reversed": reversed_words(run),
        "is_under_way": is_under_way(run),
        "facts": [*kind_facts(run, mirror_of(run)), *run_facts(run)],
        "together": run_rows(paid_together(run), here=run),
        "page": shown,
        "slips": slips,
        "problems": problem_rows(run_problems(run), is_discreet=run.payer.kind in PRIVATE_KINDS),
        "late": late_changes(*changes_after(run), edited_at=edited_after(run)),
        "changes": _changes(run),
        "rows": timeline(history_of(run)),
        "may_start": can_start_payroll_run(request.user, run.payer_id, place_id, on),
        "differences_url": reverse("inmates:payroll_differences", args=[run.pk]),
        "can_start": can_be_calculated(run) and run.kind in CALCULATED_KINDS,
        "is_printed": run.status in PRINTED_RUNS,
        **(more or {}),
    }
    return render(request, "inmates/payroll_run.html", context, status=status)


def _acts(request: HttpRequest, run: PayrollRun) -> dict[str, Any]:
    """What may be done with the run as it stands, each with its verdict or its form.

    With differences of an earlier month nothing is done by itself: with the run they are paid with.
    """
    on, user = clock.today(), request.user
    place_id = run.institution.organisation_id
    acts: dict[str, Any] = {}
    if run.settled_with_id is not None:
        return acts
    is_accountant = can_start_payroll_run(user, run.payer_id, place_id, on)
    if is_accountant and is_reversible(run, mirror_of(run)):
        acts["reverse_form"] = ReverseRunForm(run_id=run.pk)
    if is_accountant and is_droppable(run):
        acts["drop_url"] = reverse("inmates:payroll_drop", args=[run.pk])
    is_lost = run.status == RunStatus.POSTING and not is_under_way(run)
    if run.status == RunStatus.CALCULATED or is_lost:
        acts["may_approve"] = can_approve_payroll_run(user, run, on)
        if can_return_payroll_run(user, run, on):
            acts["return_form"] = ReturnRunForm(run_id=run.pk)
    if run.status == RunStatus.APPROVED and is_payable(run):
        acts["may_pay"] = can_pay_payroll_run(user, run.payer_id, place_id, on)
        acts["pay_form"] = PaymentForm(run_id=run.pk, today=on)
    return acts


def _changes(run: PayrollRun) -> list[dict[str, Any]]:
    """Against the month before; only the regular runs of two months are alike."""
    return change_rows(largest_changes(run)) if run.kind == RunKind.REGULAR else []


def _differences(run: PayrollRun, slips: list[Payslip]) -> dict[str, Any]:
    """Was, now and why of each person whose payslip here is a difference; two queries. Of a
    reversal that the check stopped, why it holds no longer."""
    outdated = why_outdated(run) if run.difference_count else None
    differing = [slip for slip in slips if slip.is_difference]
    if not differing:
        return {"is_of_differences": False, "difference_people": [], "outdated": outdated}
    before, causes = before_slips(run, differing), causes_of_slips(differing)
    return {
        "outdated": outdated,
        "is_of_differences": len(differing) == len(slips),
        "difference_people": difference_people(run, differing, before, causes),
    }


def _progress(request: HttpRequest, run: PayrollRun) -> HttpResponse:
    """The progress alone; once it is over, htmx loads the whole page anew."""
    context = {"run": run, "is_under_way": is_under_way(run)}
    response = render(request, "inmates/_run_progress.html", context)
    response["Vary"] = "HX-Request"
    if not context["is_under_way"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@allow(PAYROLL_ACTS)
def payroll_restart(request: HttpRequest, run_id: int) -> HttpResponse:
    """Calculate the same run again; a refusal is told on the run's page."""
    run = found_run(request, run_id)
    try:
        restart_run(actor=request.user, run_id=run.pk, at=clock.now())
    except AlreadyCalculating as running:
        messages.info(request, str(running))
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect("inmates:payroll_run", run_id=run.pk)


@require_POST
@allow(APPROVAL_PAGES)
def payroll_approve(request: HttpRequest, run_id: int) -> HttpResponse:
    """The second pair of eyes; a refusal is told on the run's page."""
    run = found_run(request, run_id)
    try:
        approve_payroll_run(actor=request.user, run_id=run.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Approved. The books are being written; stay or leave."))
    return redirect("inmates:payroll_run", run_id=run.pk)


@require_POST
@allow(APPROVAL_PAGES)
def payroll_return(request: HttpRequest, run_id: int) -> HttpResponse:
    """Back to the accountant with a reason; a refusal keeps what was written."""
    run = found_run(request, run_id)
    form = ReturnRunForm(request.POST, run_id=run.pk)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            return_payroll_run(actor=request.user, run_id=run.pk, reason=reason, at=clock.now())
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Returned: the accountant sees why."))
            return redirect("inmates:payroll_run", run_id=run.pk)
    return run_page(request, run, more={"return_form": form}, status=422)


@require_POST
@allow(PAYROLL_ACTS)
def payroll_pay(request: HttpRequest, run_id: int) -> HttpResponse:
    """The wages were paid by a document; a refusal keeps what was written."""
    run = found_run(request, run_id)
    form = PaymentForm(request.POST, run_id=run.pk, today=clock.today())
    if form.is_valid():
        try:
            pay_payroll_run(actor=request.user, run_id=run.pk, at=clock.now(), **form.cleaned_data)
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Paid: the accounts of the people are credited."))
            return redirect("inmates:payroll_run", run_id=run.pk)
    return run_page(request, run, more={"pay_form": form}, status=422)


@require_POST
@allow(PAYROLL_ACTS)
def payroll_person_restart(request: HttpRequest, run_id: int, number: str) -> HttpResponse:
    """Calculate one person of the run anew; the slips of the others stay."""
    run = found_run(request, run_id)
    # Of the run alone: whether somebody else has this number is not told.
    of_run = Q(payslips__run=run) | Q(pk__in=run.problems.values("inmate"))
    inmate = get_object_or_404(Inmate.objects.filter(of_run).distinct(), personnel_number=number)
    try:
        recalculate_person(actor=request.user, run_id=run.pk, inmate_id=inmate.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.info(request, _("№ %(number)s is being calculated again.") % {"number": number})
    return redirect("inmates:payroll_run", run_id=run.pk)
