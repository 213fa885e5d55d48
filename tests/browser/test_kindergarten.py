"""The kindergarten's journey on a telephone of 360 px, in Kazakh, and the operator's answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from tests.browser.conftest import sign_in
from tests.browser.shop import fill_the_shop
from tests.people import PASSWORD, a_bin, a_cast
from workshops.models import WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOOD_BIN = a_bin(77)
WRONG_BIN = GOOD_BIN[:11] + str((int(GOOD_BIN[11]) + 1) % 10)


def submit(page: Page) -> None:
    page.click("main form button[type=submit]")


def test_kindergarten_orders_and_operator_confirms(phone, desktop, picture) -> None:
    cast = a_cast()
    fill_the_shop(cast)
    choose(phone, picture)
    register(phone, picture)
    order = send(phone, picture)
    answer(desktop, picture, order)
    phone.goto(f"/orders/{order.id}/")
    expect(phone.locator(".page-header .status")).to_have_text("Расталды")
    expect(phone.locator(".timeline li")).to_have_count(2)
    picture(phone, "kk-360-order-confirmed")


def choose(page: Page, picture) -> None:
    """From the catalogue to the basket, without an account; a wrong quantity first."""
    page.goto("/catalogue/")
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    picture(page, "kk-360-catalogue")
    page.click("text=«Киіз үй» ойын бұрышы")
    picture(page, "kk-360-product")
    page.fill("#quantity", "ten")
    page.click(".buy button")
    expect(page.locator("#quantity")).to_have_value("ten")
    expect(page.locator("#quantity_error")).to_be_visible()
    page.fill("#quantity", "2")
    page.click(".buy button")
    expect(page).to_have_url(re.compile("/basket/$"))
    change_quantity(page)
    picture(page, "kk-360-basket")


def change_quantity(page: Page) -> None:
    """htmx swaps the part: too many is refused beside what was typed, three is counted."""
    field = page.locator(".basket-quantity .quantity")
    field.fill("900")
    page.click(".basket-quantity button")
    expect(page.locator(".basket-error")).to_contain_text("500")
    expect(page.locator(".basket-quantity .quantity")).to_have_value("900")
    page.locator(".basket-quantity .quantity").fill("3")
    page.click(".basket-quantity button")
    expect(page.locator(".basket-sum")).to_have_text("555\xa0000,00\xa0₸")
    expect(page.locator("#basket-count")).to_have_text("1")


def register(page: Page, picture) -> None:
    """Sign up on the way, then the organisation: a mistyped BIN first."""
    page.click(".basket .btn-primary")
    page.fill("input[name=full_name]", "Айгүл Тестова")
    page.fill("input[name=email]", "aigul@example.kz")
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    picture(page, "kk-360-signup")
    submit(page)
    expect(page).to_have_url(re.compile("/organisations/new/"))
    page.fill("input[name=identifier]", WRONG_BIN)
    page.fill("input[name=name_ru]", "Ясли-сад «Ақбота» (демо)")
    page.fill("input[name=name_kk]", "«Ақбота» бөбекжай-балабақшасы (демо)")
    page.fill("input[name=address]", "Өскемен қ., Сынақ көшесі, 1")
    page.fill("input[name=phone]", "+7 701 123 45 67")
    submit(page)
    expect(page.locator("#id_identifier_error")).to_be_visible()
    expect(page.locator("input[name=name_ru]")).to_have_value("Ясли-сад «Ақбота» (демо)")
    picture(page, "kk-360-registration-wrong-bin")
    page.fill("input[name=identifier]", GOOD_BIN)
    submit(page)


def send(page: Page, picture) -> Order:
    """Back at the order with the basket kept; sent; the timeline begins."""
    expect(page).to_have_url(re.compile("/orders/new/"))
    expect(page.locator(".review")).to_contain_text("555\xa0000,00\xa0₸")
    expect(page.locator("input[name=contact_name]")).to_have_value("Айгүл Тестова")
    picture(page, "kk-360-send")
    submit(page)
    expect(page).to_have_url(re.compile(r"/orders/\d+/$"))
    expect(page.locator(".timeline li")).to_have_count(1)
    picture(page, "kk-360-order-sent")
    return Order.objects.get()


def answer(page: Page, picture, order: Order) -> None:
    """The operator finds the order, confirms it and sees the work order."""
    sign_in(page, "operator@example.kz", PASSWORD)
    page.goto("/operator/orders/")
    picture(page, "ru-1280-received")
    page.click(f"text={order.number}")
    picture(page, "ru-1280-received-order")
    page.fill("input[name=due_on]", "2026-12-15")
    page.click("form[action$='/confirm/'] button[type=submit]")
    expect(page.locator(".page-header .status")).to_have_text("Подтверждён")
    picture(page, "ru-1280-received-confirmed")
    page.goto("/workshops/work-orders/")
    work_order = WorkOrder.objects.get()
    picture(page, "ru-1280-work-orders")
    page.click(f"text={work_order.number}")
    expect(page.locator("tbody tr")).to_have_count(2)
    picture(page, "ru-1280-work-order")


@pytest.mark.parametrize(("width", "language"), [(360, "ru"), (1280, "kk"), (1280, "ru")])
def test_public_pages_in_other_sizes_and_languages(new_page, picture, width, language) -> None:
    cast = a_cast()
    fill_the_shop(cast)
    page = new_page(width, 800, language)
    name = f"{language}-{width}"
    page.goto("/catalogue/?audience=kindergarten")
    picture(page, f"{name}-catalogue-chosen")
    page.goto("/catalogue/")
    picture(page, f"{name}-catalogue")
    page.goto("/catalogue/valeo/")
    picture(page, f"{name}-product-not-sold")
    page.goto("/basket/")
    picture(page, f"{name}-basket-empty")
    for code in ("play-corner", "bench"):
        page.goto(f"/catalogue/{code}/")
        picture(page, f"{name}-product-{code}")
        page.click(".buy button")
    picture(page, f"{name}-basket-two-sellers")
    sign_in(page, "buyer@example.kz", PASSWORD)
    page.goto("/orders/new/")
    page.fill("input[name=contact_phone]", "8 (701) 123-45-67")
    picture(page, f"{name}-send-two-sellers")
    submit(page)
    expect(page).to_have_url(re.compile("/orders/$"))
    picture(page, f"{name}-orders")
