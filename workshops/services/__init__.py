"""What becomes true of work orders and of places; import the services from here."""

from workshops.services.availability import record_labour_availability
from workshops.services.work_orders import (
    RoutingMissing,
    Stage,
    create_part_order,
    create_work_order,
    report_output,
)

__all__ = [
    "RoutingMissing",
    "Stage",
    "create_part_order",
    "create_work_order",
    "record_labour_availability",
    "report_output",
]
