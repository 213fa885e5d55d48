"""What the sheets of a shift and of a month share: words in one line, nothing left in the cache."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from inmates.views.sheets import explanation, not_stored
from tests.inmates.shifts import Floor


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  Табель пришёл\r\n поздно ", "Табель пришёл поздно"),
        ("до\x00пуск", "допуск"),
        ("", ""),
        ("\t\n", ""),
    ],
)
def test_words_about_a_closed_day_are_one_line(typed: str, line: str) -> None:
    assert explanation(RequestFactory().post("/", {"correction": typed})) == line


def test_nothing_written_is_no_words() -> None:
    assert explanation(RequestFactory().post("/")) == ""
    assert explanation(RequestFactory().get("/?correction=from the address")) == ""


def test_an_answer_is_not_stored() -> None:
    assert not_stored(HttpResponse("names"))["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("on_friday")
@pytest.mark.parametrize("part", ["", "output/", "downtime/", "defects/", "materials/"])
def test_no_sheet_of_a_shift_is_stored(master: Client, floor: Floor, part: str) -> None:
    assert master.get(floor.url(part=part))["Cache-Control"] == "no-store"
