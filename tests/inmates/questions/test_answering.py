"""The offices' side: taken, asked for the name, answered, printed; and nobody of another office."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from inmates.models import QuestionLook, WageQuestion
from inmates.questions.answers import (
    answer_question,
    ask_name,
    enter_letter,
    print_letter,
    read_name,
    take_question,
)
from inmates.questions.codes import code_of
from inmates.questions.enums import WageQuestionStatus as Status
from inmates.questions.refusals import (
    AnswerMissing,
    NameAskedBefore,
    NameKept,
    NameReasonMissing,
    NobodyToAsk,
    NoLetterWanted,
    NotAnsweredYet,
)
from inmates.questions.selectors import questions_answered_by, waiting_counts
from inmates.questions.services import give_name, withdraw_question
from inmates.questions.states import WAGE_QUESTION
from portal.accounts.models import RoleGrant
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.questions.world import (
    ANSWER,
    LATER,
    NAME,
    a_person,
    answered,
    asked,
    by_code,
    taken,
    wanted,
)
from tests.people import NOW, TODAY, a_user, an_inmate

ACTS = {
    "take": lambda officer, pk: take_question(actor=officer, question_id=pk, at=LATER),
    "ask_name": lambda officer, pk: ask_name(
        actor=officer, question_id=pk, reason="Сверить", at=LATER
    ),
    "answer": lambda officer, pk: answer_question(
        actor=officer, question_id=pk, answer=ANSWER, at=LATER
    ),
    "read": lambda officer, pk: read_name(actor=officer, question_id=pk, at=LATER),
    "print": lambda officer, pk: print_letter(actor=officer, question_id=pk, at=LATER),
}


def put(question: WageQuestion, status: str, officer) -> None:
    """The question in a status, straight in the table: each way there is tested elsewhere."""
    WageQuestion.objects.filter(pk=question.pk).update(
        taken_by=officer, taken_at=NOW, name_reason="Сверить"
    )
    if status == Status.ANSWERED:
        WageQuestion.objects.filter(pk=question.pk).update(
            answer=ANSWER, answered_by=officer, answered_at=NOW
        )
    WageQuestion.objects.filter(pk=question.pk).update(status=status)


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("act", ["take", "answer"])
def test_every_status_by_the_table(cast, person, status, act):
    question = asked(person, cast.department)
    put(question, status, cast.question_officer)
    target = WAGE_QUESTION.target(status, act)
    if target is None:
        with pytest.raises(MoveRefused):
            ACTS[act](cast.question_officer, question.pk)
        assert WageQuestion.objects.get(pk=question.pk).status == status
    else:
        assert ACTS[act](cast.question_officer, question.pk).status == target


def test_taken_by_an_officer(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department), at=LATER)
    assert (question.status, question.taken_by) == ("taken", cast.question_officer)
    assert question.taken_at == LATER
    assert history_of(question).last().actor == cast.question_officer


def test_answered_once_and_for_good(cast, person):
    question = answered(cast.question_officer, asked(person, cast.department))
    assert (question.status, question.answer) == ("answered", ANSWER)
    assert (question.answered_by, question.answered_at) == (cast.question_officer, LATER)
    with pytest.raises(MoveRefused):
        ACTS["answer"](cast.question_officer, question.pk)
    assert WageQuestion.objects.get(pk=question.pk).answer == ANSWER


def test_a_colleague_may_answer(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    colleague = a_user("second@example.kz", cast.department, "question_officer")
    assert ACTS["answer"](colleague, question.pk).answered_by == colleague


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_an_answer_has_words(cast, person, words):
    question = taken(cast.question_officer, asked(person, cast.department))
    with pytest.raises(AnswerMissing):
        answer_question(
            actor=cast.question_officer, question_id=question.pk, answer=words, at=LATER
        )


# --- the name ---------------------------------------------------------------------------------


def test_the_name_is_read_by_nobody_without_leave(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    with pytest.raises(NameKept):
        ACTS["read"](cast.question_officer, question.pk)
    assert QuestionLook.objects.count() == 0


def test_the_name_is_read_when_given(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    ACTS["ask_name"](cast.question_officer, question.pk)
    give_name(inmate_id=person.pk, question_id=question.pk, at=LATER)
    assert ACTS["read"](cast.question_officer, question.pk) == NAME
    look = QuestionLook.objects.get()
    assert (look.actor, look.purpose, look.at) == (cast.question_officer, "facts", LATER)


def test_a_named_question_tells_the_name_and_keeps_who_read_it(cast, person):
    question = asked(person, cast.department, is_named=True)
    assert ACTS["read"](cast.question_officer, question.pk) == NAME
    assert ACTS["read"](cast.question_officer, question.pk) == NAME
    assert QuestionLook.objects.filter(question=question).count() == 2


def test_reading_a_name_leaves_nothing_in_the_log_of_the_institution(cast, person):
    """Its head reads that log: it would tell that somebody outside has asked."""
    before = AuditEvent.objects.count()
    question = asked(person, cast.department, is_named=True, answer_way="letter")
    ACTS["read"](cast.question_officer, question.pk)
    answered(cast.question_officer, question)
    ACTS["print"](cast.question_officer, question.pk)
    assert AuditEvent.objects.count() == before


def test_the_name_is_asked_for_once(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    ACTS["ask_name"](cast.question_officer, question.pk)
    with pytest.raises(MoveRefused):
        ACTS["ask_name"](cast.question_officer, question.pk)
    put(question, Status.TAKEN, cast.question_officer)
    with pytest.raises(NameAskedBefore):
        ACTS["ask_name"](cast.question_officer, question.pk)


def test_a_name_that_is_given_is_not_asked_for(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department, is_named=True))
    with pytest.raises(NameAskedBefore):
        ACTS["ask_name"](cast.question_officer, question.pk)


def test_the_name_is_asked_for_with_a_reason(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    with pytest.raises(NameReasonMissing):
        ask_name(actor=cast.question_officer, question_id=question.pk, reason=" ", at=LATER)


def test_a_person_without_an_identity_has_no_name(cast, others):
    nameless = an_inmate(cast, "1999")
    question = asked(nameless, cast.department, is_named=True)
    assert ACTS["read"](cast.question_officer, question.pk) == ""


# --- the letter -------------------------------------------------------------------------------


def test_a_letter_is_printed_when_it_was_wanted_and_answered(cast, person):
    question = asked(person, cast.department, answer_way="letter")
    with pytest.raises(NotAnsweredYet):
        ACTS["print"](cast.question_officer, question.pk)
    answered(cast.question_officer, question)
    letter = ACTS["print"](cast.question_officer, question.pk)
    assert (letter.full_name, letter.question.printed_at) == ("", LATER)
    assert letter.place == cast.institution
    assert [look.purpose for look in question.looks.all()] == ["letter"]


def test_an_answer_for_the_terminal_is_not_printed(cast, person):
    question = answered(cast.question_officer, asked(person, cast.department))
    with pytest.raises(NoLetterWanted):
        ACTS["print"](cast.question_officer, question.pk)


def test_a_paper_letter_is_entered_by_its_code(cast, person, slip):
    values = {"topic": "time", "answer_way": "letter"}
    letter = {
        "actor": cast.question_officer, "code": code_of(slip.pk), "submission": uuid4(),
        "wanted": wanted(cast.department, **values), "at": NOW,
    }  # fmt: skip
    question = enter_letter(**letter)
    assert (question.channel, question.answer_way) == ("letter", "letter")
    assert question.due_on == date(2026, 12, 11)
    assert history_of(question).get().actor == cast.question_officer
    assert enter_letter(**letter) == question


def test_a_paper_letter_beside_a_question_from_the_public_page(cast, slip):
    first = by_code(slip)
    added = enter_letter(
        actor=cast.question_officer, code=code_of(slip.pk), submission=uuid4(),
        wanted=wanted(cast.department), at=NOW,
    )  # fmt: skip
    assert added.follows == first


def test_a_letter_is_entered_to_ones_own_office_alone(cast, others, slip):
    with pytest.raises(Forbidden):
        enter_letter(
            actor=cast.users["prosecutor"], code=code_of(slip.pk), submission=uuid4(),
            wanted=wanted(cast.department), at=NOW,
        )  # fmt: skip
    with pytest.raises(NobodyToAsk):
        enter_letter(
            actor=cast.question_officer, code=code_of(slip.pk), submission=uuid4(),
            wanted=wanted(cast.enterprise), at=NOW,
        )  # fmt: skip


# --- whose --------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize(
    "who",
    ["prosecutor", "inspection", "analyst", "administrator", "accountant", "head", "master",
     "labour_officer", "operator", "buyer", "stranger"],
)  # fmt: skip
def test_nobody_else_acts(cast, person, who, act):
    """In every status in which the act itself would be possible."""
    question = asked(
        person, cast.department, is_named=act in ("read", "print"), answer_way="letter"
    )
    ready = {"take": Status.SENT, "print": Status.ANSWERED}.get(act, Status.TAKEN)
    if ready != Status.SENT:
        put(question, ready, cast.question_officer)
        if act == "ask_name":
            WageQuestion.objects.filter(pk=question.pk).update(name_reason=None)
    with pytest.raises(Forbidden), transaction.atomic():
        ACTS[act](cast.users[who], question.pk)
    assert WageQuestion.objects.get(pk=question.pk).status == ready
    assert QuestionLook.objects.count() == 0


def test_an_officer_of_one_place_answers_for_it_alone(cast, others, person):
    question = asked(person, cast.department)
    elsewhere = others["prosecutor"]
    grant = RoleGrant.objects.filter(membership__user=cast.question_officer)
    grant.update(scope=elsewhere)
    fresh = type(cast.question_officer).objects.get(pk=cast.question_officer.pk)
    assert not questions_answered_by(fresh, TODAY).exists()
    with pytest.raises(Forbidden):
        ACTS["take"](fresh, question.pk)
    grant.update(scope=cast.colony)
    fresh = type(cast.question_officer).objects.get(pk=cast.question_officer.pk)
    assert questions_answered_by(fresh, TODAY).get() == question


def test_what_waits_stands_first_by_its_last_day(cast, person):
    other = a_person(cast, "1700")
    done = answered(cast.question_officer, asked(person, cast.department))
    back = asked(person, cast.department)
    withdraw_question(inmate_id=person.pk, question_id=back.pk, at=LATER)
    new = asked(person, cast.department)
    old = asked(other, cast.department, at=NOW.replace(month=10, day=2))
    rows = list(questions_answered_by(cast.question_officer, TODAY))
    assert rows[:2] == [old, new]
    assert set(rows[2:]) == {done, back}
    assert waiting_counts(cast.question_officer, TODAY) == (2, 1)
    assert waiting_counts(cast.question_officer, date(2026, 12, 12)) == (2, 2)
    assert waiting_counts(cast.accountant, TODAY) == (0, 0)
