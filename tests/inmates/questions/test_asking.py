"""The person's side: asked, numbered, clocked; taken back; the name given or kept; read."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from inmates.models import CustodyStay, PayParameter, Payslip, WageQuestion
from inmates.questions.answers import ask_name
from inmates.questions.codes import code_of
from inmates.questions.refusals import (
    NobodyToAsk,
    NoSuchCode,
    NoSuchPayslip,
    TextMissing,
    TooManyQuestions,
)
from inmates.questions.selectors import addressees_of, answer_workdays, kinds_that_answer
from inmates.questions.services import (
    MOST_WAITING,
    ask_by_code,
    ask_wage_question,
    give_name,
    keep_name,
    note_answer_read,
    withdraw_question,
)
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.models import RoleGrant
from portal.kernel.errors import ConstraintRefused
from portal.kernel.locks import Gone
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.questions.world import (
    LATER,
    WORDS,
    a_final_slip,
    a_person,
    a_run,
    a_slip,
    answered,
    asked,
    by_code,
    taken,
    wanted,
)
from tests.people import NOW, TODAY


def test_question_is_sent_with_a_number_and_a_last_day(cast, person, slip):
    question = asked(person, cast.department, slip_id=slip.pk, line_sequence=1)
    assert (question.status, question.number) == ("sent", "2026-00001")
    # Fifteen working days after Sunday 22 November; 16 December is a holiday of the country.
    assert question.due_on == date(2026, 12, 11)
    assert (question.institution, question.addressee) == (cast.institution, cast.department)
    assert (question.payslip_id, question.line_sequence) == (slip.pk, 1)
    assert [(one.action, one.actor) for one in history_of(question)] == [("send", None)]


def test_each_office_numbers_its_own_questions(cast, person, others):
    asked(person, cast.department)
    assert asked(person, others["prosecutor"]).number == "2026-00001"
    assert asked(person, cast.department).number == "2026-00002"


def test_words_are_kept_encrypted(cast, person):
    question = asked(person, cast.department)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM inmates_wagequestion WHERE id = %s", [question.pk])
        (stored,) = cursor.fetchone()
    assert WORDS not in stored
    assert WageQuestion.objects.get(pk=question.pk).text == WORDS


def test_sent_twice_is_asked_once(cast, person):
    submission = uuid4()
    first, again = (
        ask_wage_question(
            inmate_id=person.pk, submission=submission, wanted=wanted(cast.department), at=NOW
        )
        for _time in range(2)
    )
    assert first == again
    assert WageQuestion.objects.count() == 1


def test_the_clock_is_a_parameter_with_a_date(cast, person):
    PayParameter.objects.filter(code="wage_question_workdays").update(effective_to=TODAY)
    PayParameter.objects.create(
        code="wage_question_workdays", value=3, unit="working days", source="приказ № 9",
        confidence="test", effective_from=TODAY,
    )  # fmt: skip
    assert asked(person, cast.department).due_on == date(2026, 11, 25)
    assert (answer_workdays(date(2026, 11, 1)), answer_workdays(TODAY)) == (15, 3)


def test_without_the_parameter_nothing_stops_a_question(cast, person):
    PayParameter.objects.filter(code="wage_question_workdays").delete()
    assert asked(person, cast.department).due_on == date(2026, 12, 11)


# --- to whom ----------------------------------------------------------------------------------


def test_offices_that_answer_stand_in_order(cast, others):
    offices = addressees_of(cast.institution, TODAY)
    assert offices == [cast.department, others["prosecutor"], others["inspection"]]
    assert kinds_that_answer(TODAY) == [Kind.DEPARTMENT, Kind.PROSECUTOR, Kind.LABOUR_INSPECTION]


def test_an_office_without_an_officer_is_not_offered(cast, others):
    RoleGrant.objects.filter(membership__user=cast.users["prosecutor"]).update(effective_to=TODAY)
    assert others["prosecutor"] not in addressees_of(cast.institution, TODAY)
    RoleGrant.objects.filter(membership__user=cast.users["inspection"]).update(
        scope=others["prosecutor"]
    )
    assert addressees_of(cast.institution, TODAY) == [cast.department]


def test_an_office_of_another_region_is_not_offered(cast, others):
    cast.colony.region = "Шығыс"
    cast.colony.save()
    others["prosecutor"].region = "Батыс"
    others["prosecutor"].save()
    offered = addressees_of(cast.institution, TODAY)
    assert offered == [cast.department, others["inspection"]]


@pytest.mark.parametrize("whom", ["colony", "enterprise", "entrepreneur", "kindergarten"])
def test_nobody_else_can_be_asked(cast, person, whom):
    with pytest.raises(NobodyToAsk):
        asked(person, getattr(cast, whom))


def test_who_is_held_nowhere_is_told_so(cast, person):
    CustodyStay.objects.filter(inmate=person).update(effective_to=TODAY)
    with pytest.raises(NobodyToAsk):
        asked(person, cast.department)


# --- what about -------------------------------------------------------------------------------


def test_another_persons_payslip_is_refused(cast, person, slip):
    other = a_person(cast, "1700")
    with pytest.raises(NoSuchPayslip):
        asked(other, cast.department, slip_id=slip.pk)


def test_a_line_that_is_not_there_is_refused(cast, person, slip):
    with pytest.raises(NoSuchPayslip):
        asked(person, cast.department, slip_id=slip.pk, line_sequence=9)


def test_a_payslip_that_is_not_approved_is_refused(cast, person):
    draft = a_slip(a_run(cast), person)
    with pytest.raises(NoSuchPayslip):
        asked(person, cast.department, slip_id=draft.pk)
    with pytest.raises(NoSuchCode):
        by_code(draft)
    # So that a question never stands in the way of a month that is calculated again.
    draft.delete()
    assert not Payslip.objects.filter(pk=draft.pk).exists()


def test_something_else_needs_words(cast, person):
    with pytest.raises(TextMissing):
        asked(person, cast.department, topic="other", text="  ")
    assert asked(person, cast.department, topic="other", text="Своё").text == "Своё"
    assert asked(person, cast.department, topic="tax", text="").text is None


def test_an_unknown_topic_is_refused(cast, person):
    with pytest.raises(Exception, match="wagequestion_words_known"):
        asked(person, cast.department, topic="food")


def test_ten_may_wait(cast, person):
    for _number in range(MOST_WAITING):
        last = asked(person, cast.department)
    with pytest.raises(TooManyQuestions):
        asked(person, cast.department)
    withdraw_question(inmate_id=person.pk, question_id=last.pk, at=LATER)
    assert asked(person, cast.department).pk


# --- by the code of a payslip ------------------------------------------------------------------


def test_a_code_asks_without_a_name(cast, person, slip):
    question = by_code(slip)
    assert (question.channel, question.is_named, question.follows) == ("public", False, None)
    assert (question.inmate, question.payslip) == (person, slip)
    assert question.institution == cast.institution


def test_a_code_opens_one_question_and_adds_the_next(cast, slip):
    first = by_code(slip)
    again = by_code(slip, Kind.PROSECUTOR)
    third = by_code(slip)
    assert (again.follows, third.follows) == (first, first)
    assert (again.status, again.due_on) == (first.status, first.due_on)


def test_a_code_needs_an_office_there(cast, slip):
    RoleGrant.objects.filter(membership__user=cast.users["inspection"]).update(effective_to=TODAY)
    with pytest.raises(NobodyToAsk):
        by_code(slip, Kind.LABOUR_INSPECTION)


@pytest.mark.parametrize("code", ["", "0000-0000-0000", "7KQF-92MT-XW4C"])
def test_a_code_that_is_none_is_refused(cast, others, code):
    with pytest.raises(NoSuchCode):
        ask_by_code(code=code, submission=uuid4(), wanted=wanted(cast.department), at=NOW)


def test_a_code_sent_twice_asks_once(cast, slip):
    submission = uuid4()
    first, again = (
        ask_by_code(
            code=code_of(slip.pk), submission=submission, wanted=wanted(cast.department), at=NOW
        )
        for _time in range(2)
    )
    assert first == again


def test_questions_of_a_code_do_not_use_up_those_of_the_person(cast, person, slip):
    """Who holds somebody's payslip cannot silence them."""
    for _number in range(MOST_WAITING + 1):
        by_code(slip)
    assert asked(person, cast.department).pk


# --- afterwards -------------------------------------------------------------------------------


def test_taken_back_while_it_waits(cast, person):
    question = asked(person, cast.department)
    withdraw_question(inmate_id=person.pk, question_id=question.pk, at=LATER)
    assert WageQuestion.objects.get(pk=question.pk).status == "withdrawn"
    with pytest.raises(MoveRefused):
        withdraw_question(inmate_id=person.pk, question_id=question.pk, at=LATER)


def test_an_answered_question_is_not_taken_back(cast, person):
    question = answered(cast.question_officer, asked(person, cast.department))
    with pytest.raises(MoveRefused):
        withdraw_question(inmate_id=person.pk, question_id=question.pk, at=LATER)


@pytest.mark.parametrize("act", [withdraw_question, give_name, keep_name, note_answer_read])
def test_nobody_acts_for_another(cast, person, act):
    question = asked(person, cast.department)
    other = a_person(cast, "1700")
    with pytest.raises(Gone):
        act(inmate_id=other.pk, question_id=question.pk, at=LATER)


def test_the_name_is_given_when_asked_for(cast, person):
    question = asked(person, cast.department)
    with pytest.raises(MoveRefused):
        give_name(inmate_id=person.pk, question_id=question.pk, at=LATER)
    taken(cast.question_officer, question)
    ask_name(actor=cast.question_officer, question_id=question.pk, reason="Сверить", at=NOW)
    given = give_name(inmate_id=person.pk, question_id=question.pk, at=LATER)
    assert (given.status, given.name_given_at) == ("taken", LATER)


def test_the_name_is_kept(cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    ask_name(actor=cast.question_officer, question_id=question.pk, reason="Сверить", at=NOW)
    kept = keep_name(inmate_id=person.pk, question_id=question.pk, at=LATER)
    assert (kept.status, kept.name_given_at) == ("taken", None)
    with pytest.raises(MoveRefused):
        give_name(inmate_id=person.pk, question_id=question.pk, at=LATER)


def test_the_first_reading_is_kept(cast, person):
    question = asked(person, cast.department)
    note_answer_read(inmate_id=person.pk, question_id=question.pk, at=NOW)
    assert WageQuestion.objects.get(pk=question.pk).read_at is None
    answered(cast.question_officer, question)
    for minutes in (5, 9):
        at = LATER + timedelta(minutes=minutes)
        note_answer_read(inmate_id=person.pk, question_id=question.pk, at=at)
    assert WageQuestion.objects.get(pk=question.pk).read_at == LATER + timedelta(minutes=5)


def test_a_code_of_an_earlier_month_asks_about_that_month(cast, person, slip):
    september = a_final_slip(cast, person, date(2026, 9, 1))
    assert by_code(september).payslip == september
    assert by_code(slip).follows is None


def test_refusals_of_the_table_are_readable():
    assert ConstraintRefused("x", "wagequestion_other_has_text").status == 409
