"""A person asks about their wages, takes the question back, gives or keeps their name, reads.

The actor of a person's own acts is nobody with an account. Nothing here leaves a trace where the
institution or a payer looks; the offices' side is in `answers`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from inmates.models import Inmate, Payslip, WageQuestion
from inmates.questions.enums import (
    WAITING,
    AnswerWay,
    QuestionChannel,
    WageQuestionStatus,
    WageTopic,
)
from inmates.questions.refusals import (
    NobodyToAsk,
    NoSuchCode,
    NoSuchPayslip,
    TextMissing,
    TooManyQuestions,
)
from inmates.questions.selectors import (
    addressees_of,
    answer_workdays,
    institution_of,
    line_of,
    questions_of,
    slip_with_code,
    slips_of,
)
from inmates.questions.states import WAGE_QUESTION
from portal.accounts.models import Organisation
from portal.kernel import states
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import Gone, lock_row
from portal.kernel.numbering import document_number
from portal.kernel.workdays import add_workdays
from workshops.models import Institution

# Of one person at a time: an office must be able to answer, and more is never the same matter.
MOST_WAITING = 10
LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, of whom, and how the answer is to come, as typed.

    The office by its id; from outside, where nobody is told whose payslip it is, by its kind.
    """

    topic: str
    addressee_id: int | None = None
    addressee_kind: str = ""
    text: str = ""
    answer_way: str = AnswerWay.TERMINAL
    language: str = "ru"
    is_named: bool = False
    slip_id: int | None = None
    line_sequence: int | None = None


@transaction.atomic
def ask_wage_question(
    *, inmate_id: int, submission: UUID, wanted: Wanted, at: datetime
) -> WageQuestion:
    """The person's question is SENT to an office, numbered, with a last day for the answer.

    Refused: an office that does not answer for where the person is held, a payslip that is not
    theirs or not approved, no words where the topic needs them, ten waiting already. Twice with
    one submission asks once.
    """
    inmate = lock_row(Inmate, inmate_id)
    before = _sent_before(submission)
    if before is not None:
        return before
    # Of those that are shown: the count of others would tell whoever reads that they exist.
    waiting = (
        questions_of(inmate).filter(status__in=WAITING, channel=QuestionChannel.TERMINAL).count()
    )
    if waiting >= MOST_WAITING:
        raise TooManyQuestions(count=waiting)
    institution = institution_of(inmate, day_of(at))
    if institution is None:
        raise NobodyToAsk
    slip = _own_slip(inmate, wanted)
    return _send(
        inmate, institution, slip, wanted, at,
        channel=QuestionChannel.TERMINAL, submission=submission, is_named=wanted.is_named,
        line_sequence=wanted.line_sequence,
    )  # fmt: skip


def _sent_before(submission: UUID) -> WageQuestion | None:
    return WageQuestion.objects.filter(submission=submission).first()


def _own_slip(inmate: Inmate, wanted: Wanted) -> Payslip | None:
    if wanted.slip_id is None:
        return None
    slip = slips_of(inmate).filter(pk=wanted.slip_id).first()
    if slip is None:
        raise NoSuchPayslip
    if wanted.line_sequence is not None and line_of(slip, wanted.line_sequence) is None:
        raise NoSuchPayslip
    return slip


@transaction.atomic
def ask_by_code(*, code: str, submission: UUID, wanted: Wanted, at: datetime) -> WageQuestion:
    """Whoever has the code of a payslip asks about it; nobody is named, and nothing is shown.

    The code opens one question. What comes with it again is put beside that one as an addition,
    and is answered in the same words to the outside: nobody learns whether the code was used.
    Refused: no approved payslip with this code, an office that does not answer for its place.
    Twice with one submission, at once too, asks once.
    """
    return add_question_by_code(
        code=code, submission=submission, wanted=wanted, at=at, channel=QuestionChannel.PUBLIC
    )


def add_question_by_code(
    *, code: str, submission: UUID, wanted: Wanted, at: datetime, channel: str, actor: Any = None
) -> WageQuestion:
    """The question of a code, new or beside the first; also for an officer's paper letter."""
    found = slip_with_code(code)
    if found is None:
        raise NoSuchCode
    # One at a time for a person: the first of two opens, the second is added; of one form sent
    # twice the second waits here and finds what the first has sent.
    inmate = lock_row(Inmate, found.inmate_id)
    before = _sent_before(submission)
    if before is not None:
        return before
    first = WageQuestion.objects.filter(
        payslip=found, channel__in=[QuestionChannel.PUBLIC, QuestionChannel.LETTER], follows=None
    ).first()
    return _send(
        inmate, found.run.institution, found, wanted, at,
        channel=channel, submission=submission, is_named=False, follows=first, actor=actor,
    )  # fmt: skip


def _send(
    inmate: Inmate,
    institution: Institution,
    slip: Payslip | None,
    wanted: Wanted,
    at: datetime,
    *,
    actor: Any = None,
    **fields: Any,
) -> WageQuestion:
    on = day_of(at)
    text = wanted.text.strip()
    if wanted.topic == WageTopic.OTHER and not text:
        raise TextMissing
    office = _office(institution, wanted, at)
    with readable_refusals():
        question = WageQuestion.objects.create(
            number=document_number(series="wage_question", scope=str(office.pk), year=on.year),
            addressee=office,
            institution=institution,
            inmate=inmate,
            payslip=slip,
            topic=wanted.topic,
            text=text or None,
            answer_way=wanted.answer_way,
            language=wanted.language,
            asked_at=at,
            due_on=add_workdays(on, answer_workdays(on)),
            **fields,
        )
    states.begin(question, "send", machine=WAGE_QUESTION, actor=actor, at=at)
    return question


def _office(institution: Institution, wanted: Wanted, at: datetime) -> Organisation:
    for office in addressees_of(institution, day_of(at)):
        if wanted.addressee_id == office.pk or wanted.addressee_kind == office.kind:
            return office
    raise NobodyToAsk


@transaction.atomic
def withdraw_question(*, inmate_id: int, question_id: int, at: datetime) -> WageQuestion:
    """The person takes an unanswered question back: WITHDRAWN. Refused after that, and twice."""
    return _moved_by_person(inmate_id, question_id, "withdraw", at)


@transaction.atomic
def give_name(*, inmate_id: int, question_id: int, at: datetime) -> WageQuestion:
    """The office that asked for the name may read it from now on. Refused where it did not ask."""

    def given(question: WageQuestion) -> None:
        question.name_given_at = at
        question.save(update_fields=["name_given_at"])

    return _moved_by_person(inmate_id, question_id, "give_name", at, also=given)


@transaction.atomic
def keep_name(*, inmate_id: int, question_id: int, at: datetime) -> WageQuestion:
    """The office goes on without the name. Refused where it did not ask for it."""
    return _moved_by_person(inmate_id, question_id, "keep_name", at)


def _moved_by_person(
    inmate_id: int,
    question_id: int,
    action: str,
    at: datetime,
    *,
    also: Callable[[WageQuestion], None] | None = None,
) -> WageQuestion:
    question = own_question(inmate_id, question_id)
    states.move(question, action, machine=WAGE_QUESTION, actor=None, at=at)
    if also is not None:
        also(question)
    return question


def own_question(inmate_id: int, question_id: int) -> WageQuestion:
    """The person's question, locked; `Gone` (404) where no terminal shows it to them."""
    question: WageQuestion = lock_row(WageQuestion, question_id)
    is_own = question.inmate_id == inmate_id
    if not is_own or not questions_of(question.inmate).filter(pk=question_id).exists():
        raise Gone
    return question


@transaction.atomic
def note_answer_read(*, inmate_id: int, question_id: int, at: datetime) -> None:
    """The first time the person sees the answer at a terminal is kept. Twice is harmless."""
    question = own_question(inmate_id, question_id)
    if question.status == WageQuestionStatus.ANSWERED and question.read_at is None:
        question.read_at = at
        question.save(update_fields=["read_at"])
