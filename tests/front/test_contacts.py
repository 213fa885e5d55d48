"""Who answers for what; the statements; the foot of the public pages."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from portal.front.contacts import contacts_on
from portal.front.menu import footer_menu
from portal.kernel.identifiers import looks_like_bin
from tests.people import LONG_AGO, NOW, TODAY, Cast
from workshops.models import Workshop, WorkshopOperator

STATEMENTS = {
    "/contacts/": ("Контакты", "Байланыс", "Contacts"),
    "/accessibility/": ("Доступность", "Қолжетімділік", "Accessibility"),
    "/privacy/": ("Что хранит портал", "Портал не сақтайды", "What the portal keeps"),
    "/verify/": ("Проверка документа", "Құжатты тексеру", "Document check"),
}


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def page(client: Client, address: str = "/contacts/", language: str = "ru") -> str:
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def a_workshop(cast: Cast, code: str, operator=None) -> Workshop:
    workshop = Workshop.objects.create(
        institution=cast.institution, code=code, name_ru=f"Цех {code}"
    )
    if operator is not None:
        WorkshopOperator.objects.create(
            workshop=workshop, operator=operator, effective_from=LONG_AGO, basis="договор"
        )
    return workshop


# --- Contacts ---


def test_operators_answer_with_telephone_and_mail(client: Client, cast: Cast):
    cast.enterprise.phone, cast.enterprise.email = "+7 000 000 02 01", "e@demo.example"
    cast.enterprise.save()
    html = page(client)
    assert "РГП «Тест»" in html
    assert 'href="tel:+70000000201"' in html
    assert 'href="mailto:e@demo.example"' in html


def test_places_have_their_workshops_and_who_runs_them(client: Client, cast: Cast):
    a_workshop(cast, "sewing", cast.entrepreneur)
    a_workshop(cast, "empty")
    html = page(client)
    assert 'id="institution-16"' in html
    assert "ИП Тестовый" in html
    assert "сейчас без оператора" in html


def test_operator_of_several_workshops_stands_once(cast: Cast):
    for number in range(3):
        a_workshop(cast, f"w{number}", cast.enterprise)
    a_workshop(cast, "sewing", cast.entrepreneur)
    assert contacts_on(TODAY).operators == [cast.entrepreneur, cast.enterprise]


def test_operator_that_has_left_does_not_answer(cast: Cast):
    WorkshopOperator.objects.update(effective_to=TODAY)
    assert contacts_on(TODAY).operators == []


def test_buyers_and_people_are_not_listed(client: Client, cast: Cast):
    html = page(client)
    assert "Ясли-сад" not in html
    for user in cast.users.values():
        assert user.email not in html
        assert user.full_name not in html


def test_no_identification_number_is_shown(client: Client, cast: Cast):
    a_workshop(cast, "sewing", cast.entrepreneur)
    html = page(client)
    assert cast.entrepreneur.bin not in html
    assert cast.enterprise.bin not in html
    assert looks_like_bin(cast.enterprise.bin)


def test_portal_itself_answers_where_it_was_told(client: Client, db, settings):
    settings.PORTAL_EMAIL, settings.PORTAL_PHONE = "help@example.kz", "+7 701 000 00 00"
    html = page(client)
    assert 'href="mailto:help@example.kz"' in html
    assert "+7 701 000 00 00" in html
    settings.PORTAL_EMAIL = settings.PORTAL_PHONE = ""
    html = page(client)
    assert "mailto:" not in html
    assert "ещё не внёс адрес" in html


def test_empty_portal_says_so(client: Client, db):
    html = page(client)
    assert "Операторы пока не внесены." in html
    assert "Учреждения" not in html.partition("<main")[2].partition("</main>")[0]


def test_questions_do_not_grow(client: Client, cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        page(client)
    for number in range(3):
        a_workshop(cast, f"w{number}", cast.entrepreneur)
    with django_assert_num_queries(3):
        page(client)


# --- Statements ---


@pytest.mark.parametrize("address", sorted(STATEMENTS))
@pytest.mark.parametrize(("language", "at"), [("ru", 0), ("kk", 1), ("en", 2)])
def test_statements_speak_each_language(client: Client, db, address: str, language: str, at: int):
    html = page(client, address, language)
    assert f"<h1>{STATEMENTS[address][at]}</h1>" in html


@pytest.mark.parametrize("address", sorted(STATEMENTS))
def test_statements_need_no_question_and_take_no_form(
    client: Client, db, address: str, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3):
        client.get(address)
    if address != "/verify/":
        assert client.post(address).status_code == 405


def test_accessibility_says_standard_date_gaps_and_the_way_to_complain(client: Client, db):
    html = page(client, "/accessibility/").replace("\N{NO-BREAK SPACE}", " ")
    for said in ("WCAG 2.2", "axe-core", "22 ноября 2026", "Чего не хватает", "пять рабочих дней",
                 "4,8 к 1"):  # fmt: skip
        assert said in html, said


def test_statement_of_accessibility_names_what_the_tests_do():
    """The widths and the tool it speaks of are those of the browser tests."""
    from tests.browser import test_pages

    assert test_pages.AXE.name == "axe.min.js"
    assert "wcag22aa" in test_pages.RULES


@pytest.mark.parametrize("address", ["/accessibility/", "/privacy/"])
def test_without_an_address_the_department_is_named(client: Client, db, settings, address: str):
    settings.PORTAL_EMAIL = ""
    html = page(client, address)
    assert "mailto:" not in html
    assert 'href="/contacts/"' in html.partition("<main")[2].partition("</main>")[0]


def test_cookies_are_those_the_page_speaks_of(client: Client, cast: Cast):
    client.get("/")
    client.post("/i18n/setlang/", {"language": "kk", "next": "/"})
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "1"})
    client.get("/basket/")
    assert set(client.cookies) <= {"csrftoken", "django_language", "sessionid", "messages"}
    assert int(client.cookies["sessionid"]["max-age"]) == 14 * 24 * 3600
    assert not client.cookies["django_language"]["max-age"]


# --- The foot ---


def test_foot_leads_to_every_statement(client: Client, db):
    foot = page(client, "/").partition("<footer")[2]
    for address in STATEMENTS:
        assert f'href="{address}"' in foot


def test_foot_marks_where_one_is():
    items = [item for group in footer_menu("/contacts/") for item in group.items]
    assert [item.url for item in items if item.is_here] == ["/contacts/"]
