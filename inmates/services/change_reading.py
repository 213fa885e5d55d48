"""Up to which change of the past a calculation reads: no marks are written while it looks.

Called by the calculation of a run as its first act, and by the posting before it marks others.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce

from inmates.backdated_marks import CHANGES_LOCK
from inmates.models import BackdatedChange, PayrollRun
from inmates.selectors.payroll_earlier import with_surroundings

WAIT = "SELECT pg_advisory_xact_lock(%s, payer_id::int) FROM inmates_payrollrun WHERE id = %s"
# As the triggers of the marks do.
HOLD = "SELECT pg_advisory_xact_lock_shared(%s, payer::int) FROM unnest(%s::bigint[]) AS payer"


def read_for_calculation(run_id: int) -> Any:
    """The run with its surroundings, and `last_change`: the last mark there is.

    Whoever is changing the past of the payer's people is waited for and then seen; whoever comes
    later gets a mark after that one. The lock is held alone, with no row, and is free again when
    this returns: nobody waits for a calculation.
    """
    last = BackdatedChange.objects.order_by("-pk").values("pk")[:1]
    runs = PayrollRun.objects.select_related("institution", "started_by")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(WAIT, [CHANGES_LOCK, run_id])
        # A statement of its own: it sees what was committed while the lock was waited for.
        return with_surroundings(runs.annotate(last_change=Coalesce(Subquery(last), 0))).get(
            pk=run_id
        )


def hold_changes(payers: list[int]) -> None:
    """Until the transaction ends calculations of these payers begin after it, or have begun."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [CHANGES_LOCK, sorted(payers)])
