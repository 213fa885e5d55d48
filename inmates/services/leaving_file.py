"""Steps of the leaving file: done, not needed with a reason, or to be done again.

Called by the page of who leaves. Steps of wages are the payer's accountant's; where nobody but a
private payer pays the person, the labour officer settles them.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inmates.models import CustodyStay, LeavingStep
from inmates.papers.enums import STEPS_OF_WAGES, LeavingStepCode, LeavingStepStatus
from inmates.papers.refusals import ReasonNeeded, StepsBefore
from inmates.papers.states import LEAVING_STEP
from inmates.rules import can_place_inmate
from inmates.selectors.leaving import payers_in_stay, payers_of_accountant, steps_of
from inmates.shifts import is_explanation
from portal.kernel import audit
from portal.kernel.access import YES, Verdict, no
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row
from portal.kernel.states import begin, move

# `reopen` and `leave_out` say why.
EXPLAINED = ("leave_out", "reopen")


def may_settle(user: Any, stay: CustodyStay, code: str, at: datetime) -> Verdict:
    """Who answers for a step; `stay` has its institution."""
    on = day_of(at)
    if code in STEPS_OF_WAGES and payers_in_stay(stay):
        if payers_of_accountant(user, stay, on):
            return YES
        return no(_("Only an accountant of the person's payer settles this."))
    if can_place_inmate(user, stay.institution.organisation_id, on):
        return YES
    return no(_("Only a labour officer of the institution settles this."))


@transaction.atomic
def settle_step(
    *, actor: Any, stay_id: int, code: str, act: str, note: str = "", at: datetime
) -> LeavingStep:
    """The step is done (`finish`), not needed (`leave_out`) or open again (`reopen`).

    Refused: for whoever does not answer for the step, without a reason where one is asked, handing
    over while a step before is open, an act the step does not allow. Twice: the second is refused.
    """
    stay = lock_row(CustodyStay, stay_id)
    may_settle(actor, stay, code, at).require()
    note = note.strip()
    if act in EXPLAINED and not is_explanation(note):
        raise ReasonNeeded
    if code == LeavingStepCode.HANDED_OVER and act == "finish":
        _require_the_rest(stay)
    step = LeavingStep.objects.filter(stay=stay, code=code).first()
    if step is None:
        step = LeavingStep.objects.create(
            stay=stay, code=code, changed_by=actor, changed_at=at, note=note
        )
        begin(step, "begin", machine=LEAVING_STEP, actor=actor, at=at)
    elif LEAVING_STEP.target(step.status, act) is not None:
        step.note, step.changed_by, step.changed_at = note or step.note, actor, at
        step.save(update_fields=["note", "changed_by", "changed_at"])
    move(step, act, machine=LEAVING_STEP, actor=actor, at=at, reason=note)
    audit.record(
        actor=actor, action="leaving_step_settled", at=at, subject=stay.inmate, step=code, act=act
    )
    return step


def _require_the_rest(stay: CustodyStay) -> None:
    waiting = [
        str(LeavingStepCode(step.code).label)
        for step in steps_of(stay.leaving_steps.all())
        if step.status == LeavingStepStatus.OPEN and step.code != LeavingStepCode.HANDED_OVER
    ]
    if waiting:
        raise StepsBefore(steps=", ".join(waiting))
