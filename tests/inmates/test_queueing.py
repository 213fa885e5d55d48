"""The fair queue as arithmetic: worked examples, and what holds for every queue."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.queueing import (
    INPUTS,
    NEAR_RELEASE,
    WEIGHTS,
    QueueRules,
    Waiting,
    points_of,
    ranked,
    read_rules,
)
from inmates.refusals import ParameterUnusable
from inmates.shipped_parameters import read_shipped_parameters

DAY = date(2026, 11, 23)
SHIPPED = {row["code"]: row["value"] for row in read_shipped_parameters()}
RULES = read_rules(SHIPPED, DAY)


def waiting(number: str = "1", days: int = 100, **inputs: Any) -> Waiting:
    return Waiting(int(number), number, days, **inputs)


# --- worked examples --------------------------------------------------------------------------
def test_shipped_weights_are_a_decision_of_the_portal() -> None:
    rows = [row for row in read_shipped_parameters() if row["code"] in (WEIGHTS, NEAR_RELEASE)]
    assert {row["confidence"] for row in rows} == {"decision of the portal"}
    assert set(RULES.weights) == set(INPUTS)
    assert RULES.near_release_days == 365


def test_points_of_each_input_as_a_story() -> None:
    """100 days of waiting give 25; a joiner 15; alimony 10; release in 200 days 10."""
    one = waiting(days=100, has_trade=True, has_dependants=True, days_to_release=200)
    points = points_of(one, RULES)
    assert points == {
        "waiting_day": Decimal("25.00"),
        "trade": Decimal(15),
        "dependants": Decimal(10),
        "near_release": Decimal(10),
        "lost_place": Decimal(0),
    }
    assert ranked([one], RULES)[0].total == Decimal("60.00")


@pytest.mark.parametrize(
    ("days", "points"), [(None, 0), (0, 10), (365, 10), (366, 0), (-1, 0), (9999, 0)]
)
def test_release_is_near_up_to_the_parameter(days: int | None, points: int) -> None:
    assert points_of(waiting(days_to_release=days), RULES)["near_release"] == points


def test_sixty_days_of_waiting_outweigh_the_trade() -> None:
    patient, joiner = waiting("1", 161), waiting("2", 100, has_trade=True)
    assert [row.waiting.number for row in ranked([joiner, patient], RULES)] == ["1", "2"]


def test_ties_go_to_the_longer_wait_then_to_the_lower_number() -> None:
    """40 days of waiting are 10 points, as many as the near release of somebody who came today."""
    people = [
        waiting("10", 40), waiting("9", 40), waiting("3", 0, days_to_release=10),
    ]  # fmt: skip
    assert [row.waiting.number for row in ranked(people, RULES)] == ["9", "10", "3"]
    assert {row.total for row in ranked(people, RULES)} == {Decimal("10.00")}


def test_a_number_with_letters_comes_after_plain_numbers() -> None:
    people = [Waiting(1, "A-7", 5), Waiting(2, "700", 5)]
    assert [row.waiting.number for row in ranked(people, RULES)] == ["700", "A-7"]


def test_an_empty_queue_is_empty() -> None:
    assert ranked([], RULES) == []


def test_no_input_speaks_of_health_discipline_the_article_or_a_consent() -> None:
    """What is known of a person in the queue is this and no more."""
    assert set(Waiting.__dataclass_fields__) == {
        "inmate_id", "number", "days_waiting", "has_trade", "has_dependants", "days_to_release",
        "lost_place",
    }  # fmt: skip


# --- wrong parameters -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "value"),
    [
        (WEIGHTS, {}),
        (WEIGHTS, None),
        (WEIGHTS, dict.fromkeys(INPUTS, "-1")),
        (WEIGHTS, dict.fromkeys(INPUTS, "NaN")),
        (WEIGHTS, dict.fromkeys(INPUTS, "ten")),
        (NEAR_RELEASE, "365"),
        (NEAR_RELEASE, -1),
        (NEAR_RELEASE, True),
    ],
)
def test_a_wrong_parameter_is_refused_and_never_guessed(code: str, value: object) -> None:
    with pytest.raises(ParameterUnusable):
        read_rules(SHIPPED | {code: value}, DAY)


# --- what holds for every queue ---------------------------------------------------------------
people_lists = st.lists(
    st.builds(
        Waiting,
        inmate_id=st.integers(1, 10**6),
        number=st.integers(1, 10**6).map(str),
        days_waiting=st.integers(0, 5000),
        has_trade=st.booleans(),
        has_dependants=st.booleans(),
        days_to_release=st.none() | st.integers(-10, 5000),
        lost_place=st.booleans(),
    ),
    min_size=1,
    max_size=12,
    unique_by=(lambda one: one.inmate_id, lambda one: one.number),
)
weights = st.fixed_dictionaries(
    {name: st.decimals(0, 50, places=2) for name in INPUTS}
)  # fmt: skip
some_rules = st.builds(QueueRules, weights=weights, near_release_days=st.integers(0, 1000))


@given(people=people_lists, rules=some_rules, data=st.data())
def test_the_order_does_not_depend_on_the_order_of_the_input(
    people: list[Waiting], rules: QueueRules, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(people))
    assert ranked(shuffled, rules) == ranked(people, rules)


@given(people=people_lists, rules=some_rules, more=st.integers(1, 1000), data=st.data())
def test_more_waiting_never_lowers_a_place(
    people: list[Waiting], rules: QueueRules, more: int, data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(people))
    longer = _with(one, days_waiting=one.days_waiting + more)
    others = [person for person in people if person is not one]
    assert _place_of(one, [*others, longer], rules) <= _place_of(one, people, rules)


@given(people=people_lists, rules=some_rules, data=st.data())
def test_no_input_lowers_a_place(
    people: list[Waiting], rules: QueueRules, data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(people))
    name = data.draw(st.sampled_from(["has_trade", "has_dependants", "lost_place"]))
    others = [person for person in people if person is not one]
    better = _with(one, **{name: True})
    assert _place_of(one, [*others, better], rules) <= _place_of(one, people, rules)


@given(people=people_lists, rules=some_rules)
def test_places_count_from_one_and_totals_fall(people: list[Waiting], rules: QueueRules) -> None:
    rows = ranked(people, rules)
    assert [row.place for row in rows] == list(range(1, len(people) + 1))
    totals = [row.total for row in rows]
    assert totals == sorted(totals, reverse=True)
    assert all(row.total == sum(row.points.values()) for row in rows)


def _with(one: Waiting, **changes: Any) -> Waiting:
    values = {name: getattr(one, name) for name in Waiting.__dataclass_fields__}
    return Waiting(**(values | changes))


def _place_of(one: Waiting, people: list[Waiting], rules: QueueRules) -> int:
    rows = ranked(people, rules)
    return next(row.place for row in rows if row.waiting.inmate_id == one.inmate_id)
