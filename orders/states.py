"""The machine of an order as a table."""

from orders.enums import OrderStatus as Status
from portal.kernel.states import Machine

ORDER = Machine(
    {
        (Status.SENT, "confirm"): Status.CONFIRMED,
        (Status.SENT, "decline"): Status.DECLINED,
        (Status.SENT, "withdraw"): Status.WITHDRAWN,
        (Status.CONFIRMED, "begin_production"): Status.IN_PRODUCTION,
        (Status.IN_PRODUCTION, "make_ready"): Status.READY,
    }
)
