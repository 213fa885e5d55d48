"""The gate before an input of a closed month is changed, and whose change the marks will name.

Called by the services of rates, writs, applications, payments, trainings, placements and days,
inside their transactions and under their locks. The marks themselves are written by the database.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from inmates.closed_refusals import ReasonOfClosedMonth
from inmates.enums import RunStatus
from inmates.models import PayrollRun
from inmates.refusals import BeingCalculated
from inmates.run_refusals import MonthHeld
from inmates.selectors.closed_months import is_final, runs_of_work
from inmates.shifts import is_explanation
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_rows
from portal.kernel.periods import Month
from portal.kernel.text import month_name


def permit_backdated(
    runs: Iterable[PayrollRun], *, actor: Any, reason: str = "", document: str = ""
) -> bool:
    """Until the transaction ends marks name the actor, and why; is a closed month among the runs.

    Refused while one of them is calculated or posted, and for a closed one without a `document`
    or a `reason` in words.
    """
    closed = []
    for run in runs:
        if run.status == RunStatus.CALCULATING:
            raise BeingCalculated(month=month_name(run.month))
        if run.status == RunStatus.POSTING:
            raise MonthHeld(month=month_name(run.month))
        if is_final(run):
            closed.append(run.month)
    if not closed:
        return False
    if not document.strip() and not is_explanation(reason):
        raise ReasonOfClosedMonth(month=month_name(min(closed)))
    sign_changes(actor, reason.strip() or document.strip())
    return True


def permit_past_work(
    inmate_id: int,
    on: date,
    *,
    actor: Any,
    at: datetime,
    reason: str = "",
    document: str = "",
    payer_id: int | None = None,
) -> None:
    """The gate before a placement or a stay ends or changes on a day: see `permit_backdated`.

    `payer_id`: where the work of one payer alone is concerned. The month of the day before counts:
    what is due at the end of work is paid in it. Within the present month nothing is read.
    """
    since = on - timedelta(days=1)
    sign_past(actor, on, at, reason.strip() or document.strip())
    if since < Month.of(day_of(at)).first_day:
        runs = lock_rows(runs_of_work(inmate_id, since, payer_id=payer_id))
        permit_backdated(runs, actor=actor, reason=reason, document=document)


def sign_past(actor: Any, day: date, at: datetime, reason: str = "") -> None:
    """As `sign_changes`, where the day lies before the present month: its wages may be closed."""
    if day <= Month.of(day_of(at)).first_day:
        sign_changes(actor, reason)


def sign_changes(actor: Any, reason: str = "") -> None:
    """Marks written in this transaction from now on name the actor and carry the reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('portal.actor', %s, true), set_config('portal.reason', %s, true)",
            [str(actor.pk or ""), reason],
        )
