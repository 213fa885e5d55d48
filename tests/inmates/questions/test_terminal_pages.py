"""“I disagree” at a reading terminal: asked, followed, answered; for the person alone."""

from datetime import date
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import Inmate, Payslip, WageQuestion
from inmates.questions.answers import ask_name
from tests.inmates.questions.world import (
    ANSWER,
    NAME,
    WORDS,
    a_final_slip,
    a_person,
    answered,
    asked,
    by_code,
    taken,
)
from tests.inmates.terminals.devices import a_pin, a_terminal, device, typed
from tests.people import NOW, Cast

LIST, NEW = "/terminal/questions/", "/terminal/questions/new/"


@pytest.fixture
def client(cast: Cast, person: Inmate) -> Client:
    """The person signed in at a terminal of their institution, in Russian."""
    return at_terminal(cast, person)


def at_terminal(cast: Cast, inmate: Inmate, language: str = "ru", place: str = "Отряд 3") -> Client:
    a_pin(inmate)
    _terminal, secret = a_terminal(cast, place)
    browser = device(secret)
    assert typed(browser, inmate.personnel_number, language=language).status_code == 302
    return browser


def form(office: Any, **fields: Any) -> dict[str, Any]:
    values = {
        "topic": "supplement", "text": WORDS, "addressee": office.pk, "answer_way": "terminal",
        "slip": "", "line": "", "submission": uuid4(),
    }  # fmt: skip
    return values | fields


def one(question: WageQuestion) -> str:
    return reverse("inmates:terminal_question", args=[question.pk])


def act(client: Client, question: WageQuestion, name: str) -> Any:
    return client.post(reverse("inmates:terminal_question_act", args=[question.pk, name]))


def test_an_act_by_its_bare_address(client: Client, cast: Cast, person: Inmate) -> None:
    """At the terminal it leads to the question; elsewhere there is no such address, by any way."""
    question = asked(person, cast.department)
    address = reverse("inmates:terminal_question_act", args=[question.pk, "withdraw"])
    assert client.get(address)["Location"] == one(question)
    assert WageQuestion.objects.get(pk=question.pk).status == "sent"
    elsewhere = Client()
    for method, where in product(("get", "post", "put"), (address, LIST, one(question))):
        assert getattr(elsewhere, method)(where).status_code == 404, (method, where)


def test_the_menu_leads_to_questions(client: Client):
    page = client.get(reverse("inmates:terminal_pay")).content.decode()
    assert f'href="{LIST}"' in page
    listed = client.get(LIST).content.decode()
    assert "Вы ещё ничего не спрашивали" in listed
    assert 'aria-current="page"' in listed


def test_asked_about_a_month(client: Client, cast, slip):
    page = client.get(NEW).content.decode()
    assert "Октябрь 2026" in page
    sent = client.post(NEW, form(cast.department, slip=slip.pk))
    question = WageQuestion.objects.get()
    assert sent["Location"] == one(question)
    assert (question.payslip, question.is_named, question.language) == (slip, False, "ru")
    shown = client.get(one(question)).content.decode()
    for word in (question.number, WORDS, "11.12.2026", cast.department.name):
        assert word in shown


def test_asked_about_a_line(client: Client, cast, slip):
    page = client.get(NEW, {"slip": slip.pk, "line": 1}).content.decode()
    assert "Октябрь 2026: Премия" in page
    client.post(NEW, form(cast.department, slip=slip.pk, line=1))
    question = WageQuestion.objects.get()
    assert question.line_sequence == 1
    assert "Премия" in client.get(one(question)).content.decode()


def test_from_the_page_of_a_month(client: Client, slip):
    listed = client.get(LIST, {"month": "2026-10"}).content.decode()
    assert f'href="{NEW}?month=2026-10"' in listed
    page = client.get(NEW, {"month": "2026-10"}).content.decode()
    assert f'<option value="{slip.pk}" selected>' in page
    unknown = client.get(NEW, {"month": "1999-01"}).content.decode()
    assert f'<option value="{slip.pk}">' in unknown


@pytest.mark.parametrize("asked_for", [{"slip": "0"}, {"slip": "x", "line": "y"}, {"line": "1"}])
def test_an_address_that_names_nothing_asks_in_general(client: Client, asked_for):
    page = client.get(NEW, asked_for)
    assert page.status_code == 200
    assert "terminal-note" not in page.content.decode()


def test_another_persons_payslip_is_no_choice(client: Client, cast, slip):
    other = a_final_slip_of_another(cast)
    refused = client.post(NEW, form(cast.department, slip=other.pk))
    assert refused.status_code == 422
    assert not WageQuestion.objects.exists()


def a_final_slip_of_another(cast: Cast) -> Payslip:

    return a_final_slip(cast, a_person(cast, "1700"), date(2026, 9, 1))


@pytest.mark.parametrize(
    "fields", [{"topic": ""}, {"topic": "other", "text": ""}, {"addressee": 0}, {"submission": ""}],
    ids=str,
)  # fmt: skip
def test_what_is_missing_is_asked_again(client: Client, cast, fields):
    refused = client.post(NEW, form(cast.department) | fields)
    assert refused.status_code == 422
    assert "terminal-head" in refused.content.decode()
    assert not WageQuestion.objects.exists()


def test_pressed_twice_asks_once(client: Client, cast):
    data = form(cast.department)
    assert client.post(NEW, data)["Location"] == client.post(NEW, data)["Location"]
    assert WageQuestion.objects.count() == 1


def test_asked_in_kazakh(cast, person):
    browser = at_terminal(cast, person, "kk")
    page = browser.get(NEW).content.decode()
    assert "Кім жауап берсін?" in page
    browser.post(NEW, form(cast.department))
    question = WageQuestion.objects.get()
    assert question.language == "kk"
    assert "Сұрақ жіберілді" in browser.get(one(question)).content.decode()


def test_the_answer_is_read_and_that_is_kept(client: Client, cast, person):
    question = answered(cast.question_officer, asked(person, cast.department))
    assert ANSWER in client.get(one(question)).content.decode()
    assert WageQuestion.objects.get(pk=question.pk).read_at == NOW
    page = client.get(one(question))
    assert "no-store" in page["Cache-Control"]
    # Whoever answered stands there as the office.
    assert cast.question_officer.full_name not in page.content.decode()


def test_the_name_is_given_or_kept_here(client: Client, cast, person):
    for name, given in (("give-name", True), ("keep-name", False)):
        question = taken(cast.question_officer, asked(person, cast.department))
        ask_name(actor=cast.question_officer, question_id=question.pk, reason="Лист", at=NOW)
        page = client.get(one(question)).content.decode()
        assert "Назвать имя" in page
        assert act(client, question, name).status_code == 302
        fresh = WageQuestion.objects.get(pk=question.pk)
        assert (fresh.name_given_at is not None) is given
        assert "Назвать имя" not in client.get(one(question)).content.decode()


def test_taken_back_here(client: Client, cast, person):
    question = asked(person, cast.department)
    assert act(client, question, "withdraw").status_code == 302
    assert "Вы отозвали вопрос" in client.get(one(question)).content.decode()
    again = act(client, question, "withdraw")
    assert again.status_code == 409


def test_an_act_that_is_none_is_404(client: Client, cast, person):
    assert act(client, asked(person, cast.department), "answer").status_code == 404


def test_a_question_by_ones_code_stands_among_ones_own(client: Client, slip):
    question = by_code(slip)
    page = client.get(one(question)).content.decode()
    assert "по коду вашего расчётного листка" in page


def test_another_persons_question_is_404(client: Client, cast, person):
    other = asked(a_person(cast, "1700"), cast.department)
    assert client.get(one(other)).status_code == 404
    assert act(client, other, "withdraw").status_code == 404
    assert WageQuestion.objects.get(pk=other.pk).status == "sent"


def test_the_list_takes_as_many_queries_for_one_and_for_three(
    client: Client, cast, person, slip, django_assert_max_num_queries
):
    asked(person, cast.department, slip_id=slip.pk)
    client.get(LIST)
    with django_assert_max_num_queries(8) as first:
        client.get(LIST)
    for _number in range(2):
        asked(person, cast.department, slip_id=slip.pk)
    with django_assert_max_num_queries(8) as third:
        client.get(LIST)
    assert len(first) == len(third)


def test_nobody_signed_in_sees_nothing(cast, person):
    question = asked(person, cast.department)
    _terminal, secret = a_terminal(cast)
    browser = device(secret)
    for address in (LIST, NEW, one(question)):
        assert browser.get(address)["Location"] == reverse("inmates:terminal")


@pytest.mark.parametrize(
    "who", ["labour_officer", "administrator", "accountant", "head", "question_officer"]
)
def test_no_account_opens_them_on_another_device(cast, person, who):
    question = asked(person, cast.department)
    browser = Client()
    browser.force_login(cast.users[who])
    for address in (LIST, NEW, one(question)):
        assert browser.get(address).status_code == 404


def test_the_next_person_at_the_terminal_reads_nothing_of_it(cast, person):
    browser = at_terminal(cast, person)
    asked(person, cast.department)
    browser.post(reverse("inmates:terminal_leave"))
    other = a_person(cast, "1700")
    a_pin(other)
    assert typed(browser, "1700").status_code == 302
    page = browser.get(LIST).content.decode()
    assert "Вы ещё ничего не спрашивали" in page
    assert NAME not in page
