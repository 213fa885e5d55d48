"""The month in a browser, by keyboard alone: type, select, copy, paste, undo, warnings, save,
a second master's cell, submission, a returned sheet; the mouse is not used."""

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from playwright.sync_api import Browser, Locator, Page, expect

from inmates.models import Attendance, ShiftChange, Timesheet
from inmates.services.output import Output
from inmates.services.timesheets import return_timesheet
from inmates.shifts import Mark
from tests.browser.conftest import Complaints, sign_in
from tests.browser.test_pages import barriers
from tests.inmates.sheets import LAST_DAY, cell, fill, save, stored
from tests.inmates.shifts import Floor, a_floor
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/shift/wood-16/2026-11/month/"
MONDAY, SUNDAY, THURSDAY = date(2026, 11, 30), date(2026, 11, 29), date(2026, 11, 26)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LAST_DAY) as traveller:
        yield traveller


@pytest.fixture
def crew(transactional_db: None, clock: time_machine.Traveller) -> Floor:
    return a_floor(5, quantity=60)


@pytest.fixture
def sheet(crew: Floor, desktop: Page) -> Page:
    desktop.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    desktop.goto(URL)
    return desktop


def at(page: Page, crew: Floor, place: int, day: date) -> Locator:
    return page.locator(f"#c-{crew.placements[place].pk}-{day.isoformat()}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def put_on_clipboard(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


def clipboard(page: Page) -> str:
    found: str = page.evaluate("() => navigator.clipboard.readText()")
    return found.replace("\r\n", "\n")


def saved(page: Page, words: str) -> None:
    expect(page.get_by_text(words)).to_be_visible()


def test_hours_and_letters_are_typed_and_saved_without_a_mouse(
    crew: Floor, sheet: Page, picture: Callable[[Page, str], None]
) -> None:
    page = sheet
    at(page, crew, 0, THURSDAY).focus()
    # 8, a Latin key in the place of Б, 7:30 with Enter going down; then the day off beside.
    press(page, "8", "ArrowDown")
    page.keyboard.press("Comma")
    press(page, "Enter", "7", ":", "3", "0", "Enter")
    expect(at(page, crew, 3, THURSDAY)).to_be_focused()
    expect(at(page, crew, 0, THURSDAY)).to_have_text("8")
    expect(at(page, crew, 1, THURSDAY)).to_have_text("Б")
    expect(at(page, crew, 2, THURSDAY)).to_have_text("7:30")
    press(page, "4", ",", "5", *["ArrowRight"] * 4, "9", "Tab")
    expect(at(page, crew, 3, THURSDAY)).to_have_text("4:30")
    expect(page.locator("#month-said")).to_have_text("Изменено и не сохранено: 5.")
    # Unusual at once: more than the norm.
    expect(page.locator("#month-odd")).to_contain_text("№ 1604, 30.11: больше нормы дня")
    picture(page, "month-typed")
    at(page, crew, 0, THURSDAY).focus()
    press(page, "Control+Enter")
    # The 26th is past the window of three days: a reason is asked for, nothing is lost.
    expect(page.locator("#month-problem")).to_contain_text("26.11.2026")
    expect(page.locator("#correction")).to_be_visible()
    expect(at(page, crew, 2, THURSDAY)).to_have_text("7:30")
    page.locator("#correction").focus()
    page.keyboard.type("Наряд принесли поздно")
    press(page, "Enter")
    saved(page, "Сохранено: 5 клеток.")
    assert stored(crew, 1, THURSDAY) == Mark(0, crew.sick.pk)
    assert stored(crew, 3, THURSDAY) == Mark(270)
    assert stored(crew, 3, MONDAY) == Mark(540)
    assert {row.explanation for row in ShiftChange.objects.all()} == {"Наряд принесли поздно"}


def test_a_block_is_copied_pasted_undone_and_done_again(crew: Floor, sheet: Page) -> None:
    page = sheet
    save(crew, cell(crew, 0, SUNDAY, Mark(240)), cell(crew, 0, MONDAY, Mark(480)),
         cell(crew, 1, SUNDAY, Mark(0, crew.other.pk, "в медчасти")))  # fmt: skip
    page.reload()
    at(page, crew, 0, SUNDAY).focus()
    press(page, "Shift+ArrowRight", "Shift+ArrowDown")
    expect(page.locator(".month-selected")).to_have_count(4)
    press(page, "Control+c")
    assert clipboard(page) == "4\t8\nД в медчасти\t"
    at(page, crew, 2, SUNDAY).focus()
    press(page, "Control+v")
    expect(at(page, crew, 2, SUNDAY)).to_have_text("4")
    expect(at(page, crew, 2, MONDAY)).to_have_text("8")
    expect(at(page, crew, 3, SUNDAY)).to_have_text("Д")
    press(page, "Control+z")
    expect(at(page, crew, 2, SUNDAY)).to_have_text("")
    expect(page.locator("#month-said")).to_have_text("Ничего не изменено.")
    press(page, "Control+y")
    expect(at(page, crew, 3, SUNDAY)).to_have_text("Д")
    # One value fills what is selected; Delete empties it.
    put_on_clipboard(page, "Я\n")
    at(page, crew, 2, MONDAY).focus()
    press(page, "Shift+ArrowDown", "Shift+ArrowDown", "Control+v")
    expect(at(page, crew, 4, MONDAY)).to_have_text("8")
    press(page, "Delete")
    expect(at(page, crew, 4, MONDAY)).to_have_text("")
    press(page, "Control+z", "Control+Enter")
    saved(page, "Сохранено: 5 клеток.")
    assert stored(crew, 3, SUNDAY) == Mark(0, crew.other.pk, "в медчасти")
    assert [stored(crew, place, MONDAY) for place in (2, 3, 4)] == [Mark(480)] * 3


def test_pasted_letters_of_another_alphabet_are_refused_at_their_cells(
    crew: Floor, sheet: Page, picture: Callable[[Page, str], None]
) -> None:
    page = sheet
    put_on_clipboard(page, "8\tB\nҚ\t7,5\n\t=1+1")
    at(page, crew, 0, SUNDAY).focus()
    press(page, "Control+v")
    wrong = page.locator("#month-wrong li")
    expect(wrong).to_have_count(3)
    expect(wrong.nth(0)).to_contain_text("№ 1601, 30.11: «B» — буква латинского алфавита")
    expect(wrong.nth(1)).to_contain_text("№ 1602, 29.11: «Қ» — буква казахского алфавита")
    expect(at(page, crew, 0, MONDAY)).to_have_text("B")
    picture(page, "month-pasted")
    press(page, "Control+Enter")
    expect(page.locator("#month-said")).to_have_text("Исправьте отмеченное, потом сохраните: 3.")
    expect(at(page, crew, 0, MONDAY)).to_be_focused()
    assert not Attendance.objects.exists()
    # The same key types the Russian letter.
    press(page, "Comma", "ArrowDown", "ArrowLeft", "8", "ArrowDown", "ArrowRight", "Delete")
    expect(wrong).to_have_count(0)
    at(page, crew, 0, SUNDAY).focus()
    press(page, "Control+Enter")
    saved(page, "Сохранено: 4 клетки.")
    assert stored(crew, 0, MONDAY) == Mark(0, crew.sick.pk)
    assert stored(crew, 1, MONDAY) == Mark(450)


def test_the_keys_of_a_spreadsheet_lead_where_they_lead_there(crew: Floor, sheet: Page) -> None:
    page = sheet
    at(page, crew, 2, date(2026, 11, 10)).focus()
    for key, place, day in (
        ("Home", 2, date(2026, 11, 1)), ("End", 2, MONDAY), ("Control+Home", 0, date(2026, 11, 1)),
        ("Control+End", 4, MONDAY), ("PageUp", 0, MONDAY), ("ArrowUp", 0, MONDAY),
        ("ArrowRight", 0, MONDAY), ("Enter", 1, MONDAY), ("Shift+Enter", 0, MONDAY),
    ):  # fmt: skip
        press(page, key)
        expect(at(page, crew, place, day)).to_be_focused()
    press(page, "5", "Escape")
    expect(at(page, crew, 0, MONDAY)).to_have_text("")
    press(page, "8", "Enter", "ArrowUp", "F2", "Backspace", "6", "Enter")
    expect(at(page, crew, 0, MONDAY)).to_have_text("6")


def test_the_same_cell_of_two_masters_is_shown_with_both_and_chosen(
    crew: Floor, sheet: Page, picture: Callable[[Page, str], None]
) -> None:
    page = sheet
    at(page, crew, 0, MONDAY).focus()
    press(page, "8", "Enter", "7", "Enter", "6", "Enter")
    officer = crew.cast.labour_officer
    save(crew, cell(crew, 0, MONDAY, Mark(300)), cell(crew, 1, MONDAY, Mark(360)),
         cell(crew, 3, MONDAY, Mark(60)), actor=officer)  # fmt: skip
    press(page, "Control+Enter")
    wrong = page.locator("#month-wrong li")
    expect(wrong).to_have_count(2)
    expect(wrong.nth(0)).to_contain_text(officer.full_name)
    picture(page, "month-conflict")
    wrong.nth(0).get_by_role("button", name="Взять чужое").focus()
    press(page, "Enter")
    expect(wrong).to_have_count(1)
    wrong.nth(0).get_by_role("button", name="Оставить моё").focus()
    press(page, "Enter")
    expect(wrong).to_have_count(0)
    expect(at(page, crew, 0, MONDAY)).to_have_text("5")
    press(page, "Control+Enter")
    saved(page, "Сохранено: 2 клетки.")
    assert [stored(crew, place, MONDAY) for place in range(4)] == [
        Mark(300), Mark(420), Mark(360), Mark(60),
    ]  # fmt: skip
    # The first sees whose change won.
    expect(page.get_by_text("№ 1602: 360 мин → 420 мин")).to_be_visible()


def test_the_month_is_submitted_returned_and_corrected(
    crew: Floor, sheet: Page, picture: Callable[[Page, str], None]
) -> None:
    page = sheet
    fill(crew)
    page.reload()
    page.get_by_role("button", name="Сдать табель").focus()
    press(page, "Enter")
    saved(page, "Табель сдан. Теперь его проверяет бухгалтер.")
    found = Timesheet.objects.get()
    return_timesheet(
        actor=crew.cast.accountant,
        timesheet_id=found.pk,
        reason="У 1602 свидание 30-го",
        at=LAST_DAY,
    )
    page.reload()
    expect(page.get_by_role("note")).to_contain_text("У 1602 свидание 30-го")
    picture(page, "month-returned")
    at(page, crew, 1, MONDAY).focus()
    press(page, "KeyC", "KeyD", "Control+Enter")
    saved(page, "Сохранено: 1 клетка.")
    assert stored(crew, 1, MONDAY) == Mark(0, crew.visit.pk)


def test_output_without_hours_is_said_before_and_refused_after(crew: Floor, sheet: Page) -> None:
    page = sheet
    crew.make(Output(crew.placements[0].pk, crew.cutting.pk, MONDAY, 4), at=LAST_DAY)
    page.reload()
    at(page, crew, 0, MONDAY).focus()
    press(page, "Comma", "Enter")
    expect(page.locator("#month-odd")).to_contain_text("часов нет, а выработка в этот день есть")
    press(page, "Control+Enter")
    expect(page.locator("#month-wrong")).to_contain_text("Внесена выработка: 4 шт.")
    expect(at(page, crew, 0, MONDAY)).to_have_text("Б")


def test_the_browser_reads_every_text_as_the_server_does(crew: Floor, sheet: Page) -> None:
    """The same texts through both readers: what one takes for an entry, so does the other."""
    from inmates.month_cells import CellUnreadable, Code, read_cell

    texts = [
        "", " ", "8", "08", "7:30", "7:60", "4,5", "4.5", "7,51", "0", "25", "24", "24:01",
        "Б", "б", "Б справка 12", "Б8", "СВ", "св", "Н4", "н 4:30", "Н", "Н8", "Н8:30", "Д",
        "Я", "я", "В", "Ж", "B", "H4", "c", "Қ", "І", "S", "8h", "-8", "=1", "#REF!", "Α", "БОЛЕН",
        "8 ночью", "Д суд", "8\u00a0", "٨", "Б\u0301", "病", "123", "1,", "7:3",
    ]  # fmt: skip
    codes = {
        "Б": Code(1), "СВ": Code(2), "Н": Code(3, is_worked=True), "Д": Code(4, needs_text=True)
    }  # fmt: skip
    expected = []
    for text in texts:
        try:
            mark = read_cell(text, codes=codes, full=480, is_workday=True)
        except CellUnreadable as fault:
            expected.append([fault.fault.value, fault.part, fault.like])
        else:
            expected.append([mark.minutes, mark.reason_id, mark.note] if mark else None)
    script = """([texts, codes]) => texts.map((text) => {
      const cells = window.portalMonthCells;
      try {
        const day = { full: 480, isOff: false, present: "Я", dayOff: "В" };
        const read = cells.read(text, { codes, ...day });
        return read && [read.minutes, read.reason, read.note];
      } catch (fault) {
        return [fault.kind, fault.part, fault.like];
      }
    })"""
    given = {key: [one.reason_id, one.is_worked, one.needs_text] for key, one in codes.items()}
    found = sheet.evaluate(script, [texts, given])
    assert json.dumps(dict(zip(texts, found, strict=True)), ensure_ascii=False, indent=1) == (
        json.dumps(dict(zip(texts, expected, strict=True)), ensure_ascii=False, indent=1)
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_the_month_has_no_serious_barrier(
    crew: Floor, browser: Browser, live_server, width: int
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    sign_in(page, crew.cast.master.email, PASSWORD)
    save(crew, cell(crew, 0, MONDAY, Mark(540)), cell(crew, 1, SUNDAY, Mark(0, crew.sick.pk)))
    page.goto(URL)
    assert barriers(page) == []
    at(page, crew, 2, MONDAY).focus()
    press(page, "9", "9", "Enter", "5")
    assert barriers(page) == []
    context.close()


def test_on_a_telephone_a_tap_opens_the_cell(
    crew: Floor, phone: Page, complaints: Complaints, picture: Callable[[Page, str], None]
) -> None:
    fill(crew)
    sign_in(phone, crew.cast.master.email, PASSWORD)
    phone.goto(URL)
    picture(phone, "month-phone-kk")
