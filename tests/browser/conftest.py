"""A real browser for the journeys: Chromium by Playwright, a live server, nothing forgiven.

A console error, a script's exception, a violation of the content policy or an answer of 500 fails
the test. Fixtures: `phone` (360 px), `desktop` (1280 px), `picture` (a screenshot to look at).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium found for the browser tests. Install it (apt install chromium) "
    "or name its file in the environment variable CHROMIUM."
)
WAIT_MS = 30_000


def chromium() -> str:
    """The browser's file: from the environment, else by its usual names."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield running
        running.close()


class Complaints(list[str]):
    """What the browser complained about; a test may `forgive` one answer it provokes."""

    def __init__(self) -> None:
        super().__init__()
        self.forgiven: tuple[str, ...] = ("status of 422",)

    def forgive(self, *parts: str) -> None:
        self.forgiven += parts

    def add(self, text: str) -> None:
        if not any(part in text for part in self.forgiven):
            self.append(text)


def watch(page: Page, complaints: Complaints) -> None:
    """Collect console errors (violations of the policy are such), exceptions and 5xx."""

    def answered(response: Response) -> None:
        if response.status >= 500:
            complaints.add(f"{response.status} {response.url}")

    page.on("console", lambda m: complaints.add(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.add(str(error)))
    page.on("response", answered)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    collected = Complaints()
    yield collected
    assert list(collected) == []


@pytest.fixture
def new_page(browser: Browser, live_server, complaints: Complaints) -> Iterator:
    """`new_page(width, height, language)`: a page of its own visitor."""
    contexts = []

    def make(width: int = 1280, height: int = 900, language: str = "ru") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale=language,
            timezone_id="Asia/Almaty",
            extra_http_headers={"Accept-Language": language},
        )
        context.add_cookies(
            [{"name": "django_language", "value": language, "url": live_server.url}]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        watch(page, complaints)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def phone(new_page) -> Page:
    """A telephone of 360 px in Kazakh."""
    return new_page(360, 780, "kk")


@pytest.fixture
def desktop(new_page) -> Page:
    return new_page(1280, 900, "ru")


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """Where the screenshots go: PICTURES in the environment, else a folder of this run."""
    named = os.environ.get("PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def picture(pictures: Path):
    """`picture(page, name)`: the whole page as PNG; it must not be wider than the screen."""

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
        inner, wide = page.evaluate("[window.innerWidth, document.documentElement.scrollWidth]")
        assert wide <= inner, f"{name}: the page is {wide} px wide on a screen of {inner} px"

    return take


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in through the page, as everybody does."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)
