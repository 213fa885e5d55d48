"""The letter that an order waits: to whom, in which language, and what it does not say."""

from datetime import timedelta

import pytest
from django.core import mail

from orders.models import Order
from orders.services.answers import decline_order, withdraw_order
from orders.services.notices import notify_seller
from orders.services.sending import NOTIFY_SELLER
from orders.tasks import notify_seller as task
from portal.accounts.models import Membership, Organisation, RoleGrant, User
from portal.accounts.selectors import people_in_role
from portal.kernel.models import TaskRun, TaskStatus
from tests.orders.builders import CONTACT, a_sent_order, another_operator
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_user


@pytest.fixture
def order(cast: Cast) -> Order:
    return a_sent_order(cast)


@pytest.fixture(autouse=True)
def _public_url(settings) -> None:
    settings.PUBLIC_URL = "https://portal.example"


def letters_to() -> list[str]:
    return sorted(address for letter in mail.outbox for address in letter.to)


def test_sending_orders_the_letter_as_a_task_of_its_own(order: Order, cast: Cast) -> None:
    run = TaskRun.objects.get(name=NOTIFY_SELLER)
    assert (run.key, run.arguments) == (str(order.pk), {"order_id": order.pk})
    assert (run.status, run.created_by) == (TaskStatus.WAITING, cast.buyer)


def test_operators_of_the_seller_get_a_letter_with_a_link(order: Order, cast: Cast) -> None:
    another_operator(cast)
    assert notify_seller(order_id=order.pk, on=TODAY) == 1
    (letter,) = mail.outbox
    assert letter.to == [cast.operator.email]
    assert letter.subject == f"Заказ {order.number} ждёт вашего ответа"
    assert f"\nhttps://portal.example/operator/orders/{order.pk}/\n" in letter.body


def test_letter_names_nobody_and_no_sum(order: Order, cast: Cast) -> None:
    notify_seller(order_id=order.pk, on=TODAY)
    (letter,) = mail.outbox
    text = f"{letter.subject}\n{letter.body}"
    private = (
        *(CONTACT.name, CONTACT.phone, CONTACT.address, cast.buyer.full_name, cast.buyer.email),
        *(cast.kindergarten.name_ru, cast.enterprise.name_ru, "370", "₸"),
    )
    assert [word for word in private if word in text] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "Покупатель отправил заказ"),
        ("kk", "тапсырыс жіберді"),
        ("en", "A buyer has sent an order"),
    ],
)
def test_everybody_is_written_to_in_their_language(
    order: Order, cast: Cast, language: str, words: str
) -> None:
    User.objects.filter(pk=cast.operator.pk).update(language=language)
    notify_seller(order_id=order.pk, on=TODAY)
    assert words in mail.outbox[0].body


def test_nobody_is_written_to_about_an_answered_order(order: Order, cast: Cast) -> None:
    decline_order(actor=cast.operator, order_id=order.pk, reason="Нет сухой доски", at=NOW)
    assert notify_seller(order_id=order.pk, on=TODAY) == 0
    assert mail.outbox == []


def test_nobody_is_written_to_about_a_withdrawn_order(order: Order, cast: Cast) -> None:
    withdraw_order(actor=cast.buyer, order_id=order.pk, at=NOW)
    assert notify_seller(order_id=order.pk, on=TODAY) == 0


def test_task_runs_once_however_often_it_is_delivered(order: Order, cast: Cast) -> None:
    run = TaskRun.objects.get(name=NOTIFY_SELLER)
    for _delivery in range(3):
        task(task_run=str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.done, run.total) == (TaskStatus.DONE, 1, 1)
    assert letters_to() == [cast.operator.email]


def test_mail_server_that_is_down_fails_the_run_and_not_the_order(order: Order, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    run = TaskRun.objects.get(name=NOTIFY_SELLER)
    task(task_run=str(run.pk))
    run.refresh_from_db()
    order.refresh_from_db()
    assert (run.status, order.status) == (TaskStatus.FAILED, "sent")


# --- Who holds the role: the selector behind it ---
def grant(email: str, organisation: Organisation, role: str, **fields: object) -> User:
    user = a_user(email, organisation)
    membership = Membership.objects.get(user=user)
    values = {"effective_from": LONG_AGO} | fields
    RoleGrant.objects.create(membership=membership, role=role, **values)
    return user


def test_role_limited_to_a_place_counts_there_alone(cast: Cast) -> None:
    here = grant("here@example.kz", cast.enterprise, "operator", scope=cast.colony)
    grant("there@example.kz", cast.enterprise, "operator", scope=cast.department)
    found = people_in_role("operator", cast.enterprise.pk, TODAY, place_ids=[cast.colony.pk])
    assert list(found) == [cast.operator, here]
    nowhere = people_in_role("operator", cast.enterprise.pk, TODAY)
    assert list(nowhere) == [cast.operator]


def test_role_that_has_ended_or_not_begun_does_not_count(cast: Cast) -> None:
    grant("before@example.kz", cast.enterprise, "operator", effective_to=TODAY)
    later = TODAY + timedelta(days=1)
    grant("later@example.kz", cast.enterprise, "operator", effective_from=later)
    assert list(people_in_role("operator", cast.enterprise.pk, TODAY)) == [cast.operator]
    tomorrow = people_in_role("operator", cast.enterprise.pk, later)
    assert [user.email for user in tomorrow] == [cast.operator.email, "later@example.kz"]


def test_closed_account_and_ended_membership_do_not_count(cast: Cast) -> None:
    closed = grant("closed@example.kz", cast.enterprise, "operator")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    left = grant("left@example.kz", cast.enterprise, "operator")
    Membership.objects.filter(user=left).update(effective_to=TODAY)
    assert list(people_in_role("operator", cast.enterprise.pk, TODAY)) == [cast.operator]


def test_other_roles_and_organisations_do_not_count(cast: Cast) -> None:
    grant("master2@example.kz", cast.enterprise, "master")
    grant("elsewhere@example.kz", cast.entrepreneur, "operator")
    assert list(people_in_role("operator", cast.enterprise.pk, TODAY)) == [cast.operator]
