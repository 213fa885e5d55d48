"""The person's own record on paper: printed by the payer's accountant to be handed to them."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_safe

from inmates.enums import FINAL_RUNS, PaperLanguage
from inmates.models import Payslip
from inmates.presenters.wage_statement import statement_document
from inmates.print_refusals import SlipNotApproved
from inmates.rules import APPROVAL_PAGES, can_read_identity
from inmates.selectors.own_debts import own_debts
from inmates.selectors.own_looks import looks_at_person
from inmates.selectors.own_record import own_months, own_slips, with_lines
from inmates.selectors.payroll import payslips_visible_to
from inmates.selectors.people import identities
from portal.accounts.enums import PRIVATE_KINDS
from portal.documents.render import render_pdf
from portal.kernel import audit, clock
from portal.kernel.access import allow

LOOKS_SHOWN = timedelta(days=365)


@require_safe
@allow(APPROVAL_PAGES)
def wage_statement(request: HttpRequest, slip_id: int) -> HttpResponse:
    """The year of this payslip at its payer, in ru or kk; with the name, so on record."""
    rows = payslips_visible_to(request.user, clock.today())
    slip = get_object_or_404(
        rows.select_related("inmate", "run__payer", "run__institution"), pk=slip_id
    )
    run = slip.run
    can_read_identity(
        request.user, run.payer_id, run.institution.organisation_id, clock.today()
    ).require()
    if run.status not in FINAL_RUNS:
        raise SlipNotApproved
    asked = request.GET.get("language", "")
    language = asked if asked in PaperLanguage.values else slip.inmate.language
    with translation.override(language):
        data = _statement(request, slip)
    pdf = render_pdf("wage_statement.typ", data, created_at=clock.now())
    audit.record(
        actor=request.user, action="wage_statement_printed", at=clock.now(), subject=slip.inmate,
        language=language, year=run.month.year,
    )  # fmt: skip
    name = f"wages-{slip.inmate.personnel_number}-{run.month.year}-{language}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _statement(request: Any, slip: Payslip) -> dict[str, Any]:
    """A private payer is told of its own people's looks alone."""
    at, on, person = clock.now(), clock.today(), slip.inmate
    payer = slip.run.payer
    months = own_months(with_lines(own_slips(person.pk, [payer.pk])))
    found = identities(actor=request.user, inmates=[person], purpose="wage_statement", at=at)
    identity = found.get(person.pk)
    return statement_document(
        months,
        year=slip.run.month.year,
        full_name=identity.full_name if identity else "",
        debts=own_debts(person.pk, months, on),
        looks=looks_at_person(
            person, on - LOOKS_SHOWN, on,
            of_payer=payer.pk if payer.kind in PRIVATE_KINDS else None,
        ),
        at=at,
    )  # fmt: skip
