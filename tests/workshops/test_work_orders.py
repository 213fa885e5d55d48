"""Work orders: made with all operations, moved by output, seen by those who make them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.accounts.models import RoleGrant
from portal.kernel import states
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.states import MoveRefused, history_of
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_user, a_work_order, an_organisation
from workshops.enums import WorkOrderStatus as Status
from workshops.events import work_order_begun, work_order_completed
from workshops.models import (
    Institution,
    ProductOffer,
    WorkOrder,
    WorkOrderOperation,
    Workshop,
    WorkshopOperator,
)
from workshops.selectors.work_orders import work_orders_visible_to
from workshops.services import RoutingMissing, create_work_order, report_output
from workshops.states import WORK_ORDER

LIST = "/workshops/work-orders/"
ACTIONS = ("begin", "cancel", "complete")
ALLOWED = {
    (Status.PLANNED, "begin"): Status.IN_PROGRESS,
    (Status.PLANNED, "cancel"): Status.CANCELLED,
    (Status.IN_PROGRESS, "complete"): Status.COMPLETED,
}


def create(cast: Cast, quantity: int = 10, **changes: object) -> WorkOrder:
    values = {
        "actor": cast.operator,
        "workshop_id": cast.workshop.id,
        "version_id": cast.version.id,
        "quantity": quantity,
        "at": NOW,
    }
    return create_work_order(**(values | changes))  # type: ignore[arg-type]  # a dict of values


def report(cast: Cast, work_order: WorkOrder, *done: int) -> WorkOrder:
    """As if output had been booked on the operations in order."""
    rows = work_order.operations.order_by("operation__sequence")
    for row, count in zip(rows, done, strict=True):
        WorkOrderOperation.objects.filter(pk=row.pk).update(done=count)
    return report_output(work_order_id=work_order.id, actor=cast.master, at=NOW)


def address(work_order: WorkOrder) -> str:
    return reverse("workshops:work_order", args=[work_order.id])


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", Status.values)
def test_every_action_from_every_status(cast: Cast, status: str, action: str) -> None:
    row = a_work_order(cast)
    WorkOrder.objects.filter(pk=row.pk).update(status=status)
    target = ALLOWED.get((Status(status), action))
    if target is None:
        with pytest.raises(MoveRefused):
            states.move(row, action, machine=WORK_ORDER, actor=None, at=NOW)
    else:
        states.move(row, action, machine=WORK_ORDER, actor=None, at=NOW)
    row.refresh_from_db()
    assert row.status == (target or status)


def test_create_work_order_takes_the_whole_routing(cast: Cast) -> None:
    row = create(cast, due_on=date(2026, 12, 15))
    assert (row.number, row.status, row.due_on) == ("2026-00001", "planned", date(2026, 12, 15))
    found = row.operations.order_by("operation__sequence").values_list("operation_id", "quantity")
    assert list(found) == [(cast.cutting.id, 10), (cast.painting.id, 10)]
    assert history_of(row).get().action == "create"
    assert create(cast).number == "2026-00002"


def test_create_work_order_without_routing_is_refused(cast: Cast) -> None:
    cast.version.routing.all().delete()
    with pytest.raises(RoutingMissing, match="Юрта"):
        create(cast)
    assert WorkOrder.objects.count() == 0


@pytest.mark.parametrize(
    ("done", "status"),
    [
        ((0, 0), "planned"),
        ((1, 0), "in_progress"),
        ((10, 9), "in_progress"),
        ((10, 10), "completed"),
    ],
)
def test_report_output_moves_by_what_is_done(cast: Cast, done: tuple[int], status: str) -> None:
    row = create(cast)
    assert report(cast, row, *done).status == status
    assert report(cast, row, *done).status == status


def test_report_output_of_a_cancelled_work_order_is_refused(cast: Cast) -> None:
    row = create(cast)
    states.move(row, "cancel", machine=WORK_ORDER, actor=None, at=NOW)
    with pytest.raises(MoveRefused):
        report(cast, row, 1, 0)


def test_news_is_sent_once(cast: Cast) -> None:
    heard: list[str] = []

    def begun(**kwargs: object) -> None:
        heard.append("begun")

    def completed(**kwargs: object) -> None:
        heard.append("completed")

    work_order_begun.connect(begun)
    work_order_completed.connect(completed)
    try:
        row = create(cast)
        for _time in range(2):
            report(cast, row, 10, 10)
    finally:
        work_order_begun.disconnect(begun)
        work_order_completed.disconnect(completed)
    assert heard == ["begun", "completed"]


def test_output_above_the_work_order_is_refused_by_the_database(cast: Cast) -> None:
    row = create(cast)
    with pytest.raises(PortalError), transaction.atomic(), readable_refusals():
        row.operations.update(done=11)


def test_two_operators_of_a_workshop_at_once_are_refused(cast: Cast) -> None:
    with pytest.raises(PortalError), transaction.atomic(), readable_refusals():
        WorkshopOperator.objects.create(
            workshop=cast.workshop, operator=cast.entrepreneur, effective_from=TODAY, basis="№ 2"
        )


@pytest.mark.parametrize(
    "changes",
    [{}, {"price": "0"}, {"price": "-1"}, {"effective_to": LONG_AGO}],
    ids=["second", "free", "negative", "backwards"],
)
def test_nonsense_offers_are_refused(cast: Cast, changes: dict[str, object]) -> None:
    values = {
        "version": cast.version, "workshop": cast.workshop, "price": "1", "effective_from": TODAY,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductOffer.objects.create(**(values | changes))


def test_second_offer_after_the_first_is_welcome(cast: Cast) -> None:
    ProductOffer.objects.update(effective_to=TODAY)
    ProductOffer.objects.create(
        version=cast.version, workshop=cast.workshop, price="1", effective_from=TODAY
    )
    assert ProductOffer.objects.count() == 2


def test_operator_and_master_see_their_workshops(cast: Cast) -> None:
    row = create(cast)
    inside = a_user("m2@example.kz", cast.enterprise, "master")
    for user in (cast.operator, cast.master, inside):
        assert list(work_orders_visible_to(user, TODAY)) == [row]


def test_same_roles_elsewhere_see_nothing(client, cast: Cast) -> None:
    row = create(cast)
    elsewhere = an_organisation("institution", "Учреждение № 22 (тест)", 22)
    for user in (
        a_user("o2@example.kz", cast.entrepreneur, "operator"),
        a_user("m3@example.kz", elsewhere, "master"),
    ):
        assert list(work_orders_visible_to(user, TODAY)) == []
        client.force_login(user)
        assert client.get(address(row)).status_code == 404
        assert row.number not in client.get(LIST).content.decode()


def test_role_limited_to_a_place_sees_that_place(cast: Cast) -> None:
    colony = an_organisation("institution", "Учреждение № 22 (тест)", 22)
    other = Institution.objects.create(
        organisation=colony, number="22", department=cast.department, security="medium"
    )
    there = Workshop.objects.create(institution=other, code="wood-22", name_ru="Цех 22")
    WorkshopOperator.objects.create(
        workshop=there, operator=cast.enterprise, effective_from=LONG_AGO, basis="№ 1"
    )
    here, row = create(cast), create(cast, workshop_id=there.id)
    assert set(work_orders_visible_to(cast.operator, TODAY)) == {here, row}
    limited = a_user("o3@example.kz", cast.enterprise, "operator")
    RoleGrant.objects.filter(membership__user=limited).update(scope=colony)
    assert list(work_orders_visible_to(limited, TODAY)) == [row]


def test_list_and_page_tell_what_is_made(client, cast: Cast) -> None:
    row = create(cast, due_on=date(2026, 11, 20))
    report(cast, row, 7, 4)
    client.force_login(cast.master)
    page = client.get(LIST).content.decode()
    assert "4 из 10" in page
    assert "Срок прошёл." in page
    page = client.get(address(row)).content.decode()
    assert "7 из 10" in page
    assert "Раскрой" in page
    assert "Работа начата" in page


def test_empty_list_says_when_something_comes(client, cast: Cast) -> None:
    client.force_login(cast.master)
    assert "Сейчас изготавливать нечего" in client.get(LIST).content.decode()


def test_open_work_orders_come_first_by_due_date(cast: Cast) -> None:
    done, later, sooner, undated = (
        create(cast, due_on=day)
        for day in (date(2026, 11, 1), date(2026, 12, 20), date(2026, 12, 1), None)
    )
    report(cast, done, 10, 10)
    assert list(work_orders_visible_to(cast.operator, TODAY)) == [sooner, later, undated, done]


def test_list_takes_the_same_queries_for_one_and_three(
    client, cast: Cast, django_assert_num_queries
) -> None:
    client.force_login(cast.master)
    create(cast)
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)
    for _time in range(2):
        create(cast)
    with django_assert_num_queries(6):
        client.get(LIST)


def test_wrong_method(client, cast: Cast) -> None:
    client.force_login(cast.master)
    assert client.post(LIST).status_code == 405
    assert client.post(address(create(cast))).status_code == 405


@pytest.mark.parametrize("who", ["buyer", "analyst", "accountant", "stranger"])
def test_other_roles_are_refused(client, cast: Cast, who: str) -> None:
    row = create(cast)
    client.force_login(cast.users[who])
    assert client.get(LIST).status_code == 403
    assert client.get(address(row)).status_code == 403


def test_nobody_is_sent_to_sign_in(client, cast: Cast) -> None:
    assert client.get(LIST)["Location"] == f"/accounts/login/?next={LIST}"
