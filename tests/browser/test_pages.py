"""What holds for every page: no serious barrier by axe-core at both widths, and printing."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.shop import fill_the_shop
from tests.orders.builders import a_sent_order
from tests.people import PASSWORD, a_cast, a_placement, an_inmate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PUBLIC = ("/", "/catalogue/", "/catalogue/play-corner/", "/basket/",
          "/search/?q=скамья", "/search/?q=вертолёт", "/contacts/", "/accessibility/", "/privacy/",
          "/verify/", "/verify/0000-0000-0000/", "/accounts/login/",
          "/accounts/signup/", "/no-such-page/")  # fmt: skip
OFFICE = {
    "buyer": ("/office/", "/orders/", "/accounts/email/", "/accounts/2fa/"),
    "operator": ("/operator/orders/", "/workshops/work-orders/"),
    "accountant": ("/payroll/", "/payroll/parameters/"),
    "labour_officer": (
        "/people/",
        "/people/1648/",
        "/people/arrivals/new/",
        "/people/1648/placements/new/",
        "/people/1648/ability/",
        "/people/1648/consents/",
        "/people/1648/consents/work/new/",
        "/people/import/",
        "/places/",
    ),
    "head": ("/people/", "/looks/"),
    "analyst": ("/reports/employment/", "/reports/"),
    "administrator": ("/office/health/", "/office/jobs/"),
}


@pytest.fixture(params=[360, 1280])
def page(request, browser: Browser, live_server):
    """A page that lets the checker in: the content policy is tested by the journeys."""
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": request.param, "height": 900},
        bypass_csp=True,
    )
    yield context.new_page()
    context.close()


def barriers(page: Page) -> list[str]:
    """Serious and critical findings, with the first element of each."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules}}).then(r => r.violations)", RULES
    )
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_public_pages_have_no_serious_barrier(page: Page) -> None:
    fill_the_shop(a_cast())
    for address in PUBLIC:
        page.goto(address)
        assert barriers(page) == [], address


@pytest.mark.parametrize("who", sorted(OFFICE))
def test_office_pages_have_no_serious_barrier(page: Page, who: str) -> None:
    cast = a_cast()
    fill_the_shop(cast)
    a_sent_order(cast)
    a_placement(cast, an_inmate(cast))
    sign_in(page, cast.users[who].email, PASSWORD)
    for address in OFFICE[who]:
        answer = page.goto(address)
        # A page that is not there has no barrier either.
        assert answer is not None
        assert answer.status == 200, address
        assert barriers(page) == [], address


def test_the_checker_sees_a_barrier(page: Page) -> None:
    page.set_content("<html lang='ru'><title>x</title><main><img src='x.png'></main></html>")
    assert [line.partition(":")[0] for line in barriers(page)] == ["image-alt"]


def test_an_order_is_printed_without_the_menu(page: Page) -> None:
    cast = a_cast()
    order = a_sent_order(cast)
    sign_in(page, cast.buyer.email, PASSWORD)
    page.goto(f"/orders/{order.id}/")
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.click("[data-print]")
    expect(page).to_have_title("printed")
    page.emulate_media(media="print")
    expect(page.locator(".print-page")).to_be_hidden()
    expect(page.locator(".side")).to_be_hidden()
    expect(page.get_by_text("Игровой уголок «Юрта»").first).to_be_visible()
