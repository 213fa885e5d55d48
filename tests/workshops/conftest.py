"""These tests live on the day of the cast, whatever the calendar says."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.people import NOW
from tests.workshops.floors import bench  # noqa: F401 - the fixture of the workshop floor


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    """Dates typed into forms stay in the future, and the day does not turn in the evening."""
    with time_machine.travel(NOW):
        yield
