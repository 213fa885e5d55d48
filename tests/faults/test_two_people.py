"""Two people confirm one order at the same moment, each through gunicorn on a connection."""

import html
from threading import Barrier, Thread

import pytest

from orders.models import Order
from portal.kernel.models import StateChange
from tests.faults.people import signed_in
from tests.orders.builders import a_sent_order
from tests.people import Cast, a_user
from tests.processes import Answer, Caller, Web
from workshops.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 3
SENTENCE = "Это уже невозможно: теперь состояние — «Подтверждён»."


def all_at_once(callers: list[Caller], path: str, fields: dict[str, object]) -> list[Answer]:
    """Each sends the same form; none before all are ready."""
    answers: list[Answer] = []
    ready = Barrier(len(callers))

    def send(caller: Caller) -> None:
        ready.wait()
        answers.append(caller.post(path, fields))

    threads = [Thread(target=send, args=[caller]) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.fixture
def operators(cast: Cast, web: Web) -> list[Caller]:
    """Colleagues of one seller, signed in, each in a browser of their own."""
    users = [cast.operator]
    for number in range(2, PEOPLE + 1):
        user = a_user(f"operator{number}@example.kz", cast.enterprise, "operator")
        users.append(user)
    return [signed_in(web, user) for user in users]


@pytest.fixture
def order(cast: Cast) -> Order:
    return a_sent_order(cast)


def test_one_confirmation_counts_and_the_others_are_told(
    cast: Cast, operators: list[Caller], order: Order
) -> None:
    before = WorkOrder.objects.count()
    path = f"/operator/orders/{order.pk}/"
    for caller in operators:
        assert caller.get(path).status == 200
    answers = all_at_once(operators, f"{path}confirm/", {"due_on": "15.12.2027"})

    order.refresh_from_db()
    assert order.status == "confirmed"
    assert WorkOrder.objects.count() == before + order.lines.count()
    steps = StateChange.objects.filter(subject_id=str(order.pk), action="confirm")
    assert steps.count() == 1

    went = [answer for answer in answers if answer.status == 302]
    told = [answer for answer in answers if answer.status == 422]
    assert (len(went), len(told)) == (1, PEOPLE - 1), [answer.status for answer in answers]
    for answer in told:
        assert SENTENCE in html.unescape(answer.text)


def test_confirmation_and_decline_at_once_leave_one_of_them(
    cast: Cast, operators: list[Caller], order: Order
) -> None:
    before = WorkOrder.objects.count()
    answers: list[Answer] = []
    ready = Barrier(2)

    def act(caller: Caller, action: str, fields: dict[str, object]) -> None:
        ready.wait()
        answers.append(caller.post(f"/operator/orders/{order.pk}/{action}/", fields))

    acts = (("confirm", {"due_on": "15.12.2027"}), ("decline", {"reason": "Нет доски"}))
    threads = [
        Thread(target=act, args=[caller, *one])
        for caller, one in zip(operators, acts, strict=False)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    order.refresh_from_db()
    made = WorkOrder.objects.count() - before
    assert (order.status, made) in (("confirmed", 1), ("declined", 0))
    assert sorted(answer.status for answer in answers) == [302, 422]
