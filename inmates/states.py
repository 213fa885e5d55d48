"""The machine of a payroll run as a table."""

from inmates.enums import RunStatus as Status
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
