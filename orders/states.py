"""The machines of an order, a production request, a bid and a visit as tables."""

from orders.enums import BidStatus, RequestStatus
from orders.enums import OrderStatus as Status
from orders.enums import SpaceApplicationStatus as VisitStatus
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
SPACE_APPLICATION = Machine(
    {
        (VisitStatus.SENT, "agree"): VisitStatus.AGREED,
        (VisitStatus.SENT, "decline"): VisitStatus.DECLINED,
        (VisitStatus.SENT, "withdraw"): VisitStatus.WITHDRAWN,
        (VisitStatus.AGREED, "withdraw"): VisitStatus.WITHDRAWN,
        # The last day has passed: it still waits, and that is written down.
        (VisitStatus.SENT, "run_out"): VisitStatus.SENT,
    }
)
