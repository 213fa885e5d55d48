"""The public figures: finished quarters, no small number, none that could be worked out."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from inmates.models import WageQuestion
from inmates.questions.enums import WageTopic
from inmates.questions.figure_words import figures_context
from inmates.questions.figures import Quarter, finished_quarters, middle, told, told_cells
from portal.accounts.enums import OrganisationKind as Kind
from portal.kernel import clock
from tests.inmates.questions.world import ANSWER, a_final_slip, a_person, asked, without_tokens
from tests.people import TODAY

counts = st.dictionaries(st.sampled_from(WageTopic.values), st.integers(0, 12), min_size=1)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), Quarter(2026, 1)),
        (date(2026, 3, 31), Quarter(2026, 1)),
        (date(2026, 4, 1), Quarter(2026, 2)),
        (date(2026, 11, 22), Quarter(2026, 4)),
        (date(2026, 12, 31), Quarter(2026, 4)),
    ],
)
def test_quarter_of_a_day(day, quarter):
    assert Quarter.of(day) == quarter


def test_quarters_follow_each_other():
    assert Quarter(2026, 4).next == Quarter(2027, 1)
    assert Quarter(2027, 1).before == Quarter(2026, 4)
    assert Quarter(2026, 3).next.first_day == date(2026, 10, 1)


def test_the_present_quarter_is_not_told():
    assert finished_quarters(TODAY, 4) == [
        Quarter(2026, 3), Quarter(2026, 2), Quarter(2026, 1), Quarter(2025, 4),
    ]  # fmt: skip
    assert finished_quarters(date(2026, 10, 1), 1) == [Quarter(2026, 3)]
    assert finished_quarters(date(2026, 9, 30), 1) == [Quarter(2026, 2)]


@pytest.mark.parametrize(("count", "shown"), [(0, None), (1, None), (4, None), (5, 5), (90, 90)])
def test_small_numbers_are_not_told(count, shown):
    assert told(count) == shown


def test_a_single_hidden_cell_takes_the_next_smallest_along():
    shown = told_cells({"time": 3, "rate": 7, "writ": 20})
    assert shown == {"time": None, "rate": None, "writ": 20}


def test_two_hidden_cells_that_are_few_together_take_one_along():
    assert told_cells({"time": 2, "rate": 1, "writ": 20}) == dict.fromkeys(["time", "rate", "writ"])


def test_hidden_cells_that_are_many_together_stay_alone():
    assert told_cells({"time": 2, "rate": 3, "account": 2, "writ": 20}) == {
        "time": None, "rate": None, "account": None, "writ": 20,
    }  # fmt: skip


@pytest.mark.parametrize("small", [(4, 4), (3, 4), (4, 4, 4), (3, 4, 4)])
def test_cells_that_must_all_be_near_the_limit_hide_one_more(small):
    """Eight in two cells under five each are four and four, whatever is hidden."""
    names = ("time", "rate", "account")
    counts = dict(zip(names, small, strict=False)) | {"writ": 20, "tax": 30}
    cells = told_cells(counts)
    assert cells["writ"] is None
    assert cells["tax"] == 30
    assert {cells[name] for name in names[: len(small)]} == {None}


@given(counts)
def test_what_is_hidden_cannot_be_worked_out(cells):
    """Of the total and all told cells, no count from 1 to 4 and no single cell remains."""
    shown = told_cells(cells)
    assert all(count is None or count == cells[name] >= 5 for name, count in shown.items())
    hidden = [name for name, count in shown.items() if count is None]
    rest = sum(cells[name] for name in hidden)
    if len(hidden) < len(shown):
        assert len(hidden) != 1
        assert not 0 < rest < 5


def test_the_middle_of_too_few_is_not_told():
    assert middle([3, 4, 5, 6]) is None
    assert middle([9, 1, 3, 4, 5]) == 4
    assert middle([1, 2, 3, 4, 5, 6]) == Fraction(7, 2)


# --- the page ---------------------------------------------------------------------------------


def at(day: date):
    return datetime.combine(day, time(12), clock.ALMATY)


@pytest.fixture
def many(cast, others, person):
    """In the third quarter six about nights and one about a writ; answered in ten days."""
    for number in range(6):
        begin = date(2026, 7, 6) + timedelta(days=number)
        one = asked(person, cast.department, at=at(begin))
        settle(cast, one, begin + timedelta(days=14))
    settle(cast, asked(person, cast.department, at=at(date(2026, 8, 3)), topic="writ"),
           date(2026, 9, 28))  # fmt: skip


def settle(cast, question, day: date) -> None:
    """Answered on a day, straight in the table: services are tested elsewhere."""
    WageQuestion.objects.filter(pk=question.pk).update(taken_by=cast.question_officer,
                                                       taken_at=at(day))  # fmt: skip
    WageQuestion.objects.filter(pk=question.pk).update(
        answer=ANSWER, answered_by=cast.question_officer, answered_at=at(day), status="answered"
    )


def test_page_tells_of_quarters_that_are_over(client, many):
    with translation.override("ru"):
        context = figures_context(TODAY)
    # The newest stands first: a telephone shows one column of them.
    assert context["quarters"][0] == "III квартал 2026"
    cells = {topic["label"]: topic["cells"][0] for topic in context["topics"]}
    hidden = context["hidden"]
    # The one about a writ is hidden, and with it the only number it could be taken from.
    assert set(cells.values()) == {hidden}
    assert context["totals"] == ["7", hidden, hidden, hidden]
    assert context["in_time"][0] == "85,7\N{NO-BREAK SPACE}%"
    assert context["days"][0] == "10"
    page = client.get(reverse("inmates:question_figures"))
    assert page.status_code == 200
    assert "III квартал 2026" in page.content.decode()


def test_page_does_not_move_when_somebody_asks_now(client, cast, others, person, many):
    address = reverse("inmates:question_figures")
    before = without_tokens(client.get(address).content)
    for _number in range(6):
        asked(person, cast.department)
    assert without_tokens(client.get(address).content) == before


def test_page_of_an_empty_portal(client, db):
    page = client.get(reverse("inmates:question_figures"))
    assert page.status_code == 200
    assert figures_context(TODAY)["totals"] == [figures_context(TODAY)["hidden"]] * 4


def test_page_takes_a_fixed_number_of_questions(client, many, django_assert_num_queries):
    with django_assert_num_queries(2):
        figures_context(TODAY)


def test_nobody_is_told_by_place(client, cast, others, many):
    """Neither the institution nor a payer nor an office stands on the page."""
    slip_of = a_final_slip(cast, a_person(cast, "1700"))
    page = client.get(reverse("inmates:question_figures")).content.decode()
    for name in (cast.colony.name, slip_of.run.payer.name, others["prosecutor"].name):
        assert name not in page
    assert str(Kind.PROSECUTOR.label) not in page
