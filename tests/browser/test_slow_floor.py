"""The slow line under forms that add a row: several entries of one page wait, each goes once."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, Route, expect

from portal.kernel.models import Submission
from tests.browser.conftest import Complaints, sign_in
from tests.browser.slow import kept, wait_for_scripts
from tests.inmates.shifts import NOON, Floor, a_floor
from tests.people import PASSWORD
from workshops.models import Defect, Downtime, MaterialIssue
from workshops.services.floor_reasons import load_floor_reasons

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Picture = Callable[[Page, str], None]


@pytest.fixture
def crew(transactional_db: None) -> Iterator[Floor]:
    with time_machine.travel(NOON):
        load_floor_reasons()
        yield a_floor(2)


@pytest.fixture
def desk(crew: Floor, desktop: Page, complaints: Complaints) -> Page:
    complaints.forgive("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 422")
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    return desktop


def words(page: Page):
    return page.locator("[data-outbox-words]")


def enter_defect(page: Page, pieces: str, note: str = "") -> None:
    page.get_by_label("Операция").select_option(label="1. Раскрой")
    page.get_by_label("Количество").fill(pieces)
    page.get_by_label("Причина").select_option(label="Не тот размер")
    page.get_by_label("Примечание").fill(note)
    page.get_by_role("button", name="Внести брак").click()


def test_two_defects_wait_and_both_go_once(crew: Floor, desk: Page, picture: Picture) -> None:
    desk.goto(crew.url(part="defects/"))
    desk.context.set_offline(True)
    enter_defect(desk, "2", "первый")
    expect(words(desk)).to_contain_text("1 запись ждёт отправки")
    expect(desk.locator(".outbox-note")).to_contain_text("форма пуста для следующей")
    expect(desk.get_by_label("Количество")).to_have_value("")
    expect(desk.get_by_label("Операция")).to_have_value("")
    expect(desk.get_by_label("Операция")).to_be_focused()
    enter_defect(desk, "3", "второй")
    expect(words(desk)).to_contain_text("2 записи ждут отправки")
    desk.get_by_text("Что именно").click()
    rows = desk.locator(".outbox-list li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Брак, Столярный цех, 20.11.2026")
    picture(desk, "slow-line-two-defects")
    desk.context.set_offline(False)
    expect(desk.get_by_role("cell", name="Не тот размер")).to_have_count(2)
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "empty")
    expect(desk.locator(".outbox-note")).to_have_count(0)
    assert sorted(Defect.objects.values_list("quantity", "note")) == [(2, "первый"), (3, "второй")]
    assert Submission.objects.count() == 2
    assert kept(desk) == []


def test_words_without_a_space_stay_in_the_table(crew: Floor, desk: Page, picture: Picture) -> None:
    desk.goto(crew.url(part="defects/"))
    enter_defect(desk, "2", "к" * 200)
    table = desk.locator(".shift-floor")
    expect(table).to_contain_text("ккк")
    for width in (1280, 360):
        desk.set_viewport_size({"width": width, "height": 800})
        box = desk.locator(".table-box")
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") == 0
        picture(desk, f"floor-long-word-{width}")


def test_an_answer_that_is_lost_adds_nothing_twice(crew: Floor, desk: Page) -> None:
    """The server has the row, the browser does not know: the form is free for the next one."""

    def cut(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    desk.goto(crew.url(part="defects/"))
    desk.route("**/shift/**", cut)
    enter_defect(desk, "2")
    expect(words(desk)).to_contain_text("1 запись ждёт отправки")
    desk.unroute("**/shift/**")
    enter_defect(desk, "4")
    expect(desk.get_by_role("cell", name="Не тот размер")).to_have_count(2)
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "empty")
    assert sorted(Defect.objects.values_list("quantity", flat=True)) == [2, 4]


def test_what_is_refused_later_is_laid_into_the_form_one_by_one(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(part="defects/"))
    desk.context.set_offline(True)
    enter_defect(desk, "ноль", "первый")
    enter_defect(desk, "3", "второй")
    enter_defect(desk, "много", "третий")
    expect(words(desk)).to_contain_text("3 записи ждут отправки")
    desk.context.set_offline(False)
    expect(words(desk)).to_have_text("2 записи не приняты")
    note = desk.locator(".outbox-note")
    expect(note).to_contain_text("не принято")
    expect(note).not_to_contain_text("нет связи")
    quantity = desk.get_by_label("Количество")
    expect(quantity).to_have_value("ноль")
    quantity.fill("1")
    desk.get_by_role("button", name="Внести брак").click()
    expect(quantity).to_have_value("много")
    expect(words(desk)).to_have_text("1 запись не принята")
    note.get_by_role("button", name="Убрать набранное").click()
    expect(quantity).to_have_value("")
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "empty")
    assert sorted(Defect.objects.values_list("quantity", "note")) == [(1, "первый"), (3, "второй")]
    assert kept(desk) == []


def test_what_is_refused_at_once_is_said_by_the_page(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(part="defects/"))
    enter_defect(desk, "0")
    expect(desk.locator(".form-errors")).to_be_visible()
    wait_for_scripts(desk)
    desk.context.set_offline(True)
    enter_defect(desk, "5")
    expect(words(desk)).to_contain_text("1 запись ждёт отправки")
    expect(desk.locator(".form-errors, .is-invalid")).to_have_count(0)
    expect(desk.get_by_label("Количество")).to_have_value("")
    desk.context.set_offline(False)
    expect(desk.get_by_role("cell", name="Не тот размер")).to_have_count(1)
    assert Defect.objects.get().quantity == 5


def test_downtime_and_material_wait_beside_each_other(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(part="downtime/"))
    second = desk.context.new_page()
    second.goto(crew.url(part="materials/"))
    desk.context.set_offline(True)
    desk.get_by_label("С какого времени").fill("9")
    desk.get_by_label("Причина").select_option(label="Нет электроэнергии")
    desk.get_by_role("button", name="Внести простой").click()
    expect(words(desk)).to_contain_text("1 запись ждёт отправки")
    for litres in ("2,5", "1"):
        second.get_by_label("Или другой материал").fill("Лак")
        second.get_by_label("Количество").fill(litres)
        second.get_by_role("button", name="Выдать материал").click()
    expect(words(desk)).to_contain_text("3 записи ждут отправки")
    desk.context.set_offline(False)
    for page in (desk, second):
        expect(page.locator("#outbox")).to_have_attribute("data-state", "empty")
    assert Downtime.objects.count() == 1
    assert sorted(str(one.quantity) for one in MaterialIssue.objects.all()) == ["1.000", "2.500"]


def test_what_was_typed_and_not_saved_stands_in_the_form(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(part="defects/"))
    desk.get_by_label("Количество").fill("7")
    desk.reload()
    expect(desk.get_by_label("Количество")).to_have_value("7")
    expect(desk.locator(".outbox-note")).to_contain_text("снова стоит в полях")
