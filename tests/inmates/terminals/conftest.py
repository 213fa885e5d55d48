"""The fixtures of the terminals: one day for all, a person with a PIN, a device they stand at."""

import pytest

from inmates.models import Inmate
from portal.kernel import clock
from tests.inmates.terminals.devices import a_pin
from tests.inmates.terminals.devices import at_terminal as at_terminal  # noqa: PLC0414 - a fixture
from tests.people import NOW, TODAY, Cast, an_inmate


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Failures of another test are none of this one's."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def reader(cast: Cast) -> Inmate:
    inmate = an_inmate(cast, "1648")
    a_pin(inmate)
    return inmate
