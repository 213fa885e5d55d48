"""A spreadsheet against what is known: whom it would register and place, and why not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from inmates.people_plan import Consented, Known, KnownPerson, Operated, plan_of
from inmates.people_sheet import Job, Person, Problem, Sheet
from portal.kernel.periods import Period

YEAR = Period(date(2026, 1, 1))
STATE, PRIVATE = 7, 8
NEW = Person(
    2, "1601", "Тестов Ерлан", "900101300811", date(1990, 1, 1), date(2026, 11, 10), "able"
)
WORK = Job(
    row=2,
    number="1601",
    workshop="Столярный цех",
    post="Столяр",
    employer="",
    pay_form="piece",
    minutes=None,
    basis="Приказ 12",
    since=date(2026, 11, 12),
    until=None,
)


def known(**fields: Any) -> Known:
    """One workshop, run by a state enterprise till the end of November, then by a company."""
    handover = date(2026, 12, 1)
    here = KnownPerson(55, is_here=True, stays=(YEAR,))
    defaults: dict[str, Any] = {
        "workshops": {"столярный цех": "wood-16", "wood-16": "wood-16"},
        "posts": {("wood-16", "столяр"): 31},
        "operators": {
            "wood-16": [
                Operated(
                    STATE, "990140000011", Period(date(2024, 1, 1), handover), needs_consent=False
                ),
                Operated(PRIVATE, "990140000022", Period(handover), needs_consent=True),
            ]
        },
        "people": {"1500": here},
        "births": {"900101300811": date(1990, 1, 1)},
        "seats": {31: 2},
        "latest": date(2026, 12, 24),
        "smallest_age": 14,
    }
    return Known(**defaults | fields)


def codes(*rows: Person | Job, **fields: Any) -> list[tuple[str, str]]:
    sheet = Sheet(
        people=[row for row in rows if isinstance(row, Person)],
        jobs=[row for row in rows if isinstance(row, Job)],
    )
    plan = plan_of(sheet, known(**fields))
    assert plan.problems or len(plan.jobs) == len(sheet.jobs)
    return [(one.column, one.code) for one in plan.problems]


def test_a_new_person_is_placed_with_the_operator_of_the_day() -> None:
    plan = plan_of(Sheet([NEW], [WORK]), known())
    assert plan.problems == []
    (planned,) = plan.jobs
    assert (planned.inmate_id, planned.post_id, planned.employer_id) == (None, 31, STATE)
    assert planned.minutes is None


def test_somebody_known_is_placed_by_number() -> None:
    plan = plan_of(Sheet([], [replace(WORK, number="1500")]), known())
    assert [one.inmate_id for one in plan.jobs] == [55]


def test_fewer_hours_than_a_shift_are_part_time_and_more_are_refused() -> None:
    part, full, over = (replace(WORK, minutes=minutes) for minutes in (240, 480, 481))
    for job, minutes in ((part, 240), (full, None)):
        assert plan_of(Sheet([NEW], [job]), known()).jobs[0].minutes == minutes
    assert codes(NEW, over) == [("hours", "over_the_norm")]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"people": {"1601": KnownPerson(1, is_here=True)}}, ("number", "number_taken")),
        ({"iins": {"900101300811": "1444"}}, ("iin", "person_known")),
        ({"births": {"900101300811": date(1990, 1, 2)}}, ("born_on", "birth_unlike_iin")),
        ({"latest": date(2026, 11, 9)}, ("arrived_on", "day_ahead")),
    ],
    ids=["number", "iin", "birth", "ahead"],
)
def test_a_person_who_cannot_be_registered(fields: dict[str, Any], found: tuple[str, str]) -> None:
    assert codes(NEW, **fields) == [found]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"workshop": "Швейный"}, ("workshop", "workshop_unknown")),
        ({"post": "Маляр"}, ("post", "post_unknown")),
        ({"number": "9999"}, ("number", "number_unknown")),
        ({"since": date(2026, 11, 9)}, ("placed_from", "works_before_arrival")),
        ({"since": date(2023, 1, 1), "number": "1500"}, ("placed_from", "works_before_arrival")),
        ({"employer": "990140000022"}, ("employer", "employer_unknown")),
        ({"since": date(2026, 12, 1)}, ("employer", "consent_missing")),
    ],
    ids=["workshop", "post", "number", "arrival", "stay", "employer", "consent"],
)
def test_a_placement_that_cannot_be(cells: dict[str, Any], found: tuple[str, str]) -> None:
    assert found in codes(NEW, replace(WORK, **cells))


def test_who_is_held_elsewhere_is_not_placed_here() -> None:
    people = {"1500": KnownPerson(55, is_here=False)}
    assert codes(replace(WORK, number="1500"), people=people) == [("number", "held_elsewhere")]


def test_nobody_is_placed_beyond_the_stay() -> None:
    stay = Period(date(2026, 1, 1), date(2026, 11, 20))
    people = {"1500": KnownPerson(55, is_here=True, stays=(stay,))}
    job = replace(WORK, number="1500")
    assert codes(job, people=people) == [("placed_until", "works_after_leaving")]
    assert codes(replace(job, until=date(2026, 11, 20)), people=people) == []


def test_nobody_is_placed_full_time_twice() -> None:
    taken = KnownPerson(55, is_here=True, stays=(YEAR,), work=((Period(date(2026, 11, 20)), 480),))
    job = replace(WORK, number="1500")
    assert codes(job, people={"1500": taken}) == [("placed_from", "placed_already")]
    assert codes(replace(job, until=date(2026, 11, 20)), people={"1500": taken}) == []
    part = replace(job, minutes=120)
    assert codes(part, people={"1500": taken}) == [("hours", "hours_together")]


def test_part_time_beside_part_time_fits_into_one_shift() -> None:
    work = ((Period(date(2026, 11, 20)), 240),)
    there = KnownPerson(55, is_here=True, stays=(YEAR,), work=work)
    job = replace(WORK, number="1500", minutes=240)
    assert codes(job, people={"1500": there}) == []
    assert codes(replace(job, minutes=241), people={"1500": there}) == [("hours", "hours_together")]
    shorter = replace(there, full_minutes=432)
    assert codes(job, people={"1500": shorter}) == [("hours", "hours_together")]
    assert codes(replace(job, minutes=432), people={"1500": replace(shorter, work=())}) == []
    over = replace(job, minutes=433)
    assert codes(over, people={"1500": replace(shorter, work=())}) == [("hours", "over_the_norm")]


def test_no_more_people_than_seats() -> None:
    """Two seats: one is taken for some days, the rows of the file take the others."""
    days = Period(date(2026, 11, 16), date(2026, 11, 18))
    others = [replace(NEW, row=row, number=f"16{row:02}", iin=None) for row in (3, 4)]
    jobs = [replace(WORK, row=one.row, number=one.number) for one in others]
    assert codes(NEW, WORK, others[0], jobs[0]) == []
    assert codes(NEW, WORK, others[0], jobs[0], seated={31: (days,)}) == [("post", "post_full")]
    assert codes(NEW, WORK, *others, *jobs) == [("post", "post_full")]
    free = replace(WORK, until=date(2026, 11, 16))
    assert codes(NEW, free, others[0], jobs[0], seated={31: (days,)}) == []


def test_nobody_begins_more_than_a_year_ahead() -> None:
    assert codes(NEW, WORK, furthest=WORK.since) == []
    too_far = codes(NEW, WORK, furthest=date(2026, 11, 11))
    assert too_far == [("placed_from", "placed_too_far")]


def test_nobody_is_held_as_a_child() -> None:
    child = replace(NEW, iin=None, born_on=date(2012, 11, 11))
    assert codes(child) == [("born_on", "too_young")]
    assert codes(replace(child, born_on=date(2012, 11, 10))) == []


def test_two_rows_of_one_file_cannot_overlap_either() -> None:
    later = replace(WORK, row=3, since=date(2026, 11, 13))
    assert codes(NEW, WORK, later) == [("placed_from", "placed_already")]


def test_a_workshop_that_nobody_operates() -> None:
    assert codes(NEW, WORK, operators={}) == [("placed_from", "no_operator")]


def test_a_consent_has_to_cover_the_whole_placement() -> None:
    job = replace(WORK, number="1500", since=date(2026, 12, 1))
    given = Consented("1500", PRIVATE, Period(date(2026, 11, 30)))
    assert codes(job, consents=[given]) == []
    for consent in (
        replace(given, number="1501"),
        replace(given, employer_id=STATE),
        replace(given, period=Period(date(2026, 12, 2))),
        replace(given, period=Period(date(2026, 11, 1), date(2026, 12, 5))),
    ):
        assert codes(job, consents=[consent]) == [("employer", "consent_missing")]


def test_problems_stand_in_the_order_of_the_rows() -> None:
    far = replace(NEW, row=9, number="1602", iin=None, arrived_on=date(2027, 1, 1))
    wrong = replace(WORK, row=4, post="Маляр")
    plan = plan_of(Sheet([NEW, far], [wrong]), known())
    assert [one.row for one in plan.problems] == [4, 9]


def test_a_row_with_a_word_nobody_knows_tells_what_else_is_wrong_there() -> None:
    sheet = Sheet(
        doubtful_people=[NEW],
        doubtful_jobs=[replace(WORK, workshop="Швейный", minutes=None)],
        problems=[Problem(2, "ability", "word_unknown"), Problem(2, "hours", "no_such_hours")],
        unread={"1601"},
    )
    plan = plan_of(sheet, known(latest=date(2026, 11, 9)))
    assert [(one.column, one.code) for one in plan.problems] == [
        ("ability", "word_unknown"),
        ("hours", "no_such_hours"),
        ("arrived_on", "day_ahead"),
        ("workshop", "workshop_unknown"),
    ]
    assert (plan.people, plan.jobs) == ([], [])


@pytest.mark.parametrize(
    ("told", "person"),
    [
        (Problem(2, "born_on", "too_long_ago"), replace(NEW, born_on=date(2020, 1, 1))),
        (Problem(2, "arrived_on", "before_birth"), replace(NEW, born_on=date(2020, 1, 1), iin="")),
    ],
)
def test_a_cell_is_told_once_and_nothing_follows_from_a_wrong_one(
    told: Problem, person: Person
) -> None:
    sheet = Sheet(doubtful_people=[person], problems=[told], unread={"1601"})
    assert plan_of(sheet, known()).problems == [told]
