"""Placing an order of three lines: the service, and the same rows by the ORM alone."""

from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from orders.models import Basket, BasketLine, Order, OrderLine
from orders.services.sending import Seen, send_order
from portal.kernel import clock
from portal.kernel.models import NumberSeries, StateChange, TaskRun
from tests.benchmarks.harness import Bar, Bench, Side, benchmark, times_as_long
from tests.benchmarks.shop import CONTACT, a_basket_of, fill_catalogue
from tests.people import Cast, a_cast
from workshops.models import ProductOffer

LINES = 3
SCOPE = {"series": "bench", "scope": "bench", "year": 2026}


@benchmark("ordering", "Placing an order of three lines")
def ordering(bench: Bench) -> None:
    cast = a_cast()
    offers = fill_catalogue(cast, 20)[:LINES]
    NumberSeries.objects.create(**SCOPE)
    count = bench.size(full=40, quick=2)
    baskets: list[Basket] = []
    seen = {offer.pk: Seen(1, offer.price) for offer in offers}

    def new_baskets() -> None:
        baskets[:] = [a_basket_of(offers) for _ in range(count)]

    def by_orm() -> int:
        for basket in baskets:
            _by_orm(cast, basket, offers)
        return count

    def by_service() -> int:
        for basket in baskets:
            _by_service(cast, basket, seen)
        return count

    times = bench.interleave(
        Side("ORM", by_orm, new_baskets), Side("service", by_service, new_baskets)
    )
    ours, floor = times["service"], times["ORM"]
    bench.floor("the rows of an order, ORM, one transaction", floor, unit="orders", each=True)
    bench.line("send_order", ours, unit="orders", each=True, against=floor)
    bench.bar(
        Bar("placing an order: service against the ORM floor", times_as_long(ours, floor),
            at_most=3, goal=2)
    )  # fmt: skip
    bench.bar(Bar("statements of placing an order", ours.statements / count, at_most=20, unit=""))
    bench.bar(
        Bar("8 clients ordering from one workshop, against one client", None, at_least=1.2,
            goal=1.7, note="workshops have no capacity slots yet")
    )  # fmt: skip
    bench.bar(
        Bar("promised date: statements for 900 days against 90 days of calendar", None, at_most=1,
            note="no promises yet")
    )  # fmt: skip


def _by_service(cast: Cast, basket: Basket, seen: dict[int, Seen]) -> None:
    send_order(
        actor=cast.buyer,
        basket_key=basket.key,
        buyer_id=cast.kindergarten.pk,
        submission=uuid4(),
        seen=seen,
        contact=CONTACT,
        at=clock.now(),
    )


@transaction.atomic
def _by_orm(cast: Cast, basket: Basket, offers: list[ProductOffer]) -> None:
    """What has to be written whoever writes it: a number, the order, its lines, its history, and
    the letter to the seller in the outbox."""
    Basket.objects.select_for_update().get(pk=basket.pk)
    series = NumberSeries.objects.select_for_update().get(**SCOPE)
    series.last += 1
    series.save(update_fields=["last"])
    at = clock.now()
    order = Order.objects.create(
        number=f"B-{series.last}",
        buyer=cast.kindergarten,
        seller=cast.enterprise,
        placed_by=cast.buyer,
        placed_at=at,
        submission=uuid4(),
        contact_name=CONTACT.name,
        contact_phone=CONTACT.phone,
        delivery_address=CONTACT.address,
        total=sum((offer.price for offer in offers), Decimal(0)),
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, sequence=number, offer=offer, version=offer.version, title_ru="Набор",
            title_kk="Жинақ", title_en="Kit", quantity=1, unit_price=offer.price,
            is_vat_inside=True, total=offer.price,
        )
        for number, offer in enumerate(offers, start=1)
    )  # fmt: skip
    StateChange.objects.create(
        subject_type="orders.order", subject_id=order.pk, action="send", from_status="",
        to_status="sent", actor=cast.buyer, at=at,
    )  # fmt: skip
    TaskRun.objects.create(
        name="bench", key=str(order.pk), arguments={"order_id": order.pk},
        created_by=cast.buyer, created_at=at,
    )  # fmt: skip
    BasketLine.objects.filter(basket=basket).delete()
