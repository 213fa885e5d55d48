"""A visitor's basket: put in, change, take out; what is refused and why."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import translation

from orders.models import Basket, BasketLine
from orders.selectors.baskets import basket_count, basket_on
from orders.services.baskets import (
    MAX_LINES,
    BasketFull,
    NotOnSale,
    QuantityNotPositive,
    QuantityRefused,
    add_to_basket,
    change_quantity,
    remove_line,
)
from tests.orders.builders import VISITOR, a_basket, an_entrepreneurs_offer, an_offer_of, put
from tests.people import NOW, TODAY, Cast
from workshops.models import ProductOffer, ProductPaper, WorkshopOperator


def test_first_product_makes_a_basket_without_an_account(cast: Cast) -> None:
    basket = a_basket(cast, quantity=3)
    assert basket.user is None
    assert basket.lines.get().quantity == 3


def test_basket_knows_who_is_signed_in(cast: Cast) -> None:
    basket = a_basket(cast)
    add_to_basket(
        actor=cast.buyer, basket_key=basket.key, offer_id=cast.offer.id, quantity=1, at=NOW
    )
    basket.refresh_from_db()
    assert basket.user == cast.buyer


def test_same_product_again_adds_to_its_line(cast: Cast) -> None:
    basket = a_basket(cast, quantity=2)
    put(basket, cast.offer, 3)
    assert basket.lines.get().quantity == 5


@pytest.mark.parametrize("quantity", [0, -1, -500])
def test_quantity_below_one_is_refused(cast: Cast, quantity: int) -> None:
    with pytest.raises(QuantityNotPositive):
        a_basket(cast, quantity=quantity)
    assert Basket.objects.count() == 0


@pytest.mark.parametrize("quantity", [501, 10**12, 10**40])
def test_absurd_quantity_is_refused_with_the_limit(cast: Cast, quantity: int) -> None:
    with pytest.raises(QuantityRefused, match="500"):
        a_basket(cast, quantity=quantity)


def test_limit_counts_what_is_in_the_basket(cast: Cast) -> None:
    basket = a_basket(cast, quantity=499)
    with pytest.raises(QuantityRefused):
        put(basket, cast.offer, 2)
    assert basket.lines.get().quantity == 499


def test_unknown_offer_is_not_on_sale(cast: Cast) -> None:
    with pytest.raises(NotOnSale):
        add_to_basket(actor=VISITOR, basket_key=None, offer_id=10**9, quantity=1, at=NOW)


def test_ended_offer_is_refused_with_its_reason(cast: Cast) -> None:
    ProductOffer.objects.update(effective_to=TODAY)
    with translation.override("en"), pytest.raises(NotOnSale, match="No longer on sale"):
        a_basket(cast)


def test_basket_has_a_limit_of_lines(cast: Cast) -> None:
    basket = a_basket(cast)
    many = [an_offer_of(cast, cast.workshop, f"p{n}") for n in range(MAX_LINES)]
    BasketLine.objects.bulk_create(
        BasketLine(basket=basket, offer=offer, quantity=1) for offer in many[1:]
    )
    with pytest.raises(BasketFull):
        put(basket, many[0])


def test_change_quantity_sets_it(cast: Cast) -> None:
    basket = a_basket(cast)
    line = basket.lines.get()
    change_quantity(actor=VISITOR, basket_key=basket.key, line_id=line.id, quantity=7, at=NOW)
    line.refresh_from_db()
    assert line.quantity == 7


@pytest.mark.parametrize("quantity", [0, 501])
def test_change_quantity_refuses_nonsense(cast: Cast, quantity: int) -> None:
    basket = a_basket(cast, quantity=2)
    line = basket.lines.get()
    with pytest.raises((QuantityNotPositive, QuantityRefused)):
        change_quantity(
            actor=VISITOR, basket_key=basket.key, line_id=line.id, quantity=quantity, at=NOW
        )
    line.refresh_from_db()
    assert line.quantity == 2


def test_line_of_another_basket_is_out_of_reach(cast: Cast) -> None:
    line = a_basket(cast).lines.get()
    with pytest.raises(NotOnSale):
        change_quantity(actor=VISITOR, basket_key=uuid4(), line_id=line.id, quantity=7, at=NOW)
    remove_line(actor=VISITOR, basket_key=uuid4(), line_id=line.id, at=NOW)
    remove_line(actor=VISITOR, basket_key=None, line_id=line.id, at=NOW)
    assert BasketLine.objects.filter(pk=line.pk, quantity=2).exists()


def test_remove_line_twice_is_harmless(cast: Cast) -> None:
    basket = a_basket(cast)
    line = basket.lines.get()
    for _time in range(2):
        remove_line(actor=VISITOR, basket_key=basket.key, line_id=line.id, at=NOW)
    assert basket.lines.count() == 0


def test_basket_is_grouped_by_seller_with_sums(cast: Cast) -> None:
    basket = a_basket(cast, quantity=2)
    put(basket, an_entrepreneurs_offer(cast), 3)
    shown = basket_on(str(basket.key), TODAY)
    assert [part.seller for part in shown.parts] == [cast.enterprise, cast.entrepreneur]
    assert [str(part.sums.total) for part in shown.parts] == ["370000.00", "289500.00"]
    assert [str(part.sums.vat) for part in shown.parts] == ["51034.48", "0.00"]
    assert str(shown.sums.total) == "659500.00"
    assert basket_count(str(basket.key)) == shown.count == 2


def test_no_basket_is_an_empty_one(cast: Cast) -> None:
    assert basket_on(None, TODAY).is_empty
    assert basket_on(str(uuid4()), TODAY).is_empty
    assert basket_count(None) == 0


def test_offer_that_ended_is_set_apart(cast: Cast) -> None:
    basket = a_basket(cast)
    ProductOffer.objects.update(effective_to=TODAY)
    shown = basket_on(str(basket.key), TODAY)
    assert shown.parts == []
    assert len(shown.unavailable) == 1
    assert not shown.is_empty
    assert shown.sums.total == 0


def test_expired_paper_sets_a_line_apart_with_its_number(cast: Cast) -> None:
    basket = a_basket(cast)
    ProductPaper.objects.create(
        version=cast.version,
        kind="certificate",
        regulation="ТР ТС 008/2011",
        number="KZ-1",
        issued_by="орган",
        issued_on=date(2024, 1, 1),
        valid_until=date(2026, 11, 21),
    )
    ((_row, reason),) = basket_on(str(basket.key), TODAY).unavailable
    assert "KZ-1" in reason
    assert "21.11.2026" in reason


def test_workshop_without_operator_sells_nothing(cast: Cast) -> None:
    basket = a_basket(cast)
    WorkshopOperator.objects.update(effective_to=TODAY)
    assert basket_on(str(basket.key), TODAY).parts == []


def test_basket_takes_the_same_queries_for_one_and_three_lines(
    cast: Cast, django_assert_num_queries
) -> None:
    basket = a_basket(cast)
    with django_assert_num_queries(4):
        basket_on(str(basket.key), TODAY)
    for number in range(2):
        put(basket, an_offer_of(cast, cast.workshop, f"more-{number}"))
    with django_assert_num_queries(4):
        basket_on(str(basket.key), TODAY)
