"""The accountant's pages of one payslip and of the law's parameters."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.enums import DRAFT_RUNS
from inmates.law_desk.rules import can_propose_parameter
from inmates.models import Payslip
from inmates.presenters.parameters import parameter_groups
from inmates.presenters.payroll import run_crumbs
from inmates.presenters.payslip import account_reason, shown_slip, slip_document, slip_facts
from inmates.presenters.run_kinds import run_title
from inmates.presenters.slip_differences import difference_facts, paid_by
from inmates.presenters.transfer_notes import transfer_note
from inmates.rules import (
    APPROVAL_PAGES,
    PARAMETER_PAGES,
    can_read_identity,
)
from inmates.selectors.payroll import (
    parameters_by_code,
    payslips_visible_to,
    slip_lines,
    workplaces,
    year_to_date,
)
from inmates.selectors.people import identities
from inmates.selectors.run_families import debt_after, slip_before
from inmates.selectors.transfers import transfers_before
from inmates.services.papers import issue_payslip
from portal.documents.render import render_pdf
from portal.documents.stamp import check_address, stamp_of
from portal.kernel import audit, clock
from portal.kernel.access import Verdict, allow
from portal.kernel.periods import Month

LANGUAGES = ("ru", "kk")
ZERO = Decimal("0.00")


def _visible_slip(request: HttpRequest, slip_id: int) -> Payslip | None:
    rows = payslips_visible_to(request.user, clock.today()).select_related(
        "inmate", "run__payer", "run__institution__organisation", "run__reverses"
    )
    return rows.filter(pk=slip_id).first()


def _gone(request: HttpRequest) -> HttpResponse:
    """404 with the way to the slip of today: a month calculated again has new slips.

    The same words for a slip of somebody else and for one that never was.
    """
    return render(request, "inmates/payslip_gone.html", status=404)


@require_safe
@allow(APPROVAL_PAGES)
def payslip(request: HttpRequest, slip_id: int) -> HttpResponse:
    """Each line with its reason; the name for the payer's accountant, which is audited."""
    slip = _visible_slip(request, slip_id)
    if slip is None:
        return _gone(request)
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
                "label": run_title(run),
                "url": reverse("inmates:payroll_run", args=[run.pk]),
            },
        ],
        "title": _("Payslip, № %(number)s") % {"number": slip.inmate.personnel_number},
        "shown": shown_slip(slip, slip_lines(slip)),
        "facts": [
            *slip_facts(slip, _seen(request, slip, verdict), workplaces(slip)),
            *_difference_facts(slip),
            *_transfer_facts(slip),
        ],
        "paid": paid_by(slip),
        "account_reason": account_reason(slip),
        "verdict": verdict,
        "is_draft": run.status in DRAFT_RUNS,
    }
    return render(request, "inmates/payslip.html", context)


def _difference_facts(slip: Payslip) -> list[dict[str, Any]]:
    """Nothing of an ordinary payslip: what it adds to, what is carried over."""
    if not slip.is_difference and not slip.settlement and not slip.run.reason:
        return []
    debt = debt_after(slip) if slip.settlement else ZERO
    return difference_facts(slip, slip_before(slip), debt)


def _transfer_facts(slip: Payslip) -> list[dict[str, str]]:
    """What of the month before was transferred; nothing where there were no wages then."""
    transfers = transfers_before(slip)
    if transfers is None:
        return []
    note = transfer_note(slip, transfers)
    return [{"label": note["text"], "value": note["value"]}]


def _seen(request: HttpRequest, slip: Payslip, verdict: Verdict) -> str:
    """The name where it may be read; the look at the sums alone is on record too."""
    if verdict:
        return _name(request, slip)
    audit.record(actor=request.user, action="payslip_seen", at=clock.now(), subject=slip.inmate)
    return ""


def _name(request: HttpRequest, slip: Payslip) -> str:
    found = identities(actor=request.user, inmates=[slip.inmate], purpose="payslip", at=clock.now())
    identity = found.get(slip.inmate_id)
    return identity.full_name if identity else ""


@require_safe
@allow(APPROVAL_PAGES)
def payslip_pdf(request: HttpRequest, slip_id: int) -> HttpResponse:
    """The payslip on paper in ru or kk; with the name on it, so for the accountant alone.

    Before the run is approved it is a draft, which has no number and is not in the registry.
    """
    slip = _visible_slip(request, slip_id)
    if slip is None:
        return _gone(request)
    run = slip.run
    can_read_identity(
        request.user, run.payer_id, run.institution.organisation_id, clock.today()
    ).require()
    language = _asked_language(request)
    pdf = _paper(request, slip, language)
    audit.record(
        actor=request.user, action="payslip_printed", at=clock.now(), subject=slip,
        language=language,
    )  # fmt: skip
    name = f"payslip-{slip.inmate.personnel_number}-{Month.of(run.month)}-{language}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _asked_language(request: HttpRequest) -> str:
    asked = request.GET.get("language", translation.get_language())
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _paper(request: HttpRequest, slip: Payslip, language: str) -> bytes:
    run = slip.run
    full_name = _name(request, slip)
    has_number = run.status not in DRAFT_RUNS and not run.is_reversed
    with translation.override(language):
        stamp = _stamp(request, slip) if has_number else None
        data = slip_document(
            slip,
            slip_lines(slip),
            full_name=full_name,
            places=workplaces(slip),
            year=year_to_date(slip),
            transfers=transfers_before(slip),
            stamp=stamp,
        )
    return render_pdf("payslip.typ", data, created_at=run.calculated_at or run.created_at)


def _stamp(request: HttpRequest, slip: Payslip) -> dict[str, Any]:
    issued = issue_payslip(actor=request.user, slip_id=slip.pk, at=clock.now())
    return stamp_of(issued, check_address(request, issued))


@require_safe
@allow(PARAMETER_PAGES)
def pay_parameters(request: HttpRequest) -> HttpResponse:
    """Every figure of the law the wages rest on, with its dates, source and confidence."""
    on = clock.today()
    groups = parameter_groups(parameters_by_code(), on)
    context = {"groups": groups, "may_propose": bool(can_propose_parameter(request.user, on))}
    return render(request, "inmates/pay_parameters.html", context)
