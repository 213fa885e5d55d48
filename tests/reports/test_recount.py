"""The SQL against a naive recount in Python, person by person and day by day."""

from datetime import date, timedelta

import pytest
from django.db import connection

from portal.reports.employment.counting import DAYS_WITHOUT_WORK
from portal.reports.employment.measures import DayCount
from portal.reports.employment.period import ReportPeriod
from tests.people import Cast
from tests.reports.counted import daily_counts, reasons_without_work
from tests.reports.direct_counting import direct_counts, direct_days_without_work
from tests.reports.worlds import (
    ONE_DAY,
    Life,
    Spell,
    an_institution,
    random_lives,
    reasons,
    store_lives,
)
from workshops.models import Institution

BEGIN = date(2024, 2, 1)
DAYS = 62  # over the leap day and two ends of a month
END = BEGIN + timedelta(days=DAYS)
COUNTS_AS_AVAILABLE = {None: True, "no_place": True, "training": True}


def _on(spells: list[Spell], day: date) -> Spell | None:
    return next((spell for spell in spells if spell.holds(day)), None)


def _facts(life: Life, day: date) -> dict[str, int] | None:
    """What is true of one person on one day, straight from the definitions."""
    stay = _on(life.stays, day)
    if stay is None:
        return None
    state = _on(life.states, day)
    ability = state.facts["ability"] if state else "unknown"
    entries = [entry for entry in life.sheets if entry[1] == day]
    minutes = sum(entry[2] for entry in entries)
    is_kept_away = minutes == 0 and any(
        not COUNTS_AS_AVAILABLE.get(entry[3], False) for entry in entries
    )
    return {
        "place": stay.facts["place"],
        "custody": True,
        "able": ability == "able",
        "subject": bool(state and state.facts["subject"]),
        "free": ability == "able"
        and COUNTS_AS_AVAILABLE.get(state.facts["reason"], False)
        and not is_kept_away,
        "unknown": ability == "unknown",
        "employed": any(one.holds(day) for one in life.placements),
        "worked": minutes > 0,
        "minutes": minutes,
        "sheets": bool(entries),
    }


def _four(people: list[dict[str, int]]) -> tuple[int, ...]:
    return tuple(
        sum(bool(one[kind]) for one in people) for kind in ("custody", "able", "subject", "free")
    )


def recount(lives: list[Life], place: int, day: date) -> tuple[object, ...]:
    facts = [facts for life in lives if (facts := _facts(life, day))]
    here = [one for one in facts if one["place"] == place]
    return (
        _four(here),
        _four([one for one in here if one["employed"]]),
        _four([one for one in here if one["worked"]]),
        sum(one["unknown"] for one in here),
        sum(one["minutes"] for one in here),
        sum(one["sheets"] for one in here),
    )


def _counted(count: DayCount) -> tuple[object, ...]:
    return (
        tuple(count.heads),
        tuple(count.employed),
        tuple(count.worked),
        count.unknown,
        count.minutes,
        count.sheets,
    )


@pytest.fixture
def world(cast: Cast) -> tuple[list[Institution], list[Life]]:
    places = [cast.institution, an_institution(cast, "22"), an_institution(cast, "30")]
    lives = random_lives(20261122, 220, BEGIN, DAYS, len(places))
    store_lives(cast, lives, places, reasons())
    return places, lives


def test_every_day_of_every_institution_agrees_with_the_recount(
    world: tuple[list[Institution], list[Life]],
) -> None:
    places, lives = world
    counts = daily_counts([place.pk for place in places], BEGIN, END)
    assert len(counts) == len(places) * DAYS
    index = {place.pk: number for number, place in enumerate(places)}
    wrong = [
        (count, expected)
        for count in counts
        if _counted(count) != (expected := recount(lives, index[count.institution_id], count.day))
    ]
    assert wrong == []
    # The world is not empty in any respect, or the agreement would say nothing.
    for part in range(4):
        assert sum(count.heads[part] for count in counts) > 100
        assert sum(count.worked[part] for count in counts) > 100
    assert sum(count.unknown for count in counts) > 100


def test_a_single_day_agrees_with_the_same_day_of_a_long_range(
    world: tuple[list[Institution], list[Life]],
) -> None:
    places, _lives = world
    ids = [place.pk for place in places]
    leap_day = date(2024, 2, 29)
    of_range = [one for one in daily_counts(ids, BEGIN, END) if one.day == leap_day]
    assert daily_counts(ids, leap_day, leap_day + ONE_DAY) == of_range


def test_reasons_agree_with_the_recount(world: tuple[list[Institution], list[Life]]) -> None:
    places, lives = world
    day = date(2024, 3, 15)
    groups = reasons_without_work(places, ReportPeriod("day", day, day + ONE_DAY, is_ended=True))
    for number, place in enumerate(places):
        expected: dict[tuple[str, str | None], int] = {}
        for life in lives:
            facts = _facts(life, day)
            if facts is None or facts["place"] != number or facts["employed"]:
                continue
            state = _on(life.states, day)
            key = (state.facts["ability"], state.facts["reason"]) if state else ("unknown", None)
            expected[key] = expected.get(key, 0) + 1
        counted = {
            (group.ability, row.reason.code if row.reason else None): int(row.heads)
            for group in groups[place.pk]
            for row in group.rows
        }
        assert counted == expected
        assert expected


def test_reasons_of_a_period_are_means_of_its_days(
    world: tuple[list[Institution], list[Life]],
) -> None:
    places, lives = world
    period = ReportPeriod("month", date(2024, 2, 1), date(2024, 3, 1), is_ended=True)
    groups = reasons_without_work(places, period)
    for number, place in enumerate(places):
        days = 0
        for life in lives:
            for offset in range(29):
                facts = _facts(life, period.begin + timedelta(days=offset))
                days += bool(facts and facts["place"] == number and not facts["employed"])
        rows = sum(len(group.rows) for group in groups[place.pk])
        heads = sum(group.heads for group in groups[place.pk])
        assert abs(heads * 29 - days) <= 29 * rows * 0.05


def test_facts_and_records_count_the_same(world: tuple[list[Institution], list[Life]]) -> None:
    """The second opinion: the same questions asked of the records, without any facts."""
    places, _lives = world
    ids = [place.pk for place in places]
    assert daily_counts(ids, BEGIN, END) == direct_counts(ids, BEGIN, END)
    middle = date(2024, 2, 11)
    assert daily_counts(ids[:2], middle, END) == direct_counts(ids[:2], middle, END)
    with connection.cursor() as cursor:
        cursor.execute(
            DAYS_WITHOUT_WORK, {"institutions": ids, "begin": middle, "end": date(2024, 3, 10)}
        )
        counted = cursor.fetchall()
    assert counted == direct_days_without_work(ids, middle, date(2024, 3, 10))
    assert len(counted) > 10


def test_sums_over_institutions_are_the_region(
    world: tuple[list[Institution], list[Life]],
) -> None:
    """On every day each person stands in one institution, or in none."""
    places, lives = world
    counts = daily_counts([place.pk for place in places], BEGIN, END)
    for offset in range(DAYS):
        day = BEGIN + timedelta(days=offset)
        held = sum(_on(life.stays, day) is not None for life in lives)
        assert sum(one.heads[0] for one in counts if one.day == day) == held
