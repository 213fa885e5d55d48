"""Deleted is deleted: what was under way, or stands on another tab, does not come back."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, Route, expect

from inmates.models import Attendance, WorkEntry
from tests.browser.conftest import Complaints, sign_in
from tests.browser.slow import (
    another_tab,
    kept,
    mark_sick,
    save,
    wait_for,
    wait_until_signed_out,
    words,
)
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor, a_floor
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def crew(transactional_db: None) -> Floor:
    return a_floor(3)


@pytest.fixture
def desk(crew: Floor, desktop: Page, complaints: Complaints) -> Page:
    complaints.forgive("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 403")
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    return desktop


def hold_posts(page: Page, address: str) -> list[Route]:
    """The first form that is sent there waits for the test; the others go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.context.route(address, hold)
    return held


def delete_and_sign_out(page: Page) -> None:
    page.get_by_role("button", name="Выйти", exact=True).click()
    page.get_by_role("button", name="Удалить и выйти").click(no_wait_after=True)


def come(route: Route) -> None:
    route.continue_()


def is_cut_off(route: Route) -> None:
    route.abort()


@pytest.mark.parametrize("how", [come, is_cut_off])
def test_an_answer_while_its_author_leaves_brings_nothing_back(
    crew: Floor, desk: Page, how: Callable[[Route], None]
) -> None:
    """Refused, it would be a draft of the page again, and the page would not be left."""
    desk.goto(crew.url(part="output/"))
    saves = hold_posts(desk, "**/shift/**")
    leaves = hold_posts(desk, "**/logout/")
    desk.fill(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}", "99")
    save(desk)
    answer = wait_for(desk, saves)
    delete_and_sign_out(desk)
    leave = wait_for(desk, leaves)
    how(answer)
    desk.wait_for_timeout(500)
    leave.continue_()
    wait_until_signed_out(desk)
    assert kept(desk) == []


def test_a_second_save_while_its_author_leaves_brings_nothing_back(crew: Floor, desk: Page) -> None:
    """The first is asked for before the second is kept: in between everything was deleted."""
    desk.goto(crew.url(part="output/"))
    cell = desk.locator(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}")
    desk.route("**/shift/**", is_cut_off)
    cell.fill("7")
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    desk.unroute("**/shift/**")
    saves = hold_posts(desk, "**/shift/**")
    leaves = hold_posts(desk, "**/logout/")
    cell.fill("9")
    save(desk)
    answer = wait_for(desk, saves)
    delete_and_sign_out(desk)
    leave = wait_for(desk, leaves)
    answer.abort()
    desk.wait_for_timeout(500)
    leave.continue_()
    wait_until_signed_out(desk)
    assert kept(desk) == []
    assert not WorkEntry.objects.exists()


def test_a_sheet_on_another_tab_does_not_write_what_was_deleted(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url())
    second = another_tab(desk, crew.url(THURSDAY))
    second.select_option(f"#reason-{crew.placements[0].pk}", str(crew.sick.pk))
    expect(desk.locator("[data-outbox-words]")).to_have_text("1 лист набран и не сохранён")
    delete_and_sign_out(desk)
    wait_until_signed_out(desk)
    expect(second.locator("#outbox, input[name=login]").first).to_be_attached()
    second.goto("/")
    assert kept(desk) == []


def test_what_is_deleted_while_another_is_sent_is_not_sent(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(THURSDAY))
    second = another_tab(desk, crew.url())
    office = another_tab(desk, "/office/")
    desk.context.set_offline(True)
    for tab in (desk, second):
        mark_sick(tab, crew)
        save(tab)
        expect(tab.locator(".outbox-note")).to_contain_text("Ещё не отправлено")
        tab.close()
    saves = hold_posts(office, "**/shift/**")
    office.context.set_offline(False)
    first = wait_for(office, saves)
    office.get_by_text("Что именно").click()
    row = office.locator(".outbox-list li").filter(has_text="20.11.2026")
    row.get_by_role("button", name="Удалить").click()
    row.get_by_role("button", name="Удалить насовсем?").click()
    first.continue_()
    expect(office.locator("#outbox")).to_have_attribute("data-state", "empty")
    office.wait_for_timeout(300)
    assert Attendance.objects.filter(worked_on=THURSDAY).exists()
    assert not Attendance.objects.filter(worked_on=FRIDAY).exists()
    assert words(office) == ""
