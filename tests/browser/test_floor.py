"""The sheet of output in a browser: steppers, a spreadsheet pasted, warnings at once, a batch card
scanned; then the papers, read back.
"""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from inmates.models import WorkEntry
from inmates.services.attendance import AttendedDay
from portal.documents.codes import printed_code
from tests.browser.conftest import sign_in
from tests.browser.test_pages import barriers
from tests.inmates.shifts import FRIDAY, NOON, Floor, a_floor
from tests.people import PASSWORD
from workshops.models import BatchCard
from workshops.selectors.batches import batch_passed
from workshops.services.batches import make_batch_cards
from workshops.services.floor_reasons import load_floor_reasons

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = 6


@pytest.fixture
def crew(transactional_db: None) -> Iterator[Floor]:
    """Six people of whom the last is sick, and a work order of sixty."""
    with time_machine.travel(NOON):
        floor = a_floor(PEOPLE, quantity=60)
        load_floor_reasons()
        floor.attend(*[AttendedDay(one.pk, FRIDAY, 480) for one in floor.placements[:-1]])
        floor.attend(AttendedDay(floor.placements[-1].pk, FRIDAY, 0, floor.sick.pk))
        yield floor


@pytest.fixture
def sheet(crew: Floor, desktop: Page) -> Page:
    desktop.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    desktop.goto(crew.url(part="output/"))
    return desktop


def cell(page: Page, floor: Floor, place: int, operation: str = "cutting"):
    return page.locator(f"#q-{floor.placements[place].pk}-{getattr(floor, operation).pk}")


def paste(page: Page, text: str) -> None:
    """As Ctrl+V does, from the clipboard of the machine."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def entries(floor: Floor) -> dict[tuple[int, str], int]:
    names = {floor.cutting.pk: "cutting", floor.painting.pk: "painting"}
    places = {one.pk: place for place, one in enumerate(floor.placements)}
    return {
        (places[row.placement_id], names[row.work_order_operation_id]): row.quantity
        for row in WorkEntry.objects.all()
    }


# --- steppers ---------------------------------------------------------------------------------
def test_steppers_by_click_and_by_key(crew: Floor, sheet: Page) -> None:
    name = f"1601 {crew.names[0]}: Раскрой"
    more = sheet.get_by_role("button", name=f"На одну больше: {name}")
    more.click()
    more.click()
    sheet.get_by_role("button", name=f"На одну меньше: {name}").click()
    expect(cell(sheet, crew, 0)).to_have_value("1")
    second = cell(sheet, crew, 1)
    second.focus()
    for key in ("+", "+", "=", "-"):
        sheet.keyboard.press(key)
    expect(second).to_have_value("2")
    for _time in range(3):
        sheet.keyboard.press("-")
    expect(second).to_have_value("")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    assert entries(crew) == {(0, "cutting"): 1}


def test_enter_after_a_click_on_a_stepper_saves(crew: Floor, sheet: Page) -> None:
    """The mouse leaves the focus in the cell: Enter there saves, and counts nothing more."""
    name = f"1601 {crew.names[0]}: Раскрой"
    more = sheet.get_by_role("button", name=f"На одну больше: {name}")
    more.click()
    more.click()
    expect(cell(sheet, crew, 0)).to_be_focused()
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    assert entries(crew) == {(0, "cutting"): 2}


def test_steppers_are_large_enough_for_a_glove(crew: Floor, new_page, picture) -> None:
    page = new_page(360, 780, "kk")
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url(part="output/"))
    for button in page.locator(".output-step").all()[:4]:
        box = button.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
    picture(page, "floor-output-360")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


# --- warnings ---------------------------------------------------------------------------------
def test_too_much_is_said_while_one_types(crew: Floor, sheet: Page, picture) -> None:
    cell(sheet, crew, 0).fill("9")
    row = sheet.locator("tr[data-number='1601']")
    expect(row).to_contain_text("По норме 540 мин, а отработано 480.")
    cell(sheet, crew, 1).fill("55")
    over = sheet.locator("[data-over]")
    expect(over).to_have_text("«1. Раскрой»: выработка больше задания на 4 шт.")
    picture(sheet, "floor-warnings")
    cell(sheet, crew, 1).fill("6")
    expect(over).to_have_text("")
    cell(sheet, crew, 0).fill("8")
    expect(row).not_to_contain_text("По норме")


# --- paste ------------------------------------------------------------------------------------
def test_a_block_is_looked_through_and_put_in(crew: Floor, sheet: Page, picture) -> None:
    cell(sheet, crew, 0).focus()
    paste(sheet, "3\t4\r\n12,0\t\r\n\u0663\t1\u00a02\r\n")
    panel = sheet.locator("[data-paste]")
    expect(panel).to_contain_text("Изменится ячеек: 5")
    expect(panel.locator("tbody tr")).to_have_count(5)
    expect(panel.locator("tbody tr").nth(4)).to_contain_text("12")
    picture(sheet, "floor-paste")
    expect(cell(sheet, crew, 0)).to_have_value("")
    sheet.keyboard.press("Enter")  # «Внести» has the focus
    expect(cell(sheet, crew, 0)).to_have_value("3")
    expect(sheet.locator("[data-over]")).to_contain_text("Внесено в таблицу: 5.")
    assert entries(crew) == {}
    sheet.get_by_role("button", name="Сохранить выработку").click()
    expect(sheet.get_by_text("Сохранено: 5 записей.")).to_be_visible()
    assert entries(crew) == {
        (0, "cutting"): 3, (0, "painting"): 4, (1, "cutting"): 12,
        (2, "cutting"): 3, (2, "painting"): 12,
    }  # fmt: skip


def test_lines_with_numbers_go_to_their_people(crew: Floor, sheet: Page) -> None:
    cell(sheet, crew, 0, "painting").focus()
    paste(sheet, "1603\t7\n№ 1601\t2")
    sheet.get_by_role("button", name="Внести", exact=True).click()
    expect(cell(sheet, crew, 2, "painting")).to_have_value("7")
    expect(cell(sheet, crew, 0, "painting")).to_have_value("2")
    expect(cell(sheet, crew, 0)).to_have_value("")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "3\nпять",
            "Строка 2, столбец 1, 1602 × 1. Раскрой: «пять» не количество; пишите цифрами.",
        ),
        ("3\t1,5", "Строка 1, столбец 2, 1601 × 2. Покраска: «1,5» не целое число."),
        ("3\t1\t1", "Строка 1, столбец 3, 1601 × —: от этой ячейки вправо операций только 2."),
        ("1\n1\n1\n1\n1\n1\n1", "от этой ячейки вниз строк только 6."),
        ("1\n1\n1\n1\n1\n1", "№ 1606 в этот день отсутствует."),
        ("1601\t3\n9999\t4", "Строка 2, столбец 1, 9999: № 9999 нет в этом листе."),
        ("1601\t3\n1601\t4", "№ 1601 стоит дважды."),
        ("999999\n1", "«999999» больше 100 000."),
        ("5²", "«5²» не количество; пишите цифрами."),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(
    crew: Floor, sheet: Page, text: str, sentence: str
) -> None:
    first = cell(sheet, crew, 0)
    first.focus()
    paste(sheet, text)
    panel = sheet.locator("[data-paste]")
    expect(panel).to_contain_text("Ничего не вставлено")
    assert sentence in panel.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    expect(first).to_have_value("")
    panel.get_by_role("button", name="Оставить как есть").click()
    expect(panel).to_be_hidden()
    expect(first).to_be_focused()


def test_a_single_cell_is_pasted_as_it_is_meant(crew: Floor, sheet: Page) -> None:
    cell(sheet, crew, 0).focus()
    paste(sheet, " 1\u00a0234,0 \n")
    expect(cell(sheet, crew, 0)).to_have_value("1\u00a0234")
    expect(sheet.locator("[data-paste]")).to_be_hidden()


# --- the batch card ---------------------------------------------------------------------------
def test_a_scanner_opens_the_batch_and_the_output_is_on_it(
    crew: Floor, sheet: Page, picture: Callable[[Page, str], None]
) -> None:
    cards: list[BatchCard] = make_batch_cards(
        actor=crew.cast.master, work_order_id=crew.order.pk, size=20, at=NOON
    )
    # A scanner types the address letter by letter and presses Enter.
    sheet.get_by_label("Карточка партии").focus()
    sheet.keyboard.type(f"https://portal.example/b/{cards[1].code}")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_text("Партия 2, 20 шт.")).to_be_visible()
    assert printed_code(cards[1].code) in sheet.url
    expect(sheet.locator("thead")).to_contain_text("в партии осталось 20")
    picture(sheet, "floor-batch")
    cell(sheet, crew, 0).fill("5")
    sheet.get_by_role("button", name="Сохранить выработку").click()
    expect(sheet.locator("thead")).to_contain_text("в партии осталось 15")
    assert batch_passed([cards[1].pk]) == {(cards[1].pk, crew.cutting.pk): 5}
    sheet.goto(reverse("workshops:work_order", args=[crew.order.pk]))
    expect(sheet.locator("#batches")).to_contain_text("5 из 20")
    picture(sheet, "floor-work-order")


# --- the other tabs and the papers ------------------------------------------------------------
def test_a_shift_with_its_floor_is_printed(
    crew: Floor, sheet: Page, picture: Callable[[Page, str], None]
) -> None:
    sheet.get_by_role("link", name="Простои").click()
    sheet.get_by_label("С какого времени").fill("9")
    sheet.get_by_label("Причина").select_option(label="Нет электроэнергии")
    sheet.get_by_role("button", name="Внести простой").click()
    expect(sheet.get_by_text("Сохранено.")).to_be_visible()
    expect(sheet.get_by_role("cell", name="с 20.11.2026, 09:00")).to_be_visible()
    picture(sheet, "floor-downtime")
    sheet.get_by_role("link", name="Снова работает").click()
    sheet.get_by_role("button", name="Снова работает").click()
    expect(sheet.get_by_text("09:00–12:0")).to_be_visible()
    sheet.get_by_role("link", name="Брак").click()
    sheet.get_by_label("Операция").select_option(label="1. Раскрой")
    sheet.get_by_label("Количество").fill("2")
    sheet.get_by_label("Причина").select_option(label="Не тот размер")
    sheet.get_by_role("button", name="Внести брак").click()
    expect(sheet.get_by_role("cell", name="Не тот размер")).to_be_visible()
    picture(sheet, "floor-defects")
    sheet.get_by_role("link", name="Материалы").click()
    sheet.get_by_label("По спецификации").select_option(index=1)
    sheet.get_by_label("Количество").fill("3")
    sheet.get_by_role("button", name="Выдать материал").click()
    expect(sheet.get_by_role("cell", name="3 шт.")).to_be_visible()
    picture(sheet, "floor-materials")
    with sheet.expect_download() as download:
        sheet.get_by_role("link", name="Отчёт за смену, PDF").click()
    pages = PdfReader(BytesIO(download.value.path().read_bytes())).pages
    text = " ".join(pages[0].extract_text().split())
    for words in ("Отчёт за смену", "1601, 1602", "Нет электроэнергии", "Не тот размер", "Шанырак"):
        assert words in text
    # Numbers alone: no name is on the paper.
    assert not any(name in text for name in crew.names)


@pytest.mark.parametrize("part", ["output/", "downtime/", "defects/", "materials/"])
def test_nothing_bars_the_way(crew: Floor, browser: Browser, live_server, part: str) -> None:
    """Nothing serious for those who do not see or use no mouse (axe, WCAG AA)."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 780}, bypass_csp=True
    )
    page = context.new_page()
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url(part=part))
    assert barriers(page) == []
    context.close()
