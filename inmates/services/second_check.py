"""Checking a payroll run by the second calculation, inside the transaction of who asks for it.

Called at the end of a calculation (`services.calculation`) and before a posting.
"""

from datetime import datetime

from inmates.models import PayrollRun
from inmates.second.calculation import find_differences


def check_payroll_run(*, run_id: int, at: datetime) -> int:
    """The run's list of differences is that of its inputs as they are now; how many there are.

    The caller holds the run. People with a problem have no payslip and are left out: such a run
    is not approved anyway. Twice: the list is made anew.
    """
    count = find_differences(run_id)
    PayrollRun.objects.filter(pk=run_id).update(checked_at=at, difference_count=count)
    return count
