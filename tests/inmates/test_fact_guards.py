"""What keeps the facts right where the services alone would not: the database, the definition."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from inmates.fact_refusals import DefinitionChanged, MonthBeforeFacts
from inmates.facts import DEFINITION
from inmates.models import FactDirty, FactPeriod, LabourFact
from inmates.selectors.facts import fact_summary, freshness_of_facts
from inmates.services.facts import rebuild_facts, refresh_facts
from portal.kernel.errors import refusal_of
from portal.kernel.periods import Month
from tests.inmates.fact_days import defined_days, stored_days
from tests.inmates.test_fact_periods import NOVEMBER, OCTOBER, close, reopen, world
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_placement
from tests.reports.worlds import a_person

pytestmark = pytest.mark.django_db

__all__ = ["world"]  # the fixture


# --- what the triggers alone would let through -------------------------------------------------


def test_row_that_reaches_into_the_next_month_is_refused(world: Cast) -> None:
    """Else a row of September could say something of October after October is final."""
    close(world)
    stranger = a_person(world.institution, ability=None)
    with pytest.raises(IntegrityError, match="labourfact_in_one_month"), transaction.atomic():
        LabourFact.objects.create(
            inmate=stranger, institution=world.institution, effective_from=date(2026, 9, 20),
            effective_to=date(2026, 10, 20), ability="unknown", availability="unknown",
            employment="unknown", definition=DEFINITION,
        )  # fmt: skip


def test_absences_have_a_place_for_each_day(world: Cast) -> None:
    fact = LabourFact.objects.filter(effective_from=date(2026, 11, 1)).first()
    with pytest.raises(IntegrityError, match="letter_for_each_day"), transaction.atomic():
        LabourFact.objects.filter(pk=fact.pk).update(absences=[None])


@pytest.mark.parametrize(
    "change", [{"rows_hash": "0" * 64}, {"person_days": 61}, {"unknown_days": 0},
               {"closed_at": NOW + timedelta(days=1)}, {"first_day": date(2026, 8, 1)}],
)  # fmt: skip
def test_what_a_month_said_when_it_was_closed_is_not_rewritten(world: Cast, change: dict) -> None:
    period = close(world)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        FactPeriod.objects.filter(pk=period.pk).update(**change)
    assert refusal_of(refused.value).constraint == "facts_of_a_final_month_stay"


HASHED = {
    "inmate_id": 999_999, "effective_to": date(2026, 10, 31), "ability": "unable",
    "is_subject_to_labour": None, "availability": "unavailable", "reason_id": 7,
    "employer_kind": "private", "is_full_time": False, "days": "N" * 31, "minutes": [1] * 31,
    "absences": [None] * 30 + [3], "definition": 9,
}  # fmt: skip


@pytest.mark.parametrize("column", HASHED)
def test_hash_is_over_every_column(world: Cast, column: str) -> None:
    before = fact_summary(world.institution.pk, OCTOBER).rows_hash
    change = {column: HASHED[column]}
    if column == "effective_to":
        change |= {"days": "U" * 30, "minutes": [None] * 30}
    fact = LabourFact.objects.get(inmate=world.other.inmate, effective_from=OCTOBER.first_day)
    LabourFact.objects.filter(pk=fact.pk).update(**change)
    assert fact_summary(world.institution.pk, OCTOBER).rows_hash != before


def test_hash_tells_a_person_without_work_from_one_of_whom_it_is_not_known(world: Cast) -> None:
    a_person(world.institution)
    rebuild_facts(begin=OCTOBER.first_day, end=TODAY, at=NOW)
    before = fact_summary(world.institution.pk, OCTOBER).rows_hash
    LabourFact.objects.filter(employment="not_employed").update(employment="unknown")
    assert fact_summary(world.institution.pk, OCTOBER).rows_hash != before


def test_no_column_of_a_fact_is_left_out_of_the_hash() -> None:
    told_otherwise = {"id", "institution_id", "effective_from", "employment"}
    columns = {field.attname for field in LabourFact._meta.concrete_fields}
    assert columns == set(HASHED) | told_otherwise


# --- another definition ------------------------------------------------------------------------


@pytest.fixture
def second_definition(monkeypatch: pytest.MonkeyPatch) -> int:
    for module in ("inmates.services.facts", "inmates.services.fact_periods"):
        monkeypatch.setattr(f"{module}.DEFINITION", DEFINITION + 1)
    return DEFINITION + 1


def definitions(month: Month) -> set[int]:
    facts = LabourFact.objects.filter(
        effective_from__gte=month.first_day, effective_from__lt=month.next().first_day
    )
    return set(facts.values_list("definition", flat=True))


def test_night_makes_provisional_months_again_by_a_new_definition(
    world: Cast, request: pytest.FixtureRequest
) -> None:
    close(world)
    second = request.getfixturevalue("second_definition")
    told = []
    refresh_facts(on=TODAY, at=NOW, report=lambda **counts: told.append(counts))
    assert freshness_of_facts().definition == second
    assert definitions(Month(2026, 9)) == definitions(NOVEMBER) == {second}
    assert definitions(OCTOBER) == {DEFINITION}
    assert told == [{"done": done, "total": 3} for done in (1, 2, 3)]
    # The next night finds them made.
    refresh_facts(on=TODAY, at=NOW, report=lambda **counts: told.append(counts))
    assert len(told) == 3


def test_month_of_an_old_definition_is_not_closed(world: Cast, second_definition: int) -> None:
    with pytest.raises(DefinitionChanged):
        close(world)
    refresh_facts(on=TODAY, at=NOW)
    assert close(world).definition == second_definition


def test_part_made_by_a_new_definition_is_not_taken_for_all(
    world: Cast, second_definition: int
) -> None:
    rebuild_facts(begin=NOVEMBER.first_day, end=TODAY, at=NOW)
    assert freshness_of_facts().definition == DEFINITION
    rebuild_facts(begin=date(2026, 9, 1), end=TODAY, at=NOW)
    assert freshness_of_facts().definition == second_definition


def test_reopened_month_of_an_old_definition_is_made_again(
    world: Cast, request: pytest.FixtureRequest
) -> None:
    close(world)
    second = request.getfixturevalue("second_definition")
    refresh_facts(on=TODAY, at=NOW)
    reopen(world)
    assert definitions(OCTOBER) == {second}


# --- before facts begin ------------------------------------------------------------------------


def test_month_before_facts_begin_is_not_closed(world: Cast) -> None:
    with pytest.raises(MonthBeforeFacts) as refused:
        close(world, Month(2026, 8), unknown_seen=0)
    assert "01.09.2026" in str(refused.value)


def test_stay_entered_later_that_began_earlier_moves_the_beginning_of_facts(cast: Cast) -> None:
    a_person(cast.institution, date(2026, 9, 20))
    refresh_facts(on=TODAY, at=NOW)
    assert freshness_of_facts().built_from == date(2026, 9, 1)
    a_person(cast.institution, date(2026, 6, 15))
    # Whoever closes a month meanwhile takes what belongs to it and leaves the rest to the night.
    close(cast)
    assert stored_days(OCTOBER.first_day, TODAY) == defined_days(OCTOBER.first_day, TODAY)
    left = FactDirty.objects.get()
    assert (left.from_day, left.to_day) == (date(2026, 6, 15), date(2026, 9, 1))
    refresh_facts(on=TODAY, at=NOW)
    assert freshness_of_facts().built_from == date(2026, 6, 1)
    assert stored_days(LONG_AGO, TODAY) == defined_days(LONG_AGO, TODAY)
    assert not FactDirty.objects.exists()


def test_placement_said_to_have_begun_earlier_changes_whose_employer_counts(world: Cast) -> None:
    """The one that began first tells the employer, on days on which neither began or ended."""
    second = a_placement(
        world, world.worker.inmate, employer=world.colony, is_full_time=False,
        effective_from=date(2026, 3, 1),
    )  # fmt: skip
    type(second).objects.filter(inmate=world.worker.inmate).update(is_full_time=False)
    refresh_facts(on=TODAY, at=NOW)
    key = world.worker.inmate_id, date(2026, 11, 3)
    assert stored_days(*month_days())[key].employer_kind == "state"
    type(second).objects.filter(pk=second.pk).update(effective_from=date(2025, 12, 1))
    refresh_facts(on=TODAY, at=NOW)
    assert stored_days(*month_days())[key].employer_kind == "institution"
    assert stored_days(*month_days()) == defined_days(*month_days())


def month_days() -> tuple[date, date]:
    return NOVEMBER.first_day, TODAY
