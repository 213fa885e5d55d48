"""A basket becomes orders: what is frozen, what is refused, twice and at once."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from orders.models import Basket, Order
from orders.selectors.orders import sent_before
from orders.services.sending import (
    BasketChanged,
    BasketEmpty,
    BasketHasUnavailable,
    PriceChanged,
    QuantityAboveLimit,
    Seen,
)
from portal.accounts.models import Membership, RoleGrant
from portal.kernel.errors import ConstraintRefused, Forbidden, PortalError
from portal.kernel.models import StateChange
from tests.orders.builders import (
    a_basket,
    a_sent_order,
    an_entrepreneurs_offer,
    an_offer_of,
    put,
    seen_in,
    send,
)
from tests.people import NOW, TODAY, Cast, a_cast, a_user
from workshops.models import ProductOffer


def test_send_order_freezes_what_was_shown(cast: Cast) -> None:
    order = a_sent_order(cast, quantity=2)
    line = order.lines.get()
    assert order.status == "sent"
    assert order.seller == cast.enterprise
    assert order.buyer == cast.kindergarten
    assert order.total == Decimal("370000.00")
    assert (line.title_ru, line.title_kk) == ("Игровой уголок «Юрта»", "«Киіз үй» ойын бұрышы")
    assert (line.unit_price, line.quantity, line.is_vat_inside) == (Decimal("185000.00"), 2, True)


def test_later_price_does_not_change_the_order(cast: Cast) -> None:
    order = a_sent_order(cast)
    ProductOffer.objects.update(price=Decimal("1.00"))
    order.refresh_from_db()
    assert order.lines.get().unit_price == Decimal("185000.00")


def test_send_order_empties_the_basket(cast: Cast) -> None:
    basket = a_basket(cast)
    send(cast, basket)
    assert basket.lines.count() == 0
    assert Basket.objects.filter(pk=basket.pk).exists()


def test_two_sellers_make_two_orders_with_their_own_numbers(cast: Cast) -> None:
    basket = a_basket(cast)
    put(basket, an_entrepreneurs_offer(cast), 3)
    first, second = send(cast, basket)
    assert {first.seller, second.seller} == {cast.enterprise, cast.entrepreneur}
    assert {first.number, second.number} == {"2026-00001"}
    by_seller = {order.seller: order.lines.get() for order in (first, second)}
    assert by_seller[cast.enterprise].is_vat_inside
    assert not by_seller[cast.entrepreneur].is_vat_inside


def test_numbers_of_a_seller_have_no_gap_after_a_refusal(cast: Cast) -> None:
    a_sent_order(cast)
    basket = a_basket(cast)
    with pytest.raises(PortalError):
        send(cast, basket, seen={})
    assert send(cast, basket)[0].number == "2026-00002"


def test_same_submission_returns_the_same_orders(cast: Cast) -> None:
    basket, submission = a_basket(cast), uuid4()
    shown = seen_in(basket)
    once = send(cast, basket, submission=submission, seen=shown)
    again = send(cast, basket, submission=submission, seen=shown)
    assert [order.pk for order in once] == [order.pk for order in again]
    assert Order.objects.count() == 1


def test_submission_of_somebody_else_tells_nothing(cast: Cast) -> None:
    submission = uuid4()
    a_sent_order(cast, submission=submission)
    member = Membership.objects.create(
        user=cast.stranger, organisation=cast.kindergarten, effective_from=TODAY
    )
    RoleGrant.objects.create(membership=member, role="buyer", effective_from=TODAY)
    with pytest.raises(ConstraintRefused):
        send(cast, a_basket(cast), submission=submission, actor=cast.stranger)
    assert Order.objects.count() == 1


def test_send_order_refuses_an_empty_basket(cast: Cast) -> None:
    with pytest.raises(BasketEmpty):
        send(cast, Basket.objects.create(changed_at=NOW))
    with pytest.raises(BasketEmpty):
        send(cast, Basket.objects.create(changed_at=NOW), basket_key=None)


def test_second_sending_from_another_tab_finds_the_basket_empty(cast: Cast) -> None:
    basket = a_basket(cast)
    shown = seen_in(basket)
    send(cast, basket)
    with pytest.raises(BasketEmpty, match=r"My orders|Мои заказы"):
        send(cast, basket, seen=shown)


def test_changed_price_is_refused_with_both_prices(cast: Cast) -> None:
    basket = a_basket(cast)
    shown = seen_in(basket)
    ProductOffer.objects.update(price=Decimal("190000.00"))
    with pytest.raises(PriceChanged) as refused:
        send(cast, basket, seen=shown)
    assert "185\xa0000,00\xa0₸" in str(refused.value)
    assert "190\xa0000,00\xa0₸" in str(refused.value)
    assert Order.objects.count() == 0
    assert basket.lines.count() == 1
    assert send(cast, basket)[0].total == Decimal("380000.00")


def test_quantity_changed_in_another_tab_is_refused(cast: Cast) -> None:
    basket = a_basket(cast)
    shown = {cast.offer.id: Seen(1, cast.offer.price)}
    with pytest.raises(BasketChanged):
        send(cast, basket, seen=shown)


def test_product_taken_off_sale_is_named(cast: Cast) -> None:
    basket = a_basket(cast)
    shown = seen_in(basket)
    ProductOffer.objects.update(effective_to=date(2026, 11, 22))
    with pytest.raises(BasketHasUnavailable, match="Юрта"):
        send(cast, basket, seen=shown)
    assert Order.objects.count() == 0


def test_lowered_limit_is_told(cast: Cast) -> None:
    basket = a_basket(cast, quantity=20)
    ProductOffer.objects.update(max_quantity=10)
    with pytest.raises(QuantityAboveLimit, match="10"):
        send(cast, basket)


@pytest.mark.parametrize("who", ["operator", "stranger", "master"])
def test_send_order_needs_a_buyer_of_the_organisation(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        send(cast, a_basket(cast), actor=getattr(cast, who))


def test_buyer_of_another_organisation_is_refused(cast: Cast) -> None:
    other = a_user("b@example.kz", cast.colony, "buyer")
    with pytest.raises(Forbidden):
        send(cast, a_basket(cast), actor=other)


def test_nobody_orders_from_oneself(cast: Cast) -> None:
    own = a_user("own@example.kz", cast.enterprise, "buyer")
    with pytest.raises(ConstraintRefused):
        send(cast, a_basket(cast), actor=own, buyer_id=cast.enterprise.id)


def test_refusal_of_the_second_seller_leaves_nothing(cast: Cast) -> None:
    basket = a_basket(cast)
    put(basket, an_entrepreneurs_offer(cast))
    own = a_user("own@example.kz", cast.entrepreneur, "buyer")
    with pytest.raises(ConstraintRefused):
        send(cast, basket, actor=own, buyer_id=cast.entrepreneur.id)
    assert Order.objects.count() == 0
    assert StateChange.objects.count() == 0
    assert basket.lines.count() == 2


def _race(*calls) -> list[object]:
    """Each call in a thread with a connection of its own, all let go at once."""
    start, results = Barrier(len(calls)), []

    def run(call) -> None:
        try:
            start.wait()
            results.append(call())
        except PortalError as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_send_the_basket_once() -> None:
    cast = a_cast()
    basket = a_basket(cast)
    shown = seen_in(basket)
    results = _race(*[lambda: send(cast, basket, seen=shown)] * 2)
    assert Order.objects.count() == 1
    assert sorted(type(result).__name__ for result in results) == ["BasketEmpty", "list"]


@pytest.mark.django_db(transaction=True)
def test_one_submission_twice_at_once_is_one_order() -> None:
    cast = a_cast()
    basket, submission = a_basket(cast), uuid4()
    shown = seen_in(basket)
    results = _race(*[lambda: send(cast, basket, submission=submission, seen=shown)] * 2)
    assert Order.objects.count() == 1
    assert len({result[0].pk for result in results}) == 1


@pytest.mark.parametrize("lines", [1, 3])
def test_order_takes_the_same_statements_whatever_its_lines(
    cast: Cast, lines: int, django_assert_num_queries
) -> None:
    basket = a_basket(cast)
    for number in range(lines - 1):
        put(basket, an_offer_of(cast, cast.workshop, f"more-{number}"))
    # Four of them read the basket as the page before did; the letter is handed over in two more.
    with django_assert_num_queries(20):
        send(cast, basket)


def test_same_form_of_another_person_finds_no_orders_of_mine(cast: Cast) -> None:
    submission = uuid4()
    a_sent_order(cast, submission=submission)
    assert sent_before(submission, cast.operator) == []
    (order,) = sent_before(submission, cast.buyer)
    assert order.seller == cast.enterprise
