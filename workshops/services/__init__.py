"""What becomes true of work orders and of places; import the services from here."""

from workshops.services.work_orders import RoutingMissing, create_work_order, report_output

__all__ = ["RoutingMissing", "create_work_order", "report_output"]
