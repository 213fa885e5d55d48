"""Values of the law: proposed by one administrator, tried, decided by another one."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

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
    ValueUnusable,
)
from inmates.law_desk.services import (
    NewValue,
    approve_parameter,
    decline_parameter,
    propose_parameter,
    repeat_trial,
    withdraw_parameter,
)
from inmates.models import BackdatedChange, ParameterProposal, PayParameter, Payslip
from inmates.tasks import try_parameter
from portal.accounts.models import User
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.models import AuditEvent, TaskRun
from portal.kernel.queue import AlreadyRunning
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.books import first_signature, posted
from tests.people import NOW, Cast

SEPTEMBER = date(2026, 9, 15)


def proposed(cast: Cast, **changed: Any) -> ParameterProposal:
    given = {
        "code": "opv_rate",
        "value": "0.12",
        "effective_from": SEPTEMBER,
        "source": "Социальный кодекс, ст. 249, редакция 2026",
        "confidence": "statute text",
    }
    return propose_parameter(actor=cast.administrator, new=NewValue(**(given | changed)), at=NOW)


def tried(proposal: ParameterProposal) -> ParameterProposal:
    try_parameter(task_run=str(proposal.task_run_id))
    proposal.refresh_from_db()
    return proposal


def rows_of(code: str) -> list[tuple[str, date, date | None]]:
    rows = PayParameter.objects.filter(code=code).order_by("effective_from")
    return [(row.value, row.effective_from, row.effective_to) for row in rows]


# --- A month of wages, and a rate that is raised for it afterwards ---


def test_a_value_is_tried_on_the_last_month_before_it_is_decided(cast: Cast, second: User):
    """ОПВ at 12 instead of 10 %: each of the month's people has 2 % of the wage less."""
    first_signature(cast)
    run = posted(cast)
    slips = list(Payslip.objects.filter(run=run))
    proposal = tried(proposed(cast))
    effect = proposal.effects.get()
    assert (proposal.trial_month, proposal.trial_error) == (run.month, "")
    assert (effect.people, effect.affected, effect.failed) == (len(slips), len(slips), 0)
    more = sum(slip.gross for slip in slips) * 2 / 100
    assert effect.gross == 0
    # Half of what is withheld more comes back from taxes and writs: never more than the rate says.
    assert 0 < effect.withheld <= more
    assert effect.to_account == -effect.withheld
    # Nothing of the trial is stored but its sums.
    assert Payslip.objects.count() == len(slips)
    assert not PayParameter.objects.filter(code="opv_rate", value="0.12").exists()


def test_an_approved_value_succeeds_the_one_before_and_marks_the_months(cast: Cast, second: User):
    first_signature(cast)
    run = posted(cast)
    people = set(Payslip.objects.filter(run=run).values_list("inmate", flat=True))
    before = rows_of("opv_rate")
    proposal = tried(proposed(cast))
    approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)
    after = rows_of("opv_rate")
    value, starts, _ends = before[-1]
    assert after == [*before[:-1], (value, starts, SEPTEMBER), ("0.12", SEPTEMBER, None)]
    marks = BackdatedChange.objects.filter(cause="parameter", settled_by=None)
    assert set(marks.values_list("inmate", flat=True)) == people
    assert {mark.first_day for mark in marks} <= {SEPTEMBER, run.month}
    assert {(mark.changed_by, mark.reason) for mark in marks} == {(second, proposal.source)}
    said = AuditEvent.objects.get(action="pay_parameter_changed")
    assert said.actor == second
    assert [one.action for one in history_of(proposal)] == ["propose", "approve"]


def test_without_any_closed_month_nobody_is_affected(cast: Cast):
    proposal = tried(proposed(cast))
    assert proposal.tried_at is not None
    assert proposal.trial_month is None
    assert not proposal.effects.exists()


def test_a_month_that_cannot_be_computed_is_told(cast: Cast):
    first_signature(cast)
    posted(cast)
    proposal = proposed(cast)
    PayParameter.objects.filter(code="living_minimum").delete()
    assert "living_minimum" in tried(proposal).trial_error


def test_a_trial_that_failed_decides_nothing_and_is_made_again(cast: Cast, second: User):
    first_signature(cast)
    posted(cast)
    proposal = proposed(cast)
    with pytest.raises(AlreadyRunning):
        repeat_trial(actor=second, proposal_id=proposal.pk, at=NOW)
    PayParameter.objects.filter(code="living_minimum").update(code="lost")
    assert tried(proposal).trial_error
    with pytest.raises(TrialFailed):
        approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)
    PayParameter.objects.filter(code="lost").update(code="living_minimum")
    for nobody in (cast.accountant, cast.head):
        with pytest.raises(Forbidden):
            repeat_trial(actor=nobody, proposal_id=proposal.pk, at=NOW)
    done(proposal)
    again = repeat_trial(actor=second, proposal_id=proposal.pk, at=NOW)
    assert (again.tried_at, again.trial_error) == (None, "")
    with pytest.raises(NotTried):
        approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)
    assert tried(again).trial_error == ""
    done(proposal)
    with pytest.raises(TriedAlready):
        repeat_trial(actor=second, proposal_id=proposal.pk, at=NOW)
    approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)


def done(proposal: ParameterProposal) -> None:
    """Its worker has finished."""
    TaskRun.objects.filter(pk=proposal.task_run_id).update(status="done")


def test_a_decided_value_is_tried_no_more(cast: Cast):
    proposal = tried(proposed(cast))
    withdraw_parameter(actor=cast.administrator, proposal_id=proposal.pk, at=NOW)
    with pytest.raises(TriedAlready):
        repeat_trial(actor=cast.administrator, proposal_id=proposal.pk, at=NOW)


def test_a_trial_delivered_again_begins_anew(cast: Cast):
    first_signature(cast)
    posted(cast)
    proposal = tried(proposed(cast))
    again = tried(proposal)
    assert again.effects.count() == 1


def test_a_value_between_two_ends_where_the_later_one_begins(cast: Cast, second: User):
    later = date(2027, 1, 1)
    for row in PayParameter.objects.filter(code="mrp", effective_to=None):
        row.effective_to = later
        row.save()
    PayParameter.objects.create(
        code="mrp", value=4600, unit="KZT", source="x", confidence="secondary", effective_from=later
    )
    proposal = tried(proposed(cast, code="mrp", value=4400, effective_from=SEPTEMBER))
    approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)
    assert rows_of("mrp")[-2:] == [(4400, SEPTEMBER, later), (4600, later, None)]


# --- Refused ---


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"source": "  "}, SourceMissing),
        ({"code": "no_such_code"}, ParameterUnknown),
        ({"value": "1.2"}, ValueUnusable),
        ({"value": "0.10"}, SameValue),
        ({"effective_from": date(2026, 1, 1)}, StartsAlready),
        ({"effective_from": date(1999, 1, 1)}, TooEarly),
    ],
)
def test_what_cannot_be_a_value_is_refused(cast: Cast, changed: dict, refusal: type):
    if "effective_from" in changed and refusal is StartsAlready:
        changed = {"effective_from": PayParameter.objects.filter(code="opv_rate").latest(
            "effective_from").effective_from}  # fmt: skip
    with pytest.raises(refusal):
        proposed(cast, **changed)
    assert not ParameterProposal.objects.exists()


def test_one_open_proposal_from_a_day(cast: Cast):
    proposed(cast)
    with pytest.raises(PortalError, match="уже предложено"):
        proposed(cast, value="0.13")


@pytest.mark.parametrize("who", ["accountant", "head", "master", "analyst", "buyer"])
def test_nobody_but_an_administrator(cast: Cast, who: str):
    proposal = tried(proposed(cast))
    actor = getattr(cast, who)
    new = NewValue("mzp", 90000, SEPTEMBER, "x", "secondary")
    with pytest.raises(Forbidden):
        propose_parameter(actor=actor, new=new, at=NOW)
    with pytest.raises(Forbidden):
        approve_parameter(actor=actor, proposal_id=proposal.pk, at=NOW)
    with pytest.raises(Forbidden):
        decline_parameter(actor=actor, proposal_id=proposal.pk, reason="x", at=NOW)
    with pytest.raises(Forbidden):
        withdraw_parameter(actor=actor, proposal_id=proposal.pk, at=NOW)


def test_four_eyes_by_service_and_by_database(cast: Cast):
    proposal = tried(proposed(cast))
    with pytest.raises(Forbidden, match="другой администратор"):
        approve_parameter(actor=cast.administrator, proposal_id=proposal.pk, at=NOW)
    row = ParameterProposal.objects.filter(pk=proposal.pk)
    for decided_by in (cast.administrator, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(status=ProposalStatus.APPROVED, decided_by=decided_by, decided_at=NOW)


def test_not_before_its_effect_is_known(cast: Cast, second: User):
    proposal = proposed(cast)
    with pytest.raises(NotTried):
        approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterProposal.objects.filter(pk=proposal.pk).update(
            status=ProposalStatus.APPROVED, decided_by=second, decided_at=NOW
        )


def test_decided_once(cast: Cast, second: User):
    proposal = tried(proposed(cast))
    with pytest.raises(DeclineReasonMissing):
        decline_parameter(actor=second, proposal_id=proposal.pk, reason=" ", at=NOW)
    decline_parameter(actor=second, proposal_id=proposal.pk, reason="не та редакция", at=NOW)
    assert list(history_of(proposal))[-1].reason == "не та редакция"
    with pytest.raises(MoveRefused):
        approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)
    with pytest.raises(MoveRefused):
        withdraw_parameter(actor=cast.administrator, proposal_id=proposal.pk, at=NOW)
    assert not PayParameter.objects.filter(code="opv_rate", value="0.12").exists()


def test_a_decided_proposal_is_tried_no_more(cast: Cast):
    proposal = proposed(cast)
    withdraw_parameter(actor=cast.administrator, proposal_id=proposal.pk, at=NOW)
    assert tried(proposal).tried_at is None


def test_rows_changed_since_make_it_fit_no_more(cast: Cast, second: User):
    proposal = tried(proposed(cast))
    old = PayParameter.objects.filter(code="opv_rate").latest("effective_from")
    old.effective_to = SEPTEMBER
    old.save()
    PayParameter.objects.create(
        code="opv_rate", value="0.11", unit="share", source="x", confidence="secondary",
        effective_from=SEPTEMBER,
    )  # fmt: skip
    with pytest.raises(StartsAlready):
        approve_parameter(actor=second, proposal_id=proposal.pk, at=NOW)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.PROPOSED
