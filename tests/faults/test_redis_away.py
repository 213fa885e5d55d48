"""Redis is down or hangs while people work: pages answer, orders stand, letters go later."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.db.models import F

from orders.models import Order
from portal.kernel.models import TaskRun, TaskStatus
from tests.faults.people import let_in, signed_in
from tests.people import PASSWORD, Cast
from tests.processes import (
    Caller,
    PostOffice,
    Process,
    Redis,
    Web,
    deployed_on_test_database,
    wait_until,
)

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("/", "/catalogue/", "/catalogue/play-corner/", "/accounts/login/", "/accounts/signup/")
OWN_PAGES = ("/office/", "/orders/", "/basket/", "/accounts/email/", "/accounts/password/change/")
# What a page may take, Redis or not, on a busy machine; a hanging Redis costs one page more.
SECONDS = 3.0
ONCE = 10.0
# Both are remembered for five seconds; a walk through all pages takes longer on a busy machine.
FEW = 3


def order_by_form(caller: Caller, cast: Cast, **headers: str) -> float:
    """Basket, page of sending, sending; the seconds of the sending."""
    caller.post("/basket/add/", {"offer": cast.offer.id, "quantity": 2})
    page = caller.get("/orders/new/").text
    fields = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
        for name in ("submission", "seen")
    }
    fields["seen"] = fields["seen"].replace("&quot;", '"')
    answer = caller.post(
        "/orders/new/",
        fields
        | {
            "buyer": cast.kindergarten.pk,
            "contact_name": "Айгуль",
            "contact_phone": "+7 701 123 45 67",
            "delivery_address": "ул. Тестовая, 1",
            "comment": "",
        },
        **headers,
    )
    assert answer.status == 302, answer.text
    return answer.seconds


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    yield office
    office.close()


@pytest.fixture
def worker(own_redis: Redis, post_office: PostOffice, tmp_path: Path) -> Iterator[Process]:
    """A worker of a deployment that sends its letters to the post office."""
    command = ["celery", "-A", "portal", "worker", "--pool", "solo", "--loglevel", "INFO"]
    mail = {"EMAIL_URL": post_office.url, "DEFAULT_FROM_EMAIL": "portal@portal.example"}
    variables = deployed_on_test_database(own_redis.url) | mail
    process = Process(command, tmp_path / "worker.log", variables)
    yield process
    process.stop()


def beat_strikes(redis: Redis) -> None:
    """The message that beat sends every ten seconds, ten seconds later."""
    TaskRun.objects.update(created_at=F("created_at") - timedelta(seconds=10))
    beat = Celery("beat", broker=redis.url, set_as_current=False)
    beat.send_task("kernel.send_waiting_tasks")
    beat.close()


def test_order_stands_while_redis_is_down_and_the_letter_goes_later(
    cast: Cast, web: Web, own_redis: Redis, worker: Process, post_office: PostOffice
) -> None:
    buyer = signed_in(web, cast.buyer)
    worker.wait_for(lambda: "ready." in worker.text, "the worker")
    own_redis.stop()

    assert order_by_form(buyer, cast) < SECONDS
    order = Order.objects.get()
    assert order.status == "sent"
    assert buyer.get(f"/orders/{order.pk}/").status == 200
    assert TaskRun.objects.get().status == TaskStatus.WAITING
    assert web.text.count("the queue in Redis does not answer") == 1

    own_redis.start()
    beat_strikes(own_redis)
    wait_until(lambda: TaskRun.objects.get().status == TaskStatus.DONE, "the letter")
    (letter,) = post_office.letters
    assert letter["To"] == cast.operator.email
    assert f"https://portal.example/operator/orders/{order.pk}/" in letter.get_content()


def test_sign_in_and_pages_answer_while_redis_is_down(
    cast: Cast, web: Web, own_redis: Redis
) -> None:
    let_in(cast.buyer)
    own_redis.stop()
    caller = web.caller()
    answer = caller.sign_in(cast.buyer.email, PASSWORD)
    assert (answer.status, answer.headers["Location"]) == (302, "/office/")
    for visitor, paths in ((web.caller(), PAGES), (caller, OWN_PAGES)):
        for path in paths:
            answer = visitor.get(path)
            assert answer.status == 200, path
            assert answer.seconds < SECONDS, path


def test_limit_of_sign_in_attempts_holds_while_redis_is_down(
    cast: Cast, web: Web, own_redis: Redis
) -> None:
    own_redis.stop()
    caller = web.caller()
    answers = [caller.sign_in(cast.analyst.email, "a wrong password").text for _try in range(7)]
    assert "Слишком много" not in answers[0]
    assert "Слишком много" in answers[-1], answers[-1]


def test_hanging_redis_costs_one_page_a_moment_and_no_more(
    cast: Cast, web: Web, own_redis: Redis
) -> None:
    buyer = signed_in(web, cast.buyer)
    own_redis.freeze()
    assert order_by_form(buyer, cast) < ONCE
    assert order_by_form(buyer, cast) < SECONDS
    for path in (*PAGES, *OWN_PAGES):
        assert buyer.get(path).seconds < SECONDS, path
    assert Order.objects.count() == 2
    for what in ("the cache in Redis", "the queue in Redis"):
        assert web.text.count(f"{what} does not answer") <= FEW
