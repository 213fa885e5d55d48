"""The master's shift in a browser, by keyboard alone: every key is counted, the mouse unused.

Thirty people with five exceptions of three reasons in at most 35 presses, then output with a
correction, then the next day, which begins as this one.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from inmates.models import Attendance, ShiftChange, WorkEntry
from inmates.services.attendance import AttendedDay
from tests.browser.conftest import sign_in
from tests.browser.test_pages import barriers
from tests.inmates.shifts import FRIDAY, MONDAY, NOON, Floor, a_floor
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE, MOST_KEYS = 30, 35


class Keyboard:
    """The keys of a page, counted."""

    # The places of the letters on a Russian keyboard, which Playwright does not know.
    PLACES = {"б": "Comma", "с": "KeyC", "в": "KeyD", "н": "KeyY", "д": "KeyL"}

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wire = page.context.new_cdp_session(page)
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            if key in self.PLACES:
                told = {"key": key, "code": self.PLACES[key]}
                self.wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": key, **told})
                self.wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **told})
            else:
                self.page.keyboard.press(key)
            self.count += 1

    def down(self, times: int) -> None:
        self.press(*["ArrowDown"] * times)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def crew(transactional_db: None) -> Floor:
    return a_floor(PEOPLE, quantity=60)


def test_the_master_enters_a_shift_without_a_mouse(
    crew: Floor,
    desktop: Page,
    clock: time_machine.Traveller,
    picture: Callable[[Page, str], None],
) -> None:
    page, keys = desktop, Keyboard(desktop)
    # Letters belong together for 0.9 s: a busy machine must not pull them apart.
    page.clock.set_fixed_time(NOON)
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto("/shift/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Сегодня")
    expect(page.get_by_text("Ждёт вас: явка не внесена")).to_be_visible()
    picture(page, "master-today")
    # What comes next has the focus: one key opens the sheet.
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Столярный цех")
    # The first line has the focus: nothing is pressed to get there.
    expect(page.locator(f"#reason-{crew.placements[0].pk}")).to_be_focused()

    # Lines 4 and 11 sick, 12 and 24 on a visit (two letters), 30 a short day of 300 minutes.
    keys.down(3)
    keys.press("б")
    keys.press("1", "1", "б")  # the personnel number ends with 11
    keys.down(1)
    keys.press("с", "в")
    keys.press("2", "4", "с", "в")
    keys.press("3", "0", "н")
    keys.press("3", "0", "0")
    picture(page, "master-attendance")
    keys.press("Enter")
    expect(page.get_by_text("Сохранено: 30 записей.")).to_be_visible()
    assert keys.count <= MOST_KEYS, keys.count
    expect(page.locator(".shift-figures")).to_contain_text("26")
    expect(page.get_by_text("Сохранено 12:")).to_be_visible()
    reasons = {
        row.placement_id: row.reason
        for row in Attendance.objects.exclude(reason=None).select_related("reason")
    }
    assert {crew.placements.index(one) + 1: reasons[one.pk].code for one in crew.placements
            if one.pk in reasons} == {
        4: "sick", 11: "sick", 12: "visit", 24: "visit", 30: "short-day"
    }  # fmt: skip
    assert Attendance.objects.get(reason=crew.short).minutes == 300
    assert Attendance.objects.count() == PEOPLE

    _enter_output(crew, page, picture)
    _begin_the_next_day(crew, page, clock, picture)


def _enter_output(crew: Floor, page: Page, picture: Callable[[Page, str], None]) -> None:
    """Two people on two operations, one figure corrected, one too large."""
    page.get_by_role("link", name="Выработка").focus()
    page.keyboard.press("Enter")
    first = page.locator(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}")
    # The script is there: keys pressed before it would be those of a plain form.
    expect(page.locator(".output-step").first).to_be_visible()
    first.focus()
    for key in ("8", "ArrowRight", "6", "ArrowDown", "7", "ArrowLeft", "9", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("Сохранено: 4 записи.")).to_be_visible()
    assert sorted(WorkEntry.objects.values_list("quantity", flat=True)) == [6, 7, 8, 9]
    expect(page.locator("thead")).to_contain_text("осталось 43")

    first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Осталось 43 шт. в задании").first).to_be_visible()
    expect(first).to_have_value("99")
    picture(page, "master-output-refused")
    first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    expect(page.get_by_text("№ 1601: 8 шт. → 10 шт.")).to_be_visible()
    assert ShiftChange.objects.get().actor == crew.cast.master
    picture(page, "master-output")


def _begin_the_next_day(
    crew: Floor,
    page: Page,
    clock: time_machine.Traveller,
    picture: Callable[[Page, str], None],
) -> None:
    """After the weekend: who was ill still is, who had a visit is back; one key saves it."""
    clock.move_to(NOON + timedelta(days=3))
    page.goto("/shift/")
    page.keyboard.press("Enter")
    expect(page.locator(".shift-date")).to_contain_text("23.11.2026")
    ill, visitor = crew.placements[3].pk, crew.placements[11].pk
    expect(page.locator(f"#reason-{ill}")).to_have_value(str(crew.sick.pk))
    expect(page.locator(f"#reason-{visitor}")).to_have_value("")
    assert not Attendance.objects.filter(worked_on=MONDAY).exists()
    picture(page, "master-next-day")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сохранено: 30 записей.")).to_be_visible()
    assert Attendance.objects.filter(worked_on=MONDAY, reason=crew.sick).count() == 2
    assert Attendance.objects.filter(worked_on=MONDAY, minutes=480).count() == PEOPLE - 2


def test_a_latin_keyboard_and_second_thoughts(
    crew: Floor, desktop: Page, clock: time_machine.Traveller
) -> None:
    """Letters are taken by their place; a reason is taken back; a note is asked for."""
    page = desktop
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url())
    first = page.locator(f"#reason-{crew.placements[0].pk}")
    expect(first).to_be_focused()
    page.keyboard.press("Comma")
    expect(first).to_have_value(str(crew.sick.pk))
    minutes = page.locator(f"input[name=minutes-{crew.placements[0].pk}]")
    expect(minutes).to_have_value("")
    page.keyboard.press("z")
    expect(first).to_have_value("")
    expect(minutes).to_have_value("480")
    Keyboard(page).press("б", "Delete")
    expect(minutes).to_have_value("480")
    Keyboard(page).press("д")
    note = page.locator(f"input[name=note-{crew.placements[0].pk}]")
    expect(note).to_be_focused()
    page.keyboard.type("Вызван на склад")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сохранено: 30 записей.")).to_be_visible()
    assert Attendance.objects.get(reason=crew.other).note == "Вызван на склад"


def test_what_two_people_entered_is_shown_to_the_second(
    crew: Floor,
    desktop: Page,
    clock: time_machine.Traveller,
    picture: Callable[[Page, str], None],
) -> None:
    page = desktop
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url())
    crew.attend(
        AttendedDay(crew.placements[0].pk, FRIDAY, 0, crew.visit.pk),
        actor=crew.cast.labour_officer,
    )
    expect(page.locator(f"#reason-{crew.placements[0].pk}")).to_be_focused()
    Keyboard(page).press("б", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("изменил другой человек")
    expect(page.get_by_text("Свидание").first).to_be_attached()
    expect(page.locator(".shift-theirs")).to_contain_text("Labour: Свидание")
    picture(page, "master-two-people")


def test_without_the_script_both_sheets_are_plain_forms(
    crew: Floor, browser: Browser, live_server, clock: time_machine.Traveller
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([{"name": "django_language", "value": "ru", "url": live_server.url}])
    page = context.new_page()
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url())
    page.select_option(f"#reason-{crew.placements[1].pk}", str(crew.sick.pk))
    page.click("form[data-shift] .shift-save button[type=submit]")
    expect(page.get_by_text("Сохранено: 30 записей.")).to_be_visible()
    page.goto(crew.url(part="output/"))
    page.fill(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}", "5")
    page.click("form[data-shift] .shift-save button[type=submit]")
    expect(page.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    context.close()
    assert Attendance.objects.get(minutes=0).placement == crew.placements[1]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_shift_has_no_serious_barrier(
    crew: Floor, browser: Browser, live_server, width: int, clock: time_machine.Traveller
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    sign_in(page, crew.cast.master.email, PASSWORD)
    for address in (crew.url(), crew.url(part="output/"), crew.url(FRIDAY - timedelta(days=6))):
        page.goto(address)
        assert barriers(page) == [], address
    context.close()


def test_the_shift_on_a_telephone_in_kazakh(
    crew: Floor,
    phone: Page,
    clock: time_machine.Traveller,
    picture: Callable[[Page, str], None],
) -> None:
    page = phone
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url())
    expect(page.get_by_role("button", name="Келу белгісін сақтау")).to_be_in_viewport()
    picture(page, "master-phone-kk")
    size = page.locator(".shift-reason").first.bounding_box()
    assert size
    assert size["height"] >= 44
    page.select_option(f"#reason-{crew.placements[2].pk}", str(crew.sick.pk))
    page.get_by_role("button", name="Келу белгісін сақтау").click()
    expect(page.get_by_text("Сақталды: 30 жазба.")).to_be_visible()
    page.goto(crew.url(part="output/"))
    page.fill(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}", "5")
    page.get_by_role("button", name="Өнімді сақтау").click()
    expect(page.get_by_text("Сақталды: 1 жазба.")).to_be_visible()
    picture(page, "master-phone-output-kk")


def test_a_closed_day_is_corrected_with_words_by_keyboard(
    crew: Floor,
    desktop: Page,
    clock: time_machine.Traveller,
    picture: Callable[[Page, str], None],
) -> None:
    """The window is over: the day is read, opened by its link, and saved with an explanation."""
    page, first = desktop, crew.placements[0]
    crew.attend(*[AttendedDay(one.pk, FRIDAY, 480) for one in crew.placements])
    clock.move_to(NOON + timedelta(days=5))
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url())
    expect(page.get_by_text("можно было менять до 23.11.2026, 24:00")).to_be_visible()
    expect(page.locator("select.shift-reason")).to_have_count(0)
    page.get_by_role("link", name="Исправить этот день с объяснением").focus()
    page.keyboard.press("Enter")
    page.locator(f"#reason-{first.pk}").focus()
    Keyboard(page).press("б", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("с письменным объяснением")
    expect(page.locator(f"#reason-{first.pk}")).to_have_value(str(crew.sick.pk))
    picture(page, "master-correction")
    page.locator("#correction").focus()
    page.keyboard.type("Принесли больничный лист")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    expect(page.get_by_text("«Принесли больничный лист»")).to_be_visible()
    change = ShiftChange.objects.get()
    assert (change.placement, change.explanation) == (first, "Принесли больничный лист")


def test_the_numbers_of_today_open_their_lists(
    crew: Floor, desktop: Page, clock: time_machine.Traveller
) -> None:
    page = desktop
    crew.attend(*[AttendedDay(one.pk, FRIDAY, 480) for one in crew.placements[:12]])
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto("/shift/")
    figure = page.locator(".today-figures > div", has_text="Не внесено").get_by_role("link")
    expect(figure).to_have_text("18")
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list tbody tr")).to_have_count(18)
    expect(page.locator("#list")).to_contain_text("1630")
