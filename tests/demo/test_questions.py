"""The questions of the demo: in every state there are payslips for, none about a draft."""

from datetime import date
from typing import Any

import pytest

from inmates.models import QuestionLook, WageQuestion
from inmates.questions.enums import WageTopic
from inmates.questions.figure_words import figures_context
from inmates.services.parameters import load_pay_parameters
from portal.demo.questions import make_questions
from portal.demo.sources import read_data
from portal.kernel.workdays import is_workday
from tests.inmates.questions.world import a_person, a_run, a_slip, close, offices
from tests.people import TODAY, Cast

ROWS = read_data("questions")["rows"]


@pytest.fixture
def users(cast: Cast) -> dict[str, Any]:
    load_pay_parameters()
    offices(cast)
    return {
        "questions": cast.question_officer,
        "prosecutor": cast.users["prosecutor"],
        "inspection": cast.users["inspection"],
    }


def paid_people(cast: Cast, count: int) -> None:
    run = a_run(cast)
    for number in range(count):
        a_slip(run, a_person(cast, f"{1700 + number}"))
    close(cast, run)


def test_without_approved_wages_nobody_asks(cast: Cast, users: dict[str, Any]) -> None:
    a_slip(a_run(cast), a_person(cast))
    make_questions(users, TODAY)
    assert not WageQuestion.objects.exists()


def test_every_state_is_there(cast: Cast, users: dict[str, Any]) -> None:
    paid_people(cast, len(ROWS))
    make_questions(users, TODAY)
    now = WageQuestion.objects.exclude(payslip=None)
    assert now.count() == len(ROWS)
    assert set(now.values_list("status", flat=True)) == {
        "sent", "taken", "name_asked", "answered",
    }  # fmt: skip
    assert now.exclude(follows=None).count() == 1
    assert now.filter(due_on__lt=TODAY, answered_at=None).count() == 1
    assert not QuestionLook.objects.exists()


def test_everything_happened_before_the_day_of_the_demo(cast: Cast, users: dict[str, Any]) -> None:
    paid_people(cast, len(ROWS))
    make_questions(users, TODAY)
    for question in WageQuestion.objects.all():
        assert question.asked_at.date() < TODAY
        assert question.answered_at is None or question.answered_at.date() <= TODAY
        assert question.payslip is None or is_workday(question.asked_at.date())


def test_the_public_figures_have_something_to_tell(cast: Cast, users: dict[str, Any]) -> None:
    paid_people(cast, 3)
    make_questions(users, TODAY)
    context = figures_context(TODAY)
    assert context["totals"][0] == "25"
    told = [topic["cells"][0] for topic in context["topics"]]
    assert {"7", "9"} <= set(told)
    assert context["hidden"] in told


def test_the_same_every_time(cast: Cast, users: dict[str, Any]) -> None:
    """Two portals of one day ask the same: submissions and words are not made by chance."""
    paid_people(cast, 4)
    make_questions(users, TODAY)
    first = list(WageQuestion.objects.order_by("id").values_list("submission", "topic", "asked_at"))
    assert len({submission for submission, *_rest in first}) == len(first)
    assert [topic for _id, topic, _at in first[-4:]] == [row["topic"] for row in ROWS[:4]]


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 7, 1), date(2027, 3, 31)])
def test_any_day_of_the_year_does(cast: Cast, users: dict[str, Any], day: date) -> None:
    paid_people(cast, 2)
    make_questions(users, day)
    assert WageQuestion.objects.exists()


def test_the_data_names_what_there_is() -> None:
    assert {row["topic"] for row in ROWS} <= set(WageTopic.values)
    assert all(row["text"] for row in ROWS)
    assert {"department", "prosecutor", "labour_inspection"} == {row["to"] for row in ROWS}
