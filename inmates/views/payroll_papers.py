"""The papers of a run: everybody's payslips, printed by a job, and the pay sheet to sign."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.enums import PRINTED_RUNS, PaperLanguage
from inmates.models import PayrollRun, Payslip
from inmates.presenters.pay_sheet import IN_PART, SheetPart, sheet_document
from inmates.presenters.payroll import run_crumbs
from inmates.presenters.payroll_papers import print_facts, sheet_parts
from inmates.presenters.run_kinds import run_title
from inmates.print_refusals import SlipsNotReady
from inmates.rules import APPROVAL_PAGES, PAYROLL_ACTS, can_read_identity
from inmates.selectors.payroll import payroll_runs_visible_to, runs_with_totals
from inmates.selectors.payslip_prints import (
    posts_of,
    print_of,
    slip_ids,
    sums_of_run,
    sums_of_slips,
)
from inmates.selectors.people import identities_on_list
from inmates.services.payslip_prints import open_archive, print_name, print_payslips
from portal.documents.render import render_long_pdf
from portal.kernel import audit, clock
from portal.kernel.access import Verdict, allow
from portal.kernel.errors import PortalError
from portal.kernel.htmx import asks_for_part
from portal.kernel.periods import Month


def _run(request: HttpRequest, run_id: int) -> PayrollRun:
    visible = payroll_runs_visible_to(request.user, clock.today())
    rows = runs_with_totals(visible).select_related("payer", "institution__organisation")
    return get_object_or_404(rows, pk=run_id)


def _may_read(request: HttpRequest, run: PayrollRun) -> Verdict:
    place_id = run.institution.organisation_id
    return can_read_identity(request.user, run.payer_id, place_id, clock.today())


@require_safe
@allow(APPROVAL_PAGES)
def payroll_papers(request: HttpRequest, run_id: int) -> HttpResponse:
    """What can be printed of a run; while the payslips are, their progress, to htmx alone."""
    run = _run(request, run_id)
    printed = print_of(run.pk)
    is_waiting = printed is not None and not printed.path
    task = printed.task_run if printed else None
    is_under_way = is_waiting and task is not None and not task.is_finished
    context: dict[str, Any] = {
        "run": run,
        "printed": printed,
        "task": task,
        "is_under_way": is_under_way,
        "has_stopped": is_waiting and not is_under_way,
        "is_ready": run.status in PRINTED_RUNS,
        "verdict": _may_read(request, run),
    }
    if asks_for_part(request):
        response = render(request, "inmates/papers/_progress.html", context)
        if not is_under_way:
            response["HX-Refresh"] = "true"
    else:
        month = run_title(run)
        context |= {
            "title": _("Papers"),
            "crumbs": [
                *run_crumbs(run),
                {"label": month, "url": reverse("inmates:payroll_run", args=[run.pk])},
                {"label": _("Papers")},
            ],
            "facts": print_facts(printed) if printed and printed.path else [],
            "sheets": sheet_parts(run),
        }
        response = render(request, "inmates/papers/papers.html", context)
    response["Vary"] = "HX-Request"
    return response


@require_POST
@allow(PAYROLL_ACTS)
def payslips_print(request: HttpRequest, run_id: int) -> HttpResponse:
    """Order the payslips of everybody; a refusal is told on the page of papers."""
    run = _run(request, run_id)
    try:
        print_payslips(actor=request.user, run_id=run.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect("inmates:payroll_papers", run_id=run.pk)


@require_safe
@allow(PAYROLL_ACTS)
def payslips_download(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The archive as a stream: neither it nor a file of it is whole in memory."""
    run = _run(request, run_id)
    row, content = open_archive(actor=request.user, run_id=run.pk, at=clock.now())
    return StreamingHttpResponse(
        content,
        content_type="application/zip",
        headers={
            "Content-Disposition": _attached(f"{print_name(run)}.zip"),
            "Content-Length": str(row.size),
            "Cache-Control": "no-store",
        },
    )


def _attached(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or ""


@require_safe
@allow(PAYROLL_ACTS)
def pay_sheet(request: HttpRequest, run_id: int) -> HttpResponse:
    """The sheet in ru or kk, a thousand people to a file, with names and IINs: on record."""
    run = _run(request, run_id)
    _may_read(request, run).require()
    if run.status not in PRINTED_RUNS:
        raise SlipsNotReady
    asked = request.GET.get("language", translation.get_language())
    language = asked if asked in PaperLanguage.values else PaperLanguage.RUSSIAN.value
    ids, part = _part(run, request.GET.get("part", "1"))
    with translation.override(language):
        data = _sheet(request, run, ids, part)
    pdf = render_long_pdf("pay_sheet.typ", data, created_at=run.calculated_at or run.created_at)
    audit.record(
        actor=request.user, action="pay_sheet_printed", at=clock.now(), subject=run,
        language=language, first=part.first,
    )  # fmt: skip
    name = f"pay-sheet-{run.number.replace('/', '-') or Month.of(run.month)}-{language}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": _attached(name),
            "Cache-Control": "no-store",
        },
    )


def _part(run: PayrollRun, asked: str) -> tuple[list[int], SheetPart]:
    """The slips of the part asked for; 404 where there is none."""
    ids = slip_ids(run)
    first = (int(asked) - 1) * IN_PART if asked.isdecimal() and len(asked) < 6 else -1
    if not ids or not 0 <= first < len(ids):
        raise Http404
    return ids[first : first + IN_PART], SheetPart(first + 1, first + IN_PART >= len(ids))


def _sheet(
    request: HttpRequest, run: PayrollRun, ids: Sequence[int], part: SheetPart
) -> dict[str, Any]:
    slips = list(
        Payslip.objects.filter(pk__in=ids)
        .select_related("inmate")
        .order_by("inmate__personnel_number", "pk")
    )
    inmates = [slip.inmate for slip in slips]
    return sheet_document(
        run,
        slips,
        part,
        lines=sums_of_slips(ids),
        run_lines=sums_of_run(run),
        identities=identities_on_list(
            actor=request.user, inmates=inmates, purpose="pay_sheet", at=clock.now(), subject=run
        ),
        posts=posts_of(run, [slip.inmate_id for slip in slips]),
    )
