"""The slow line in a browser: what is typed is kept, sent when the line is back, and done once.

The line is cut before a save, in the middle of it and after the server has committed; somebody else
sits down at the computer; the page is closed on what was typed.
"""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, Route, expect

from inmates.models import Attendance, ShiftChange, WorkEntry
from inmates.services.attendance import AttendedDay
from portal.kernel.models import Submission
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

Picture = Callable[[Page, str], None]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON):
        yield


@pytest.fixture(autouse=True)
def _cut_lines_are_no_complaint(complaints: Complaints) -> None:
    complaints.forgive("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 403")


@pytest.fixture
def crew(transactional_db: None) -> Floor:
    return a_floor(3)


@pytest.fixture
def desk(crew: Floor, desktop: Page) -> Page:
    sign_in(desktop, crew.cast.master.email, PASSWORD)
    return desktop


def lose_answers(page: Page) -> Callable[[], None]:
    """The server gets every form, saves it, and its answer never arrives; until called."""

    def cut(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.context.route("**/shift/**", cut)
    return lambda: page.context.unroute("**/shift/**", cut)


def test_three_sheets_wait_visibly_and_are_sent_when_the_line_is_back(
    crew: Floor, desk: Page, picture: Picture
) -> None:
    desk.goto(crew.url())
    thursday = another_tab(desk, crew.url(THURSDAY))
    output = another_tab(desk, crew.url(part="output/"))
    desk.context.set_offline(True)
    mark_sick(desk, crew)
    save(desk)
    expect(desk.locator(".outbox-note")).to_contain_text("Ещё не отправлено")
    assert words(desk).startswith("1 запись ждёт отправки")
    save(thursday)
    expect(thursday.locator("[data-outbox-words]")).to_contain_text("2 записи ждут отправки")
    output.fill(f"#q-{crew.placements[1].pk}-{crew.cutting.pk}", "4")
    save(output)
    for tab in (desk, thursday, output):
        expect(tab.locator("[data-outbox-words]")).to_contain_text("3 записи ждут отправки · с ")
    output.get_by_text("Что именно").click()
    rows = output.locator(".outbox-list li")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Явка, Столярный цех, 20.11.2026")
    expect(rows.last).to_contain_text("Выработка, Столярный цех, 20.11.2026")
    picture(output, "slow-line-three-wait")
    assert not Attendance.objects.exists()

    desk.context.set_offline(False)
    for tab in (desk, thursday, output):
        expect(tab.locator("#outbox")).to_have_attribute("data-state", "empty")
    assert kept(desk) == []
    assert Attendance.objects.filter(worked_on=FRIDAY, reason=crew.sick).count() == 1
    assert Attendance.objects.count() == 6
    assert WorkEntry.objects.get().quantity == 4
    assert Submission.objects.count() == 3
    assert not ShiftChange.objects.exists()


def test_a_lost_answer_is_asked_for_again_and_nothing_is_saved_twice(
    crew: Floor, desk: Page, picture: Picture
) -> None:
    """The line is cut after the commit: the second sending gets the answer of the first."""
    desk.goto(crew.url())
    line_is_back = lose_answers(desk)
    mark_sick(desk, crew)
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    assert Attendance.objects.count() == 3
    stored = {row.pk: row.recorded_at for row in Attendance.objects.all()}
    line_is_back()
    desk.get_by_role("button", name="Отправить сейчас").click()
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "empty")
    assert {row.pk: row.recorded_at for row in Attendance.objects.all()} == stored
    assert Submission.objects.count() == 1
    assert not ShiftChange.objects.exists()
    picture(desk, "slow-line-arrived")


def test_save_pressed_again_after_a_lost_answer_is_the_same_save(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url(part="output/"))
    cell = desk.locator(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}")
    line_is_back = lose_answers(desk)
    cell.fill("7")
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    line_is_back()
    save(desk)
    expect(desk.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    assert (WorkEntry.objects.get().quantity, Submission.objects.count()) == (7, 1)


def test_a_change_after_a_lost_answer_is_a_change_of_what_was_saved(
    crew: Floor, desk: Page
) -> None:
    """Nobody is told that he disagrees with himself, and the second thought is not lost."""
    desk.goto(crew.url(part="output/"))
    cell = desk.locator(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}")
    line_is_back = lose_answers(desk)
    cell.fill("7")
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    cell.fill("9")
    line_is_back()
    save(desk)
    expect(desk.locator(".outbox-note")).to_contain_text("Прежняя запись дошла")
    expect(cell).to_have_value("9")
    assert WorkEntry.objects.get().quantity == 7
    save(desk)
    expect(desk.locator(".outbox-note")).to_have_count(0)
    expect(desk.locator(".messages")).to_contain_text("Сохранено: 1 запись.")
    assert WorkEntry.objects.get().quantity == 9
    assert kept(desk) == []


def test_what_was_typed_stands_in_the_fields_after_a_reload(
    crew: Floor, desk: Page, picture: Picture
) -> None:
    desk.goto(crew.url())
    minutes = desk.locator(f"[name=minutes-{crew.placements[1].pk}]")
    mark_sick(desk, crew)
    minutes.fill("420")
    desk.reload()
    note = desk.locator(".outbox-note")
    expect(note).to_contain_text("и не сохранили, снова стоит в полях")
    expect(desk.locator(f"#reason-{crew.placements[0].pk}")).to_have_value(str(crew.sick.pk))
    expect(desk.locator(f"[name=minutes-{crew.placements[0].pk}]")).to_have_value("")
    expect(minutes).to_have_value("420")
    picture(desk, "slow-line-restored")
    # Other pages say that something is unfinished, and where.
    desk.goto("/office/")
    expect(desk.locator("[data-outbox-words]")).to_have_text("1 лист набран и не сохранён")
    desk.get_by_text("Что именно").click()
    desk.get_by_role("link", name="Явка, Столярный цех, 20.11.2026").click()
    note.get_by_role("button", name="Убрать набранное").click()
    expect(minutes).to_have_value("480")
    expect(note).to_have_count(0)
    assert kept(desk) == []
    assert not Attendance.objects.exists()


def test_only_names_and_values_of_fields_are_kept(crew: Floor, desk: Page) -> None:
    """No name of a person, no reason in words, no token of the form lies in the browser."""
    desk.goto(crew.url())
    desk.context.set_offline(True)
    mark_sick(desk, crew)
    save(desk)
    expect(desk.locator(".outbox-note")).to_be_visible()
    text = desk.evaluate("JSON.stringify(localStorage)")
    assert f"reason-{crew.placements[0].pk}" in text
    assert "Тестов" not in text
    assert "Болезнь" not in text
    assert "csrf" not in text


def test_a_restored_sheet_is_compared_with_what_others_saved_meanwhile(
    crew: Floor, desk: Page
) -> None:
    desk.goto(crew.url())
    mark_sick(desk, crew)
    desk.goto("/office/")
    crew.attend(
        AttendedDay(crew.placements[0].pk, FRIDAY, 0, crew.visit.pk),
        actor=crew.cast.labour_officer,
    )
    desk.goto(crew.url())
    expect(desk.locator(f"#reason-{crew.placements[0].pk}")).to_have_value(str(crew.sick.pk))
    save(desk)
    expect(desk.locator(".shift-theirs")).to_contain_text("Labour: Свидание")
    assert Attendance.objects.get().reason == crew.visit
    # What was typed is still there after one more reload, now over what the other entered.
    desk.goto(crew.url())
    expect(desk.locator(f"#reason-{crew.placements[0].pk}")).to_have_value(str(crew.sick.pk))
    save(desk)
    expect(desk.locator(".messages")).to_contain_text("Сохранено")
    assert Attendance.objects.get(placement=crew.placements[0]).reason == crew.sick


def test_what_is_refused_later_opens_with_what_was_typed(
    crew: Floor, desk: Page, picture: Picture
) -> None:
    desk.goto(crew.url(part="output/"))
    cell = desk.locator(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}")
    desk.context.set_offline(True)
    cell.fill("99")
    save(desk)
    expect(desk.locator(".outbox-note")).to_be_visible()
    desk.evaluate("history.replaceState(null, '', '/office/')")
    desk.context.set_offline(False)
    expect(desk.locator("[data-outbox-words]")).to_have_text("1 запись не принята")
    desk.goto("/office/")
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "bad")
    desk.get_by_text("Что именно").click()
    expect(desk.locator(".outbox-list")).to_contain_text("страница скажет почему")
    picture(desk, "slow-line-refused")
    desk.get_by_role("link", name="Выработка, Столярный цех, 20.11.2026").click()
    expect(cell).to_have_value("99")
    expect(desk.locator(".outbox-note")).to_contain_text("не принято")
    save(desk)
    expect(desk.get_by_text("Осталось 20 шт. в задании").first).to_be_visible()
    cell.fill("12")
    save(desk)
    expect(desk.get_by_text("Сохранено: 1 запись.")).to_be_visible()
    assert WorkEntry.objects.get().quantity == 12
    assert kept(desk) == []


def test_a_page_left_open_says_only_what_is_true(crew: Floor, desk: Page) -> None:
    """Refused when the line came back: no longer unsent, and not for want of a line."""
    desk.goto(crew.url(part="output/"))
    desk.context.set_offline(True)
    desk.fill(f"#q-{crew.placements[0].pk}-{crew.cutting.pk}", "99")
    save(desk)
    note = desk.locator(".outbox-note")
    expect(note).to_contain_text("Ещё не отправлено")
    desk.context.set_offline(False)
    expect(desk.locator("[data-outbox-words]")).to_have_text("1 запись не принята")
    expect(note).to_have_count(1)
    expect(note).to_contain_text("не принято")
    expect(note).not_to_contain_text("Ещё не отправлено")


def _stay_signed_out(context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")


def test_who_was_signed_out_meanwhile_signs_in_and_it_goes(crew: Floor, desk: Page) -> None:
    """An hour of typing after the session has ended: nothing of it is lost."""
    desk.goto(crew.url())
    mark_sick(desk, crew)
    _stay_signed_out(desk.context)
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text(
        f"Чтобы отправить, войдите как {crew.cast.master.get_full_name()}"
    )
    # The line is there: nothing says that it is not.
    expect(desk.locator(".outbox-note")).to_have_count(0)
    assert not Attendance.objects.exists()
    desk.locator("[data-outbox-login]").click()
    desk.fill("input[name=login]", crew.cast.master.email)
    desk.fill("input[name=password]", PASSWORD)
    desk.click("main button[type=submit]")
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    assert Attendance.objects.get(reason=crew.sick).recorded_by == crew.cast.master


def test_another_person_neither_sees_nor_sends_it(
    crew: Floor, desk: Page, picture: Picture
) -> None:
    desk.goto(crew.url())
    line_is_back = _cut(desk)
    mark_sick(desk, crew)
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    desk.get_by_role("button", name="Выйти").click()
    expect(desk.get_by_role("alertdialog")).to_contain_text("не отправлено")
    picture(desk, "slow-line-sign-out")
    desk.get_by_role("button", name="Выйти, оставить").click()
    wait_until_signed_out(desk)
    line_is_back()

    sign_in(desk, crew.cast.labour_officer.email, PASSWORD)
    desk.goto(crew.url())
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "empty")
    expect(desk.locator(".outbox-note")).to_have_count(0)
    expect(desk.locator(f"#reason-{crew.placements[0].pk}")).to_have_value("")
    desk.get_by_role("button", name="Выйти").click()
    wait_until_signed_out(desk)
    assert not Attendance.objects.exists()

    sign_in(desk, crew.cast.master.email, PASSWORD)
    expect(desk.locator("[data-outbox-sent]")).to_contain_text(
        "Отправлено: Явка, Столярный цех, 20.11.2026. Сохранено: 3 записи."
    )
    assert set(Attendance.objects.values_list("recorded_by", flat=True)) == {crew.cast.master.pk}
    # It is said once, beside the sheet, and not on the next page again.
    desk.goto("/office/")
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_have_count(0)


def _cut(page: Page) -> Callable[[], None]:
    """No form comes through; pages do. Until called."""

    def cut(route: Route) -> None:
        if route.request.method == "POST":
            route.abort()
        else:
            route.continue_()

    page.context.route("**/shift/**", cut)
    return lambda: page.context.unroute("**/shift/**", cut)


def test_a_page_left_open_by_another_is_not_sent_in_the_new_name(crew: Floor, desk: Page) -> None:
    """Two tabs of one computer: in the second somebody else has signed in."""
    desk.goto(crew.url())
    mark_sick(desk, crew)
    _stay_signed_out(desk.context)
    second = another_tab(desk, "/")
    sign_in(second, crew.cast.labour_officer.email, PASSWORD)
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("войдите как")
    assert not Attendance.objects.exists()


def test_what_waits_can_be_deleted_and_sign_out_takes_it_along(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url())
    _cut(desk)
    mark_sick(desk, crew)
    save(desk)
    desk.get_by_text("Что именно").click()
    desk.locator(".outbox-list").get_by_role("button", name="Удалить").click()
    desk.locator(".outbox-list").get_by_role("button", name="Удалить насовсем?").click()
    expect(desk.locator(f"#reason-{crew.placements[0].pk}")).to_have_value("")
    assert kept(desk) == []
    mark_sick(desk, crew)
    save(desk)
    expect(desk.locator("#outbox")).to_have_attribute("data-state", "warn")
    desk.get_by_role("button", name="Выйти").click()
    desk.get_by_role("button", name="Удалить и выйти").click()
    wait_until_signed_out(desk)
    assert kept(desk) == []


def test_two_tabs_send_one_entry_once(crew: Floor, desk: Page) -> None:
    desk.goto(crew.url())
    second = another_tab(desk, "/office/")
    third = another_tab(desk, "/office/")
    desk.context.set_offline(True)
    mark_sick(desk, crew)
    save(desk)
    expect(third.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    desk.close()
    sent: list[str] = []
    for tab in (second, third):
        tab.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    second.context.set_offline(False)
    for tab in (second, third):
        expect(tab.locator("#outbox")).to_have_attribute("data-state", "empty")
    assert len(sent) == 1
    assert Attendance.objects.count() == 3


def test_a_tab_closed_in_the_middle_of_a_save_leaves_it_to_the_next_page(
    crew: Floor, desk: Page
) -> None:
    """The server has saved, the browser never knew: the same tab, opened again, asks once more."""
    desk.goto(crew.url())
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not held:
            route.fetch()
            held.append(route)
        else:
            route.continue_()

    desk.route("**/shift/**", hold)
    mark_sick(desk, crew)
    save(desk)
    wait_for(desk, held)
    desk.goto("/office/")
    expect(desk.locator("[data-outbox-sent]")).to_contain_text("Сохранено: 3 записи.")
    assert Submission.objects.count() == 1
    assert not ShiftChange.objects.exists()
    assert kept(desk) == []


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_portal_that_is_away_is_a_cut_line(
    crew: Floor, desk: Page, complaints: Complaints, status: int
) -> None:
    complaints.forgive(str(status))
    desk.goto(crew.url())
    desk.route(
        "**/shift/**",
        lambda route: (
            route.fulfill(status=status) if route.request.method == "POST" else route.continue_()
        ),
    )
    save(desk)
    expect(desk.locator("[data-outbox-words]")).to_contain_text("1 запись ждёт отправки")
    desk.unroute("**/shift/**")
    desk.get_by_role("button", name="Отправить сейчас").click()
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()


def test_a_browser_that_keeps_nothing_says_so_and_saves_as_ever(crew: Floor, desk: Page) -> None:
    desk.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); }")
    desk.goto(crew.url())
    mark_sick(desk, crew)
    expect(desk.locator(".outbox-note")).to_contain_text("не может хранить набранное")
    questions: list[str] = []

    def asked(dialog) -> None:  # type: ignore[no-untyped-def]
        questions.append(dialog.type)
        dialog.dismiss()

    desk.once("dialog", asked)
    desk.close(run_before_unload=True)
    desk.wait_for_timeout(300)
    assert questions == ["beforeunload"]
    save(desk)
    expect(desk.get_by_text("Сохранено: 3 записи.")).to_be_visible()
    assert Attendance.objects.filter(reason=crew.sick).count() == 1


def test_the_line_goes_on_a_telephone_in_kazakh(crew: Floor, phone: Page, picture: Picture) -> None:
    sign_in(phone, crew.cast.master.email, PASSWORD)
    phone.goto(crew.url())
    phone.context.set_offline(True)
    mark_sick(phone, crew)
    save(phone)
    expect(phone.locator("[data-outbox-words]")).to_contain_text("1 жазба жіберілуді күтіп тұр")
    expect(phone.locator(".outbox-note")).to_contain_text("байланыс қалпына келгенде өзі")
    phone.get_by_text("Нақты не").click()
    phone.evaluate("window.scrollTo(0, 0)")
    picture(phone, "slow-line-phone-kk")
    phone.evaluate("window.scrollTo(0, 400)")
    expect(phone.locator("[data-outbox-words]")).to_be_in_viewport()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Сақталды: 3 жазба.")).to_be_visible()
    assert Attendance.objects.filter(reason=crew.sick).count() == 1
