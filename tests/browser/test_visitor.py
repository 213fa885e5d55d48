"""A visitor with a telephone and one with a keyboard: the first page, search, a paper checked."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from orders.services.papers import issue_confirmation
from portal.documents.codes import printed_code
from portal.documents.models import IssuedDocument
from portal.documents.states import ISSUED_DOCUMENT
from portal.kernel.states import move
from tests.browser.shop import fill_the_shop
from tests.orders.builders import a_confirmed_order
from tests.people import NOW, Cast, a_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop() -> Cast:
    cache.clear()
    cast = a_cast()
    fill_the_shop(cast)
    return cast


def a_paper(cast: Cast) -> IssuedDocument:
    order = a_confirmed_order(cast)
    return issue_confirmation(actor=cast.buyer, order_id=order.pk, at=NOW)


def test_visitor_finds_a_thing_by_a_slip_of_the_keyboard(
    shop: Cast, desktop: Page, picture
) -> None:
    """Keyboard alone: to the box, a slip, the result, its page."""
    desktop.goto("/")
    picture(desktop, "visitor-home-ru-1280")
    desktop.locator("#search-header").focus()
    desktop.keyboard.type("скамека")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/search/?q=*")
    expect(desktop.get_by_text("вот похожее")).to_be_visible()
    expect(desktop.locator("mark").first).to_have_text("Скамья")
    picture(desktop, "visitor-search-ru-1280")
    desktop.locator(".hit a").first.focus()
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/catalogue/bench/")


def test_visitor_searches_in_kazakh_on_a_telephone(shop: Cast, phone: Page, picture) -> None:
    """The sign in the head leads to the box; the letters of a Russian keyboard are enough."""
    phone.goto("/")
    picture(phone, "visitor-home-kk-360")
    expect(phone.locator("#search-header")).to_be_hidden()
    phone.locator(".search-header .search-go").click()
    phone.locator("#search-page").fill("орындык")
    phone.locator(".search-wide .search-go").click()
    expect(phone.locator("#found-products")).to_be_visible()
    expect(phone.locator(".hit").first).to_contain_text("Көше орындығы")
    picture(phone, "visitor-search-kk-360")


def test_ways_in_lead_where_they_say(shop: Cast, desktop: Page) -> None:
    desktop.goto("/")
    expect(desktop.locator(".way")).to_have_count(4)
    desktop.get_by_role("link", name="Город и двор").click()
    desktop.wait_for_url("**/catalogue/?audience=city")
    expect(desktop.get_by_role("heading", name="Скамья уличная")).to_be_visible()


def test_paper_is_checked_by_its_number_on_a_telephone(shop: Cast, phone: Page, picture) -> None:
    """Typed from the paper, small letters and all; another code is refused in words."""
    paper = a_paper(shop)
    phone.goto("/")
    phone.locator("footer").get_by_role("link", name="Құжатты тексеру").click()
    phone.get_by_label("Құжат нөмірі").fill(paper.number)
    phone.get_by_label("Тексеру коды").fill("0000-0000-0000")
    phone.get_by_role("button", name="Құжатты тексеру").click()
    expect(phone.locator(".form-errors")).to_contain_text("таңбама-таңба")
    expect(phone.get_by_label("Құжат нөмірі")).to_have_value(paper.number)
    picture(phone, "visitor-verify-refused-kk-360")
    phone.get_by_label("Тексеру коды").fill(printed_code(paper.code).lower())
    phone.get_by_role("button", name="Құжатты тексеру").click()
    expect(phone.locator(".status")).to_have_text("Жарамды")
    expect(phone.locator("main")).to_contain_text("Тапсырысты растау")
    expect(phone.locator("main")).to_contain_text(paper.number)
    picture(phone, "visitor-verified-kk-360")


def test_code_from_the_paper_opens_the_check_and_says_replaced(
    shop: Cast, desktop: Page, picture
) -> None:
    paper = a_paper(shop)
    move(paper, "supersede", machine=ISSUED_DOCUMENT, actor=shop.operator, at=NOW)
    desktop.goto(f"/verify/{paper.code}/")
    expect(desktop.locator(".status")).to_have_text("Заменён новым")
    expect(desktop.locator("main")).not_to_contain_text("370")
    picture(desktop, "visitor-replaced-ru-1280")


def test_foot_of_every_page_fits_a_telephone(shop: Cast, phone: Page, picture) -> None:
    for address in ("/contacts/", "/accessibility/", "/privacy/", "/verify/", "/catalogue/"):
        phone.goto(address)
        picture(phone, f"visitor{address.replace('/', '-')}kk-360")
