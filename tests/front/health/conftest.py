"""Servers that are broken in real ways, and the moment of the checks."""

import socket
from collections.abc import Callable, Iterator

import kombu.pools
import pytest
from celery import current_app
from django.db import connection

from portal.front.health.findings import Finding
from portal.kernel import clock
from tests.worker import own_messages, start_worker  # noqa: F401 - fixtures

NOBODY = "127.0.0.1:1"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        yield server.getsockname()[1]


@pytest.fixture
def database_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the checks, and no test, look for the database elsewhere."""

    def elsewhere(**changed: object) -> None:
        for name, value in changed.items():
            monkeypatch.setitem(connection.settings_dict, name, value)

    return elsewhere


@pytest.fixture
def broker_at() -> Iterator[Callable[[str], None]]:
    """Let Celery look for Redis elsewhere."""
    kept = current_app.conf.broker_url

    def elsewhere(address: str) -> None:
        current_app.conf.broker_url = address
        kombu.pools.reset()
        current_app.amqp._producer_pool = None
        current_app._pool = None

    yield elsewhere
    elsewhere(kept)


@pytest.fixture
def seen() -> Callable[..., dict[str, Finding]]:
    """`seen(look)`: the findings of one probe by their codes."""

    def run(look: Callable[..., list[Finding]]) -> dict[str, Finding]:
        return {one.code: one for one in look(clock.now())}

    return run
