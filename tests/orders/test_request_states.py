"""The tables of a request and of a bid over all statuses and actions."""

from typing import Any

import pytest

from orders.enums import BidStatus, RequestStatus
from orders.models import Bid, ProductionRequest
from orders.states import BID, PRODUCTION_REQUEST
from portal.kernel import states
from portal.kernel.states import MoveRefused
from tests.orders.request_builders import a_bid, a_draft, a_published
from tests.people import NOW, Cast

REQUEST_MOVES = {
    (RequestStatus.DRAFT, "publish"): RequestStatus.PUBLISHED,
    (RequestStatus.DRAFT, "withdraw"): RequestStatus.WITHDRAWN,
    (RequestStatus.PUBLISHED, "withdraw"): RequestStatus.WITHDRAWN,
    (RequestStatus.PUBLISHED, "award"): RequestStatus.AWARDED,
}
BID_MOVES = {
    (BidStatus.SUBMITTED, "supersede"): BidStatus.SUPERSEDED,
    (BidStatus.SUBMITTED, "withdraw"): BidStatus.WITHDRAWN,
    (BidStatus.SUBMITTED, "win"): BidStatus.WON,
    (BidStatus.SUBMITTED, "lose"): BidStatus.LOST,
}


def try_move(row: Any, action: str, machine: Any, target: str | None, cast: Cast) -> None:
    before = row.status
    if target is None:
        with pytest.raises(MoveRefused):
            states.move(row, action, machine=machine, actor=cast.buyer, at=NOW)
    else:
        states.move(row, action, machine=machine, actor=cast.buyer, at=NOW)
    row.refresh_from_db()
    assert row.status == (target or before)


@pytest.mark.parametrize("action", ["publish", "withdraw", "award", "reopen"])
@pytest.mark.parametrize("status", RequestStatus.values)
def test_request(cast: Cast, status: str, action: str) -> None:
    request = a_draft()
    ProductionRequest.objects.filter(pk=request.pk).update(status=status, published_at=NOW)
    request.refresh_from_db()
    target = REQUEST_MOVES.get((RequestStatus(status), action))
    try_move(request, action, PRODUCTION_REQUEST, target, cast)


@pytest.mark.parametrize("action", ["supersede", "withdraw", "win", "lose", "submit"])
@pytest.mark.parametrize("status", BidStatus.values)
def test_bid(cast: Cast, status: str, action: str) -> None:
    bid = a_bid(cast, a_published(cast))
    Bid.objects.filter(pk=bid.pk).update(status=status)
    bid.refresh_from_db()
    try_move(bid, action, BID, BID_MOVES.get((BidStatus(status), action)), cast)


def test_tables_have_no_move_beside_these() -> None:
    assert dict(PRODUCTION_REQUEST.transitions) == REQUEST_MOVES
    assert dict(BID.transitions) == BID_MOVES
