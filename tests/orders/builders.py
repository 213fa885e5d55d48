"""Baskets and orders of the tests, made through the services."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AnonymousUser

from orders.models import Basket, Order
from orders.selectors.baskets import basket_on
from orders.services.answers import confirm_order
from orders.services.baskets import add_to_basket
from orders.services.sending import Contact, Seen, send_order
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_user
from workshops.models import (
    Operation,
    Product,
    ProductOffer,
    ProductVersion,
    Workshop,
    WorkshopOperator,
)

VISITOR = AnonymousUser()
CONTACT = Contact(name="Айгуль Т.", phone="+7 701 123 45 67", address="ул. Тестовая, 1", comment="")
DUE = date(2026, 12, 15)


def a_basket(cast: Cast, quantity: int = 2, offer: ProductOffer | None = None) -> Basket:
    """A visitor's basket with the play corner, or with another offer."""
    return add_to_basket(
        actor=VISITOR,
        basket_key=None,
        offer_id=(offer or cast.offer).id,
        quantity=quantity,
        at=NOW,
    )


def put(basket: Basket, offer: ProductOffer, quantity: int = 1) -> None:
    add_to_basket(
        actor=VISITOR, basket_key=basket.key, offer_id=offer.id, quantity=quantity, at=NOW
    )


def seen_in(basket: Basket) -> dict[int, Seen]:
    """What the page of sending shows of this basket."""
    return {
        row.offer_id: Seen(row.quantity, row.shown.offer.price)
        for row in basket_on(str(basket.key), TODAY).rows
    }


def send(cast: Cast, basket: Basket, **changes: Any) -> list[Order]:
    values = {
        "actor": cast.buyer,
        "basket_key": basket.key,
        "buyer_id": cast.kindergarten.id,
        "submission": uuid4(),
        "seen": seen_in(basket),
        "contact": CONTACT,
        "at": NOW,
    }
    return send_order(**(values | changes))


def a_sent_order(cast: Cast, quantity: int = 2, submission: UUID | None = None) -> Order:
    return send(cast, a_basket(cast, quantity), submission=submission or uuid4())[0]


def a_confirmed_order(cast: Cast, quantity: int = 2) -> Order:
    order = a_sent_order(cast, quantity)
    return confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)


def an_offer_of(
    cast: Cast, workshop: Workshop, code: str = "bench", price: str = "96500.00"
) -> ProductOffer:
    """Another product with one operation, offered at a workshop."""
    product = Product.objects.create(
        code=code,
        name_ru="Скамья уличная",
        name_kk="Көше орындығы",
        summary_ru="Металл и сосна",
        audience="city",
        drawing="bench",
        licence="open",
    )
    version = ProductVersion.objects.create(
        product=product,
        number=1,
        description_ru="Скамья",
        materials_ru="Сталь, сосна",
        dimensions_ru="180 × 60 × 85 см",
        approved_on=LONG_AGO,
    )
    Operation.objects.create(
        version=version,
        sequence=1,
        name_ru="Сварка",
        trade=cast.trade,
        norm_minutes=Decimal("90"),
        piece_rate=Decimal("900.00"),
    )
    return ProductOffer.objects.create(
        version=version, workshop=workshop, price=Decimal(price), effective_from=LONG_AGO
    )


def an_entrepreneurs_offer(cast: Cast, code: str = "bench") -> ProductOffer:
    """A product of the second seller, who does not pay VAT, in a workshop of the same colony."""
    workshop = Workshop.objects.create(
        institution=cast.institution, code=f"metal-{code}", name_ru="Сварочный цех"
    )
    WorkshopOperator.objects.create(
        workshop=workshop, operator=cast.entrepreneur, effective_from=LONG_AGO, basis="договор"
    )
    return an_offer_of(cast, workshop, code)


def another_operator(cast: Cast) -> Any:
    """The same role in another organisation."""
    return a_user("other-operator@example.kz", cast.entrepreneur, "operator")


def another_buyer(cast: Cast) -> Any:
    """A buyer of another organisation."""
    return a_user("other-buyer@example.kz", cast.entrepreneur, "buyer")
