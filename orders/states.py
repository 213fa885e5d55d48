"""The machines of an order, a production request and a bid as tables."""

from orders.enums import BidStatus, RequestStatus
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
PRODUCTION_REQUEST = Machine(
    {
        (RequestStatus.DRAFT, "publish"): RequestStatus.PUBLISHED,
        (RequestStatus.DRAFT, "withdraw"): RequestStatus.WITHDRAWN,
        (RequestStatus.PUBLISHED, "withdraw"): RequestStatus.WITHDRAWN,
        (RequestStatus.PUBLISHED, "award"): RequestStatus.AWARDED,
    }
)
BID = Machine(
    {
        (BidStatus.SUBMITTED, "supersede"): BidStatus.SUPERSEDED,
        (BidStatus.SUBMITTED, "withdraw"): BidStatus.WITHDRAWN,
        (BidStatus.SUBMITTED, "win"): BidStatus.WON,
        (BidStatus.SUBMITTED, "lose"): BidStatus.LOST,
    }
)
