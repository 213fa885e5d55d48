"""The pictures of the README: a fresh demo, a real browser, each page as its reader sees it.

Run by `make screenshots`; not collected by pytest. Writes small PNG files of few colours.
"""

import io
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import chromium, sign_in
from tests.smoke import CHECKOUT, FIRST_SECONDS, free_port, running, say

FOLDER = CHECKOUT / "portal/docs/screenshots"
COLOURS = 64
HEIGHTS = {360: 780, 1280: 860}


@dataclass(frozen=True)
class Shot:
    """One picture: of which address, who is signed in (an account's code), how wide, in what.

    {month} in an address is the present month, as 2026-11.
    """

    name: str
    path: str
    account: str = ""
    width: int = 1280
    language: str = "ru"
    # The first link of each is followed, where the address is not known beforehand.
    follow: tuple[str, ...] = ()


OPEN_RUN = 'main .acts a[href*="/runs/"]'
A_RUN = ("main tbody tr:nth-child(2) a", OPEN_RUN)
SHOTS = (
    Shot("home", "/"),
    Shot("home-phone", "/", width=360, language="kk"),
    Shot("product", "/catalogue/play-corner/"),
    Shot("spaces-phone", "/spaces/", width=360, language="kk"),
    Shot("operator", "/reports/operator/", "operator"),
    Shot("bids", "/requests/", "customer", follow=("main tbody tr:last-child a",)),
    Shot("shift", "/shift/", "master", follow=("main .today-head .btn",)),
    Shot("month", "/shift/wood-16/{month}/month/", "master"),
    Shot("people", "/people/", "labour"),
    Shot("payroll", "/payroll/", "accountant"),
    # The second place waits for the first signature, the last one for its timesheets.
    Shot("month-board", "/payroll/", "accountant", follow=("main tbody tr:last-child a",)),
    Shot("run", "/payroll/", "head", follow=A_RUN),
    Shot("payslip", "/payroll/", "accountant", follow=(*A_RUN, "main .table-sticky tbody a")),
    Shot("employment", "/reports/employment/", "analyst"),
    Shot("health", "/office/health/", "admin"),
)


def small(png: bytes) -> bytes:
    """The same picture in few colours: a README needs no megabytes."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def accounts_in(data: Path) -> dict[str, tuple[str, str]]:
    """E-mail and password by the code of the account."""
    rows = (data / "demo-accounts.tsv").read_text(encoding="utf-8").splitlines()
    found = [row.split("\t") for row in rows]
    return {email.partition("@")[0]: (email, password) for _role, email, password in found}


def visit(browser: Browser, address: str, shot: Shot, accounts: dict[str, tuple[str, str]]) -> Page:
    """A visitor of its own on the page of the shot, signed in where it has an account."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": shot.width, "height": HEIGHTS[shot.width]},
        locale=shot.language,
        timezone_id="Asia/Almaty",
    )
    context.add_cookies([{"name": "django_language", "value": shot.language, "url": address}])
    page = context.new_page()
    if shot.account:
        sign_in(page, *accounts[shot.account])
    month = f"{date.today():%Y-%m}"  # noqa: DTZ011 - the day of the machine, as in the demo
    answer = page.goto(shot.path.format(month=month), wait_until="networkidle")
    if answer is None or answer.status != 200:
        sys.exit(f"screenshots: {shot.path} answers {answer.status if answer else 'nothing'}")
    for link in shot.follow:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    return page


def take_all(browser: Browser, address: str, accounts: dict[str, tuple[str, str]]) -> None:
    for shot in SHOTS:
        page = visit(browser, address, shot, accounts)
        picture = small(page.screenshot())
        (FOLDER / f"{shot.name}.png").write_bytes(picture)
        say(f"{shot.name}.png  {len(picture) // 1024} KB")
        page.context.close()


def main() -> None:
    data = Path(tempfile.mkdtemp(prefix="portal-pictures-"))
    data.chmod(0o755)  # as root the servers run as somebody else
    FOLDER.mkdir(exist_ok=True)
    try:
        with running(data, free_port()) as run:
            run.wait_for_page(FIRST_SECONDS)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium(), args=["--no-sandbox"]
                )
                take_all(browser, run.address, accounts_in(data))
                browser.close()
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
