"""The labour officer sends a spreadsheet with mistakes, mends it, and writes it: by a telephone
in Kazakh and at a desk in Russian. Axe finds nothing."""

import pytest
from playwright.sync_api import Browser, Page, expect

from inmates.models import Inmate, Placement
from inmates.services.parameters import load_pay_parameters
from tests.browser.conftest import sign_in
from tests.browser.test_pages import barriers
from tests.inmates.test_imports import a_sheet, whole
from tests.people import PASSWORD, Cast, a_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send(page: Page, content: bytes) -> None:
    page.goto("/people/import/")
    page.set_input_files(
        "input[type=file]", {"name": "люди.xlsx", "mimeType": MIME, "buffer": content}
    )
    page.click("main form button[type=submit]")
    page.wait_for_url("**/people/import/*/")


def wrong_sheet(cast: Cast) -> bytes:
    return a_sheet(
        whole(cast),
        whole(cast, number="1702", iin="900101300812", born_on="31.02.1990"),
        whole(cast, number="1703", iin=None, full_name="Тeстов", post="Космонавт"),
    )


def test_mistakes_are_mended_and_everybody_is_written(phone: Page, desktop: Page, picture) -> None:
    cast = a_cast()
    load_pay_parameters()
    for page in (phone, desktop):
        sign_in(page, cast.labour_officer.email, PASSWORD)
        page.goto("/people/import/")
        picture(page, f"import-{page.viewport_size['width']}")
        send(page, wrong_sheet(cast))
        expect(page.locator("main table").first.locator("tbody tr")).to_have_count(4)
        picture(page, f"import-problems-{page.viewport_size['width']}")
    expect(desktop.locator("main")).to_contain_text("4 ячейки исправить")
    expect(desktop.locator("main")).to_contain_text("31.02.1990")
    expect(desktop.get_by_role("button", name="Записать")).to_have_count(0)
    desktop.get_by_role("button", name="Отбросить файл").click()
    expect(desktop.locator("main")).to_contain_text("Ничего не записано")
    write(desktop, cast, picture)


def write(page: Page, cast: Cast, picture) -> None:
    send(page, a_sheet(whole(cast), whole(cast, number="1702", iin=None)))
    picture(page, "import-preview-1280")
    page.get_by_role("button", name="Записать").click()
    expect(page.locator("main")).to_contain_text("людей — 2, назначений — 2")
    picture(page, "import-written-1280")
    assert Inmate.objects.filter(personnel_number__in=["1701", "1702"]).count() == 2
    assert Placement.objects.filter(inmate__personnel_number="1702").exists()


def test_no_serious_barrier(browser: Browser, live_server) -> None:
    cast = a_cast()
    load_pay_parameters()
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 800}, bypass_csp=True
    )
    page = context.new_page()
    sign_in(page, cast.labour_officer.email, PASSWORD)
    page.goto("/people/import/")
    assert barriers(page) == []
    send(page, wrong_sheet(cast))
    assert barriers(page) == []
    context.close()
