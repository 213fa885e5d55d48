"""The public page: a question by a code, its state, and nothing about anybody."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import WageQuestion
from inmates.questions.codes import code_of
from inmates.questions.views.public import MOST_AN_HOUR
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.models import RoleGrant
from portal.documents.codes import printed_code
from tests.inmates.questions.world import (
    ANSWER,
    NAME,
    WORDS,
    a_person,
    a_run,
    a_slip,
    answered,
    by_code,
    close,
    without_tokens,
)
from tests.people import TODAY

ADDRESS = "/questions/"


def typed(slip, **fields) -> dict[str, object]:
    values = {
        "code": printed_code(code_of(slip.pk)), "topic": "supplement", "text": WORDS,
        "addressee": Kind.DEPARTMENT, "answer_way": "terminal", "language": "ru",
        "submission": uuid4(), "website": "",
    }  # fmt: skip
    return values | fields


def test_page_offers_the_offices_that_answer(client: Client, others):
    page = client.get(ADDRESS).content.decode()
    for word in ("Прокуратура", "Инспекция труда", "15 рабочих дней", "ст. 76"):
        assert word in page


def test_without_offices_there_is_no_form(client: Client, cast):
    RoleGrant.objects.update(effective_to=TODAY)
    page = client.get(ADDRESS).content.decode()
    assert "Сейчас на вопросы никто не отвечает" in page
    assert 'name="code"' not in page


def test_a_question_without_a_name_or_an_account(client: Client, slip, person):
    sent = client.post(ADDRESS, typed(slip))
    question = WageQuestion.objects.get()
    assert sent["Location"] == reverse("inmates:question_outside", args=[question.key])
    assert (question.channel, question.inmate, question.text) == ("public", person, WORDS)
    assert not question.is_named


def test_the_page_of_its_state_tells_neither_whose_nor_what(client: Client, cast, slip, person):
    question = answered(cast.question_officer, by_code(slip))
    page = client.get(reverse("inmates:question_outside", args=[question.key]))
    text = page.content.decode()
    assert "Дан ответ" in text
    for word in (ANSWER, WORDS, NAME, person.personnel_number, question.number,
                 cast.colony.name, "Октябрь", cast.enterprise.name):  # fmt: skip
        assert word not in text
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]


def test_a_used_code_is_answered_in_the_very_same_way(client: Client, slip):
    """Who printed the payslip tries its code: they learn nothing from the answer."""
    answers = []
    for _time in range(2):
        sent = client.post(ADDRESS, typed(slip), follow=True)
        answers.append((sent.status_code, without_tokens(sent.content)))
    assert answers[0] == answers[1]
    assert WageQuestion.objects.count() == 2


def test_the_state_of_the_first_does_not_show_in_the_second(client: Client, cast, slip):
    answered(cast.question_officer, by_code(slip))
    page = client.post(ADDRESS, typed(slip), follow=True).content.decode()
    assert "Дан ответ" not in page
    assert "Отправлен" in page


def test_codes_of_two_people_are_answered_alike(client: Client, cast, slip):
    run = a_run(cast, sequence=2, kind="bonus", reason="премия")
    other = a_slip(run, a_person(cast, "1700"))
    close(cast, run)
    pages = [client.post(ADDRESS, typed(one), follow=True) for one in (slip, other)]
    assert without_tokens(pages[0].content) == without_tokens(pages[1].content)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code": "0000-0000-0000"}, "такого кода"),
        ({"code": ""}, ""),
        ({"topic": "other", "text": " "}, "своими словами"),
        ({"addressee": "company"}, ""),
        ({"website": "http://spam"}, "должно остаться пустым"),
        ({"submission": "x"}, ""),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_wrong_is_said_and_kept(client: Client, slip, fields, said):
    refused = client.post(ADDRESS, typed(slip) | fields)
    assert refused.status_code == 422
    assert WORDS in refused.content.decode() or fields.get("topic") == "other"
    assert not WageQuestion.objects.exists()


def test_codes_are_not_guessed_for_long(client: Client, others, slip):
    for _time in range(MOST_AN_HOUR):
        client.post(ADDRESS, typed(slip, code="0000-0000-0000"))
    refused = client.post(ADDRESS, typed(slip))
    assert refused.status_code == 429
    assert not WageQuestion.objects.exists()


def test_an_address_nobody_has_is_404(client: Client, db):
    assert client.get(reverse("inmates:question_outside", args=[uuid4()])).status_code == 404


def test_pages_take_no_other_method(client: Client, db):
    assert client.put(ADDRESS).status_code == 405
    assert client.post(reverse("inmates:question_figures")).status_code == 405


@pytest.mark.parametrize("who", ["accountant", "administrator", "master", "labour_officer"])
def test_signed_in_they_read_what_a_visitor_reads(client: Client, cast, slip, who):
    client.force_login(cast.users[who])
    page = client.post(ADDRESS, typed(slip), follow=True).content.decode()
    assert NAME not in page
    assert cast.colony.name not in page.replace(cast.users[who].full_name, "")


def test_the_public_pages_are_found(client: Client, others):
    for word in ("прокуратура", "расчётный листок"):
        page = client.get(reverse("front:search"), {"q": word}).content.decode()
        assert ADDRESS in page
