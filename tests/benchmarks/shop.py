"""A catalogue, a buyer's basket and orders for the pages' benchmark; made from the tests' cast."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from orders.models import Basket, BasketLine, Order
from orders.selectors.baskets import basket_on
from orders.services.sending import Contact, Seen, send_order
from portal.kernel import clock
from tests.people import LONG_AGO, Cast
from workshops.enums import Audience
from workshops.models import (
    BillOfMaterialsLine,
    Product,
    ProductOffer,
    ProductPaper,
    ProductVersion,
    Workshop,
    WorkshopOperator,
)

CONTACT = Contact(name="Айгуль Т.", phone="+7 701 123 45 67", address="ул. Тестовая, 1")
PARTS = 12
WORKSHOPS = 4


def fill_catalogue(cast: Cast, count: int) -> list[ProductOffer]:
    """So many more products with parts and papers, offered by four workshops."""
    first = Product.objects.count()
    products = Product.objects.bulk_create(
        Product(
            code=f"thing-{number}",
            name_ru=f"Игровой набор «Ауыл» {number}",
            name_kk=f"«Ауыл» ойын жинағы {number}",
            summary_ru="Берёза, масло с воском, без острых углов",
            summary_kk="Қайың, балауыз қосылған май, өткір бұрышсыз",
            audience=list(Audience)[number % len(Audience)],
            drawing="play-corner",
            licence="open",
            sort_order=number,
        )
        for number in range(first, first + count)
    )
    versions = ProductVersion.objects.bulk_create(
        ProductVersion(
            product=product,
            number=1,
            description_ru="Набор для игры вдвоём и вчетвером.",
            materials_ru="Берёза, бук",
            dimensions_ru="120 × 80 × 60 см",
            approved_on=LONG_AGO,
        )
        for product in products
    )
    BillOfMaterialsLine.objects.bulk_create(
        BillOfMaterialsLine(
            version=version, sequence=part, name_ru=f"Деталь {part}", material_ru="Берёза",
            size="10 × 10", quantity=part,
        )
        for version in versions
        for part in range(1, PARTS + 1)
    )  # fmt: skip
    ProductPaper.objects.bulk_create(
        ProductPaper(
            version=version, kind="certificate", regulation="ТР ТС 008/2011",
            number=f"KZ-{version.pk}", issued_by="орган", issued_on=LONG_AGO,
            valid_until=date(2030, 1, 1),
        )
        for version in versions
    )  # fmt: skip
    places = _workshops(cast)
    return ProductOffer.objects.bulk_create(
        ProductOffer(
            version=version,
            workshop=places[number % WORKSHOPS],
            price=Decimal(9_500 + number),
            effective_from=LONG_AGO,
        )
        for number, version in enumerate(versions)
    )


def _workshops(cast: Cast) -> list[Workshop]:
    places = []
    for number in range(WORKSHOPS):
        workshop, is_new = Workshop.objects.get_or_create(
            code=f"bench-{number}",
            defaults={"institution": cast.institution, "name_ru": f"Цех {number}"},
        )
        if is_new:
            WorkshopOperator.objects.create(
                workshop=workshop, operator=cast.enterprise, effective_from=LONG_AGO, basis="приказ"
            )
        places.append(workshop)
    return places


def a_basket_of(offers: list[ProductOffer]) -> Basket:
    """A basket with one of each."""
    basket = Basket.objects.create(changed_at=clock.now())
    BasketLine.objects.bulk_create(
        BasketLine(basket=basket, offer=offer, quantity=1) for offer in offers
    )
    return basket


def order_from(cast: Cast, basket: Basket) -> Order:
    """The basket sent by the buyer, through the service."""
    shown = basket_on(str(basket.key), clock.today()).rows
    (order,) = send_order(
        actor=cast.buyer,
        basket_key=basket.key,
        buyer_id=cast.kindergarten.id,
        submission=uuid4(),
        seen={row.offer_id: Seen(row.quantity, row.shown.offer.price) for row in shown},
        contact=CONTACT,
        at=clock.now(),
    )
    return order


def more_orders(order: Order, count: int) -> None:
    """So many copies of an order, with numbers of their own."""
    values = {
        field.attname: getattr(order, field.attname)
        for field in Order._meta.concrete_fields
        if field.name not in ("id", "number", "submission")
    }
    first = Order.objects.count()
    Order.objects.bulk_create(
        Order(**values, number=f"C-{first + number}", submission=uuid4()) for number in range(count)
    )
