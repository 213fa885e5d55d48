"""The page is there and its scripts are still on their way: what is typed and pressed meanwhile.

A form that goes off without its script would show the browser's error page on a cut line.
"""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, Route, expect

from inmates.models import Attendance, WorkEntry
from portal.kernel.models import Submission
from tests.browser.conftest import Complaints, sign_in
from tests.browser.slow import kept, mark_sick, save, wait_for
from tests.inmates.shifts import NOON, Floor, a_floor
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPT = "**/outbox_forms*.js"
BUSY = "form[data-outbox][aria-busy=true]"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def crew(transactional_db: None) -> Floor:
    return a_floor(3)


@pytest.fixture
def desk(crew: Floor, desktop: Page, complaints: Complaints) -> Page:
    complaints.forgive("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 404")
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    return desktop


def hold_the_script(page: Page) -> Callable[[Callable[[Route], None]], None]:
    """The next page is painted; its form has no script until the answer calls how it comes."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def end(how: Callable[[Route], None]) -> None:
        wait_for(page, held)
        for route in held:
            how(route)
        page.unroute(SCRIPT)

    page.route(SCRIPT, hold)
    return end


def without_the_script(page: Page, address: str) -> Callable[[Callable[[Route], None]], None]:
    end = hold_the_script(page)
    page.goto(address, wait_until="commit")
    expect(page.locator(".shift-save button")).to_be_visible()
    return end


def come(route: Route) -> None:
    route.continue_()


def is_missing(route: Route) -> None:
    route.fulfill(status=404, body="")


def is_cut_off(route: Route) -> None:
    route.abort()


def posts_of(page: Page) -> list[str]:
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    return sent


def test_a_press_before_the_scripts_is_sent_once_when_they_have_come(
    crew: Floor, desk: Page
) -> None:
    end = without_the_script(desk, crew.url())
    sent = posts_of(desk)
    mark_sick(desk, crew)
    save(desk)
    save(desk)
    expect(desk.locator(BUSY)).to_have_count(1)
    desk.wait_for_timeout(300)
    assert (sent, Attendance.objects.count()) == ([], 0)
    end(come)
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    assert Attendance.objects.filter(reason=crew.sick).count() == 1
    assert (len(sent), Submission.objects.count()) == (1, 1)
    assert kept(desk) == []


def test_a_press_before_the_scripts_on_a_cut_line_is_kept_with_what_was_typed(
    crew: Floor, desk: Page
) -> None:
    desk.route(
        "**/shift/**",
        lambda one: one.abort() if one.request.method == "POST" else one.continue_(),
    )
    end = without_the_script(desk, crew.url())
    mark_sick(desk, crew)
    save(desk)
    end(come)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    expect(desk.locator(".outbox-note")).to_contain_text("Ещё не отправлено")
    expect(desk.locator(BUSY)).to_have_count(0)
    desk.reload()
    expect(desk.locator(f"#reason-{crew.placements[0].pk}")).to_have_value(str(crew.sick.pk))
    assert not Attendance.objects.exists()
    desk.unroute("**/shift/**")
    desk.get_by_role("button", name="Отправить сейчас").click()
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    assert Attendance.objects.filter(reason=crew.sick).count() == 1
    assert Submission.objects.count() == 1
    assert kept(desk) == []


def test_what_is_typed_before_the_scripts_is_a_draft(crew: Floor, desk: Page) -> None:
    end = without_the_script(desk, crew.url(part="output/"))
    cell = desk.locator(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}")
    cell.fill("7")
    end(come)
    expect(desk.locator("form[data-outbox]")).to_have_attribute("data-ready", "yes")
    expect(cell).to_have_value("7")
    desk.goto("/office/")
    expect(desk.locator("[data-outbox-words]")).to_have_text("1 лист набран и не сохранён")
    # Typed anew before the draft was laid into the fields: the later counts.
    end = without_the_script(desk, crew.url(part="output/"))
    cell.fill("9")
    desk.fill(f"#q-{crew.placements[1].pk}-{crew.cutting.pk}", "4")
    end(come)
    expect(desk.locator(".outbox-note")).to_contain_text("снова стоит в полях")
    expect(cell).to_have_value("9")
    desk.reload()
    expect(cell).to_have_value("9")
    save(desk)
    expect(desk.get_by_text("Сохранено: 2 записи.")).to_be_visible()
    assert sorted(WorkEntry.objects.values_list("quantity", flat=True)) == [4, 9]
    assert kept(desk) == []


def test_a_press_on_a_page_that_changes_under_it_is_asked_for_again(
    crew: Floor, desk: Page
) -> None:
    """A draft is laid into the fields after the press: nobody saves what they have not seen."""
    desk.goto(crew.url())
    mark_sick(desk, crew)
    desk.goto("/office/")
    end = without_the_script(desk, crew.url())
    save(desk)
    expect(desk.locator(BUSY)).to_have_count(1)
    end(come)
    expect(desk.locator(".outbox-note")).to_contain_text("снова стоит в полях")
    expect(desk.locator(".outbox-note")).to_be_in_viewport()
    expect(desk.locator(BUSY)).to_have_count(0)
    desk.wait_for_timeout(300)
    assert not Attendance.objects.exists()
    save(desk)
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    assert Attendance.objects.filter(reason=crew.sick).count() == 1


def test_what_was_refused_is_corrected_before_the_scripts(crew: Floor, desk: Page) -> None:
    """The page is the answer to a draft; the corrected number is saved, and no draft is left."""
    desk.goto(crew.url(part="output/"))
    cell = desk.locator(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}")
    end = hold_the_script(desk)
    cell.fill("99")
    save(desk)
    expect(desk.get_by_text("Осталось 20 шт. в задании").first).to_be_visible()
    assert len(kept(desk)) == 1
    cell.fill("12")
    save(desk)
    expect(desk.locator(BUSY)).to_have_count(1)
    end(come)
    expect(desk.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    assert WorkEntry.objects.get().quantity == 12
    assert kept(desk) == []


@pytest.mark.parametrize("how", [is_missing, is_cut_off])
def test_a_press_goes_without_the_scripts_that_do_not_come(
    crew: Floor, desk: Page, how: Callable[[Route], None]
) -> None:
    end = without_the_script(desk, crew.url())
    desk.evaluate(
        "Object.assign(document.querySelector('.shift-save button'), {name: 'by', value: 'hand'})"
    )
    mark_sick(desk, crew)
    with desk.expect_request(lambda one: one.method == "POST") as asked:
        save(desk)
        end(how)
    assert "by=hand" in (asked.value.post_data or "")
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    assert Attendance.objects.filter(reason=crew.sick).count() == 1
    # And on a page whose scripts are known not to come.
    desk.route(SCRIPT, how)
    desk.goto(crew.url())
    save(desk)
    expect(desk.locator(".messages")).to_be_visible()
    expect(desk.locator(BUSY)).to_have_count(0)
    assert Submission.objects.count() == 2


def test_without_scripts_and_without_a_line_the_page_stays_until_it_is_back(
    crew: Floor, desk: Page
) -> None:
    end = without_the_script(desk, crew.url())
    desk.context.set_offline(True)
    mark_sick(desk, crew)
    save(desk)
    end(is_cut_off)
    desk.wait_for_timeout(500)
    save(desk)
    expect(desk.locator(BUSY)).to_have_count(1)
    expect(desk.locator(f"#reason-{crew.placements[0].pk}")).to_have_value(str(crew.sick.pk))
    desk.context.set_offline(False)
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    assert Attendance.objects.filter(reason=crew.sick).count() == 1
