"""The master's pages from day to day: what begins a day, days off and closed, output, queries."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, PayParameter, ShiftChange, WorkEntry
from inmates.services.attendance import AttendedDay
from inmates.services.output import Output
from tests.inmates.shifts import (
    FRIDAY,
    NOON,
    SUNDAY,
    THURSDAY,
    Floor,
    a_floor,
    fields,
    opened,
    text,
)
from tests.people import a_placement, a_work_order, an_inmate
from workshops.models import Post, Trade, WorkOrder, WorkOrderOperation

pytestmark = pytest.mark.usefixtures("on_friday")


# --- tomorrow begins as today -----------------------------------------------------------------
def test_the_next_day_begins_as_this_one(master: Client, floor: Floor) -> None:
    """Who is ill stays ill until it is saved otherwise; a visit is over; minutes are the last."""
    first, second, third = (one.pk for one in floor.placements)
    floor.attend(
        AttendedDay(first, THURSDAY, 0, floor.sick.pk, "справка 7"),
        AttendedDay(second, THURSDAY, 0, floor.visit.pk),
        AttendedDay(third, THURSDAY, 420),
    )
    values = opened(master, floor.url())
    assert (values[f"reason-{first}"], values[f"note-{first}"]) == (
        str(floor.sick.pk),
        "справка 7",
    )
    assert (values[f"reason-{second}"], values[f"minutes-{second}"]) == ("", "480")
    assert values[f"minutes-{third}"] == "420"
    assert not Attendance.objects.filter(worked_on=FRIDAY).exists()


def test_one_act_copies_the_last_day_exactly(master: Client, floor: Floor) -> None:
    first, second, third = (one.pk for one in floor.placements)
    floor.attend(
        AttendedDay(first, THURSDAY, 480),
        AttendedDay(second, THURSDAY, 0, floor.visit.pk),
        AttendedDay(third, THURSDAY, 300, floor.short.pk),
    )
    assert "В точности как 19.11.2026" in text(master.get(floor.url()))
    values = opened(master, f"{floor.url()}?as={THURSDAY.isoformat()}")
    assert values[f"reason-{second}"] == str(floor.visit.pk)
    assert (values[f"reason-{third}"], values[f"minutes-{third}"]) == (str(floor.short.pk), "300")
    assert master.post(floor.url(), values).status_code == 302
    assert Attendance.objects.filter(worked_on=FRIDAY).count() == 3


def test_an_old_placement_of_the_person_is_remembered(master: Client, floor: Floor) -> None:
    """A contract renewed on Friday: the last day is that of the placement before."""
    old = floor.placements[0]
    floor.attend(AttendedDay(old.pk, THURSDAY, 400))
    type(old).objects.filter(pk=old.pk).update(effective_to=FRIDAY)
    new = type(old).objects.create(
        inmate=old.inmate, post=old.post, employer=old.employer, payer=old.payer,
        pay_form="time", basis="договор № 2", effective_from=FRIDAY,
    )  # fmt: skip
    assert opened(master, floor.url())[f"minutes-{new.pk}"] == "400"


def test_part_time_without_a_day_behind_is_asked(master: Client, floor: Floor) -> None:
    type(floor.placements[0]).objects.update(is_full_time=False)
    values = opened(master, floor.url())
    assert values[f"minutes-{floor.placements[0].pk}"] == ""
    assert master.post(floor.url(), values).status_code == 422


def test_part_time_with_its_hours_is_proposed_them(master: Client, floor: Floor) -> None:
    type(floor.placements[0]).objects.update(is_full_time=False, daily_minutes=270)
    assert opened(master, floor.url())[f"minutes-{floor.placements[0].pk}"] == "270"


# --- a day off, a closed day ------------------------------------------------------------------
def test_a_day_off_asks_for_nothing_until_somebody_works(client: Client, floor: Floor) -> None:
    client.force_login(floor.cast.master)
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        html = text(client.get(floor.url(SUNDAY)))
        assert "22.11.2026 — выходной по календарю" in html
        assert "minutes-" not in html
        url = f"{floor.url(SUNDAY)}?works=1"
        values = opened(client, url)
        pk = floor.placements[1].pk
        assert {values[f"minutes-{one.pk}"] for one in floor.placements} == {""}
        assert client.post(url, values | {f"minutes-{pk}": "240"}).status_code == 302
        assert Attendance.objects.get(worked_on=SUNDAY).minutes == 240
        # Taken back, the day is empty again, and the trace says so.
        values = opened(client, floor.url(SUNDAY))
        assert client.post(floor.url(SUNDAY), values | {f"minutes-{pk}": ""}).status_code == 302
    assert not Attendance.objects.exists()
    assert ShiftChange.objects.get().after == {}


@pytest.mark.parametrize("part", ["", "output/"])
def test_after_the_window_the_page_shows_and_offers_nothing(
    master: Client, floor: Floor, part: str
) -> None:
    long_ago = date(2026, 11, 16)
    Attendance.objects.create(
        placement=floor.placements[0], worked_on=long_ago, minutes=0, reason=floor.sick,
        recorded_at=NOON, recorded_by=floor.cast.master,
    )  # fmt: skip
    response = master.get(floor.url(long_ago, part))
    html = text(response)
    assert "можно было менять до 19.11.2026, 24:00" in html
    assert "Сохранить" not in html
    assert "<select" not in html
    assert "Б · Болезнь" in html
    assert master.post(floor.url(long_ago, part), {"seen": ""}).status_code in (302, 422)


def test_after_the_window_a_forged_form_is_refused_by_the_service(
    master: Client, floor: Floor
) -> None:
    long_ago, pk = date(2026, 11, 16), floor.placements[0].pk
    forged = {"seen": "", f"minutes-{pk}": "480", f"reason-{pk}": ""}
    response = master.post(floor.url(long_ago), forged)
    assert response.status_code == 422
    assert "можно было менять до 19.11.2026" in text(response)
    assert not Attendance.objects.exists()


def test_the_order_of_an_institution_is_named_as_the_source(master: Client, floor: Floor) -> None:
    PayParameter.objects.filter(code="shift_correction_days").update(
        value=1, source="Приказ начальника № 12 от 01.11.2026", confidence="statute text"
    )
    html = text(master.get(floor.url()))
    assert "Можно менять до 21.11.2026, 24:00" in html
    assert "Приказ начальника № 12" in html


# --- output -----------------------------------------------------------------------------------
def cell(floor: Floor, place: int, operation: Any = None) -> str:
    return f"q-{floor.placements[place].pk}.{(operation or floor.cutting).pk}"


def test_output_is_entered_corrected_and_taken_away(master: Client, floor: Floor) -> None:
    url = floor.url(part="output/")
    html = text(master.get(url))
    assert "осталось 20" in html
    assert "Игровой уголок «Юрта»" in html
    for typed, stored in (("5", 5), ("7", 7), ("", None)):
        values = opened(master, url) | {cell(floor, 0): typed}
        assert master.post(url, values).status_code == 302
        found = WorkEntry.objects.values_list("quantity", flat=True).first()
        assert found == stored
    assert ShiftChange.objects.count() == 2


def test_too_much_output_says_what_is_left_at_its_cells(master: Client, floor: Floor) -> None:
    url = floor.url(part="output/")
    values = opened(master, url) | {cell(floor, 0): "15", cell(floor, 1): "6"}
    values[cell(floor, 2, floor.painting)] = "3"
    response = master.post(url, values)
    html, again = text(response), fields(response.content.decode())
    assert response.status_code == 422
    # The operation is named once beside each sentence: in the list above and in the line.
    said = "Раскрой. Осталось 20 шт. в задании 2026-00001, а здесь ещё 21."
    assert html.count(said) == 2
    assert "Раскрой</a>: Осталось 20 шт." in html
    assert "«Раскрой»: " not in html
    assert html.count('aria-invalid="true"') == 2
    assert (again[cell(floor, 0)], again[cell(floor, 2, floor.painting)]) == ("15", "3")
    assert not WorkEntry.objects.exists()


def test_output_that_is_no_number_is_kept_and_named(master: Client, floor: Floor) -> None:
    url = floor.url(part="output/")
    response = master.post(url, opened(master, url) | {cell(floor, 0): "пять"})
    assert response.status_code == 422
    assert "«пять» не количество; пишите цифрами." in text(response)
    assert fields(response.content.decode())[cell(floor, 0)] == "пять"


def test_a_cell_that_two_changed_shows_both(master: Client, floor: Floor) -> None:
    url = floor.url(part="output/")
    values = opened(master, url)
    floor.make(
        Output(floor.placements[0].pk, floor.cutting.pk, FRIDAY, 3),
        Output(floor.placements[1].pk, floor.cutting.pk, FRIDAY, 2),
        actor=floor.cast.labour_officer,
    )
    response = master.post(url, values | {cell(floor, 0): "5"})
    html, again = text(response), fields(response.content.decode())
    assert response.status_code == 422
    assert f"{floor.cast.labour_officer.get_full_name()}: 3 шт." in html
    assert (again[cell(floor, 0)], again[cell(floor, 1)]) == ("5", "2")
    assert master.post(url, again).status_code == 302
    assert WorkEntry.objects.get(placement=floor.placements[0]).quantity == 5
    assert WorkEntry.objects.get(placement=floor.placements[1]).quantity == 2


def test_who_is_absent_has_no_cells(master: Client, floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk))
    values = opened(master, floor.url(part="output/"))
    assert cell(floor, 0) not in values
    assert cell(floor, 1) in values


def test_a_sheet_is_of_one_work_order_the_first_due_first(master: Client, floor: Floor) -> None:
    late = a_work_order(floor.cast, 7)
    WorkOrder.objects.filter(pk=late.pk).update(due_on=THURSDAY)
    url = floor.url(part="output/")
    html = text(master.get(url))
    assert "осталось 7" in html
    assert "срок был 19.11.2026" in html
    assert html.index(late.number) < html.index(floor.order.number)
    assert "осталось 20" in text(master.get(f"{url}?order={floor.order.pk}"))
    for junk in ("0", "x", "999999", "9" * 18, "9" * 5000, "²", "٣", "-1", "\x00"):
        assert "осталось 7" in text(master.get(f"{url}?order={junk}"))


def test_output_goes_to_the_work_order_it_was_typed_for(master: Client, floor: Floor) -> None:
    """Another work order is the first by now; the sheet that comes back is still of this one."""
    url = floor.url(part="output/")
    values = opened(master, url) | {"order": str(floor.order.pk), cell(floor, 0): "4"}
    assert f'name="order" value="{floor.order.pk}"' in text(master.get(url))
    urgent = a_work_order(floor.cast, 7)
    WorkOrder.objects.filter(pk=urgent.pk).update(due_on=THURSDAY)
    assert master.post(url, values).status_code == 302
    assert WorkEntry.objects.get().quantity == 4


def test_output_for_a_work_order_closed_meanwhile_is_refused_and_kept(
    master: Client, floor: Floor
) -> None:
    a_work_order(floor.cast, 7)
    url = floor.url(part="output/")
    values = opened(master, url) | {"order": str(floor.order.pk), cell(floor, 0): "4"}
    WorkOrder.objects.filter(pk=floor.order.pk).update(status="cancelled")
    response = master.post(url, values)
    assert response.status_code == 422
    assert "отменено" in text(response)
    assert fields(response.content.decode())[cell(floor, 0)] == "4"
    assert not WorkEntry.objects.exists()


def test_output_of_somebody_marked_absent_meanwhile_is_not_dropped_in_silence(
    master: Client, floor: Floor
) -> None:
    url = floor.url(part="output/")
    values = opened(master, url) | {cell(floor, 0): "4", cell(floor, 1): "2"}
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk))
    response = master.post(url, values)
    assert response.status_code == 422
    assert "на этом листе больше нет" in text(response)
    again = fields(response.content.decode())
    assert again[cell(floor, 1)] == "2"
    assert master.post(url, again).status_code == 302
    assert WorkEntry.objects.get().placement == floor.placements[1]


def test_people_of_other_trades_stand_behind_a_link(master: Client, floor: Floor) -> None:
    trade = Trade.objects.create(code="packer", name_ru="Комплектовщик")
    post = Post.objects.create(
        workshop=floor.cast.workshop, name_ru="Комплектовщик", trade=trade, seats=3
    )
    type(floor.placements[0]).objects.filter(pk=floor.placements[2].pk).update(post=post)
    url = floor.url(part="output/")
    html = text(master.get(url))
    assert "Ещё 1 человек другой профессии" in html
    assert cell(floor, 2) not in fields(html)
    assert cell(floor, 2) in opened(master, f"{url}?everybody=1")
    # Whoever has worked on it that day is there anyway.
    floor.make(Output(floor.placements[2].pk, floor.cutting.pk, FRIDAY, 1))
    assert cell(floor, 2) in opened(master, url)


def test_nothing_to_make_says_so(master: Client, floor: Floor) -> None:
    WorkOrder.objects.all().delete()
    assert "нечего делать" in text(master.get(floor.url(part="output/")))
    assert master.post(floor.url(part="output/"), {"seen": ""}).status_code == 200


@pytest.mark.parametrize("part", ["", "output/"])
def test_large_numbers_are_names_of_fields_too(master: Client, floor: Floor, part: str) -> None:
    """A template prints 1234567 with spaces for people; a name of a field has none."""
    one = floor.placements[0]
    big = type(one).objects.create(
        pk=1234567, inmate=an_inmate(floor.cast, "1799"), post=one.post, employer=one.employer,
        payer=one.payer, pay_form="time", basis="договор № 3", effective_from=THURSDAY,
    )  # fmt: skip
    order = WorkOrder.objects.create(
        pk=7654321, number="2026-77777", workshop=floor.cast.workshop, version=floor.cast.version,
        quantity=2000, due_on=FRIDAY, created_at=NOON,
    )  # fmt: skip
    WorkOrderOperation.objects.create(
        pk=7654321, work_order=order, operation=floor.cast.cutting, quantity=2000
    )
    url = floor.url(part=part)
    html = text(master.get(url))
    assert "1 234 567" not in html
    assert "7 654 321" not in html
    if part:
        values = fields(html) | {"q-1234567.7654321": "3"}
        assert master.post(url, values).status_code == 302
        assert WorkEntry.objects.get().quantity == 3
    else:
        assert master.post(url, fields(html)).status_code == 302
        assert Attendance.objects.filter(placement=big).exists()


# --- how many questions -----------------------------------------------------------------------
@pytest.mark.parametrize("part", ["", "output/"])
def test_the_number_of_queries_does_not_grow(client: Client, db: None, part: str) -> None:
    """One person and one work order, then three of each with everything entered."""
    floor = a_floor(1)
    client.force_login(floor.cast.master)
    counts = []
    for round_ in range(2):
        for placement in floor.placements:
            floor.attend(AttendedDay(placement.pk, THURSDAY, 0, floor.sick.pk))
            floor.attend(AttendedDay(placement.pk, FRIDAY, 480))
            floor.attend(AttendedDay(placement.pk, FRIDAY, 420 + round_))
            floor.make(Output(placement.pk, floor.cutting.pk, FRIDAY, 1))
            floor.make(Output(placement.pk, floor.cutting.pk, FRIDAY, 2 + round_))
        client.get(floor.url(part=part))
        with CaptureQueriesContext(connection) as captured:
            client.get(floor.url(part=part))
        counts.append(len(captured))
        if round_ == 0:
            _two_more(floor)
    assert counts[0] == counts[1]
    # Two of them read the teams of the day.
    assert counts[0] <= 24


def _two_more(floor: Floor) -> None:
    for number in ("1701", "1702"):
        floor.placements.append(a_placement(floor.cast, an_inmate(floor.cast, number)))
        a_work_order(floor.cast, 9)


def test_the_token_is_what_the_page_shows(master: Client, floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk, "x"))
    seen = json.loads(opened(master, floor.url())["seen"].replace("&#x27;", "'"))
    assert seen[str(floor.placements[0].pk)] == [0, floor.sick.pk, "x", 0, 0, True]
    assert seen[str(floor.placements[1].pk)] == [480, None, "", 0, 0, False]
