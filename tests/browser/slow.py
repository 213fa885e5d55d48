"""What the journeys over a slow line do again and again: type, save, look at what is kept."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import WAIT_MS
from tests.inmates.shifts import Floor


def mark_sick(page: Page, crew: Floor, place: int = 0) -> None:
    page.select_option(f"#reason-{crew.placements[place].pk}", str(crew.sick.pk))


def save(page: Page) -> None:
    """At once, as everybody does: the scripts of the page may still be on their way."""
    page.locator(".shift-save button").click()


def words(page: Page) -> str:
    return page.locator("[data-outbox-words]").inner_text()


def kept(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((name) => /:(entry|draft):/.test(name))")


def another_tab(page: Page, address: str) -> Page:
    tab = page.context.new_page()
    tab.goto(address)
    return tab


def wait_for_scripts(page: Page) -> None:
    """Before the line is cut on a page that was not opened by `goto`: they would not come."""
    expect(page.locator("form[data-outbox]").first).to_have_attribute("data-ready", "yes")


def wait_until_signed_out(page: Page) -> None:
    """On the front page; `**/` is every address of the portal."""
    page.wait_for_url(lambda url: urlsplit(url).path == "/")


def wait_for(page: Page, held: list[Route]) -> Route:
    """The first request that a route of the test holds back; it comes when the browser is ready."""
    for _ in range(WAIT_MS // 20):
        if held:
            return held[0]
        page.wait_for_timeout(20)
    raise AssertionError("nothing was asked for")
