"""Today in each workshop: numbers with their lists, what is unknown, what comes next."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmates.models import Timesheet
from inmates.selectors.shift import shift_workshops
from inmates.selectors.today import Today, today_in
from inmates.selectors.today_lists import posts_today
from inmates.services.attendance import AttendedDay
from tests.inmates.second_place import second_place
from tests.inmates.shifts import FRIDAY, NOON, SUNDAY, THURSDAY, Floor, a_floor, text
from tests.people import a_placement, a_user, a_work_order, an_inmate
from workshops.models import Downtime, FloorReason, Post, Trade, WorkOrder, Workshop

pytestmark = pytest.mark.usefixtures("on_friday")


def state_of(floor: Floor, day=FRIDAY) -> Today:
    found = today_in(shift_workshops(floor.cast.master, day), day)
    return next(one for one in found if one.workshop == floor.cast.workshop)


def due(floor: Floor, days: int) -> WorkOrder:
    order = a_work_order(floor.cast)
    WorkOrder.objects.filter(pk=order.pk).update(due_on=FRIDAY + timedelta(days=days))
    return order


def listed(client: Client, name: str) -> str:
    html = text(client.get(f"/shift/?workshop=wood-16&list={name}"))
    assert 'id="list"' in html
    return html.split('id="list"')[1]


def a_stop(floor: Floor, cause: str = "material") -> Downtime:
    reason, _is_new = FloorReason.objects.get_or_create(
        code=f"stop-{cause}", group="downtime", cause=cause, name_ru="Нет доски"
    )
    return Downtime.objects.create(
        workshop=floor.cast.workshop, post=floor.cast.joiners, reason=reason,
        began_at=NOON - timedelta(hours=2), recorded_by=floor.cast.master, recorded_at=NOON,
    )  # fmt: skip


# --- the numbers ------------------------------------------------------------------------------
def test_people_are_counted_by_what_is_entered(floor: Floor) -> None:
    first, second, _third = floor.placements
    floor.attend(
        AttendedDay(first.pk, FRIDAY, 480), AttendedDay(second.pk, FRIDAY, 0, floor.sick.pk)
    )
    state = state_of(floor)
    assert (state.expected, state.entered, state.present) == (3, 2, 1)


def test_who_is_present_is_unknown_before_attendance(floor: Floor) -> None:
    state = state_of(floor)
    assert state.present is None
    assert state.lacking is None


def test_a_day_before_that_is_not_entered_waits(floor: Floor) -> None:
    assert state_of(floor).missed_on == THURSDAY
    floor.attend(*[AttendedDay(one.pk, THURSDAY, 480) for one in floor.placements])
    assert state_of(floor).missed_on is None


def test_orders_are_due_within_a_week_or_overdue(floor: Floor) -> None:
    for days in (-3, -1, 0, 7, 8):
        due(floor, days)
    state = state_of(floor)
    assert (state.due, state.overdue) == (2, 2)


def test_seats_without_people_are_what_the_workshop_lacks(floor: Floor) -> None:
    seats = floor.cast.joiners.seats
    Post.objects.create(
        workshop=floor.cast.workshop, name_ru="Маляр", trade=floor.cast.trade, seats=4
    )
    state = state_of(floor)
    assert (state.seats, state.free_seats) == (seats + 4, seats + 4 - 3)


def test_more_people_than_seats_is_no_negative_lack(floor: Floor) -> None:
    Post.objects.filter(workshop=floor.cast.workshop).update(seats=1)
    assert state_of(floor).free_seats == 0


def test_a_trade_of_which_nobody_is_here_is_named(floor: Floor) -> None:
    painters = Trade.objects.create(code="painter-x", name_ru="Маляр")
    floor.cast.painting.trade = painters
    floor.cast.painting.save(update_fields=["trade"])
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480))
    assert set(state_of(floor).lacking) == {painters.pk}


def test_a_trade_whose_people_are_all_absent_is_lacking(floor: Floor) -> None:
    floor.attend(*[AttendedDay(one.pk, FRIDAY, 0, floor.sick.pk) for one in floor.placements])
    assert floor.cast.trade.pk in state_of(floor).lacking


def test_operations_that_are_done_ask_for_nobody(floor: Floor) -> None:
    WorkOrder.objects.update(status="completed")
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480))
    state = state_of(floor)
    assert (state.asked_trades, state.lacking) == ({}, {})


def test_only_what_stands_still_now_counts(floor: Floor) -> None:
    a_stop(floor)
    ended = Downtime.objects.create(
        workshop=floor.cast.workshop, reason=FloorReason.objects.get(),
        began_at=NOON - timedelta(hours=5), recorded_by=floor.cast.master, recorded_at=NOON,
    )  # fmt: skip
    Downtime.objects.filter(pk=ended.pk).update(
        ended_at=NOON - timedelta(hours=4), ended_by=floor.cast.master
    )
    state = state_of(floor)
    assert (state.stopped, state.without_material) == (1, 1)


def test_a_workshop_without_anything_has_only_noughts(floor: Floor) -> None:
    empty = Workshop.objects.create(
        institution=floor.cast.institution, code="metal-16", name_ru="Сварочный цех"
    )
    found = today_in(shift_workshops(floor.cast.master, FRIDAY), FRIDAY)
    state = next(one for one in found if one.workshop == empty)
    assert (state.expected, state.entered, state.present, state.lacking) == (0, 0, None, {})
    assert (state.due, state.overdue, state.seats, state.stopped) == (0, 0, 0, 0)


def test_nobody_has_workshops_and_nothing_is_asked() -> None:
    assert today_in([], FRIDAY) == []


def test_the_number_of_queries_is_the_same_for_one_and_three(client: Client, db: None) -> None:
    floor = a_floor(1)
    client.force_login(floor.cast.master)
    counts = []
    for round_ in range(2):
        a_stop(floor, "material" if round_ else "energy") if not round_ else None
        floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 400 + round_))
        client.get("/shift/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/shift/").status_code == 200
        counts.append(len(captured))
        for number in range(2):
            workshop = Workshop.objects.create(
                institution=floor.cast.institution, code=f"more-{round_}{number}", name_ru="Цех"
            )
            post = Post.objects.create(
                workshop=workshop, name_ru="Пост", trade=floor.cast.trade, seats=2
            )
            worker = an_inmate(floor.cast, f"18{round_}{number}")
            a_placement(floor.cast, worker, post=post)
            order = a_work_order(floor.cast)
            WorkOrder.objects.filter(pk=order.pk).update(workshop=workshop, due_on=FRIDAY)
    assert counts[0] == counts[1]
    assert counts[0] <= 12


# --- the page ---------------------------------------------------------------------------------
def test_the_page_writes_what_is_unknown_as_no_data(master: Client, floor: Floor) -> None:
    html = text(master.get("/shift/"))
    # Present, trades without people and material: no stock is kept.
    assert html.count("нет данных") == 3
    floor.attend(*[AttendedDay(one.pk, FRIDAY, 480) for one in floor.placements])
    assert text(master.get("/shift/")).count("нет данных") == 1
    a_stop(floor)
    assert "нет данных" not in text(master.get("/shift/"))


def test_the_next_step_is_attendance_and_then_output(master: Client, floor: Floor) -> None:
    html = text(master.get("/shift/"))
    assert f'href="{floor.url()}" autofocus>Внести явку</a>' in html
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480))
    assert "Внесено: 1 из 3" in text(master.get("/shift/"))
    floor.attend(*[AttendedDay(one.pk, FRIDAY, 480) for one in floor.placements])
    html = text(master.get("/shift/"))
    assert f'href="{floor.url(part="output/")}" autofocus>Внести выработку</a>' in html
    WorkOrder.objects.update(status="completed")
    assert "autofocus" not in text(master.get("/shift/"))


def test_one_main_act_for_three_workshops(master: Client, floor: Floor) -> None:
    for number in range(2):
        workshop = Workshop.objects.create(
            institution=floor.cast.institution, code=f"more-{number}", name_ru="Швейный цех"
        )
        post = Post.objects.create(
            workshop=workshop, name_ru="Пост", trade=floor.cast.trade, seats=2
        )
        a_placement(floor.cast, an_inmate(floor.cast, f"170{number}"), post=post)
    html = text(master.get("/shift/"))
    acts = re.findall(r'class="btn (btn-[a-z-]+)"[^>]*>Внести явку', html)
    assert sorted(acts) == ["btn-outline-primary", "btn-outline-primary", "btn-primary"]


def test_a_day_off_asks_for_nothing(master: Client, floor: Floor) -> None:
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        html = text(master.get("/shift/"))
    assert "Выходной по календарю" in html
    assert "Внести явку" not in html
    assert floor.url(FRIDAY) in html, "the last workday still waits"
    assert floor.url(SUNDAY) in html


def test_a_timesheet_that_came_back_says_why(master: Client, floor: Floor) -> None:
    Timesheet.objects.create(
        workshop=floor.cast.workshop, month=FRIDAY.replace(day=1, month=10), status="returned",
        returned_reason="Нет 12 октября",
    )  # fmt: skip
    html = text(master.get("/shift/"))
    assert "октябрь 2026" in html
    assert "Нет 12 октября" in html
    assert 'href="/shift/wood-16/2026-10/month/"' in html


def test_the_lists_of_people_open_behind_their_numbers(master: Client, floor: Floor) -> None:
    first, second, _third = floor.placements
    floor.attend(
        AttendedDay(first.pk, FRIDAY, 480), AttendedDay(second.pk, FRIDAY, 0, floor.sick.pk)
    )
    assert [number in listed(master, "expected") for number in ("1601", "1602", "1603")] == [
        True
    ] * 3
    present = listed(master, "present")
    assert ("1601" in present, "1602" in present) == (True, False)
    unentered = listed(master, "unentered")
    assert ("1601" in unentered, "1603" in unentered) == (False, True)
    assert "Болезнь" in listed(master, "expected")
    # A list of numbers is no look at identities.
    assert floor.names[0] not in listed(master, "expected")


def test_the_lists_of_orders_lead_to_their_sheets(master: Client, floor: Floor) -> None:
    soon, late = due(floor, 3), due(floor, -2)
    html = listed(master, "due")
    assert f"output/?order={soon.pk}" in html
    assert f"order={late.pk}" not in html
    assert f"output/?order={late.pk}" in listed(master, "overdue")
    assert "18.11.2026" in listed(master, "overdue")


def test_the_list_of_seats_counts_placed_and_present(master: Client, floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480))
    floor.attend(AttendedDay(floor.placements[0].pk, THURSDAY, 480))
    post = posts_today(floor.cast.workshop, FRIDAY).get(pk=floor.cast.joiners.pk)
    assert (post.placed, post.present) == (3, 1)
    assert floor.cast.joiners.name in listed(master, "seats")


def test_the_list_of_trades_names_operation_and_order(master: Client, floor: Floor) -> None:
    floor.attend(*[AttendedDay(one.pk, FRIDAY, 0, floor.sick.pk) for one in floor.placements])
    html = listed(master, "trades")
    assert floor.cast.cutting.name in html
    assert f"?order={floor.order.pk}" in html


def test_the_list_of_stops_says_what_and_why(master: Client, floor: Floor) -> None:
    a_stop(floor)
    html = listed(master, "stopped")
    assert floor.cast.joiners.name in html
    assert "Нет доски" in html
    assert "20.11, 10:00" in html


@pytest.mark.parametrize("name", ["", "nonsense", "__class__"])
def test_a_list_that_does_not_exist_is_no_list(master: Client, floor: Floor, name: str) -> None:
    response = master.get(f"/shift/?workshop=wood-16&list={name}")
    assert response.status_code == 200
    assert 'id="list"' not in text(response)


def test_the_list_of_somebody_elses_workshop_stays_closed(master: Client, floor: Floor) -> None:
    _institution, post = second_place(floor.cast)
    html = text(master.get(f"/shift/?workshop={post.workshop.code}&list=expected"))
    assert 'id="list"' not in html
    assert "Швейный" not in html


def test_a_master_of_an_operator_is_told_who_enters(client: Client, floor: Floor) -> None:
    client.force_login(a_user("its-master@example.kz", floor.cast.enterprise, "master"))
    assert "мастера того учреждения" in text(client.get("/shift/"))


def test_only_a_look_is_taken(master: Client) -> None:
    assert master.post("/shift/").status_code == 405
