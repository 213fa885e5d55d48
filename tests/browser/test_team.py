"""A team in a browser: entered with the thumb on a phone and over a cut line, changed at a desk."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from inmates.models import Attendance, TeamEntry
from portal.kernel.models import Submission
from tests.browser.conftest import Complaints, sign_in
from tests.browser.test_pages import barriers
from tests.inmates.shifts import FRIDAY, NOON, Floor
from tests.inmates.team_floor import a_piece_floor, done, enter
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Picture = Callable[[Page, str], None]


@pytest.fixture
def crew(transactional_db: None) -> Iterator[Floor]:
    with time_machine.travel(NOON):
        yield a_piece_floor(4)


@pytest.fixture
def desk(crew: Floor, desktop: Page, complaints: Complaints) -> Page:
    complaints.forgive("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 422")
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    return desktop


def fill(page: Page, crew: Floor, pieces: str, *places: int) -> None:
    page.get_by_label("Операция").select_option(str(crew.cutting.pk))
    page.get_by_label("Штук всей бригадой").fill(pieces)
    for place in places:
        page.locator(f"#member-{crew.placements[place].pk}").check()


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить выработку бригады").click()


def test_a_team_is_entered_from_the_output_of_the_shift(
    crew: Floor, desk: Page, picture: Picture
) -> None:
    desk.goto(crew.url(part="output/"))
    desk.get_by_role("link", name="Внести выработку бригады").click()
    fill(desk, crew, "12", 0, 1)
    desk.locator(f"[name=coefficient-{crew.placements[0].pk}]").fill("1,2")
    picture(desk, "team-form")
    save(desk)
    expect(desk.locator(".output-teams")).to_contain_text("Раскрой, 12 шт")
    expect(desk.locator(".output-teams")).to_contain_text("№ 1601 480 мин × 1,2, № 1602 480 мин")
    assert done(crew) == 12
    picture(desk, "team-list")
    desk.locator(".team-list a").click()
    desk.get_by_label("Штук всей бригадой").fill("10")
    save(desk)
    expect(desk.locator(".output-teams")).to_contain_text("Раскрой, 10 шт")
    expect(desk.get_by_role("heading", name="Исправления этого дня")).to_be_visible()
    desk.locator(".team-list a").click()
    desk.get_by_role("button", name="Убрать эту выработку").click()
    expect(desk.locator(".output-teams")).to_contain_text("Для бригад ничего не внесено")
    assert done(crew) == 0


def test_two_teams_wait_for_the_line_and_go_once(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(part=f"output/team/?order={crew.order.pk}"))
    desk.context.set_offline(True)
    fill(desk, crew, "12", 0, 1)
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    expect(desk.get_by_label("Штук всей бригадой")).to_have_value("")
    fill(desk, crew, "5", 2, 3)
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("2 записи ждут отправки")
    desk.context.set_offline(False)
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "empty")
    assert sorted(TeamEntry.objects.values_list("quantity", flat=True)) == [5, 12]
    assert done(crew) == 17
    assert Submission.objects.count() == 2


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(part="output/team/"))
    fill(desk, crew, "51", 0, 1)
    save(desk)
    expect(desk.locator("#quantity-said")).to_contain_text("50")
    expect(desk.get_by_label("Штук всей бригадой")).to_have_value("51")
    expect(desk.locator(f"#member-{crew.placements[1].pk}")).to_be_checked()
    assert not TeamEntry.objects.exists()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_a_team_fit_and_have_no_barrier(
    crew: Floor, browser: Browser, live_server, width: int, picture: Picture
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    page = context.new_page()
    sign_in(page, crew.cast.master.email, PASSWORD)
    enter(crew, 12, {0: 480, 1: 240, 2: 480}, coefficients={0: "1.20"})
    for part, name in (("output/", "output"), ("output/team/", "form")):
        page.goto(crew.url(part=part))
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        picture(page, f"team-{name}-{width}")
    context.close()


def test_night_and_overtime_open_for_everybody_at_once(
    crew: Floor, desk: Page, picture: Picture
) -> None:
    desk.goto(crew.url())
    first = crew.placements[0].pk
    expect(desk.locator(f"#night-{first}")).to_be_hidden()
    desk.get_by_label("Ночные, сверхурочные").check()
    desk.locator(f"#night-{first}").fill("120")
    desk.locator(f"#overtime-{first}").fill("60")
    picture(desk, "shift-night")
    desk.get_by_role("button", name="Сохранить явку").click()
    expect(desk.get_by_text("Сохранено: 4 записи.").first).to_be_visible()
    expect(desk.locator(f"#night-{first}")).to_have_value("120")
    row = Attendance.objects.get(placement=first, worked_on=FRIDAY)
    assert (row.night_minutes, row.overtime_minutes) == (120, 60)
    desk.set_viewport_size({"width": 360, "height": 800})
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(desk, "shift-night-360")


def test_the_month_writes_them_into_the_cell(crew: Floor, desk: Page, picture: Picture) -> None:
    desk.goto(f"/shift/{crew.cast.workshop.code}/2026-11/month/")
    cell = desk.locator(f"#c-{crew.placements[0].pk}-{FRIDAY.isoformat()}")
    cell.click()
    desk.keyboard.type("9")
    desk.keyboard.press("Enter")
    cell.click()
    desk.get_by_text("Ночные, сверхурочные").click()
    desk.get_by_label("часов ночью").fill("2")
    desk.get_by_label("часов сверхурочно").fill("1:30")
    desk.get_by_label("часов сверхурочно").press("Enter")
    picture(desk, "month-night")
    desk.get_by_role("button", name="Сохранить месяц").click()
    expect(desk.get_by_text("Сохранено: 1 клетка.").first).to_be_visible()
    expect(
        desk.locator(f"#c-{crew.placements[0].pk}-{FRIDAY.isoformat()}.month-extra")
    ).to_be_visible()
    row = Attendance.objects.get(placement=crew.placements[0], worked_on=FRIDAY)
    assert (row.minutes, row.night_minutes, row.overtime_minutes) == (540, 120, 90)
