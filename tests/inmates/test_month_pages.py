"""The page of the month and the accountant's pages: what they show, take, refuse and record."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from inmates.models import Attendance, ShiftChange, Timesheet
from inmates.services.attendance import AttendedDay
from inmates.services.output import Output
from inmates.shifts import Mark
from portal.accounts.enums import Role
from portal.kernel.models import AuditEvent
from tests.inmates.sheets import (
    LAST_DAY,
    LATE,
    cell,
    fill,
    locked,
    returned,
    save,
    stored,
)
from tests.inmates.shifts import Floor, a_floor, floor, master, text
from tests.people import a_consent, a_placement, a_reason, a_user, an_inmate

__all__ = ["floor", "master"]
URL = "/shift/wood-16/2026-11/month/"
LIST, SHEET = "/timesheets/", "/timesheets/wood-16/2026-11/"
MONDAY, SUNDAY, EARLY = date(2026, 11, 30), date(2026, 11, 29), date(2026, 11, 3)


@pytest.fixture(autouse=True)
def on_the_last_day() -> Iterator[None]:
    with time_machine.travel(LAST_DAY, tick=False):
        yield


@pytest.fixture
def accountant(client: Client, floor: Floor) -> Client:
    client.force_login(floor.cast.accountant)
    return client


def typed(*cells: tuple[int, date, Mark | None, str], **fields: str) -> dict[str, str]:
    """What the script sends: the changed cells with what the page showed."""
    rows = [
        [pk, day.isoformat(), mark.as_row() if mark else None, words]
        for pk, day, mark, words in cells
    ]
    return {"cells": json.dumps(rows), "opened": LAST_DAY.isoformat(), **fields}


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="month-data" type="application/json">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def send(
    client: Client, floor: Floor, *cells: tuple[int, date, Mark | None, str], **more: str
) -> Any:
    """`cells` name people by their place on the floor."""
    rows = [(floor.placements[place].pk, day, mark, words) for place, day, mark, words in cells]
    return client.post(URL, typed(*rows, **more))


def test_the_month_is_read_without_its_script(master: Client, floor: Floor) -> None:
    save(
        floor,
        cell(floor, 0, MONDAY, Mark(450)),
        cell(floor, 1, MONDAY, Mark(0, floor.sick.pk, "справка 12")),
        cell(floor, 2, SUNDAY, Mark(240, floor.short.pk)),
    )
    page = text(master.get(URL))
    for place, day, words in ((0, MONDAY, "7:30"), (1, MONDAY, "Б"), (2, SUNDAY, "Н4")):
        assert re.search(
            rf'id="c-{floor.placements[place].pk}-{day.isoformat()}"[^>]*>{words}</td>', page
        ), words
    assert 'title="справка 12"' in page
    assert floor.names[0] in page
    assert f'href="/shift/wood-16/{MONDAY.isoformat()}/"' in page
    assert "<noscript>" in page


def test_names_that_were_shown_are_recorded_once_for_the_list(master: Client, floor: Floor) -> None:
    master.get(URL)
    event = AuditEvent.objects.get(action="identities_read")
    assert event.details["purpose"] == "timesheet"
    assert len(event.details["inmates"]) == 3
    assert master.get(URL)["Cache-Control"] == "no-store"


def test_the_script_gets_what_it_needs(master: Client, floor: Floor) -> None:
    save(floor, cell(floor, 0, MONDAY, Mark(0, floor.sick.pk, "справка")))
    floor.make(Output(floor.placements[1].pk, floor.cutting.pk, MONDAY, 4), at=LAST_DAY)
    data = data_of(text(master.get(URL)))
    assert len(data["days"]) == 30
    assert data["days"][28] == {
        "day": "2026-11-29", "label": "29.11", "weekday": "вс", "isOff": True,
        "codes": data["days"][28]["codes"],
    }  # fmt: skip
    assert data["days"][0]["codes"]["Д"] == [floor.other.pk, False, True]
    first, second = data["rows"][0], data["rows"][1]
    assert first["entered"]["30"] == ["Б справка", [0, floor.sick.pk, "справка", 0, 0]]
    assert second["output"] == {"30": 4}
    assert first["full"][0] == 480
    # Past the window a day is written with a reason, the last days freely.
    assert (first["gates"][0], first["gates"][29]) == (2, 1)


def test_changed_cells_are_saved_and_told(master: Client, floor: Floor) -> None:
    response = send(
        master, floor, (0, MONDAY, None, "8"), (1, MONDAY, None, "св"), (2, SUNDAY, None, "Н 4,5")
    )
    assert response.status_code == 302
    assert response["Location"] == URL
    assert stored(floor, 0, MONDAY) == Mark(480)
    assert stored(floor, 1, MONDAY) == Mark(0, floor.visit.pk)
    assert stored(floor, 2, SUNDAY) == Mark(270, floor.short.pk)
    assert "Сохранено: 3 клетки." in text(master.get(URL))


def test_the_same_form_again_changes_nothing(master: Client, floor: Floor) -> None:
    for _again in range(2):
        assert send(master, floor, (0, MONDAY, None, "8")).status_code == 302
    assert Attendance.objects.count() == 1
    assert not ShiftChange.objects.exists()


def test_an_empty_form_is_no_mistake(master: Client, floor: Floor) -> None:
    response = master.post(URL, {"cells": "", "opened": ""}, follow=True)
    assert "не изменилось" in text(response)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("B", "«B» — буква латинского алфавита, похожая на русскую «В»"),
        ("Қ", "«Қ» — буква казахского алфавита, похожая на русскую «К»"),
        ("S", "«S» — буква латинского алфавита. Буквы этого листа: Б, СВ, Н, Д."),
        ("Ж", "«Ж» не обозначает ни одной причины"),
        ("25", "В сутках 24 часа"),
        ("В", "это рабочий день"),
        ("Д", "Напишите после буквы"),
        ("<b>", "«b» — буква латинского"),
    ],
)
def test_a_text_that_is_no_entry_names_its_cell_and_stays(
    master: Client, floor: Floor, pasted: str, said: str
) -> None:
    response = send(master, floor, (0, MONDAY, None, pasted), (1, MONDAY, None, "8"))
    assert response.status_code == 422
    page = text(response).replace("&lt;", "<").replace("&gt;", ">")
    assert "№ 1601, 30.11" in page
    assert said in page
    assert not Attendance.objects.exists(), "nothing of the sheet is saved"
    field = re.search(r'name="cells" value="([^"]*)"', text(response))
    assert field
    sent = json.loads(unescape(field[1]))
    assert sent == [
        [floor.placements[0].pk, "2026-11-30", None, pasted],
        [floor.placements[1].pk, "2026-11-30", None, "8"],
    ]
    key = f"{floor.placements[0].pk}-2026-11-30"
    assert said in data_of(text(response))["problems"][key]


@pytest.mark.parametrize(
    "cells",
    [
        "{", "7", '"x"', "[1]", "[[1]]", '[["1","2026-11-30",null,"8"]]',
        "[[0,\"2026-11-30\",null,\"8\"]]", '[[{id},"2026-13-01",null,"8"]]',
        '[[{id},"2026-10-30",null,"8"]]', '[[{id},"2026-11-30",null,8]]', "[" * 5000,
        '[[{id},"2026-11-30",null,"' + "8" * 400 + '"]]', '[[true,"2026-11-30",null,"8"]]',
    ],
)  # fmt: skip
def test_a_field_nobody_typed_is_refused_in_words(master: Client, floor: Floor, cells: str) -> None:
    response = master.post(URL, {"cells": cells.replace("{id}", str(floor.placements[0].pk))})
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("8 при\x00ёмка", Mark(480, None, "приёмка")),
        ("8 груз \ud83d", Mark(480, None, "груз \ufffd")),
        ("8\x00", Mark(480)),
        ("8 груз 🚚", Mark(480, None, "груз 🚚")),
    ],
)
def test_what_no_column_can_hold_is_no_fault(
    master: Client, floor: Floor, words: str, kept: Mark
) -> None:
    assert send(master, floor, (0, MONDAY, None, words)).status_code == 302
    assert stored(floor, 0, MONDAY) == kept


def test_a_letter_beside_half_a_character_is_refused_at_its_cell(
    master: Client, floor: Floor
) -> None:
    response = send(master, floor, (0, MONDAY, None, "C \ud800"))
    assert response.status_code == 422
    assert "№ 1601, 30.11" in text(response)


def test_a_closed_day_asks_for_a_reason_and_keeps_what_was_typed(
    master: Client, floor: Floor
) -> None:
    response = send(master, floor, (0, EARLY, None, "8"))
    assert response.status_code == 422
    page = text(response)
    assert "03.11.2026" in page
    assert '<div class="form-wide shift-explain" id="month-explain">' in page
    assert "&quot;8&quot;" in page
    assert send(master, floor, (0, EARLY, None, "8"), correction=LATE).status_code == 302
    assert ShiftChange.objects.get().explanation == LATE
    assert LATE in text(master.get(URL))


def test_a_month_locked_while_somebody_types_keeps_the_typed(master: Client, floor: Floor) -> None:
    locked(floor)
    response = send(master, floor, (0, MONDAY, Mark(480), "7"))
    assert response.status_code == 422
    page = text(response)
    assert "Табель за ноябрь 2026 сдан" in page
    assert "&quot;7&quot;" in page
    assert stored(floor, 0, MONDAY) == Mark(480)


def test_two_masters_are_shown_each_others_cell_and_choose(master: Client, floor: Floor) -> None:
    officer = floor.cast.labour_officer
    save(floor, cell(floor, 0, MONDAY, Mark(300)), actor=officer)
    response = send(master, floor, (0, MONDAY, None, "8"), (1, MONDAY, None, "7"))
    assert response.status_code == 422
    page = text(response)
    assert f"Сохранено в 12:00, {officer.full_name}: 300 мин" in page
    key = f"{floor.placements[0].pk}-2026-11-30"
    data = data_of(page)
    assert data["theirs"][key][1] == "5"
    # The next save is compared with theirs: mine is chosen, and the trace tells both.
    assert (
        send(master, floor, (0, MONDAY, Mark(300), "8"), (1, MONDAY, None, "7")).status_code == 302
    )
    assert stored(floor, 0, MONDAY) == Mark(480)
    page = text(master.get(URL))
    assert "№ 1601: 300 мин → 480 мин" in page


def test_who_else_changed_the_month_is_told_after_the_save(master: Client, floor: Floor) -> None:
    officer = floor.cast.labour_officer
    opened = (LAST_DAY - timedelta(minutes=5)).isoformat()
    save(floor, cell(floor, 1, MONDAY, Mark(300)), actor=officer)
    response = send(master, floor, (0, MONDAY, None, "8"), opened=opened)
    assert response.status_code == 302
    page = text(master.get(URL))
    assert f"{officer.full_name}: изменена 1 клетка" in page
    assert stored(floor, 1, MONDAY) == Mark(300)


def test_output_without_hours_is_said_at_the_cell(master: Client, floor: Floor) -> None:
    floor.make(Output(floor.placements[1].pk, floor.cutting.pk, MONDAY, 4), at=LAST_DAY)
    response = send(master, floor, (1, MONDAY, None, "Б"))
    assert response.status_code == 422
    assert "№ 1602, 30.11" in text(response)
    assert "Внесена выработка: 4 шт." in text(response)


def test_what_is_unusual_is_saved_and_listed(master: Client, floor: Floor) -> None:
    assert send(
        master, floor, (0, MONDAY, None, "9"), (1, SUNDAY, None, "4")
    ).status_code == 302  # fmt: skip
    page = text(master.get(URL))
    assert "№ 1601, 30.11</a>: больше нормы дня" in page
    assert "№ 1602, 29.11</a>: часы в выходной день" in page


def test_the_same_person_at_two_places_is_unusual_on_one_sheet_too(
    master: Client, floor: Floor
) -> None:
    again = a_placement(floor.cast, floor.placements[0].inmate, is_full_time=False)
    floor.attend(AttendedDay(again.pk, MONDAY, 60), at=LAST_DAY)
    floor.attend(AttendedDay(floor.placements[0].pk, MONDAY, 240), at=LAST_DAY)
    assert text(master.get(URL)).count("внесено и в другом месте") >= 2


def test_a_refusal_is_not_entered_of_a_private_employers_worker(
    master: Client, floor: Floor
) -> None:
    cast = floor.cast
    a_reason("absent-x", letter="П", name_ru="Неявка", is_refusal=True, sort_order=9)
    inmate = an_inmate(cast, "1700")
    a_consent(inmate, cast.entrepreneur)
    private = a_placement(
        cast, inmate, employer=cast.entrepreneur, payer=cast.entrepreneur
    )  # fmt: skip
    response = master.post(URL, typed((private.pk, MONDAY, None, "П")))
    assert response.status_code == 422
    assert "№ 1700, 30.11" in text(response)
    assert "частного работодателя" in text(response)


def test_a_day_outside_the_placement_is_refused_at_its_cell(master: Client, floor: Floor) -> None:
    cast = floor.cast
    gone = a_placement(cast, an_inmate(cast, "1700"), effective_to=date(2026, 11, 20))
    response = master.post(URL, typed((gone.pk, MONDAY, None, "8")))
    assert response.status_code == 422
    assert "В этот день человек здесь не числится" in text(response)


def test_the_month_is_submitted_from_its_page(master: Client, floor: Floor) -> None:
    fill(floor)
    page = text(master.get(URL))
    assert "Каждый рабочий день внесён" in page
    response = master.post(f"{URL}submit/", follow=True)
    assert "Табель сдан" in text(response)
    assert Timesheet.objects.get().status == "submitted"
    assert "month-submit" not in text(master.get(URL))


def test_gaps_are_listed_with_links_to_their_days(master: Client, floor: Floor) -> None:
    fill(floor)
    Attendance.objects.filter(placement=floor.placements[1], worked_on=EARLY).delete()
    page = text(master.get(URL))
    assert re.search(r'<a href="/shift/wood-16/2026-11-03/">№ 1602, 03.11</a>', page)
    response = master.post(f"{URL}submit/", follow=True)
    assert "Не внесён 1 рабочий день" in text(response)
    assert not Timesheet.objects.exists()


def test_days_ahead_are_no_gaps_and_the_submission_waits_in_words(
    master: Client, floor: Floor
) -> None:
    fill(floor)
    with time_machine.travel(LAST_DAY.replace(day=20), tick=False):
        Attendance.objects.filter(worked_on__gt=date(2026, 11, 20)).delete()
        page = text(master.get(URL))
        assert "Всё до сегодняшнего дня внесено" in page
        assert "month-gaps" not in page
        assert "Каждый рабочий день внесён" not in page
        assert re.search(r'<button type="submit"[^>]* disabled>Сдать табель', page)
        sent = text(master.post(f"{URL}submit/", follow=True))
        assert "30.11.2026 — последний рабочий день этого табеля" in sent
        master.force_login(floor.cast.accountant)
        listed = text(master.get(LIST))
        assert "Всё до сегодняшнего дня внесено" in listed
        assert "status-warn" not in listed
    assert not Timesheet.objects.exists()


def test_the_tabs_are_the_same_on_every_page_of_a_shift(master: Client, floor: Floor) -> None:
    parts = ("", "output/", "downtime/", "defects/", "materials/")
    pages = [floor.url(MONDAY, part) for part in parts] + [URL]
    tabs = []
    for here in pages:
        nav = re.search(r'<nav class="chips".*?</nav>', text(master.get(here)), re.S)
        assert nav
        links = re.findall(r'<a class="chip" href="([^"]+)"( aria-current="true")?>', nav[0])
        assert [url for url, is_here in links if is_here] == [here]
        tabs.append([url for url, _is_here in links])
    assert tabs == [pages] * len(pages)


def test_the_master_reads_why_it_came_back(master: Client, floor: Floor) -> None:
    returned(floor, "Нет явки за 5-е у <1602>")
    page = text(master.get(URL))
    assert "Вернул бухгалтер" in page
    assert "Нет явки за 5-е у &lt;1602&gt;" in page
    assert "month-submit" in page


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "november", "2026-1", "99999-01"])
def test_a_month_that_has_not_begun_or_is_none_is_not_found(master: Client, month: str) -> None:
    assert master.get(f"/shift/wood-16/{month}/month/").status_code == 404
    assert master.post(f"/shift/wood-16/{month}/month/submit/").status_code == 404


def test_a_master_of_another_institution_sees_nothing(client: Client, floor: Floor) -> None:
    client.force_login(a_user("other@example.kz", floor.cast.department, Role.MASTER))
    assert client.get(URL).status_code == 404
    assert client.post(URL, typed()).status_code == 404


@pytest.mark.parametrize("name", ["accountant", "head", "buyer", "analyst", "operator"])
def test_other_roles_do_not_open_the_masters_month(client: Client, floor: Floor, name: str) -> None:
    client.force_login(floor.cast.users[name])
    assert client.get(URL).status_code == 403


def test_nobody_signed_in_is_led_to_the_entrance(client: Client, floor: Floor) -> None:
    assert client.get(URL).status_code == 302
    assert client.get(LIST).status_code == 302


def test_other_methods_are_refused(master: Client) -> None:
    assert master.put(URL).status_code == 405
    assert master.get(f"{URL}submit/").status_code == 405


def test_a_leap_february_has_its_day(master: Client, floor: Floor) -> None:
    with time_machine.travel(LAST_DAY.replace(year=2028, month=2, day=29), tick=False):
        master.force_login(floor.cast.master)
        page = text(master.get("/shift/wood-16/2028-02/month/"))
        data = data_of(page)
        assert data["days"][-1]["day"] == "2028-02-29"
        response = master.post(
            "/shift/wood-16/2028-02/month/",
            typed((floor.placements[0].pk, date(2028, 2, 29), None, "8")),
        )
        assert response.status_code == 302
    assert stored(floor, 0, date(2028, 2, 29)) == Mark(480)


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_the_same_whatever_the_size(
    client: Client, db: None, people: int, django_assert_num_queries: Any
) -> None:
    floor = a_floor(people)
    fill(floor)
    client.force_login(floor.cast.master)
    client.get(URL)
    with django_assert_num_queries(20):
        client.get(URL)
