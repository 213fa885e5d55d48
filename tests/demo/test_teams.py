"""The team of the demo: who made the same side by side is entered as having made it together.

The demo of the tests has too few people for one, so the choice is tested by itself.
"""

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

from portal.demo.output import Made
from portal.demo.teams import DAYS, LEAST, MOST, form_teams

FIRST = date(2026, 8, 3)
DEMAND = SimpleNamespace(key="bench")


def made(person: int, on: date, workshop: str = "wood-16", institution: int = 16) -> Made:
    job = SimpleNamespace(
        placement_id=person, institution=institution, workshop=workshop,
        employer=SimpleNamespace(pk=1),
    )  # fmt: skip
    return Made(job, DEMAND, 1, on, 10)  # type: ignore[arg-type]  # as much of each as is read


def chosen(entries: list[Made]):
    return form_teams(entries, 16, {DEMAND.key: FIRST})


def test_who_makes_the_same_on_a_day_is_a_team() -> None:
    day = FIRST + timedelta(days=1)
    alone = made(9, day + timedelta(days=1))
    left, teams = chosen([*(made(person, day) for person in range(3)), alone])
    assert left == [alone]
    assert [(team.first.on, team.quantity, len(team.entries)) for team in teams] == [(day, 30, 3)]


def test_one_alone_and_too_many_are_none() -> None:
    day = FIRST + timedelta(days=1)
    for people in (1, MOST + 1):
        entries = [made(person, day) for person in range(people)]
        assert chosen(entries) == (entries, [])


def test_the_first_day_of_a_demand_and_other_places_are_left() -> None:
    later = FIRST + timedelta(days=2)
    entries = [made(person, FIRST) for person in range(LEAST)]
    entries += [made(person, later, institution=22) for person in range(LEAST)]
    assert chosen(entries) == (entries, [])


def test_one_workshop_has_the_team_and_the_last_days_count() -> None:
    days = [FIRST + timedelta(days=number) for number in range(1, DAYS + 6)]
    entries = [made(person, day) for day in days for person in range(LEAST)]
    entries += [made(person, days[0], workshop="metal-16") for person in range(5, 5 + LEAST)]
    left, teams = chosen(entries)
    assert [team.first.on for team in teams] == days[-DAYS:]
    assert {team.first.job.workshop for team in teams} == {"wood-16"}
    assert Counter(one.job.workshop for one in left)["metal-16"] == LEAST
