"""The check of a document: what it says, what it never says, and that guessing is slowed."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from portal.documents.services import supersede_documents, withdraw_documents
from portal.front.views.verify import FAILURES
from tests.documents.papers import LETTER, a_document
from tests.people import NOW, Cast

ADDRESS = "/verify/"
LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _on_the_day_without_failures() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


def ask(client: Client, number: str, code: str, **options):
    return client.post(ADDRESS, {"number": number, "code": code}, **options)


def words(response) -> str:
    """The page as it is read: without tags, spaces as one."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


# --- Works ---


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [("ru", "Проверка документа", "Не нашлось?"), ("kk", "Құжатты тексеру", "Табылмады ма?"),
     ("en", "Document check", "Not found?")],
)  # fmt: skip
def test_form_speaks_each_language(client: Client, db, language: str, title: str, sentence: str):
    client.cookies["django_language"] = language
    page = words(client.get(ADDRESS))
    assert title in page
    assert sentence in page


def test_number_and_code_lead_to_the_document(client: Client, cast: Cast):
    made = a_document(cast)
    response = ask(client, f"№ {made.number}", made.code.lower(), follow=True)
    assert response.redirect_chain == [(f"/verify/{made.code}/", 302)]
    page = words(response)
    for said in ("Действует", made.number, "22 ноября 2026", "РГП «Тест»", "Проба"):
        assert said in page.replace("\N{NO-BREAK SPACE}", " "), said


def test_code_of_the_paper_may_be_typed_with_dashes_into_the_address(client: Client, cast: Cast):
    code = a_document(cast).code
    dashed = f"/verify/{code[:4]}-{code[4:8]}-{code[8:]}/"
    assert client.get(dashed).status_code == 200


def test_replaced_document_says_when_and_what_to_do(client: Client, cast: Cast):
    made = a_document(cast)
    supersede_documents(
        actor=cast.operator, kind=LETTER.code, subject=cast.workshop, at=LATER
    )  # fmt: skip
    page = words(client.get(f"/verify/{made.code}/")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Заменён новым" in page
    assert "25 ноября 2026" in page
    assert "Попросите новую" in page
    assert "Действует" not in page


def test_withdrawn_document_says_so(client: Client, cast: Cast):
    made = a_document(cast)
    withdraw_documents(actor=cast.operator, kind=LETTER.code, subject=cast.workshop, at=LATER)
    page = words(client.get(f"/verify/{made.code}/"))
    assert "Отозван" in page
    assert "отозвал тот, кто выдал" in page


def test_page_of_a_document_is_neither_indexed_nor_kept(client: Client, cast: Cast):
    response = client.get(f"/verify/{a_document(cast).code}/")
    assert response["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_page_asks_a_fixed_number_of_questions(
    client: Client, cast: Cast, django_assert_num_queries
):
    code = a_document(cast, part="1").code
    with django_assert_num_queries(2):
        client.get(f"/verify/{code}/")
    a_document(cast, part="2")
    a_document(cast, part="3")
    with django_assert_num_queries(2):
        client.get(f"/verify/{code}/")


# --- Wrong method, wrong words ---


def test_document_page_takes_no_form(client: Client, cast: Cast):
    assert client.post(f"/verify/{a_document(cast).code}/").status_code == 405


def test_unknown_code_is_a_sentence_and_the_form(client: Client, db):
    response = client.get("/verify/0000-0000-0000/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Документа с таким кодом проверки нет" in page
    assert 'name="code"' in page


def test_number_of_another_document_is_not_found_and_what_was_typed_stays(
    client: Client, cast: Cast
):
    first, second = a_document(cast, part="1"), a_document(cast, part="2")
    response = ask(client, first.number, second.code)
    assert response.status_code == 422
    page = response.content.decode()
    assert "знак за знаком" in page
    assert f'value="{first.number}"' in page
    assert f'value="{second.code}"' in page


@pytest.mark.parametrize(
    "typed",
    ["", " ", "17", "\x00", "x" * 10_000, "<script>alert(1)</script>", "%(count)s", "٢٠٢٦-١",
     "' OR 1=1 --", "2026-00001\n2026-00002"],
)  # fmt: skip
def test_nonsense_is_answered_in_the_form(client: Client, cast: Cast, typed: str):
    code = a_document(cast).code
    for number, check in ((typed, code), ("2026-00001", typed), (typed, typed)):
        response = ask(client, number, check)
        assert response.status_code == 422
        assert "form-errors" in response.content.decode()
        assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("code", ["x", "%00", "..%2F..", "а" * 40, "0" * 300, "7KQF92MTXW4C%0A"])
def test_nonsense_in_the_address_is_not_found(client: Client, db, code: str):
    assert client.get(f"/verify/{code}/").status_code == 404


# --- Guessing ---


def guess(client: Client, times: int, **options) -> int:
    last = 0
    for _time in range(times):
        last = client.get("/verify/000000000000/", **options).status_code
    return last


def test_guessing_is_stopped_in_words_and_forgotten_after_a_while(client: Client, cast: Cast):
    made = a_document(cast)
    assert guess(client, FAILURES) == 404
    response = client.get(f"/verify/{made.code}/")
    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert "слишком много неверных кодов" in response.content.decode()
    assert made.number not in response.content.decode()
    assert ask(client, made.number, made.code).status_code == 429
    cache.clear()
    assert client.get(f"/verify/{made.code}/").status_code == 200


def test_form_and_address_are_counted_together(client: Client, cast: Cast):
    guess(client, FAILURES - 1)
    assert ask(client, "2026-00001", "0" * 12).status_code == 422
    assert ask(client, "2026-00001", "0" * 12).status_code == 429


def test_right_codes_and_unreadable_ones_are_no_failures(client: Client, cast: Cast):
    code = a_document(cast).code
    for _time in range(FAILURES + 1):
        client.get(f"/verify/{code}/")
        ask(client, "no number", "no code")
    assert client.get(f"/verify/{code}/").status_code == 200


def test_another_network_is_not_stopped(client: Client, cast: Cast):
    code = a_document(cast).code
    guess(client, FAILURES + 1, REMOTE_ADDR="203.0.113.9")
    assert client.get(f"/verify/{code}/", REMOTE_ADDR="203.0.113.9").status_code == 429
    assert client.get(f"/verify/{code}/", REMOTE_ADDR="203.0.113.10").status_code == 200


@pytest.mark.parametrize("who", ["buyer", "operator", "accountant", "stranger"])
def test_everybody_sees_the_same(client: Client, cast: Cast, who: str):
    code = a_document(cast).code
    client.force_login(cast.users[who])
    assert "РГП «Тест»" in client.get(f"/verify/{code}/").content.decode()
