"""Papers that the portal answers for: the payslip in the registry of issued documents.

Called by the page that prints it; a month calculated again takes its printed slips out of force.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inmates.enums import FINAL_RUNS, RunStatus
from inmates.models import PayrollRun, Payslip
from inmates.off_cycle_refusals import RunReversed
from inmates.print_refusals import SlipBeingPosted, SlipNotApproved
from inmates.refusals import AlreadyCalculating
from inmates.rules import can_read_identity
from portal.documents.kinds import enter_kind
from portal.documents.models import IssuedDocument
from portal.documents.services import issue_document, supersede_documents, withdraw_documents
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row

PAYSLIP = enter_kind(
    "payslip",
    _("Payslip"),
    _("Tells one person what was earned, what was withheld and why."),
)
SUMS = ("gross", "opv", "vosms", "ipn", "net", "withheld_by_writs", "to_account")


@transaction.atomic
def issue_payslip(*, actor: Any, slip_id: int, at: datetime) -> IssuedDocument:
    """The slip has a number and a check code, and they are valid.

    Refused: for whoever may not read the name on it, before the run is approved and posted, after
    it was reversed, a slip that is gone. Twice gives the same document. Nothing happens after
    commit.
    """
    # The run is locked before its slip is read: a new calculation cannot slip between.
    run_id = Payslip.objects.filter(pk=slip_id).values_list("run_id", flat=True).first()
    run = lock_row(PayrollRun, run_id or 0)
    place_id = run.institution.organisation_id
    can_read_identity(actor, run.payer_id, place_id, day_of(at)).require()
    if run.status == RunStatus.CALCULATING:
        raise AlreadyCalculating
    if run.status == RunStatus.POSTING:
        raise SlipBeingPosted
    if run.status not in FINAL_RUNS:
        raise SlipNotApproved
    if run.is_reversed:
        raise RunReversed
    slip = lock_row(Payslip, slip_id)
    return issue_document(
        actor=actor,
        kind=PAYSLIP.code,
        subject=run,
        part=str(slip.inmate_id),
        facts=_facts(slip),
        issuer_id=run.payer_id,
        at=at,
    )


def supersede_payslips(*, actor: Any, run: PayrollRun, at: datetime) -> None:
    """The printed slips of a run no longer hold: its month is calculated again."""
    supersede_documents(actor=actor, kind=PAYSLIP.code, subject=run, at=at)


def withdraw_payslips(*, actor: Any, run: PayrollRun, reason: str, at: datetime) -> None:
    """The printed slips of a run no longer hold, and none come in their place: it is reversed."""
    withdraw_documents(actor=actor, kind=PAYSLIP.code, subject=run, at=at, reason=reason)


def _facts(slip: Payslip) -> dict[str, Any]:
    """What the paper says, whatever its language."""
    lines = slip.lines.order_by("sequence").values_list(
        "kind", "code", "quantity", "rate", "amount"
    )
    # Of most payslips nothing is settled with an earlier one: their papers stay the same.
    settled = {"settlement": str(slip.settlement)} if slip.settlement else {}
    return {
        "person": slip.inmate_id,
        **settled,
        **{name: str(getattr(slip, name)) for name in SUMS},
        "lines": [[str(value) for value in line] for line in lines],
    }
