"""An entrepreneur posts an order with drawings, compares two bids and chooses one (ru, 1280 px)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from orders.models import Award, Drawing, ProductionRequest
from tests.browser.conftest import sign_in
from tests.browser.test_pages import barriers
from tests.files import a_jpeg_with_gps, a_pdf, an_exe
from tests.orders.request_builders import (
    a_bid,
    a_customer,
    a_draft,
    a_drawing,
    a_published,
    another_workshop,
    award,
    invite,
)
from tests.people import PASSWORD, Cast, a_cast
from workshops.models import WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CUSTOMER = "customer41@example.kz"
TITLE = "Комбинезоны рабочие, хлопок"


def submit(page: Page, within: str = "main form") -> None:
    page.click(f"{within} button[type=submit]")


@pytest.fixture
def cast(transactional_db) -> Cast:
    cast = a_cast()
    a_customer()
    another_workshop(cast)
    return cast


def test_entrepreneur_posts_compares_and_chooses(new_page, picture, cast: Cast, tmp_path) -> None:
    customer = new_page(1280, 900, "ru")
    sign_in(customer, CUSTOMER, PASSWORD)
    post(customer, picture)
    attach(customer, picture, tmp_path)
    publish(customer, picture)
    first, second = new_page(1280, 900, "ru"), new_page(1280, 900, "ru")
    bid(first, picture, "operator@example.kz", "4500", "20.01.2027")
    bid(second, picture, "sewing@example.kz", "4150,50", "25.01.2027")
    refuse_the_past(second, picture)
    choose(customer, picture)
    look_at_the_work(customer, second, first, picture)


def post(page: Page, picture) -> None:
    """What, how many, by when; a date that does not fit is refused and nothing typed is lost."""
    page.goto("/requests/")
    picture(page, "requests-ru-1280-empty")
    page.click("main .btn-outline-primary:visible")
    page.fill("input[name=title]", TITLE)
    page.fill("textarea[name=description]", "Размеры 48–56, два кармана, по образцу.")
    page.fill("input[name=quantity]", "300")
    page.fill("input[name=wanted_by]", "01.12.2026")
    page.fill("input[name=answers_by]", "05.12.2026")
    page.fill("textarea[name=own_material]", "Ткань, 900 м")
    page.click("text=Швея")
    submit(page)
    expect(page.locator(".form-errors")).to_contain_text("Мастерские отвечают раньше дня")
    expect(page.locator("input[name=title]")).to_have_value(TITLE)
    picture(page, "requests-ru-1280-form-refused")
    page.fill("input[name=wanted_by]", "01.02.2027")
    submit(page)
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator(".page-header .status")).to_have_text("Черновик")
    picture(page, "requests-ru-1280-draft-empty")


def attach(page: Page, picture, folder: Path) -> None:
    """A PDF and a photo; a program that calls itself a drawing is refused by its name."""
    files = {
        "выкройка.pdf": a_pdf(3), "образец.jpg": a_jpeg_with_gps(64, 48), "лекало.pdf": an_exe()
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
        page.set_input_files("input[name=file]", folder / name)
        submit(page, "#drawings form[enctype]")
        if content[:2] != b"MZ":
            expect(page.locator(".message")).to_contain_text(name)
    expect(page.locator("#id_file_error")).to_contain_text("«лекало.pdf» — не то, что говорит имя")
    expect(page.locator(".files li")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("Размеры 48–56, два кармана")
    picture(page, "requests-ru-1280-draft-disguised")
    assert Drawing.objects.count() == 2
    with page.expect_download() as saved:
        page.click("text=выкройка.pdf")
    assert saved.value.suggested_filename == "выкройка.pdf"
    assert Path(saved.value.path()).read_bytes() == files["выкройка.pdf"]


def publish(page: Page, picture) -> None:
    """Two workshops are asked; the page to check shows what they will read."""
    expect(page.locator(".page-header .why")).to_contain_text("Выберите хотя бы одну мастерскую")
    expect(page.locator(".fits")).to_have_count(1)
    for box in page.locator("#workshops input[type=checkbox]").all():
        box.check()
    submit(page, "#workshops form")
    picture(page, "requests-ru-1280-draft-ready")
    page.click(".page-header .btn-primary")
    picture(page, "requests-ru-1280-publish")
    submit(page)
    expect(page.locator(".page-header .status")).to_have_text("Ждёт предложений")
    picture(page, "requests-ru-1280-published")


def bid(page: Page, picture, email: str, price: str, ready_on: str) -> None:
    """The operator finds the request, reads the drawing's name and names the price."""
    sign_in(page, email, PASSWORD)
    page.goto("/operator/requests/")
    expect(page.locator("tr.waiting")).to_have_count(1)
    picture(page, f"requests-ru-1280-received-list-{email[:4]}")
    page.click("main table a")
    expect(page.locator(".files li")).to_have_count(2)
    picture(page, f"requests-ru-1280-received-{email[:4]}")
    page.click(".answer-act .btn")
    page.fill("input[name=unit_price]", price)
    page.fill("input[name=ready_on]", ready_on)
    page.fill("input[name=minimum_batch]", "50")
    page.fill("input[name=stage_1]", "Раскрой")
    page.fill("input[name=stage_2]", "Пошив")
    page.select_option("select[name=trade_2]", index=1)
    picture(page, f"requests-ru-1280-bid-{email[:4]}")
    submit(page)
    expect(page.locator(".box .status").first).to_have_text("Ждёт заказчика")
    picture(page, f"requests-ru-1280-bid-given-{email[:4]}")


def refuse_the_past(page: Page, picture) -> None:
    """A replacement with a date that has passed is refused; the bid that stands, stands."""
    page.click("text=Заменить предложение")
    expect(page.locator("input[name=unit_price]")).to_have_value("4\xa0150,50")
    page.fill("input[name=ready_on]", "01.01.2020")
    submit(page)
    expect(page.locator(".form-errors")).to_be_visible()
    expect(page.locator("input[name=stage_2]")).to_have_value("Пошив")
    picture(page, "requests-ru-1280-bid-refused")


def choose(page: Page, picture) -> None:
    """The table says in words which is cheaper and which is earlier; sorted; one is chosen."""
    page.reload()
    rows = page.locator(".compare tbody tr:not(.note-row)")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("лучшая цена")
    expect(rows.nth(0)).to_contain_text("1\xa0245\xa0150,00")
    expect(rows.nth(1)).to_contain_text("раньше всех")
    picture(page, "requests-ru-1280-compare")
    page.click(".compare .sort >> nth=1")
    expect(page.locator("th[aria-sort]")).to_have_text("Готово к")
    expect(rows.nth(0)).to_contain_text("раньше всех")
    rows.nth(1).locator(".btn").click()
    picture(page, "requests-ru-1280-award")
    submit(page)
    expect(page.locator(".page-header .status")).to_have_text("Мастерская выбрана")
    expect(page.locator("tr.chosen:not(.note-row)")).to_contain_text("Выбрано")
    assert Award.objects.get().total == 1245150
    picture(page, "requests-ru-1280-awarded")


def look_at_the_work(customer: Page, winner: Page, loser: Page, picture) -> None:
    """One work order; the same timeline on both sides; the other operator sees no price of it."""
    work_order = WorkOrder.objects.get()
    request = ProductionRequest.objects.get()
    address = f"/operator/requests/{request.pk}/"
    winner.goto(address)
    picture(winner, "requests-ru-1280-won")
    texts = customer.locator(".timeline li").all_inner_texts()
    assert winner.locator(".timeline li").all_inner_texts() == texts
    expect(winner.locator(".timeline")).to_contain_text("Задание создано")
    winner.click(f"main a[href$='/work-orders/{work_order.pk}/']")
    expect(winner.locator("main")).to_contain_text(TITLE)
    expect(winner.locator("tbody tr")).to_have_count(2)
    picture(winner, "requests-ru-1280-work-order")
    loser.goto(address)
    expect(loser.locator(".box .status").first).to_have_text("Не выбрано")
    assert not re.search(r"4\s150,50|1\s245\s150", loser.locator("main").inner_text())
    picture(loser, "requests-ru-1280-lost")


@pytest.mark.parametrize(("width", "language"), [(360, "kk"), (360, "ru"), (1280, "kk")])
def test_pages_in_other_sizes_and_languages(new_page, picture, cast, width, language) -> None:
    addresses = scene(cast)
    name = f"requests-{language}-{width}"
    for email, pages in addresses.items():
        page = new_page(width, 800, language)
        sign_in(page, email, PASSWORD)
        for what, address in pages.items():
            page.goto(address)
            picture(page, f"{name}-{what}")


def scene(cast: Cast) -> dict[str, dict[str, str]]:
    """A draft, a published request with two bids, one that is awarded: addresses by reader."""
    workshop, sewer = another_workshop_again()
    draft, open_one, done = a_draft(), a_published(cast, workshop), a_published(cast, workshop)
    a_drawing(draft)
    invite(draft, workshop)
    given = a_bid(cast, open_one, price="4500.00")
    a_bid(cast, open_one, workshop, sewer, price="4150.50", comment="")
    chosen = a_bid(cast, done, workshop, sewer)
    a_bid(cast, done)
    award(done, chosen)
    waiting = a_published(cast, workshop)
    return {
        CUSTOMER: {
            "list": "/requests/",
            "new": "/requests/new/",
            "draft": f"/requests/{draft.pk}/",
            "publish": f"/requests/{draft.pk}/publish/",
            "compare": f"/requests/{open_one.pk}/",
            "award": f"/requests/{open_one.pk}/bids/{given.pk}/award/",
            "awarded": f"/requests/{done.pk}/",
        },
        "sewing@example.kz": {
            "received-list": "/operator/requests/",
            "received": f"/operator/requests/{open_one.pk}/",
            "bid": f"/operator/requests/{waiting.pk}/workshops/{workshop.pk}/",
            "won": f"/operator/requests/{done.pk}/",
        },
    }


def another_workshop_again():
    """The workshop and the operator the fixture has made."""
    from portal.accounts.models import User
    from workshops.models import Workshop

    return Workshop.objects.get(code="sewing-22"), User.objects.get(email="sewing@example.kz")


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_have_no_serious_barrier(browser: Browser, live_server, cast, width) -> None:
    for email, pages in scene(cast).items():
        # The checker is a script of its own; the content policy is tested by the journey.
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, bypass_csp=True
        )
        page = context.new_page()
        sign_in(page, email, PASSWORD)
        for address in pages.values():
            page.goto(address)
            assert barriers(page) == [], address
        context.close()
    assert settings.LANGUAGE_CODE == "ru"
