"""The first signature returns calculated wages to the accountant, with the reason in words.

Called by the page of a run.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.models import PayrollRun
from inmates.rules import can_return_payroll_run
from inmates.run_refusals import ReasonOfReturnMissing
from inmates.shifts import is_explanation
from inmates.states import PAYROLL_RUN
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row
from portal.kernel.states import move

LONGEST_REASON = 300


@transaction.atomic
def return_payroll_run(*, actor: Any, run_id: int, reason: str, at: datetime) -> PayrollRun:
    """The run is incomplete and its history says why: it is calculated anew before an approval.

    Refused: for whoever does not hold the payer's first signature on the day, without a reason in
    words, a run that is not calculated. Nothing happens after commit. Twice: the second is refused.
    """
    run = lock_row(PayrollRun, run_id)
    can_return_payroll_run(actor, run, day_of(at)).require()
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not is_explanation(words):
        raise ReasonOfReturnMissing
    move(run, "return", machine=PAYROLL_RUN, actor=actor, at=at, reason=words)
    return run
