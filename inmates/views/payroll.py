"""The accountant's pages: the board of runs, one run, one payslip, the law's parameters."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.forms.payroll import StartRunForm
from inmates.models import PayrollRun, Payslip
from inmates.presenters.parameters import parameter_groups
from inmates.presenters.payroll import (
    board,
    is_under_way,
    late_changes,
    problem_rows,
    run_crumbs,
    run_facts,
    timeline,
)
from inmates.presenters.payslip import account_reason, shown_slip, slip_document, slip_facts
from inmates.refusals import AlreadyCalculating
from inmates.rules import (
    PARAMETER_PAGES,
    PAYROLL_ACTS,
    PAYROLL_PAGES,
    can_read_identity,
    can_start_payroll_run,
)
from inmates.selectors.late_changes import changes_after, preview_of
from inmates.selectors.payroll import (
    parameters_by_code,
    payroll_places,
    payroll_runs_visible_to,
    payslips_visible_to,
    run_payslips,
    run_problems,
    runs_of_months,
    runs_with_totals,
    slip_lines,
    workplaces,
    year_to_date,
)
from inmates.selectors.people import identities
from inmates.services.papers import issue_payslip
from inmates.services.payroll import start_payroll_run
from portal.accounts.enums import Role
from portal.documents.render import render_pdf
from portal.documents.stamp import check_address, stamp_of
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.htmx import asks_for_part
from portal.kernel.periods import Month
from portal.kernel.states import history_of
from portal.kernel.text import month_name

MONTHS_ON_BOARD = 6
MONTHS_IN_FORM = 24
PAGE_SIZE = 100
LANGUAGES = ("ru", "kk")


@require_safe
@allow(PAYROLL_PAGES)
def payroll_runs(request: HttpRequest) -> HttpResponse:
    """Payers × institutions × the last months: which runs there are and what they came to."""
    on = clock.today()
    months = [Month.of(on).plus(-back) for back in range(MONTHS_ON_BOARD)]
    if request.GET.get("earlier"):
        months = [Month.of(on).plus(-back) for back in range(MONTHS_IN_FORM)]
    context = {
        "boards": board(
            payroll_places(request.user, on), months, runs_of_months(request.user, on, months)
        ),
        "has_earlier": len(months) < MONTHS_IN_FORM,
        "may_start": PAYROLL_ACTS(request.user, on),
    }
    return render(request, "inmates/payroll_runs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PAYROLL_ACTS)
def payroll_start(request: HttpRequest) -> HttpResponse:
    """Choose payer, institution and month; a refusal leaves what was chosen."""
    on = clock.today()
    places = payroll_places(request.user, on, Role.ACCOUNTANT)
    months = [Month.of(on).plus(-back) for back in range(MONTHS_IN_FORM)]
    choices = {"places": places, "months": months}
    if request.method != "POST":
        form = StartRunForm(initial={"month": months[1], **request.GET.dict()}, **choices)
        return render(request, "inmates/payroll_start.html", {"form": form, "places": places})
    form = StartRunForm(request.POST, **choices)
    if form.is_valid():
        response = _start(
            request,
            payer_id=form.cleaned_data["payer"],
            institution_id=form.cleaned_data["institution"],
            month=form.cleaned_data["month"],
            form=form,
        )
        if response:
            return response
    return render(
        request, "inmates/payroll_start.html", {"form": form, "places": places}, status=422
    )


@require_POST
@allow(PAYROLL_ACTS)
def payroll_restart(request: HttpRequest, run_id: int) -> HttpResponse:
    """Calculate the same month again; a refusal is told on the run's page."""
    run = get_object_or_404(payroll_runs_visible_to(request.user, clock.today()), pk=run_id)
    response = _start(
        request, payer_id=run.payer_id, institution_id=run.institution_id, month=Month.of(run.month)
    )
    return response or redirect("inmates:payroll_run", run_id=run.pk)


def _start(
    request: HttpRequest,
    *,
    payer_id: int,
    institution_id: int,
    month: Month,
    form: StartRunForm | None = None,
) -> HttpResponse | None:
    """The page of the run that goes on now, or None after a refusal that was told."""
    order: dict[str, Any] = {"payer_id": payer_id, "institution_id": institution_id}
    try:
        run = start_payroll_run(actor=request.user, month=month, at=clock.now(), **order)
    except AlreadyCalculating as running:
        # A second click: the first one is at work, show it.
        messages.info(request, str(running))
        run = PayrollRun.objects.get(month=month.first_day, kind="regular", **order)
    except PortalError as refusal:
        if form is None:
            messages.error(request, str(refusal))
        else:
            form.add_error(None, str(refusal))
        return None
    return redirect("inmates:payroll_run", run_id=run.pk)


@require_safe
@allow(PAYROLL_PAGES)
def payroll_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The state and progress of a run; done, its totals, people and problems."""
    on = clock.today()
    visible = payroll_runs_visible_to(request.user, on)
    rows = runs_with_totals(visible).select_related(
        "payer", "institution__organisation", "task_run"
    )
    run = get_object_or_404(rows, pk=run_id)
    if asks_for_part(request):
        return _run_part(request, run)
    place_id = run.institution.organisation_id
    context = {
        "run": run,
        "crumbs": run_crumbs(run),
        "title": month_name(run.month).capitalize(),
        "is_under_way": is_under_way(run),
        "facts": run_facts(run),
        "page": Paginator(run_payslips(run), PAGE_SIZE).get_page(request.GET.get("page")),
        "problems": problem_rows(run_problems(run)),
        "late": late_changes(*changes_after(run)),
        "preview": preview_of(run),
        "rows": timeline(history_of(run)),
        "may_start": can_start_payroll_run(request.user, run.payer_id, place_id, on),
    }
    return render(request, "inmates/payroll_run.html", context)


def _run_part(request: HttpRequest, run: PayrollRun) -> HttpResponse:
    """The progress alone; once it is over, htmx loads the whole page anew."""
    context = {"run": run, "is_under_way": is_under_way(run)}
    response = render(request, "inmates/_run_progress.html", context)
    response["Vary"] = "HX-Request"
    if not context["is_under_way"]:
        response["HX-Refresh"] = "true"
    return response


def _visible_slip(request: HttpRequest, slip_id: int) -> Payslip:
    rows = payslips_visible_to(request.user, clock.today()).select_related(
        "inmate", "run__payer", "run__institution__organisation"
    )
    return get_object_or_404(rows, pk=slip_id)


@require_safe
@allow(PAYROLL_PAGES)
def payslip(request: HttpRequest, slip_id: int) -> HttpResponse:
    """Each line with its reason; the name for the payer's accountant, which is audited."""
    slip = _visible_slip(request, slip_id)
    run = slip.run
    verdict = can_read_identity(
        request.user, run.payer_id, run.institution.organisation_id, clock.today()
    )
    context = {
        "slip": slip,
        "crumbs": [
            *run_crumbs(run)[:1],
            {"label": run.institution.organisation.name},
            {
                "label": month_name(run.month).capitalize(),
                "url": reverse("inmates:payroll_run", args=[run.pk]),
            },
        ],
        "title": _("Payslip, № %(number)s") % {"number": slip.inmate.personnel_number},
        "shown": shown_slip(slip, slip_lines(slip)),
        "facts": slip_facts(slip, _name(request, slip) if verdict else "", workplaces(slip)),
        "account_reason": account_reason(slip),
        "verdict": verdict,
    }
    return render(request, "inmates/payslip.html", context)


def _name(request: HttpRequest, slip: Payslip) -> str:
    found = identities(actor=request.user, inmates=[slip.inmate], purpose="payslip", at=clock.now())
    identity = found.get(slip.inmate_id)
    return identity.full_name if identity else ""


@require_safe
@allow(PAYROLL_PAGES)
def payslip_pdf(request: HttpRequest, slip_id: int) -> HttpResponse:
    """The payslip on paper in ru or kk; with the name on it, so for the accountant alone."""
    slip = _visible_slip(request, slip_id)
    run = slip.run
    can_read_identity(
        request.user, run.payer_id, run.institution.organisation_id, clock.today()
    ).require()
    asked = request.GET.get("language", translation.get_language())
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    full_name = _name(request, slip)
    issued = issue_payslip(actor=request.user, slip_id=slip.pk, at=clock.now())
    with translation.override(language):
        data = slip_document(
            slip,
            slip_lines(slip),
            full_name=full_name,
            places=workplaces(slip),
            year=year_to_date(slip),
            stamp=stamp_of(issued, check_address(request, issued)),
        )
    pdf = render_pdf("payslip.typ", data, created_at=run.calculated_at or run.created_at)
    audit.record(
        actor=request.user, action="payslip_printed", at=clock.now(), subject=slip,
        language=language,
    )  # fmt: skip
    month = Month.of(run.month)
    name = f"payslip-{slip.inmate.personnel_number}-{month}-{language}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@require_safe
@allow(PARAMETER_PAGES)
def pay_parameters(request: HttpRequest) -> HttpResponse:
    """Every figure of the law the wages rest on, with its dates, source and confidence."""
    groups = parameter_groups(parameters_by_code(), clock.today())
    return render(request, "inmates/pay_parameters.html", {"groups": groups})
