"""When a payer's wages were approved last: an order of a deputy never reaches back into that.

Entered with the first signature while the app loads (apps.py).
"""

from datetime import date

from inmates.models import PayrollRun
from portal.accounts.deputies import SIGNED
from portal.kernel.clock import day_of
from portal.kernel.models import StateChange
from portal.kernel.states import subject_type


def last_approval_on(payer_id: int) -> date | None:
    """The day of the payer's last approval; one that was sent back was signed all the same."""
    approvals = StateChange.objects.filter(
        subject_type=subject_type(PayrollRun()),
        subject_id__in=PayrollRun.objects.filter(payer=payer_id).values("pk"),
        action="approve",
    )
    last = approvals.order_by("-at").values_list("at", flat=True).first()
    return day_of(last) if last else None


SIGNED.append(last_approval_on)
