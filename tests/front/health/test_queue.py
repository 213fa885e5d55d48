"""Redis and worker: there, away, hanging; a worker that stops and beat that falls silent."""

import time

import pytest

from portal.front.health import queue
from portal.front.health.findings import State
from tests.front.health.conftest import NOBODY


def test_redis_answers_and_no_worker_does(seen, own_messages):
    found = seen(queue.look)
    assert found["broker"].state == found["cache"].state == State.OK
    assert found["broker"].value.startswith("Redis ")
    assert found["worker"].state == State.DOWN
    assert "celery -A portal worker" in found["worker"].advice


@pytest.mark.django_db(transaction=True)
def test_a_living_worker_answers_and_a_killed_one_does_not(seen, start_worker):
    worker = start_worker()
    assert seen(queue.look)["worker"].state == State.OK
    worker.kill()
    assert seen(queue.look)["worker"].state == State.DOWN


def test_nobody_at_the_port_of_the_queue(seen, broker_at):
    broker_at(f"redis://{NOBODY}/0")
    found = seen(queue.look)
    assert found["broker"].state == State.DOWN
    assert "REDIS_URL" in found["broker"].advice
    assert found["cache"].state == State.OK
    assert found["worker"].state == State.WARN, "nobody can tell"


def test_nobody_at_the_port_of_the_cache(seen, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": f"redis://{NOBODY}/1"}}
    found = seen(queue.look)
    assert found["cache"].state == State.DOWN
    assert "ConnectionError" in found["cache"].value
    assert found["broker"].state == State.OK


def test_a_redis_that_hangs_is_not_waited_for(seen, broker_at, silent_port, settings):
    address = f"redis://:secret@127.0.0.1:{silent_port}/0"
    broker_at(address)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": [address]}}
    began = time.monotonic()
    found = seen(queue.look)
    assert time.monotonic() - began < 8
    assert found["broker"].state == found["cache"].state == State.DOWN
    assert "secret" not in "".join(one.value + one.advice for one in found.values())


def test_an_address_that_is_none(seen, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "nonsense"}}
    assert seen(queue.look)["cache"].state == State.DOWN
