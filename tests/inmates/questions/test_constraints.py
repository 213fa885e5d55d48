"""What the table refuses whatever the code does: planted one by one."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from inmates.models import QuestionLook, WageQuestion
from inmates.questions.answers import read_name
from tests.inmates.questions.world import answered, asked, by_code, taken
from tests.people import NOW


def refused(name: str, act) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        act()
    assert name in str(caught.value)


def update(question: WageQuestion, **values) -> None:
    WageQuestion.objects.filter(pk=question.pk).update(**values)


@pytest.fixture
def question(cast, person, slip):
    return asked(person, cast.department, slip_id=slip.pk, line_sequence=2)


@pytest.mark.parametrize(
    "values",
    [
        {"topic": "tax"}, {"text": "Другое"}, {"number": "2026-00009"}, {"is_named": True},
        {"asked_at": NOW - timedelta(days=9)}, {"due_on": (NOW + timedelta(days=99)).date()},
        {"channel": "public"}, {"answer_way": "letter"}, {"line_sequence": 1}, {"language": "kk"},
    ],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
def test_what_was_asked_stays(question, values):
    refused("wagequestion_as_asked", lambda: update(question, **values))


def test_a_question_is_not_given_to_another_office(question, others):
    refused("wagequestion_as_asked", lambda: update(question, addressee=others["prosecutor"]))


def test_a_question_is_not_deleted(question):
    refused("wagequestion_kept", question.delete)


def test_an_answer_is_not_rewritten(cast, question):
    answered(cast.question_officer, question)
    refused("wagequestion_answered_once", lambda: update(question, answer="Иначе"))
    refused("wagequestion_answered_once", lambda: update(question, status="sent"))
    update(question, read_at=NOW + timedelta(hours=3))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("wagequestion_looked_into_by_somebody", {"status": "taken"}),
        ("wagequestion_name_asked_with_reason", {"status": "name_asked"}),
        ("wagequestion_answered_in_words", {"status": "answered"}),
        ("wagequestion_words_known", {"status": "forgotten"}),
        ("wagequestion_answered_by_somebody", {"answer": "Да"}),
        ("wagequestion_answered_in_words", {"read_at": NOW}),
        ("wagequestion_name_given_when_asked", {"name_given_at": NOW}),
        ("wagequestion_taken_by_somebody", {"taken_at": NOW}),
    ],
)
def test_every_status_has_what_it_says(cast, question, name, values):
    if name not in ("wagequestion_looked_into_by_somebody", "wagequestion_taken_by_somebody"):
        taken(cast.question_officer, question)
    refused(name, lambda: update(question, **values))


def copy_of(question: WageQuestion, **values) -> WageQuestion:
    row = WageQuestion.objects.get(pk=question.pk)
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in ("id", "key", "submission")
    }
    return WageQuestion.objects.create(**(fields | {"number": "2026-00777"} | values))


def test_numbers_of_an_office_are_given_once(question):
    refused("wagequestion_number", lambda: copy_of(question, number=question.number))


def test_a_code_opens_one_question(slip):
    refused("wagequestion_code_opens_one", lambda: copy_of(by_code(slip)))


def test_a_code_gives_no_name(slip, question):
    first = by_code(slip)
    refused(
        "wagequestion_code_gives_no_name",
        lambda: copy_of(first, follows_id=first.pk, is_named=True),
    )
    refused("wagequestion_code_gives_no_name", lambda: copy_of(question, follows_id=first.pk))
    refused(
        "wagequestion_code_gives_no_name",
        lambda: copy_of(first, follows_id=first.pk, payslip_id=None),
    )


def test_something_else_has_words(question):
    refused("wagequestion_other_has_text", lambda: copy_of(question, topic="other", text=None))


def test_a_line_has_its_payslip(question):
    refused("wagequestion_line_has_payslip", lambda: copy_of(question, payslip_id=None))


def test_a_look_stays(cast, person):
    question = asked(person, cast.department, is_named=True)
    read_name(actor=cast.question_officer, question_id=question.pk, at=NOW)
    look = QuestionLook.objects.get()
    refused("questionlook_append_only", look.delete)
    refused("questionlook_append_only", lambda: QuestionLook.objects.update(purpose="letter"))
    refused("questionlook_purpose_known", lambda: QuestionLook.objects.create(
        question=question, actor=cast.question_officer, purpose="fun", at=NOW))  # fmt: skip
