"""Orders of customers through the services: sent, answered, withdrawn; made by `work.py`."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from orders.models import Order, OrderLineWork
from orders.services.answers import confirm_order, decline_order, withdraw_order
from orders.services.baskets import add_to_basket
from orders.services.sending import NOTIFY_SELLER, Contact, Seen, send_order
from portal.accounts.models import Organisation, User
from portal.demo.products import Catalogue
from portal.demo.sources import read_data
from portal.kernel.clock import ALMATY
from portal.kernel.models import TaskRun
from portal.kernel.queue import run_here
from portal.kernel.workdays import is_workday
from workshops.models import WorkOrder

# Days before the promised date by which the workshops mean to be ready.
EARLY = 4
NAMESPACE = UUID("6f1d0d5e-5f0b-4c59-9d0e-0a6d3a2f7b11")
BUYERS = {
    "kindergarten-balbobek": "buyer",
    "kindergarten-kunshuak": "buyer2",
    "school": "school",
    "akimat": "akimat",
}
OPERATORS = {"enterprise": "operator", "bereke": "entrepreneur"}


@dataclass(frozen=True)
class Wanted:
    """A work order that an order line will cause, known before anything is written."""

    key: tuple[int, str, str]
    product: str
    workshop: str
    quantity: int
    begin: date
    days: int


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in Kazakhstan."""
    return datetime.combine(day, time(hour, minute), tzinfo=ALMATY)


def wanted_by_customers(today: date) -> list[Wanted]:
    """What the workshops will work on for customers, from the day after the answer."""
    wanted = []
    for number, row in enumerate(read_data("orders")["rows"]):
        if not row.get("made"):
            continue
        begin = _answered_on(row, today) + timedelta(days=1)
        wanted += [
            Wanted(
                (number, product, workshop), product, workshop, quantity, begin, row["due"] - EARLY
            )
            for product, workshop, quantity in row["lines"]
        ]
    return wanted


def _sent_on(row: dict, today: date) -> date:
    """The workday on or before the day the data names."""
    day = today - timedelta(days=row["days_ago"])
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def _answered_on(row: dict, today: date) -> date:
    """The next workday, but before today."""
    day = _sent_on(row, today) + timedelta(days=row["answer"])
    while not is_workday(day):
        day += timedelta(days=1)
    return min(day, today - timedelta(days=1))


def make_orders(
    catalogue: Catalogue,
    organisations: dict[str, Organisation],
    users: dict[str, User],
    today: date,
) -> dict[tuple[int, str, str], WorkOrder]:
    """All orders; the work orders of the confirmed ones by (row, product, workshop)."""
    works = {}
    operators = {organisations[code].pk: users[user] for code, user in OPERATORS.items()}
    for number, row in enumerate(read_data("orders")["rows"]):
        orders = _send(number, row, catalogue, organisations, users, today)
        _leave_letters_unsent(orders)
        for order in orders:
            _answer(order, row, operators[order.seller_id], users[BUYERS[row["buyer"]]], today)
        links = OrderLineWork.objects.filter(line__order__in=orders).select_related(
            "work_order", "line__version__product", "line__offer__workshop"
        )
        for link in links:
            line = link.line
            key = (number, line.version.product.code, line.offer.workshop.code)
            works[key] = link.work_order
    return works


def _send(
    number: int,
    row: dict,
    catalogue: Catalogue,
    organisations: dict[str, Organisation],
    users: dict[str, User],
    today: date,
) -> list[Order]:
    """A basket is filled and sent; two sellers make two orders."""
    buyer, user = organisations[row["buyer"]], users[BUYERS[row["buyer"]]]
    at = moment(_sent_on(row, today), 9 + number % 7, 7 * number % 60)
    basket, seen = None, {}
    for product, workshop, quantity in row["lines"]:
        offer = catalogue.offers[product, workshop]
        basket = add_to_basket(
            actor=user,
            basket_key=basket.key if basket else None,
            offer_id=offer.pk,
            quantity=quantity,
            at=at,
        )
        seen[offer.pk] = Seen(quantity=quantity, price=offer.price)
    return send_order(
        actor=user,
        basket_key=basket.key,
        buyer_id=buyer.pk,
        submission=uuid5(NAMESPACE, str(number)),
        seen=seen,
        contact=Contact(name=user.full_name, phone=buyer.phone, address=buyer.address_ru),
        at=at,
    )


def _leave_letters_unsent(orders: list[Order]) -> None:
    """The demo's people have invented addresses: their letters count as sent."""
    keys = [str(order.pk) for order in orders]
    for run in TaskRun.objects.filter(name=NOTIFY_SELLER, key__in=keys):
        run_here(run, lambda _progress: None)


def _answer(order: Order, row: dict, operator: User, buyer: User, today: date) -> None:
    if "withdrawn" in row:
        day = _sent_on(row, today) + timedelta(days=row["withdrawn"])
        withdraw_order(actor=buyer, order_id=order.pk, at=moment(day, 10, 5))
    elif row["answer"] is not None:
        day = _answered_on(row, today)
        at = moment(day, 16, 20)
        if "declined" in row:
            decline_order(actor=operator, order_id=order.pk, reason=row["declined"], at=at)
        else:
            due_on = day + timedelta(days=row["due"])
            confirm_order(actor=operator, order_id=order.pk, due_on=due_on, at=at)
