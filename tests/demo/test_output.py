"""Attendance and output of the demo: plausible days, whole pieces, orders within their quantity."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from inmates.shipped_reasons import read_shipped_reasons
from portal.demo.days import FULL_DAY, Day, plan_days, work_period
from portal.demo.orders import wanted_by_customers
from portal.demo.output import Demand, Floor, Step, stock_quantity
from portal.demo.placements import Job
from portal.kernel.workdays import is_workday

TODAY = date(2026, 11, 22)
MONDAY = date(2026, 9, 7)
CUT, PAINT = Step("box", 1, "joiner", 60, 1), Step("box", 2, "painter", 120, 1)
JOINER = Job(
    placement_id=1,
    inmate=SimpleNamespace(pk=1, disability_group=None),
    employer=None,
    institution=0,
    workshop="wood",
    trade="joiner",
    pay_form="piece",
    is_full_time=True,
    begin=date(2026, 1, 1),
    end=None,
)
DAYS = [Day(JOINER, MONDAY + timedelta(days=n), FULL_DAY, None) for n in range(5)]


def a_floor(*demands: Demand) -> Floor:
    return Floor({"wood": [CUT, PAINT]}, list(demands), Random("floor"))


def test_period_is_two_full_months_and_the_present_one_to_yesterday():
    period = work_period(TODAY)
    assert (period.effective_from, period.effective_to) == (date(2026, 9, 1), TODAY)


def test_every_workday_of_a_placement_has_one_row():
    days = plan_days([JOINER], TODAY, Random("days"))
    assert [day.on for day in days] == [d for d in work_period(TODAY).days() if is_workday(d)]
    assert date(2026, 10, 26) not in {day.on for day in days}  # a day off moved to Monday


def test_days_keep_to_the_placement():
    job = replace(JOINER, begin=date(2026, 10, 5), end=date(2026, 10, 8))
    assert [day.on.day for day in plan_days([job], TODAY, Random("days"))] == [5, 6, 7]


def test_day_has_minutes_or_a_reason_and_never_overtime():
    reasons = {row["code"] for row in read_shipped_reasons() if row["group"] == "attendance"}
    jobs = [replace(JOINER, placement_id=n) for n in range(40)]
    for day in plan_days(jobs, TODAY, Random("many")):
        assert 0 <= day.minutes <= FULL_DAY
        assert day.minutes or day.reason
        assert day.reason is None or day.reason in reasons


@pytest.mark.parametrize(
    ("fields", "longest"),
    [
        ({"is_full_time": False}, 240),
        ({"inmate": SimpleNamespace(pk=2, disability_group=2)}, 432),
    ],
)
def test_shorter_days_where_the_law_or_the_contract_says(fields, longest):
    days = plan_days([replace(JOINER, **fields)], TODAY, Random("short"))
    assert max(day.minutes for day in days) == longest


def test_output_agrees_with_the_hours():
    stock = Demand("stock", "wood", "box", MONDAY)
    made = a_floor(stock).work(DAYS)
    hours = 5 * FULL_DAY / 60
    assert hours * 0.9 <= sum(entry.quantity for entry in made) <= hours * 1.2
    assert {entry.sequence for entry in made} == {CUT.sequence}


def test_order_comes_before_the_stock_and_is_never_exceeded():
    order = Demand("order", "wood", "box", MONDAY, quantity=3)
    made = a_floor(order, Demand("stock", "wood", "box", MONDAY)).work(DAYS)
    assert made[0].demand.key == "order"
    assert sum(entry.quantity for entry in made if entry.demand.key == "order") == 3
    assert any(entry.demand.key == "stock" for entry in made)


def test_order_is_spread_over_its_days():
    order = Demand("order", "wood", "box", MONDAY, quantity=10, days=5)
    made = a_floor(order, Demand("stock", "wood", "box", MONDAY)).work(DAYS)
    by_day = [entry.quantity for entry in made if entry.demand.key == "order"]
    assert by_day == [2, 2, 2, 2, 2]


def test_nothing_is_made_before_the_order_begins():
    later = Demand("order", "wood", "box", DAYS[3].on, quantity=3)
    made = a_floor(later, Demand("stock", "wood", "box", MONDAY)).work(DAYS)
    assert min(entry.on for entry in made if entry.demand.key == "order") == DAYS[3].on


def test_absent_and_hourly_paid_people_make_nothing():
    absent = [Day(JOINER, MONDAY, 0, "sick")]
    hourly = [Day(replace(JOINER, pay_form="time"), MONDAY, FULL_DAY, None)]
    assert a_floor(Demand("stock", "wood", "box", MONDAY)).work(absent + hourly) == []


def test_stock_order_asks_for_more_than_was_made():
    stock = Demand("stock", "wood", "box", MONDAY)
    stock.done[1] = 23
    assert stock_quantity(stock) == 30


@pytest.mark.parametrize("shift", range(8))
def test_orders_are_answered_before_any_today(shift):
    today = TODAY + timedelta(days=shift)
    wanted = wanted_by_customers(today)
    assert all(one.begin <= today and one.days > 0 for one in wanted)
    assert len({one.key for one in wanted}) == len(wanted)
