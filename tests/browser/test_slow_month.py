"""The month matrix on a slow line: its cells lie in one hidden field, and are kept like others."""

from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from inmates.models import Attendance
from portal.kernel.models import Submission
from tests.browser.conftest import Complaints, sign_in
from tests.inmates.shifts import FRIDAY, NOON, Floor, a_floor
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def matrix(transactional_db: None, desktop: Page, complaints: Complaints) -> tuple[Page, Floor]:
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    crew = a_floor(2)
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    desktop.goto(f"/shift/{crew.cast.workshop.code}/2026-11/month/")
    expect(desktop.locator("form#month")).to_be_visible()
    return desktop, crew


def write(page: Page, person: int, text: str) -> None:
    """Into the cell of Friday, as everybody does: go there and type."""
    cells = page.locator("#month tbody tr").nth(person).locator("td[role=gridcell]")
    cells.nth(FRIDAY.day - 1).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_cells_typed_without_a_line_are_sent_when_it_is_back(
    matrix: tuple[Page, Floor],
) -> None:
    page, crew = matrix
    page.context.set_offline(True)
    write(page, 0, "8")
    page.locator("#month-save button").click()
    expect(page.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    assert not Attendance.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_have_attribute("data-state", "empty")
    expect(page.locator(".messages")).to_contain_text("Сохранено")
    row = Attendance.objects.get()
    assert (row.placement, row.worked_on, row.minutes) == (crew.placements[0], FRIDAY, 480)
    assert Submission.objects.count() == 1


def test_cells_stand_in_the_matrix_after_a_reload(matrix: tuple[Page, Floor]) -> None:
    page, _crew = matrix
    write(page, 1, "7")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator(".outbox-note")).to_contain_text("снова стоит в полях")
    cells = page.locator("#month tbody tr").nth(1).locator("td[role=gridcell]")
    expect(cells.nth(FRIDAY.day - 1)).to_contain_text("7")
    page.locator("#month-save button").click()
    expect(page.locator(".messages")).to_contain_text("Сохранено")
    assert Attendance.objects.get().minutes == 420
