"""Two at once, on real connections: one question of a code, one answer, one taking."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection

from inmates.models import WageQuestion
from inmates.questions.answers import answer_question, take_question
from inmates.questions.codes import code_of
from inmates.questions.services import Wanted, ask_by_code, withdraw_question
from inmates.services.parameters import load_pay_parameters
from portal.kernel.errors import PortalError
from portal.kernel.states import history_of
from tests.inmates.questions.world import LATER, a_final_slip, a_person, asked, by_code, taken
from tests.people import Cast, a_cast, a_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Cast:
    cache.clear()
    load_pay_parameters()
    return a_cast()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread with a connection of its own; what it gave, or why it was refused."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except PortalError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_code_sent_twice_at_once_opens_one_question(world: Cast) -> None:
    slip = a_final_slip(world, a_person(world))
    made = at_once(*[lambda: by_code(slip)] * 4)
    assert all(isinstance(one, WageQuestion) for one in made)
    first = WageQuestion.objects.get(follows=None)
    assert first.added.count() == 3
    assert len({one.number for one in made}) == 4


def test_two_officers_take_it_once(world: Cast) -> None:
    second = a_user("second@example.kz", world.department, "question_officer")
    question = asked(a_person(world), world.department)
    officers = [world.question_officer, second]
    taken_by = at_once(
        *[
            lambda officer=officer: take_question(actor=officer, question_id=question.pk, at=LATER)
            for officer in officers
        ]
    )
    refused = [one for one in taken_by if isinstance(one, PortalError)]
    assert len(refused) == 1
    fresh = WageQuestion.objects.get(pk=question.pk)
    assert fresh.taken_by == history_of(question).get(action="take").actor


def test_taken_back_or_answered_never_both(world: Cast) -> None:
    person = a_person(world)
    question = taken(world.question_officer, asked(person, world.department))
    at_once(
        lambda: withdraw_question(inmate_id=person.pk, question_id=question.pk, at=LATER),
        lambda: answer_question(
            actor=world.question_officer, question_id=question.pk, answer="Ответ", at=LATER
        ),
    )
    fresh = WageQuestion.objects.get(pk=question.pk)
    assert fresh.status in ("withdrawn", "answered")
    assert (fresh.answer is not None) is (fresh.status == "answered")
    assert history_of(question).count() == 3


def test_numbers_have_no_gap_and_no_double(world: Cast) -> None:
    people = [a_person(world, number) for number in ("1700", "1701", "1702")]
    at_once(*[lambda one=one: asked(one, world.department) for one in people])
    numbers = sorted(WageQuestion.objects.values_list("number", flat=True))
    assert numbers == ["2026-00001", "2026-00002", "2026-00003"]


def test_one_form_sent_several_times_at_once_is_one_question(world: Cast) -> None:
    """A double click: each is answered with the question, and none with an error."""
    slip = a_final_slip(world, a_person(world))
    words = Wanted(topic="time", addressee_kind="department")
    made = at_once(
        *[
            lambda: ask_by_code(
                code=code_of(slip.pk), submission=UUID(int=5), wanted=words, at=LATER
            )
        ]
        * 4
    )
    assert WageQuestion.objects.count() == 1
    assert {one.pk for one in made} == {WageQuestion.objects.get().pk}
