"""The search page: groups, marks that cannot be abused, sentences for every kind of nothing."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.accounts.models import VatRate
from portal.front.site_pages import SITE_PAGES, pages_found
from portal.kernel.matching import asked_of
from tests.browser.shop import fill_the_shop
from tests.people import NOW, Cast
from workshops.models import Product


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def shop(cast: Cast) -> Cast:
    fill_the_shop(cast)
    return cast


def page(client: Client, typed: str, language: str = "ru") -> str:
    client.cookies["django_language"] = language
    response = client.get("/search/", {"q": typed})
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    """The page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_groups_are_headed_and_linked(client: Client, shop: Cast):
    html = page(client, "столярный")
    assert 'id="found-workshops"' in html
    assert 'href="/contacts/#institution-16"' in html
    assert "оператор: РГП «Тест»" in text(html)
    html = page(client, "скамья")
    assert 'id="found-products"' in html
    assert 'href="/catalogue/bench/"' in html
    assert "96\N{NO-BREAK SPACE}500,00" in html
    html = page(client, "контакты")
    assert 'id="found-pages"' in html
    assert 'href="/contacts/"' in html


def test_what_was_found_is_marked(client: Client, shop: Cast):
    assert "<mark>Скамья</mark> уличная" in page(client, "скамья")


def test_part_that_was_asked_for_is_told(client: Client, shop: Cast):
    html = page(client, "дастархан")
    assert "В составе: <mark>Дастархан</mark>" in html
    assert "В составе" not in page(client, "юрта")


@pytest.mark.parametrize(
    ("language", "typed", "sentence"),
    [
        ("ru", "", "Изделия — по названию, материалу или детали"),
        ("ru", "ё", "Введите хотя бы две буквы или число."),
        ("ru", "вертолёт", "По запросу «вертолёт» ничего не нашлось."),
        ("kk", "тікұшақ", "«тікұшақ» сұрауы бойынша ештеңе табылмады."),
        ("en", "helicopter", "Nothing was found for “helicopter”."),
        ("ru", "скамека", "Слова «скамека» нет ни в одном изделии; вот похожее."),
    ],
)
def test_every_kind_of_nothing_has_its_sentence(
    client: Client, shop: Cast, language: str, typed: str, sentence: str
):
    assert sentence in text(page(client, typed, language))


def test_nothing_found_leads_to_the_catalogue(client: Client, shop: Cast):
    main = page(client, "вертолёт").partition("<main")[2].partition("</main>")[0]
    assert 'href="/catalogue/"' in main


def test_results_are_counted_as_people_say_it(client: Client, shop: Cast):
    assert "1 результат" in text(page(client, "дастархан"))


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</mark><b>", "{{ 7|add:7 }}",
     "%(typed)s", "\x00", "a" * 10_000, "'; DROP TABLE workshops_product; --", "\\", "²³"],
)  # fmt: skip
def test_whatever_is_typed_is_text(client: Client, shop: Cast, typed: str):
    html = page(client, typed)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "</mark><b>" not in html
    assert Product.objects.exists()


def test_names_are_escaped_inside_and_outside_the_marks(client: Client, shop: Cast):
    Product.objects.filter(code="bench").update(name_ru='Скамья <b>"x"</b>')
    html = page(client, "скамья")
    assert "<mark>Скамья</mark> &lt;b&gt;&quot;x&quot;&lt;/b&gt;" in html


def test_long_query_is_cut_and_said_so(client: Client, shop: Cast):
    html = page(client, "скамья " * 1500)
    assert "искали только по его началу" in html
    assert len(html) < 30_000


def test_what_was_typed_stays_in_the_box(client: Client, shop: Cast):
    assert 'value="ска&quot;мья"' in page(client, 'ска"мья')


def test_box_stands_on_every_public_page(client: Client, shop: Cast):
    for address in ("/", "/catalogue/", "/contacts/", "/basket/", "/no-such-page/"):
        html = client.get(address).content.decode()
        assert 'role="search"' in html, address
        assert 'id="search-header"' in html, address


def test_page_takes_no_form(client: Client, db):
    assert client.post("/search/", {"q": "x"}).status_code == 405


def test_portal_without_rates_still_searches_workshops_and_pages(client: Client, shop: Cast):
    VatRate.objects.all().delete()
    html = page(client, "столярный")
    assert 'id="found-workshops"' in html
    assert 'id="found-products"' not in html


def test_portal_without_anything_is_searched(client: Client, db):
    assert "ничего не нашлось" in page(client, "скамья")


def test_questions_do_not_grow(client: Client, shop: Cast):
    """One product, then three, in the same number of questions."""
    with CaptureQueriesContext(connection) as few:
        assert page(client, "шанырак").count('class="hit ') == 1
    Product.objects.filter(code__in=["bench", "valeo"]).update(summary_ru="Шанырак")
    with CaptureQueriesContext(connection) as more:
        assert page(client, "шанырак").count('class="hit ') == 3
    assert len(few) == len(more) <= 13


# --- Pages ---


@pytest.mark.parametrize(
    ("typed", "url_name"),
    [("контакты", "front:contacts"), ("телефон", "front:contacts"), ("жалоба", "front:contacts"),
     ("куки", "front:privacy"), ("персональные данные", "front:privacy"),
     ("qr код", "front:verify"), ("проверить документ", "front:verify"),
     ("диктор", "front:accessibility"), ("rfnfkju", "workshops:catalogue")],
)  # fmt: skip
def test_pages_are_found_by_what_people_call_them(typed: str, url_name: str):
    with translation.override("ru"):
        assert url_name in [one.url_name for one in pages_found(asked_of(typed))]


def test_pages_are_found_in_kazakh():
    with translation.override("kk"):
        assert [p.url_name for p in pages_found(asked_of("байланыс"))] == ["front:contacts"]


def test_every_page_of_the_list_exists(client: Client, db):
    assert [one.url_name for one in SITE_PAGES if not one.url] == []
    for one in SITE_PAGES:
        assert client.get(one.url).status_code in (200, 302), one.url_name
