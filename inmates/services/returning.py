"""The first signature returns calculated wages to the accountant, with the reason in words.

Called by the page of a run.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.models import PayrollRun
from inmates.rules import can_return_payroll_run
from inmates.run_refusals import ReasonOfReturnMissing
from inmates.services.approval import lock_family, release_if_lost, require_head
from inmates.shifts import is_explanation
from inmates.states import PAYROLL_RUN
from portal.kernel.clock import day_of
from portal.kernel.states import move

LONGEST_REASON = 300


@transaction.atomic
def return_payroll_run(*, actor: Any, run_id: int, reason: str, at: datetime) -> PayrollRun:
    """The run is incomplete and its history says why: it is calculated anew before an approval. So
    are the differences of earlier months that were calculated with it.

    Refused: for whoever does not hold the payer's first signature on the day, without a reason in
    words, a run that is not calculated, or is just being posted; differences by themselves. A
    posting that failed as a whole
    may be returned: what it stumbles over is perhaps for the accountant to mend. Nothing happens
    after commit. Twice: the second is refused.
    """
    family = lock_family(run_id)
    run = require_head(family, run_id)
    can_return_payroll_run(actor, run, day_of(at)).require()
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not is_explanation(words):
        raise ReasonOfReturnMissing
    release_if_lost(family, actor=actor, at=at)
    for one in family:
        move(one, "return", machine=PAYROLL_RUN, actor=actor, at=at, reason=words)
    return run
