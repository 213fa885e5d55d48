"""Up to which change of the past a calculation reads: no marks are written while it looks.

Called by the calculation of a run as its first act, and by whoever marks others in a service.
"""

from typing import Any

from django.db import connection

from inmates.backdated_marks import CHANGES_LOCK
from inmates.models import PayrollRun
from inmates.selectors.payroll_earlier import with_surroundings

# One statement, so that the lock is free again at its end. The counter is read once the lock is
# there: whoever got a number up to it has committed, or never will.
LAST_CHANGE = """
SELECT CASE WHEN l.held IS NOT NULL THEN
  pg_sequence_last_value(pg_get_serial_sequence('inmates_backdatedchange', 'id')::regclass) END
FROM (
  SELECT pg_advisory_xact_lock(%s, r.payer_id::int)::text AS held
  FROM inmates_payrollrun r WHERE r.id = %s OFFSET 0) l
"""
# As the triggers of the marks do.
HOLD = "SELECT pg_advisory_xact_lock_shared(%s, payer::int) FROM unnest(%s::bigint[]) AS payer"


def read_for_calculation(run_id: int) -> Any:
    """The run with its surroundings, and `last_change`: the number of the last mark there is.

    Whoever is changing the past of the payer's people is waited for and then seen; whoever comes
    later gets a mark after that one. The lock is held alone, with no row, for a moment: nobody
    waits for a calculation. Two statements.
    """
    with connection.cursor() as cursor:
        cursor.execute(LAST_CHANGE, [CHANGES_LOCK, run_id])
        found = cursor.fetchone()
    runs = PayrollRun.objects.select_related("institution", "started_by")
    run = with_surroundings(runs).get(pk=run_id)
    run.last_change = (found and found[0]) or 0
    return run


def hold_changes(payers: list[int]) -> None:
    """Until the transaction ends calculations of these payers begin after it, or have begun."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [CHANGES_LOCK, sorted(payers)])
