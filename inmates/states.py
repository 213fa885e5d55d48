"""The machines of a payroll run and of a timesheet as tables."""

from inmates.enums import RunStatus as Status
from inmates.enums import TimesheetStatus as Sheet
from portal.kernel.states import Machine

PAYROLL_RUN = Machine(
    {
        (Status.DRAFT, "start"): Status.CALCULATING,
        (Status.CALCULATED, "start"): Status.CALCULATING,
        (Status.INCOMPLETE, "start"): Status.CALCULATING,
        (Status.CALCULATING, "complete"): Status.CALCULATED,
        (Status.CALCULATING, "stop_incomplete"): Status.INCOMPLETE,
    }
)

# A month without a row is open. `return` and `reopen` carry a reason.
TIMESHEET = Machine(
    {
        (Sheet.OPEN, "submit"): Sheet.SUBMITTED,
        (Sheet.RETURNED, "submit"): Sheet.SUBMITTED,
        (Sheet.SUBMITTED, "return"): Sheet.RETURNED,
        (Sheet.SUBMITTED, "lock"): Sheet.LOCKED,
        (Sheet.LOCKED, "reopen"): Sheet.RETURNED,
    }
)
