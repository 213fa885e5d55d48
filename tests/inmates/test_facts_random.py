"""The SQL against the pure definition, person by person and day by day, over random histories."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmates.models import (
    Attendance,
    CustodyStay,
    FactDirty,
    LabourFact,
    LabourState,
    Placement,
    Reason,
)
from inmates.selectors.facts import fact_summary
from inmates.services.facts import rebuild_facts, refresh_facts
from portal.kernel.periods import Month
from tests.inmates.fact_days import defined_days, make_facts, stored_days
from tests.people import NOW, Cast, a_consent
from tests.reports.worlds import an_institution, random_lives, reasons, store_lives
from workshops.models import Institution

pytestmark = pytest.mark.django_db

BEGIN = date(2028, 2, 1)
DAYS = 62  # over the leap day and two ends of a month
END = BEGIN + timedelta(days=DAYS)


@pytest.fixture
def ground(cast: Cast) -> tuple[Cast, list[Institution], dict[str, Reason]]:
    places = [cast.institution, an_institution(cast, "22"), an_institution(cast, "30")]
    return cast, places, reasons()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Each example begins with the same empty world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def diversify(cast: Cast, seed: int) -> None:
    """Full-time posts and other employers, which the invented lives do not have."""
    rng = random.Random(seed)  # noqa: S311 - an invented world, the same every time
    taken: set[int] = set()
    for placement in Placement.objects.order_by("id"):
        drawn = rng.random()
        if drawn < 0.4 and placement.inmate_id not in taken:
            taken.add(placement.inmate_id)
            placement.is_full_time = True
        if drawn > 0.7:
            placement.employer = cast.colony
        elif drawn > 0.4:
            a_consent(placement.inmate, cast.entrepreneur, given_on=date(2020, 1, 1))
            placement.employer = cast.entrepreneur
        placement.save()


def the_same(begin: date = BEGIN, end: date = END) -> None:
    stored, defined = stored_days(begin, end), defined_days(begin, end)
    assert stored.keys() == defined.keys()
    assert {key: (day, stored[key]) for key, day in defined.items() if stored[key] != day} == {}


def settle(ground: tuple, seed: int, people: int) -> None:
    cast, places, known = ground
    lives = random_lives(seed, people, BEGIN, DAYS, len(places))
    store_lives(cast, lives, places, known)
    diversify(cast, seed)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), people=st.integers(1, 6), offset=st.integers(0, 40))
def test_sql_says_what_the_definition_says(
    ground: tuple, seed: int, people: int, offset: int
) -> None:
    with rolled_back():
        settle(ground, seed, people)
        make_facts(BEGIN, END - timedelta(days=offset))
        the_same(BEGIN, END - timedelta(days=offset))
        assert not LabourFact.objects.filter(effective_to__gt=END - timedelta(days=offset)).exists()


def test_a_crowd_of_random_lives_agrees_in_every_respect(ground: tuple) -> None:
    settle(ground, 20281, 150)
    make_facts(BEGIN, END)
    the_same()
    days = list(stored_days(BEGIN, END).values())
    # Nothing of the definition is left untried, or the agreement would say little.
    for name, values in {
        "ability": {"able", "unable", "unknown"},
        "is_subject": {True, False, None},
        "availability": {"available", "unavailable", "unknown"},
        "employment": {"employed", "not_employed", "unknown"},
        "employer_kind": {"", "state", "private", "institution"},
        "is_full_time": {True, False, None},
        "worked": {"W", "P", "A", "U", "N", None},
    }.items():
        assert {getattr(day, name) for day in days} == values


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_closing_day_by_day_gives_the_same_rows_as_making_anew(ground: tuple, seed: int) -> None:
    with rolled_back():
        settle(ground, seed, 5)
        make_facts(BEGIN, BEGIN + timedelta(days=10))
        FactDirty.objects.all().delete()
        for number in range(11, DAYS + 1):
            refresh_facts(on=BEGIN + timedelta(days=number), at=NOW)
        the_same()
        closed = rows()
        make_facts(BEGIN, END)
        assert rows() == closed


def rows() -> list[tuple]:
    return list(
        LabourFact.objects.order_by("inmate", "effective_from").values_list(
            "inmate", "institution", "effective_from", "effective_to", "ability",
            "is_subject_to_labour", "availability", "reason", "employment", "employer_kind",
            "is_full_time", "days", "minutes", "absences", "definition",
        )
    )  # fmt: skip


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_what_changes_later_is_noted_and_redone(ground: tuple, seed: int) -> None:
    """Whatever is written, changed or removed: the next refresh makes it right, and no more."""
    with rolled_back():
        settle(ground, seed, 5)
        make_facts(BEGIN, END)
        FactDirty.objects.all().delete()
        change_something(ground, random.Random(seed))  # noqa: S311 - the same
        refresh_facts(on=END, at=NOW)
        the_same()
        assert not FactDirty.objects.exists()


def change_something(ground: tuple, rng: random.Random) -> None:
    _cast, places, known = ground
    for model in (CustodyStay, LabourState, Attendance):
        ids = list(model.objects.values_list("pk", flat=True))
        for pk in rng.sample(ids, min(len(ids), 3)):
            row = model.objects.get(pk=pk)
            if rng.random() < 0.3:
                row.delete()
            elif model is CustodyStay:
                row.institution = rng.choice(places)
                row.save()
            elif model is LabourState:
                row.ability, row.reason = "unable", known["disability"]
                row.save()
            else:
                row.minutes, row.reason = 60, None
                row.save()
    for placement in Placement.objects.all():
        if rng.random() < 0.2 and not placement.attendance.exists():
            placement.delete()
        elif rng.random() < 0.2:
            placement.is_full_time = False
            placement.save()
    middle = BEGIN + timedelta(days=30)
    CustodyStay.objects.filter(effective_from__lt=middle, effective_to__gt=middle).update(
        effective_to=middle
    )


def test_facts_of_some_are_made_without_those_of_others(ground: tuple) -> None:
    settle(ground, 7, 30)
    make_facts(BEGIN, END)
    before = rows()
    some = sorted({row[0] for row in before})[:9]
    rebuild_facts(begin=BEGIN, end=END, at=NOW, inmates=some)
    assert rows() == before
    LabourFact.objects.filter(inmate__in=some).delete()
    rebuild_facts(begin=BEGIN + timedelta(days=40), end=END, at=NOW, inmates=some)
    march = [row for row in before if row[2] >= date(2028, 3, 1) or row[0] not in some]
    assert rows() == march


def test_facts_of_an_institution_are_those_of_its_people(ground: tuple) -> None:
    settle(ground, 8, 30)
    make_facts(BEGIN, END)
    before = rows()
    place = ground[1][1]
    LabourFact.objects.filter(institution=place).delete()
    # Whoever was only there is found by the stays.
    rebuild_facts(begin=BEGIN, end=END, at=NOW, institutions=[place.pk])
    assert rows() == before


def test_the_same_facts_have_the_same_hash_and_others_another(ground: tuple) -> None:
    settle(ground, 9, 30)
    make_facts(BEGIN, END)
    place, month = ground[1][0].pk, Month.of(BEGIN)
    first = fact_summary(place, month)
    make_facts(BEGIN, END)
    assert fact_summary(place, month) == first
    LabourFact.objects.filter(institution=place, employment="employed").first().delete()
    assert fact_summary(place, month).rows_hash != first.rows_hash
