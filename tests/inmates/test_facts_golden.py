"""Thirteen people, a month each, drawn by hand: the definition, the SQL and the nightly closing."""

from datetime import date, timedelta

import pytest
from django.db import connection

from inmates.facts import DEFINITION, RULES, DayInputs, Job, Sheet, State, Why, day_state
from inmates.models import FactDirty, Inmate, LabourFact
from inmates.selectors.facts import fact_summary
from inmates.services.facts import refresh_facts
from portal.kernel.periods import Month
from tests.inmates.fact_days import defined_days, make_facts, stored_days
from tests.inmates.golden_facts import (
    FOLDER,
    NAMES,
    Golden,
    Ground,
    golden_reasons,
    picture_of,
    read_golden,
    store_golden,
)
from tests.people import NOW, Cast
from tests.reports.worlds import an_institution

OCTOBER, LEAP = Month(2026, 10), Month(2028, 2)


@pytest.fixture
def ground(cast: Cast) -> Ground:
    places = {"16": cast.institution, "22": an_institution(cast, "22")}
    return Ground(cast, places, golden_reasons())


def settle(ground: Ground) -> dict[str, tuple[Golden, Inmate]]:
    """All of them in the same world."""
    people = {}
    for number, name in enumerate(NAMES):
        golden = read_golden(name)
        people[name] = golden, store_golden(golden, ground, f"G{number}")
    return people


def make_months() -> None:
    make_facts(date(2026, 9, 1), date(2028, 3, 1))


@pytest.mark.parametrize("name", NAMES)
def test_golden_month_is_what_the_definition_says(ground: Ground, name: str) -> None:
    golden = read_golden(name)
    inmate = store_golden(golden, ground, "G")
    period = golden.month.period
    days = defined_days(period.effective_from, period.effective_to)
    mine = {day: fact for (inmate_id, day), fact in days.items() if inmate_id == inmate.pk}
    assert picture_of(mine, golden.month, ground) == golden.picture


def test_golden_months_are_what_the_portal_stores(ground: Ground) -> None:
    people = settle(ground)
    make_months()
    for golden, inmate in people.values():
        period = golden.month.period
        days = stored_days(period.effective_from, period.effective_to)
        mine = {day: fact for (inmate_id, day), fact in days.items() if inmate_id == inmate.pk}
        assert picture_of(mine, golden.month, ground) == golden.picture, golden.name


def test_golden_months_come_out_of_the_nights_as_well(ground: Ground) -> None:
    """Closed day by day, with each day's timesheets written before its night."""
    people = settle(ground)
    make_facts(date(2026, 9, 1), OCTOBER.first_day)
    for number in range(1, 32):
        refresh_facts(on=OCTOBER.first_day + timedelta(days=number), at=NOW)
    days = stored_days(OCTOBER.first_day, date(2026, 11, 1))
    for golden, inmate in people.values():
        if golden.month == OCTOBER:
            mine = {day: fact for (inmate_id, day), fact in days.items() if inmate_id == inmate.pk}
            assert picture_of(mine, golden.month, ground) == golden.picture, golden.name
    assert not FactDirty.objects.exists()


def test_there_are_twelve_people_or_more_with_what_the_contract_names() -> None:
    assert len(NAMES) >= 12
    assert {
        "transfer", "released_on_the_first", "released_on_the_last", "sick", "refusal", "unknown",
        "leap_day", "part_time",
    } <= set(NAMES)  # fmt: skip
    assert all((FOLDER / f"{name}.txt").read_text("utf-8").startswith("# ") for name in NAMES)


def test_each_day_in_custody_has_exactly_one_state(ground: Ground) -> None:
    """`stored_days` refuses a second one; and none is missing."""
    people = settle(ground)
    make_months()
    for golden, inmate in people.values():
        period = golden.month.period
        days = stored_days(period.effective_from, period.effective_to)
        told = {day for inmate_id, day in days if inmate_id == inmate.pk}
        custody = golden.picture["custody"]
        held = {day for day, letter in zip(golden.month.days(), custody, strict=True)
                if letter != "."}  # fmt: skip
        assert told == held


def test_facts_of_institutions_sum_to_those_of_the_region(ground: Ground) -> None:
    people = settle(ground)
    make_months()
    held = sum(
        len(golden.picture["custody"].replace(".", ""))
        for golden, _inmate in people.values()
        if golden.month == OCTOBER
    )
    # The one whose month is in 2028 is held in October as well.
    held += 31
    summaries = [fact_summary(place.pk, OCTOBER) for place in ground.places.values()]
    assert sum(one.person_days for one in summaries) == held


def test_unknown_days_are_counted_apart(ground: Ground) -> None:
    """Nobody's ability is known for 19 days, 21 workdays have no timesheet, the 9th of one."""
    settle(ground)
    make_months()
    unknown = fact_summary(ground.places["16"].pk, OCTOBER).unknown_days
    unable = 4  # the 6th to the 9th, whose sheets never came
    sick_at_none = 1
    assert unknown == 19 + 21 + unable + sick_at_none


def test_minutes_and_absences_stand_at_their_day(ground: Ground) -> None:
    people = settle(ground)
    make_months()
    _golden, inmate = people["two_placements"]
    days = stored_days(OCTOBER.first_day, date(2026, 11, 1))
    by_day = {day.day: days[inmate.pk, day] for day in OCTOBER.days()}
    assert [by_day[day].minutes for day in (5, 6, 7, 8, 9, 10, 12)] == [
        600, 120, 0, 120, None, None, 480
    ]  # fmt: skip
    assert {day: fact.absence for day, fact in by_day.items() if fact.absence} == {
        7: ground.reasons["sick"].pk
    }
    _golden, leaper = people["leap_day"]
    leap = stored_days(LEAP.first_day, date(2028, 3, 1))
    assert leap[leaper.pk, date(2028, 2, 29)].minutes == 60
    assert (leaper.pk, date(2028, 2, 28)) in leap


def test_ranges_are_as_long_as_nothing_changes_and_end_with_the_month(ground: Ground) -> None:
    people = settle(ground)
    make_months()
    _golden, inmate = people["placed_without_timesheet"]
    spans = LabourFact.objects.filter(inmate=inmate).order_by("effective_from")
    firsts = [span.effective_from for span in spans]
    assert firsts[:3] == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    assert all(day.day == 1 for day in firsts)
    assert set(spans.values_list("definition", flat=True)) == {DEFINITION}


def test_making_facts_takes_the_same_statements_for_more_people(
    ground: Ground, django_assert_max_num_queries
) -> None:
    settle(ground)
    with django_assert_max_num_queries(40):
        make_facts(date(2026, 1, 1), date(2026, 11, 1))


# --- the rules, one by one -----------------------------------------------------------------

SICK, IDLE = Why(1, counts_as_available=False), Why(2, counts_as_available=True)
ABLE = State("able", is_subject_to_labour=True)
POST = Job(1, "state", is_full_time=True, since=date(2026, 1, 1))
HALF = Job(2, "private", is_full_time=False, since=date(2025, 1, 1))


def told(**given) -> dict[str, tuple[object, str]]:
    state = day_state(DayInputs(**({"institution": 16, "is_due": True} | given)))
    names = (
        "institution", "ability", "is_subject", "availability", "employment", "employer_kind",
        "is_full_time", "worked",
    )  # fmt: skip
    values = {name: getattr(state, name) for name in names}
    return {name: (one.value, one.rule) for name, one in values.items() if one}


CASES = [
    ({"institution": None, "state": ABLE, "jobs": (POST,)}, {"institution": (None, "C2")}),
    ({}, {"ability": ("unknown", "A2"), "is_subject": (None, "S2"), "worked": (None, "W6"),
          "availability": ("unknown", "V1"), "employment": ("unknown", "E3"),
          "employer_kind": (None, "K2"), "is_full_time": (None, "F3")}),
    ({"state": ABLE}, {"institution": (16, "C1"), "ability": ("able", "A1"),
                       "is_subject": (True, "S1"), "availability": ("available", "V5"),
                       "employment": ("not_employed", "E2")}),
    ({"state": State("unable", is_subject_to_labour=False)},
     {"availability": ("unavailable", "V2")}),
    ({"state": State("unknown", is_subject_to_labour=True)}, {"availability": ("unknown", "V1")}),
    ({"state": State("able", is_subject_to_labour=True, reason=SICK)},
     {"availability": ("unavailable", "V3")}),
    ({"state": State("able", is_subject_to_labour=True, reason=IDLE)},
     {"availability": ("available", "V5")}),
    ({"state": ABLE, "jobs": (POST,), "sheets": (Sheet(0, SICK),)},
     {"availability": ("unavailable", "V4"), "worked": ("A", "W2"),
      "employment": ("employed", "E1")}),
    ({"state": ABLE, "jobs": (POST,), "sheets": (Sheet(0, IDLE),)},
     {"availability": ("available", "V5"), "worked": ("P", "W3")}),
    ({"state": ABLE, "jobs": (POST,), "sheets": (Sheet(480),)}, {"worked": ("W", "W1")}),
    ({"state": ABLE, "jobs": (POST,), "sheets": (Sheet(60, SICK),)},
     {"worked": ("W", "W1"), "availability": ("available", "V5")}),
    ({"state": ABLE, "jobs": (POST,)},
     {"worked": ("U", "W4"), "availability": ("available", "V5")}),
    ({"jobs": (POST,), "is_due": False}, {"worked": ("N", "W5"), "employment": ("employed", "E1")}),
    ({"jobs": (HALF,)}, {"employer_kind": ("private", "K1"), "is_full_time": (False, "F2")}),
    ({"jobs": (HALF, POST)}, {"employer_kind": ("state", "K1"), "is_full_time": (True, "F1")}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_rule_of_the_definition(given: dict, expected: dict) -> None:
    assert expected.items() <= told(**given).items()


def test_every_rule_is_tried_and_none_is_unwritten() -> None:
    tried = {rule for given, _expected in CASES for _value, rule in told(**given).values()}
    assert tried == set(RULES)


def test_day_outside_of_custody_has_nothing_else() -> None:
    state = day_state(DayInputs(institution=None, is_due=True, state=ABLE, sheets=(Sheet(480),)))
    assert (state.ability, state.worked, state.minutes, state.absence) == (None, None, None, None)


def test_documentation_names_every_rule() -> None:
    page = (FOLDER.parents[3] / "portal" / "docs" / "facts.md").read_text("utf-8")
    for code, sentence in RULES.items():
        assert f"| {code} | {sentence} |" in page
    assert f"Version {DEFINITION}" in page


def test_refusal_of_a_second_state_is_by_constraint(ground: Ground) -> None:
    settle(ground)
    make_months()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE conname = 'labourfact_one_state_a_day'"
            " AND contype = 'x'"
        )
        assert cursor.fetchone() == (1,)
