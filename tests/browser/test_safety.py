"""Safety in a browser: a blocked cell, the briefing, then output; an accident with late notices."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from inmates.models import Accident, Clearance, WorkEntry
from tests.browser.conftest import sign_in
from tests.inmates.safety import BRIEFING, a_requirement
from tests.inmates.shifts import NOON, Floor, a_floor
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def crew(transactional_db: None) -> Floor:
    floor = a_floor(3)
    a_requirement(BRIEFING, valid_days=182)
    return floor


def test_a_blocked_cell_opens_with_the_briefing(
    crew: Floor,
    desktop: Page,
    clock: time_machine.Traveller,
    picture: Callable[[Page, str], None],
) -> None:
    page, first = desktop, crew.placements[0]
    sign_in(page, crew.cast.master.email, PASSWORD)
    page.goto(crew.url(part="output/"))
    cell = page.locator(f'[id="q-{first.pk}-{crew.cutting.pk}"]')
    expect(cell).not_to_be_editable()
    expect(page.locator(f"#blocked-{first.pk}")).to_contain_text("Инструктаж по безопасности")
    picture(page, "safety-blocked")
    # The attendance leads to the tick list, where everybody who lacks it is ticked.
    page.goto(crew.url())
    expect(page.locator("#uncleared li").first).to_be_hidden()
    page.set_viewport_size({"width": 360, "height": 740})
    # One line: the sheet begins where it would without it.
    assert page.locator("#uncleared").bounding_box()["height"] <= 48
    picture(page, "safety-attendance-phone")
    page.locator("#uncleared summary").click()
    expect(page.locator("#uncleared")).to_contain_text("1602")
    picture(page, "safety-attendance-phone-open")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#uncleared a").click()
    ticks = page.locator("input[name=people]")
    expect(ticks).to_have_count(3)
    assert all(tick.is_checked() for tick in ticks.all())
    page.get_by_label("Документ").fill("журнал № 12")
    page.get_by_role("button", name="Внести отмеченным").click()
    expect(page.get_by_text("Внесено: 3 человека.")).to_be_visible()
    assert Clearance.objects.filter(kind=BRIEFING).count() == 3
    page.goto(crew.url(part="output/"))
    expect(cell).to_be_editable()
    cell.fill("4")
    page.get_by_role("button", name="Сохранить выработку").click()
    expect(page.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    assert WorkEntry.objects.get().quantity == 4


def test_an_accident_is_told_of_late_and_says_so(
    crew: Floor,
    desktop: Page,
    clock: time_machine.Traveller,
    picture: Callable[[Page, str], None],
) -> None:
    page = desktop
    sign_in(page, crew.cast.labour_officer.email, PASSWORD)
    page.goto("/people/accidents/new/")
    page.get_by_label("День").fill("20.11.2026")
    page.get_by_label("Время").fill("9:30")
    page.get_by_label("Табельные номера").fill("1601")
    page.get_by_label("Обстоятельства").fill("Упала доска")
    page.get_by_role("button", name="Внести случай").click()
    expect(page.get_by_text("отправить до 23.11.2026").first).to_be_visible()
    # Four days later nobody has told anybody.
    clock.shift(timedelta(days=4))
    page.goto("/people/accidents/")
    expect(page.locator("#late-notices")).to_contain_text("23.11.2026")
    picture(page, "accident-late")
    page.locator("#late-notices a").first.click()
    expect(page.get_by_text("просрочено").first).to_be_visible()
    for number in ("12-п", "13-п"):
        form = page.locator("form", has=page.get_by_label("Номер письма")).first
        form.get_by_label("Номер письма").fill(number)
        form.get_by_role("button").click()
        expect(page.get_by_text("Отмечено как отправленное.")).to_be_visible()
    page.get_by_label("Чем закончилось").fill("Акт № 4 от 24.11.2026")
    page.get_by_role("button", name="Закрыть").click()
    expect(page.get_by_text(re.compile("Закрыт"))).not_to_have_count(0)
    assert Accident.objects.get().status == "closed"
    # Sent after the day it was due: the word stays for ever.
    expect(page.get_by_text("просрочено").first).to_be_visible()
