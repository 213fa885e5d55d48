"""The words of a question: its clock, its facts for each side, its history."""

from datetime import date

import pytest
from django.utils import translation

from inmates.models import WageQuestion
from inmates.questions.answers import answer_question, ask_name, print_letter, read_name
from inmates.questions.enums import WAITING, WageQuestionStatus
from inmates.questions.presenters import (
    HIDDEN,
    asked_line,
    clock_of,
    desk_facts,
    desk_slip,
    month_of,
    outside_facts,
    person_facts,
    person_lead,
    question_rows,
    slip_choices,
    timeline,
)
from inmates.questions.selectors import slips_of
from inmates.questions.services import give_name, keep_name, note_answer_read, withdraw_question
from tests.inmates.questions.world import (
    LATER,
    NAME,
    WORDS,
    a_final_slip,
    answered,
    asked,
    by_code,
    taken,
)
from tests.people import NOW, TODAY


@pytest.fixture(autouse=True)
def _in_russian():
    with translation.override("ru"):
        yield


def values(facts) -> dict[str, str]:
    return {str(one["label"]): str(one["value"]) for one in facts}


@pytest.mark.parametrize(
    ("on", "tone", "words"),
    [
        (TODAY, "info", "осталось 15 рабочих дней"),
        (date(2026, 12, 10), "info", "остался 1 рабочий день"),
        (date(2026, 12, 11), "warn", "сегодня последний день"),
        (date(2026, 12, 12), "bad", "опаздывает на 1 день"),
        (date(2026, 12, 16), "bad", "опаздывает на 5 дней"),
    ],
)
def test_the_clock_in_words(cast, person, on, tone, words):
    clock = clock_of(asked(person, cast.department), on)
    assert (clock["tone"], clock["words"].lower()) == (tone, words)


@pytest.mark.parametrize("status", sorted(set(WageQuestionStatus.values) - set(WAITING)))
def test_a_closed_question_has_no_clock(cast, person, status):
    question = asked(person, cast.department)
    if status == "answered":
        question = answered(cast.question_officer, question)
    else:
        question = withdraw_question(inmate_id=person.pk, question_id=question.pk, at=LATER)
    assert clock_of(question, date(2027, 1, 1))["words"] == ""
    (row,) = question_rows([question], date(2027, 1, 1), "inmates:question")
    assert not row["is_late"]
    assert not row["is_waiting"]


def test_the_office_reads_what_it_needs_and_no_name(cast, person, slip):
    question = asked(person, cast.department, slip_id=slip.pk, line_sequence=1)
    facts = values(desk_facts(question))
    assert facts["Месяц"] == "Октябрь 2026"
    assert facts["Плательщик"] == cast.enterprise.name
    assert facts["Учреждение"] == cast.colony.name
    assert facts["Строка расчётного листка"] == "Премия"
    assert NAME not in str(facts)
    assert person.personnel_number not in str(facts)


def test_a_writ_asked_about_has_no_number_without_a_name(cast, person, slip):
    hidden = asked(person, cast.department, slip_id=slip.pk, line_sequence=3)
    named = asked(person, cast.department, slip_id=slip.pk, line_sequence=3, is_named=True)
    assert HIDDEN in values(desk_facts(hidden))["Строка расчётного листка"]
    assert "ИЛ-771648" not in str(desk_slip(hidden))
    assert "ИЛ-771648" in str(desk_slip(named))
    # To the person it is their own writ.
    assert "ИЛ-771648" in str(values(person_facts(hidden)))


def test_a_question_about_no_payslip(cast, person):
    question = asked(person, cast.department)
    assert month_of(question) == "Без определённого месяца"
    assert desk_slip(question) is None
    assert asked_line(question) is None
    assert "Плательщик" not in values(desk_facts(question))


def test_payslips_to_choose_from_are_newest_first(cast, person, slip):
    a_final_slip(cast, person, date(2026, 9, 1))
    labels = [label for _pk, label in slip_choices(slips_of(person))]
    assert [label.split(" · ")[0] for label in labels] == ["Октябрь 2026", "Сентябрь 2026"]
    assert all(cast.enterprise.name in label for label in labels)


def test_whose_turn_it_is(cast, person):
    question = asked(person, cast.department)
    assert "11.12.2026" in person_lead(question)
    taken(cast.question_officer, question)
    wants = ask_name(actor=cast.question_officer, question_id=question.pk, reason="Лист", at=NOW)
    assert "Решаете вы" in person_lead(wants)
    kept = keep_name(inmate_id=person.pk, question_id=question.pk, at=NOW)
    assert "11.12.2026" in person_lead(kept)
    back = withdraw_question(inmate_id=person.pk, question_id=question.pk, at=NOW)
    assert "отозвали" in person_lead(back)


def test_what_the_person_is_told_of_their_name(cast, person, slip):
    told = {
        "без имени": asked(person, cast.department),
        "с именем": asked(person, cast.department, is_named=True),
        "по коду": by_code(slip),
    }
    shown = {how: values(person_facts(one))["Моё имя"] for how, one in told.items()}
    assert shown == {
        "без имени": "не названо",
        "с именем": "ведомство может прочесть",
        "по коду": "не названо: вопрос пришёл по коду вашего расчётного листка",
    }


def test_the_outside_is_told_three_things(cast, slip):
    facts = values(outside_facts(by_code(slip)))
    assert set(facts.values()) == {
        "22.11.2026", "11.12.2026", str(cast.department.get_kind_display()),
    }  # fmt: skip


def everything_happened(cast, person) -> WageQuestion:
    question = taken(cast.question_officer, asked(person, cast.department, answer_way="letter"))
    ask_name(actor=cast.question_officer, question_id=question.pk, reason="Лист", at=NOW)
    give_name(inmate_id=person.pk, question_id=question.pk, at=NOW)
    read_name(actor=cast.question_officer, question_id=question.pk, at=NOW)
    answer_question(actor=cast.question_officer, question_id=question.pk, answer="Да", at=LATER)
    print_letter(actor=cast.question_officer, question_id=question.pk, at=LATER)
    note_answer_read(inmate_id=person.pk, question_id=question.pk, at=LATER)
    return WageQuestion.objects.select_related("addressee").get(pk=question.pk)


def test_the_history_tells_everything_in_order(cast, person):
    rows = timeline(everything_happened(cast, person), is_desk=True)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    texts = [str(row["text"]) for row in rows]
    assert texts[0] == "Вопрос отправлен"
    assert texts.count("Имя прочитано") == texts.count("Письмо напечатано") == 1
    assert "Ответ прочитан на терминале" in texts
    assert {row["reason"] for row in rows if row.get("reason")} == {
        "Лист", "Чтобы рассмотреть вопрос", "На имя и номер",
    }  # fmt: skip


def test_the_person_reads_the_office_and_never_an_officer(cast, person):
    question = everything_happened(cast, person)
    own = {row.get("who") for row in timeline(question, is_desk=False)}
    assert own <= {"", None, cast.department.name}
    desk = {row.get("who") for row in timeline(question, is_desk=True)}
    assert cast.question_officer.full_name in desk


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_word_is_there_in_each_language(cast, person, slip, language):
    question = asked(person, cast.department, slip_id=slip.pk)
    with translation.override(language):
        words = [*values(desk_facts(question)), *values(person_facts(question))]
        words += [str(row["text"]) for row in timeline(question, is_desk=True)]
    assert all(words)
    cyrillic = any("а" <= char <= "я" for char in "".join(words).lower())
    assert cyrillic is (language != "en")
    assert WORDS not in "".join(words)
