"""The offices' side: an officer takes a question, asks for the name, answers, prints the letter.

Every act asks `can_answer_question` again inside the lock. Who reads a name is kept beside the
question (`QuestionLook`) and not in the audit trail, which heads of institutions read.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from inmates.models import QuestionLook, WageQuestion
from inmates.questions.enums import (
    AnswerWay,
    NamePurpose,
    QuestionChannel,
    WageQuestionStatus,
)
from inmates.questions.letter import Letter
from inmates.questions.refusals import (
    AnswerMissing,
    NameAskedBefore,
    NameKept,
    NameReasonMissing,
    NobodyAtTerminal,
    NoLetterWanted,
    NotAnsweredYet,
)
from inmates.questions.rules import can_answer_question, may_read_name
from inmates.questions.selectors import institution_of, is_shown_at_terminal, name_of
from inmates.questions.services import Wanted, add_question_by_code
from inmates.questions.states import WAGE_QUESTION
from portal.kernel import states
from portal.kernel.access import Rule
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row

LONGEST_ANSWER = 8000


@transaction.atomic
def enter_letter(
    *, actor: Any, code: str, submission: UUID, wanted: Wanted, at: datetime
) -> WageQuestion:
    """A paper letter with the code of a payslip becomes a question to the officer's office.

    Refused: no approved payslip with this code, or one whose place the office does not answer
    for. Twice with one submission enters it once.
    """
    question = add_question_by_code(
        code=code, submission=submission, wanted=wanted, at=at,
        channel=QuestionChannel.LETTER, actor=actor,
    )  # fmt: skip
    can_answer_question(actor, question, day_of(at)).require()
    return question


@transaction.atomic
def take_question(*, actor: Any, question_id: int, at: datetime) -> WageQuestion:
    """The question is TAKEN by the officer, who answers for it. Refused when it is not new."""
    question: WageQuestion = lock_row(WageQuestion, question_id)
    if question.status == WageQuestionStatus.SENT:
        question.taken_by, question.taken_at = actor, at
        question.save(update_fields=["taken_by", "taken_at"])
    states.move(question, "take", machine=WAGE_QUESTION, actor=actor, at=at, rule=_may(at))
    return question


@transaction.atomic
def ask_name(*, actor: Any, question_id: int, reason: str, at: datetime) -> WageQuestion:
    """The person is asked at the terminal whether the office may know who asks.

    Refused: no reason, not the officer's office, not taken, asked and answered once before, a
    question that no terminal shows to the person.
    """
    if not reason.strip():
        raise NameReasonMissing
    question: WageQuestion = lock_row(WageQuestion, question_id)
    if question.status == WageQuestionStatus.TAKEN:
        if question.is_named or question.name_reason:
            raise NameAskedBefore
        can_answer_question(actor, question, day_of(at)).require()
        if not is_shown_at_terminal(question, day_of(at)):
            raise NobodyAtTerminal
        question.name_reason = reason.strip()
        question.save(update_fields=["name_reason"])
    states.move(question, "ask_name", machine=WAGE_QUESTION, actor=actor, at=at, rule=_may(at))
    return question


@transaction.atomic
def answer_question(*, actor: Any, question_id: int, answer: str, at: datetime) -> WageQuestion:
    """The question is ANSWERED: the person reads it at the terminal, or in the letter.

    Refused: no words, not the officer's office, not taken, answered before: an answer stands.
    """
    if not answer.strip():
        raise AnswerMissing
    question: WageQuestion = lock_row(WageQuestion, question_id)
    if WAGE_QUESTION.target(question.status, "answer"):
        question.answer = answer.strip()
        question.answered_by, question.answered_at = actor, at
        question.save(update_fields=["answer", "answered_by", "answered_at"])
    states.move(question, "answer", machine=WAGE_QUESTION, actor=actor, at=at, rule=_may(at))
    return question


@transaction.atomic
def read_name(*, actor: Any, question_id: int, at: datetime) -> str:
    """The name of who asked, kept as a look that the person sees.

    Refused (`NameKept`) unless the person gave it to this office, with the question or on request.
    """
    question: WageQuestion = lock_row(WageQuestion, question_id)
    can_answer_question(actor, question, day_of(at)).require()
    if not may_read_name(question):
        raise NameKept
    return _name(question, actor, NamePurpose.FACTS, at)


@transaction.atomic
def print_letter(*, actor: Any, question_id: int, at: datetime) -> Letter:
    """The answered question and whom its letter is addressed to; each print is a look.

    The name is told only where the person gave it to this office, else the number and the place
    where they are held today. Refused: not answered yet, an answer that the person reads at a
    terminal, another's office.
    """
    question: WageQuestion = lock_row(WageQuestion, question_id)
    can_answer_question(actor, question, day_of(at)).require()
    if question.answer_way != AnswerWay.LETTER and is_shown_at_terminal(question, day_of(at)):
        raise NoLetterWanted
    if question.status != WageQuestionStatus.ANSWERED:
        raise NotAnsweredYet
    if question.printed_at is None:
        question.printed_at = at
        question.save(update_fields=["printed_at"])
    name = _name(question, actor, NamePurpose.LETTER, at)
    return Letter(question, name, institution_of(question.inmate, day_of(at)))


def _name(question: WageQuestion, actor: Any, purpose: str, at: datetime) -> str:
    """The one place where a name is read: the look is kept, be the name told or not."""
    QuestionLook.objects.create(question=question, actor=actor, purpose=purpose, at=at)
    return name_of(question) if may_read_name(question) else ""


def _may(at: datetime) -> Rule:
    return lambda user, fresh: can_answer_question(user, fresh, day_of(at))
