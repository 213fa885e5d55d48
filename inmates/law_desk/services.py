"""Proposing a value of the law and deciding on it. Called by the pages of the desk."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.law_desk.enums import ProposalStatus
from inmates.law_desk.refusals import (
    DeclineReasonMissing,
    NotTried,
    ParameterUnknown,
    SameValue,
    SourceMissing,
    StartsAlready,
    TooEarly,
    TrialFailed,
    TriedAlready,
)
from inmates.law_desk.rules import (
    can_decide_parameter,
    can_propose_parameter,
    can_withdraw_parameter,
)
from inmates.law_desk.states import PARAMETER_PROPOSAL
from inmates.law_desk.values import check_value, is_same
from inmates.models import ParameterProposal, PayParameter
from inmates.services.backdating import sign_changes
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Period
from portal.kernel.queue import enqueue
from portal.kernel.states import begin, move
from portal.kernel.text import date_short


@dataclass(frozen=True, slots=True)
class NewValue:
    """What an administrator says of a parameter; `value` as the table keeps it."""

    code: str
    value: Any
    effective_from: date
    source: str
    confidence: str
    note: str = ""


def propose_parameter(*, actor: Any, new: NewValue, at: datetime) -> ParameterProposal:
    """The value waits for another administrator, and is tried on the last month of wages.

    Refused: for whoever is no administrator, an unknown parameter, a value the engine cannot
    read or that is in force on the day already, a day on which a value begins or before the first
    one, no source, a second open proposal from the same day. The trial is a job after the commit.
    """
    can_propose_parameter(actor, day_of(at)).require()
    if not new.source.strip():
        raise SourceMissing
    check_value(new.code, new.value)
    with readable_refusals(), transaction.atomic():
        before, _later = _neighbours(_rows_of(new.code), new.effective_from)
        if is_same(before.value, new.value):
            raise SameValue
        proposal = ParameterProposal(
            code=new.code,
            value=new.value,
            unit=before.unit,
            effective_from=new.effective_from,
            source=new.source.strip(),
            confidence=new.confidence,
            note=new.note.strip(),
            proposed_by=actor,
            proposed_at=at,
        )
        proposal.save()
        begin(proposal, "propose", machine=PARAMETER_PROPOSAL, actor=actor, at=at)
        start_trial(proposal, actor=actor, at=at)
    return proposal


def start_trial(proposal: ParameterProposal, *, actor: Any, at: datetime) -> None:
    """The trial is ordered, once more where it was made already."""
    proposal.task_run = enqueue(
        "inmates.try_parameter",
        key=str(proposal.pk),
        actor=actor,
        at=at,
        arguments={"proposal_id": proposal.pk},
    )
    proposal.save(update_fields=["task_run"])


@transaction.atomic
def repeat_trial(*, actor: Any, proposal_id: int, at: datetime) -> ParameterProposal:
    """A trial that failed, or that its worker never finished, is ordered once more.

    Refused: for who is no administrator, on a decided proposal, after a trial that went well, while
    one is under way. Twice: the second is refused as under way.
    """
    proposal = lock_row(ParameterProposal, proposal_id)
    can_propose_parameter(actor, day_of(at)).require()
    is_over = proposal.tried_at is not None and not proposal.trial_error
    if is_over or proposal.status != ProposalStatus.PROPOSED:
        raise TriedAlready
    start_trial(proposal, actor=actor, at=at)
    proposal.tried_at, proposal.trial_error = None, ""
    proposal.save(update_fields=["tried_at", "trial_error"])
    return proposal


def approve_parameter(*, actor: Any, proposal_id: int, at: datetime) -> ParameterProposal:
    """The value is in force from its day; the one before it ends there, the one after it stays.

    Refused: for whoever proposed it or is no administrator, before the trial is over or where it
    has failed, where the rows have changed since so that it does not fit any more. Audited. Wages
    that are approved stay; whoever they concern is marked by the database for the next run. Twice:
    refused.
    """
    with readable_refusals(), transaction.atomic():
        proposal = lock_row(ParameterProposal, proposal_id)
        can_decide_parameter(actor, proposal, day_of(at)).require()
        if proposal.status == ProposalStatus.PROPOSED:
            if proposal.tried_at is None:
                raise NotTried
            if proposal.trial_error:
                raise TrialFailed
            proposal.decided_by, proposal.decided_at = actor, at
            proposal.save(update_fields=["decided_by", "decided_at"])
        move(proposal, "approve", machine=PARAMETER_PROPOSAL, actor=actor, at=at)
        sign_changes(actor, proposal.source)
        row = _succeed(proposal)
        audit.record(actor=actor, action="pay_parameter_changed", at=at, subject=row, code=row.code)
    return proposal


def decline_parameter(
    *, actor: Any, proposal_id: int, reason: str, at: datetime
) -> ParameterProposal:
    """Nothing changes, and the history says why. Refused as an approval is, or without a reason."""
    with transaction.atomic():
        proposal = lock_row(ParameterProposal, proposal_id)
        can_decide_parameter(actor, proposal, day_of(at)).require()
        if not reason.strip():
            raise DeclineReasonMissing
        move(
            proposal, "decline", machine=PARAMETER_PROPOSAL, actor=actor, at=at,
            reason=reason.strip(),
        )  # fmt: skip
    return proposal


def withdraw_parameter(*, actor: Any, proposal_id: int, at: datetime) -> ParameterProposal:
    """Who proposed it takes it back. Twice: refused."""
    with transaction.atomic():
        proposal = lock_row(ParameterProposal, proposal_id)
        can_withdraw_parameter(actor, proposal, day_of(at)).require()
        move(proposal, "withdraw", machine=PARAMETER_PROPOSAL, actor=actor, at=at)
    return proposal


def _rows_of(code: str) -> list[PayParameter]:
    """The parameter's rows by their first day, held."""
    rows = lock_rows(PayParameter.objects.filter(code=code))
    if not rows:
        raise ParameterUnknown
    return sorted(rows, key=lambda row: row.effective_from)


def _neighbours(rows: list[PayParameter], on: date) -> tuple[PayParameter, PayParameter | None]:
    """The row in force on the day and the next one; refused where a new one cannot begin there."""
    if any(row.effective_from == on for row in rows):
        raise StartsAlready(day=date_short(on))
    if on < rows[0].effective_from:
        raise TooEarly(day=date_short(rows[0].effective_from))
    later = next((row for row in rows if row.effective_from > on), None)
    before = [row for row in rows if row.effective_from < on][-1]
    return before, later


def _succeed(proposal: ParameterProposal) -> PayParameter:
    on = proposal.effective_from
    before, later = _neighbours(_rows_of(proposal.code), on)
    if Period(before.effective_from, before.effective_to).contains(on):
        before.effective_to = on
        before.save(update_fields=["effective_to"])
    return PayParameter.objects.create(
        code=proposal.code,
        value=proposal.value,
        unit=proposal.unit,
        source=proposal.source,
        confidence=proposal.confidence,
        note=proposal.note,
        effective_from=on,
        effective_to=later.effective_from if later else None,
    )
