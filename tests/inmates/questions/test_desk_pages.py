"""The pages of an office's officers, and the letter they print."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from inmates.models import QuestionLook, WageQuestion
from inmates.questions.answers import ask_name
from inmates.questions.codes import code_of
from inmates.questions.services import give_name
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.documents.codes import printed_code
from tests.inmates.questions.world import (
    ANSWER,
    LATER,
    NAME,
    WORDS,
    a_final_slip,
    a_person,
    answered,
    asked,
    by_code,
    taken,
)
from tests.people import NOW, Cast, a_user


@pytest.fixture
def desk(client: Client, cast: Cast, others) -> Client:
    client.force_login(cast.question_officer)
    return client


def page_address(question: WageQuestion) -> str:
    return reverse("inmates:question", args=[question.pk])


def page_of(client: Client, question: WageQuestion):
    return client.get(page_address(question))


def act(client: Client, name: str, question: WageQuestion, **data):
    return client.post(reverse(f"inmates:question_{name}", args=[question.pk]), data)


def test_list_shows_what_waits_and_nobodys_name(desk, cast, person, slip):
    question = asked(person, cast.department, slip_id=slip.pk, is_named=True)
    page = desk.get(reverse("inmates:questions")).content.decode()
    assert question.number in page
    assert "осталось 15 рабочих дней" in page.lower() or "15 рабочих" in page
    assert "Октябрь 2026" in page
    assert NAME not in page
    assert person.personnel_number not in page


def test_list_of_an_office_that_nobody_asked(desk):
    page = desk.get(reverse("inmates:questions"))
    assert page.status_code == 200
    assert "Вопросов ещё не было" in page.content.decode()


def test_list_takes_as_many_queries_for_one_and_for_three(
    desk, cast, person, slip, django_assert_num_queries
):
    address = reverse("inmates:questions")
    asked(person, cast.department, slip_id=slip.pk)
    desk.get(address)
    with django_assert_num_queries(7):
        desk.get(address)
    for number in ("1700", "1701"):
        other = a_person(cast, number)
        taken(cast.question_officer, asked(other, cast.department))
    with django_assert_num_queries(7):
        desk.get(address)


def test_page_shows_the_payslip_and_not_whose_it_is(desk, cast, person, slip):
    question = asked(person, cast.department, slip_id=slip.pk, line_sequence=3)
    page = page_of(desk, question).content.decode()
    assert WORDS in page
    assert "Премия" in page
    assert "80\N{NO-BREAK SPACE}000,00" in page
    for word in (NAME, person.personnel_number, "ИЛ-771648"):
        assert word not in page
    assert "•••" in page


def test_page_of_a_named_question_has_the_writ_and_offers_the_name(desk, cast, person, slip):
    question = asked(person, cast.department, slip_id=slip.pk, is_named=True)
    page = page_of(desk, question).content.decode()
    assert "ИЛ-771648" in page
    assert NAME not in page
    read = act(desk, "name", question)
    assert NAME in read.content.decode()
    assert "no-store" in read["Cache-Control"]
    assert QuestionLook.objects.count() == 1
    assert "Имя прочитано" in page_of(desk, question).content.decode()


def test_the_name_of_an_unnamed_question_has_no_address(desk, cast, person):
    assert act(desk, "name", asked(person, cast.department)).status_code == 404


def test_from_the_list_to_the_answer(desk, cast, person, slip):
    question = asked(person, cast.department, slip_id=slip.pk)
    assert act(desk, "take", question).status_code == 302
    page = page_of(desk, question).content.decode()
    assert 'name="answer"' in page
    done = act(desk, "answer", question, answer=ANSWER)
    assert done.status_code == 302
    shown = page_of(desk, question).content.decode()
    assert ANSWER in shown
    assert 'name="answer"' not in shown
    assert WageQuestion.objects.get(pk=question.pk).status == "answered"


def test_taken_twice_is_told(desk, cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    again = desk.post(reverse("inmates:question_take", args=[question.pk]), follow=True)
    assert "больше нельзя" in again.content.decode() or "состояние" in again.content.decode()


def test_an_empty_answer_keeps_the_page(desk, cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    refused = act(desk, "answer", question, answer="  ")
    assert refused.status_code == 422
    assert WageQuestion.objects.get(pk=question.pk).answer is None


def test_an_answer_to_what_is_not_taken_is_refused_with_its_words(desk, cast, person):
    refused = act(desk, "answer", asked(person, cast.department), answer=ANSWER)
    assert refused.status_code == 422


def test_asking_for_the_name(desk, cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    assert act(desk, "ask_name", question, reason="").status_code == 422
    assert act(desk, "ask_name", question, reason="Чтобы запросить лист").status_code == 302
    page = page_of(desk, question).content.decode()
    assert "Чтобы запросить лист" in page
    assert act(desk, "ask_name", question, reason="Ещё раз").status_code == 422
    give_name(inmate_id=person.pk, question_id=question.pk, at=LATER)
    assert NAME in act(desk, "name", question).content.decode()


@pytest.mark.parametrize(
    "name", ["question_take", "question_ask_name", "question_answer", "question_name",
             "question_letter"],
)  # fmt: skip
def test_the_bare_address_of_an_act_leads_to_the_question(desk, cast, others, person, name):
    """Reloaded, or come back to from signing in; nothing is done, another office's is nowhere."""
    question = asked(person, cast.department)
    address = reverse(f"inmates:{name}", args=[question.pk])
    for method in ("get", "head"):
        response = getattr(desk, method)(address)
        assert (response.status_code, response["Location"]) == (302, page_address(question))
    assert desk.put(address).status_code == 405
    assert WageQuestion.objects.get(pk=question.pk).status == "sent"
    assert not QuestionLook.objects.exists()
    strange = asked(person, others["prosecutor"])
    assert desk.get(reverse(f"inmates:{name}", args=[strange.pk])).status_code == 404


# --- paper letters ------------------------------------------------------------------------------


def letter(slip, **fields) -> dict[str, object]:
    values = {
        "office": "", "code": printed_code(code_of(slip.pk)), "topic": "time", "text": WORDS,
        "answer_way": "letter", "language": "kk", "submission": uuid4(),
    }  # fmt: skip
    return values | fields


def test_a_letter_is_entered(desk, cast, slip):
    address = reverse("inmates:question_enter")
    assert cast.department.name in desk.get(address).content.decode()
    done = desk.post(address, letter(slip, office=cast.department.pk))
    question = WageQuestion.objects.get()
    assert done["Location"] == reverse("inmates:question", args=[question.pk])
    assert (question.channel, question.language, question.text) == ("letter", "kk", WORDS)


@pytest.mark.parametrize(
    "fields",
    [{"code": "0000-0000-0000"}, {"code": ""}, {"topic": "other", "text": ""}, {"topic": "food"},
     {"language": "en"}],
    ids=str,
)  # fmt: skip
def test_a_wrong_letter_is_refused_with_what_was_typed(desk, cast, slip, fields):
    address = reverse("inmates:question_enter")
    refused = desk.post(address, letter(slip, office=cast.department.pk) | fields)
    assert refused.status_code == 422
    assert not WageQuestion.objects.exists()


def test_a_letter_to_another_office_is_not_among_the_choices(desk, cast, others, slip):
    address = reverse("inmates:question_enter")
    assert desk.post(address, letter(slip, office=others["prosecutor"].pk)).status_code == 422


def test_questions_of_one_code_stand_beside_each_other(desk, cast, slip):
    first, second = by_code(slip), by_code(slip)
    assert second.number in page_of(desk, first).content.decode()
    page = page_of(desk, second).content.decode()
    assert f'href="{reverse("inmates:question", args=[first.pk])}"' in page
    assert "уже использован" in page


# --- the printed answer -------------------------------------------------------------------------


def printed(client: Client, question: WageQuestion) -> list[str]:
    response = act(client, "letter", question)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    pages = PdfReader(io.BytesIO(response.content)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


@pytest.mark.parametrize(
    ("language", "closed"),
    [("ru", "Вскрывает только адресат"), ("kk", "Тек алушының өзі ашады")],
)
def test_the_letter_has_the_address_outside_and_the_words_inside(
    desk, cast, person, slip, language, closed
):
    question = asked(
        person, cast.department, slip_id=slip.pk, answer_way="letter", language=language,
        is_named=True,
    )  # fmt: skip
    answered(cast.question_officer, question)
    outside, inside = printed(desk, question)
    assert NAME in outside
    assert closed in outside
    for word in (ANSWER, WORDS, question.number, "2026"):
        assert word not in outside
    assert ANSWER in inside
    assert WORDS in inside
    assert question.number in inside
    assert NAME not in inside


def test_a_long_answer_takes_more_pages(desk, cast, person):
    question = taken(cast.question_officer, asked(person, cast.department, answer_way="letter"))
    act(desk, "answer", question, answer="\n".join([ANSWER] * 90))
    assert len(printed(desk, question)) > 2


def test_a_letter_nobody_wanted_is_not_offered(desk, cast, person):
    question = answered(cast.question_officer, asked(person, cast.department))
    assert "question_letter" not in page_of(desk, question).content.decode()
    assert act(desk, "letter", question).status_code == 302
    assert not QuestionLook.objects.exists()


def test_every_print_is_kept(desk, cast, person):
    question = answered(cast.question_officer, asked(person, cast.department, answer_way="letter"))
    printed(desk, question)
    printed(desk, question)
    assert QuestionLook.objects.filter(question=question, purpose="letter").count() == 2


# --- the way to the desk --------------------------------------------------------------------------


def test_the_overview_tells_an_officer_what_waits(desk, cast, person):
    start = reverse("front:start")
    assert "Ответа ждёт" not in desk.get(start).content.decode()
    asked(person, cast.department)
    asked(person, cast.department, at=NOW - timedelta(days=60))
    page = desk.get(start).content.decode()
    assert "Ответа ждут 2 вопроса о зарплате" in page
    assert "Просрочен 1 вопрос о зарплате" in page


@pytest.mark.parametrize("role", [role for role in Role.values if role != "question_officer"])
def test_the_menu_and_the_overview_of_the_others_are_silent(client, cast, person, role):
    asked(person, cast.department)
    client.force_login(cast.users[role])
    page = client.get(reverse("front:start")).content.decode()
    assert reverse("inmates:questions") not in page
    assert "вопросов о зарплате" not in page
    assert "вопрос о зарплате" not in page.replace("Задать вопрос о зарплате", "")


def test_a_second_officer_sees_who_took_it(client, cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    colleague = a_user("second@example.kz", cast.department, Role.QUESTION_OFFICER)
    client.force_login(colleague)
    assert cast.question_officer.full_name in page_of(client, question).content.decode()
    assert User.objects.filter(pk=colleague.pk).exists()


def test_the_page_of_a_question_without_a_payslip(desk, cast, person):
    question = asked(person, cast.department, text="", topic="account")
    page = page_of(desk, question).content.decode()
    assert "Без определённого месяца" in page
    assert "Кроме темы, ничего не написано" in page


def test_the_history_names_officers_at_their_own_desk(desk, cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    ask_name(actor=cast.question_officer, question_id=question.pk, reason="Сверить", at=NOW)
    page = page_of(desk, question).content.decode()
    assert cast.question_officer.full_name in page
    assert "Ведомство просит назвать имя" in page


def test_a_question_by_code_warns_that_anybody_may_have_written(desk, cast, person):
    slip = a_final_slip(cast, person)
    page = page_of(desk, by_code(slip, Kind.DEPARTMENT)).content.decode()
    assert "любой, у кого в руках" in page
