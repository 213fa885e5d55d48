"""The machine of a work order as a table."""

from portal.kernel.states import Machine
from workshops.enums import WorkOrderStatus as Status

WORK_ORDER = Machine(
    {
        (Status.PLANNED, "begin"): Status.IN_PROGRESS,
        (Status.PLANNED, "cancel"): Status.CANCELLED,
        (Status.IN_PROGRESS, "complete"): Status.COMPLETED,
    }
)
