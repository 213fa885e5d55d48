"""Two people at once, each with a connection of its own: one award, one work order, one bid."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from orders.models import Award, Bid, ProductionRequest
from orders.services.requests import withdraw_request
from portal.kernel.errors import PortalError
from tests.files import a_pdf
from tests.orders.request_builders import (
    a_bid,
    a_draft,
    a_drawing,
    a_published,
    another_workshop,
    award,
    invite,
)
from tests.people import NOW, a_cast
from workshops.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or refused; they start together."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=10)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at whatever came
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def refusals(results: list[Any]) -> list[Exception]:
    errors = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(error, PortalError) for error in errors), errors
    return errors


@pytest.fixture
def cast(transactional_db):
    return a_cast()


def test_two_people_choose_different_bids(cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    first, second = a_bid(cast, request), a_bid(cast, request, other, user)
    results = at_once(lambda: award(request, first), lambda: award(request, second))
    assert len(refusals(results)) == 1
    assert (Award.objects.count(), WorkOrder.objects.count()) == (1, 1)
    assert sorted(Bid.objects.values_list("status", flat=True)) == ["lost", "won"]


def test_same_bid_is_chosen_twice_at_once(cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    results = at_once(*[lambda: award(request, bid)] * 3)
    assert len(refusals(results)) == 2
    assert WorkOrder.objects.count() == 1


def test_bid_comes_while_another_is_chosen(cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    first = a_bid(cast, request)
    results = at_once(lambda: award(request, first), lambda: a_bid(cast, request, other, user))
    assert isinstance(results[0], Award)
    late = Bid.objects.filter(bidder=cast.entrepreneur).first()
    # Either it came before the choice and is told that it was not chosen, or it was refused.
    assert (late is None) == bool(refusals(results))
    assert late is None or late.status == "lost"


def test_bid_is_replaced_while_it_is_chosen(cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    results = at_once(lambda: award(request, bid), lambda: a_bid(cast, request, price="9000.00"))
    assert len(refusals(results)) == 1
    request = ProductionRequest.objects.get()
    if request.status == "awarded":
        assert Award.objects.get().unit_price == bid.unit_price
    else:
        assert (WorkOrder.objects.count(), request.status) == (0, "published")


def test_two_operators_of_one_workshop_bid_at_once(cast) -> None:
    request = a_published(cast)
    results = at_once(
        lambda: a_bid(cast, request, price="4000.00"), lambda: a_bid(cast, request, price="4100.00")
    )
    assert refusals(results) == []
    assert sorted(Bid.objects.values_list("status", flat=True)) == ["submitted", "superseded"]


def test_request_is_withdrawn_while_a_bid_is_chosen(cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    results = at_once(
        lambda: award(request, bid),
        lambda: withdraw_request(
            actor=request.created_by, request_id=request.pk, reason="Передумали", at=NOW
        ),
    )
    assert len(refusals(results)) == 1
    request = ProductionRequest.objects.get()
    assert Award.objects.count() == WorkOrder.objects.count() == (request.status == "awarded")


def test_ten_drawings_at_most_however_many_are_added_at_once(cast) -> None:
    request = a_draft()
    for number in range(9):
        a_drawing(request, a_pdf(number + 1), f"{number}.pdf")
    invite(request, cast.workshop)
    results = at_once(
        lambda: a_drawing(request, a_pdf(11), "a.pdf"),
        lambda: a_drawing(request, a_pdf(12), "b.pdf"),
    )
    assert len(refusals(results)) == 1
    assert request.drawings.count() == 10
