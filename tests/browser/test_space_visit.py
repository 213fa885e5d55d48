"""A business finds an area on a telephone, in Kazakh, asks to see it, and reads the day of the
visit; the institution answers in Russian, the department sees what is late. Axe finds nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from orders.models import SpaceApplication
from portal.kernel import clock
from portal.kernel.text import date_short
from portal.kernel.workdays import add_workdays
from tests.browser.conftest import sign_in
from tests.browser.test_pages import barriers
from tests.orders.spaces import SECRET_NAME, a_space, an_application, counted
from tests.people import PASSWORD, Cast, a_cast
from workshops.models import ProductionSpace, Trade

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill_the_areas(cast: Cast) -> ProductionSpace:
    """A hall and a small room of the cast's institution, and people free to work."""
    today = clock.today()
    welder = Trade.objects.create(code="welder", name_ru="Сварщик", name_kk="Дәнекерлеуші")
    hall = a_space(
        cast, "hall-16", confirmed_on=today, has_crane=True, has_gate=True,
        summary_ru="Один пролёт без колонн.", summary_kk="Бағанасыз бір аралық.",
    )  # fmt: skip
    a_space(cast, "room-16", kind="room", area_m2=90, is_heated=True, confirmed_on=today)
    counted(cast.institution, {cast.trade: 14, welder: 3, None: 40}, today)
    return hall


def submit(page: Page) -> None:
    page.click("main form button[type=submit]")


def test_business_asks_and_institution_answers(phone: Page, desktop: Page, picture) -> None:
    cast = a_cast()
    fill_the_areas(cast)
    find(phone, picture)
    application = ask(phone, picture)
    visit = add_workdays(clock.today(), 3)
    answer(desktop, picture, application, date_short(visit))
    phone.reload()
    expect(phone.locator(".page-header .status")).to_have_text("Көрсету белгіленді")
    expect(phone.locator(".page-header .lead")).to_contain_text(date_short(visit))
    expect(phone.locator(".timeline li")).to_have_count(2)
    expect(phone.locator(".timeline")).to_contain_text("К 10:00, с удостоверением")
    picture(phone, "kk-360-visit-agreed")


def find(page: Page, picture) -> None:
    """From the list through the filter to one area; nothing tells where it lies."""
    page.goto("/spaces/")
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    expect(page.locator(".goods > li")).to_have_count(2)
    picture(page, "kk-360-spaces")
    page.fill("#filter-area", "1 000")
    page.check("#filter-crane")
    page.click(".space-filter button")
    expect(page).to_have_url(re.compile("area=1"))
    expect(page.locator(".goods > li")).to_have_count(1)
    expect(page.locator("#filter-area")).to_have_value("1 000")
    picture(page, "kk-360-spaces-filtered")
    page.click(".goods h3 a")
    expect(page.locator("h1")).to_contain_text("480")
    expect(page.locator("tbody")).to_contain_text("5-тен аз")
    assert SECRET_NAME not in page.content()
    picture(page, "kk-360-space")


def ask(page: Page, picture) -> SpaceApplication:
    """The short application; a wrong phone first, and nothing typed is lost."""
    page.click(".space-ask .btn")
    typed = {
        "company": "«Тест-Тігін» ЖШС",
        "contact_name": "Сәуле Т.",
        "contact_phone": "12",
        "contact_email": "saule@example.kz",
        "activity": "Арнайы киім тігу",
        "jobs": "24",
    }
    for name, value in typed.items():
        page.fill(f"input[name={name}]", value)
    submit(page)
    expect(page.locator(".form-errors")).to_be_focused()
    expect(page.locator("#id_contact_phone_error")).to_be_visible()
    expect(page.locator(".field-error")).to_have_count(1)
    for name, value in typed.items():
        expect(page.locator(f"input[name={name}]")).to_have_value(value)
    expect(page.locator("input[name=website]")).not_to_be_in_viewport()
    picture(page, "kk-360-visit-wrong-phone")
    page.fill("input[name=contact_phone]", "+7 701 123 45 67")
    submit(page)
    expect(page).to_have_url(re.compile("/visits/[0-9a-f-]{36}/$"))
    due = date_short(add_workdays(clock.today(), 5))
    expect(page.locator(".page-header .lead")).to_contain_text(due)
    expect(page.locator(".facts")).to_contain_text("Labour")
    picture(page, "kk-360-visit-sent")
    return SpaceApplication.objects.get()


def answer(page: Page, picture, application: SpaceApplication, visit: str) -> None:
    """The labour officer sees what waits on the overview, opens it and agrees a day."""
    sign_in(page, "labour@example.kz", PASSWORD)
    page.goto("/office/")
    page.click("text=1 заявка на площадь ждёт вашего ответа")
    picture(page, "ru-1280-visits")
    page.click(f"text={application.number}")
    picture(page, "ru-1280-visit")
    page.fill("input[name=visit_on]", "вчера")
    page.fill("textarea[name=note]", "К 10:00, с удостоверением")
    page.click("form[action$='/agree/'] button[type=submit]")
    expect(page.locator("#id_visit_on_error")).to_be_visible()
    expect(page.locator("textarea[name=note]")).to_have_value("К 10:00, с удостоверением")
    page.fill("input[name=visit_on]", visit)
    page.click("form[action$='/agree/'] button[type=submit]")
    expect(page.locator(".page-header .status")).to_have_text("Показ назначен")
    picture(page, "ru-1280-visit-agreed")


def test_department_sees_the_late_one(desktop: Page, picture) -> None:
    cast = a_cast()
    hall = fill_the_areas(cast)
    sent = clock.now() - timedelta(days=14)
    ProductionSpace.objects.update(confirmed_on=sent.date())
    with time_machine.travel(sent, tick=False):
        application = an_application(cast, hall, at=sent)
    sign_in(desktop, "analyst@example.kz", PASSWORD)
    desktop.goto("/office/")
    desktop.click(".message-error a")
    expect(desktop.locator("table.table-sheets tbody tr").first).to_contain_text("опаздывает на")
    picture(desktop, "ru-1280-visits-overseen")
    desktop.click(f"text={application.number}")
    expect(desktop.locator("main")).to_contain_text("Тест-Тігін")
    expect(desktop.locator("main")).not_to_contain_text("+7 701")
    picture(desktop, "ru-1280-visit-overseen")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_serious_barrier(browser: Browser, live_server, width: int) -> None:
    cast = a_cast()
    hall = fill_the_areas(cast)
    application = an_application(cast, hall, at=clock.now())
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    public = ("/spaces/", "/spaces/?area=9999&power=x", "/spaces/hall-16/", "/spaces/hall-16/ask/",
              f"/visits/{application.key}/")  # fmt: skip
    for address in public:
        page.goto(address)
        assert barriers(page) == [], address
    offices = {
        "labour": ("/institution/visits/", f"/institution/visits/{application.pk}/",
                   "/institution/spaces/"),
        "analyst": ("/department/visits/", f"/department/visits/{application.pk}/"),
        "buyer": ("/visits/",),
    }  # fmt: skip
    for who, addresses in offices.items():
        context.clear_cookies()
        sign_in(page, f"{who}@example.kz", PASSWORD)
        for address in addresses:
            page.goto(address)
            assert barriers(page) == [], address
    context.close()
