"""Facts made by two at once, and facts made while somebody saves: over real connections."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from inmates.fact_refusals import UnknownDaysChanged
from inmates.models import Attendance, FactDirty, FactPeriod, LabourFact, Placement
from inmates.selectors.facts import fact_summary
from inmates.services import facts
from inmates.services.fact_periods import finalise_facts
from inmates.services.facts import rebuild_facts, refresh_facts
from portal.kernel.periods import Month
from portal.kernel.states import MoveRefused
from tests.inmates.fact_days import defined_days, make_facts, stored_days
from tests.inmates.test_shift_races import at_once
from tests.people import NOW, TODAY, Cast, a_cast
from tests.reports.worlds import a_sheet, a_worker

pytestmark = pytest.mark.django_db(transaction=True)

BEGIN = date(2026, 9, 1)
FRIDAY = date(2026, 11, 20)
OCTOBER = Month(2026, 10)


@pytest.fixture
def world() -> tuple[Cast, list[Placement]]:
    cast = a_cast()
    return cast, [a_worker(cast, cast.institution) for _number in range(5)]


def the_same() -> None:
    assert stored_days(BEGIN, TODAY) == defined_days(BEGIN, TODAY)


def test_two_nights_at_once_make_each_day_once(world: tuple[Cast, list[Placement]]) -> None:
    make_facts(BEGIN, FRIDAY)
    results = at_once(
        lambda: refresh_facts(on=TODAY, at=NOW), lambda: refresh_facts(on=TODAY, at=NOW)
    )
    assert sorted(one.closed_days for one in results) == [0, 2]
    the_same()


def test_two_first_nights_at_once(world: tuple[Cast, list[Placement]]) -> None:
    results = at_once(
        lambda: refresh_facts(on=TODAY, at=NOW), lambda: refresh_facts(on=TODAY, at=NOW)
    )
    # Month by month whoever comes first; together each day once.
    assert sum(one.closed_days for one in results) == (TODAY - date(2024, 1, 1)).days
    the_same()


def test_rebuild_and_night_at_once(world: tuple[Cast, list[Placement]]) -> None:
    make_facts(BEGIN, FRIDAY)
    results = at_once(
        lambda: rebuild_facts(begin=BEGIN, end=FRIDAY, at=NOW),
        lambda: refresh_facts(on=TODAY, at=NOW),
    )
    assert not [one for one in results if isinstance(one, Exception)]
    the_same()


def saver(placement: Placement, *, saved: Event, go_on: Event) -> Callable[[], Any]:
    """Writes an entry, and commits only when told to."""

    def save() -> None:
        with transaction.atomic():
            a_sheet(placement, FRIDAY)
            saved.set()
            assert go_on.wait(10)

    return save


def test_entry_saved_while_facts_are_made_is_not_lost(
    world: tuple[Cast, list[Placement]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written before the facts are, and committed after: its mark outlives the refresh."""
    _cast, placements = world
    make_facts(BEGIN, TODAY)
    FactDirty.objects.all().delete()
    a_sheet(placements[1], FRIDAY)
    saved, made = Event(), Event()

    def night() -> Any:
        assert saved.wait(10)
        try:
            return refresh_facts(on=TODAY, at=NOW)
        finally:
            made.set()

    _none, done = at_once(saver(placements[0], saved=saved, go_on=made), night)
    assert done.redone_people == 1
    days = stored_days(FRIDAY, TODAY)
    assert days[placements[0].inmate_id, FRIDAY].worked == "U"
    assert FactDirty.objects.get().inmate == placements[0].inmate
    refresh_facts(on=TODAY, at=NOW)
    the_same()
    assert not FactDirty.objects.exists()


def test_saving_does_not_wait_for_the_making_of_facts(
    world: tuple[Cast, list[Placement]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _cast, placements = world
    make_facts(BEGIN, TODAY)
    holding, saved = Event(), Event()

    def rebuild() -> None:
        with transaction.atomic():
            rebuild_facts(begin=BEGIN, end=TODAY, at=NOW)
            holding.set()
            assert saved.wait(10), "the save waited for the facts"

    def save() -> None:
        assert holding.wait(10)
        a_sheet(placements[0], FRIDAY)
        saved.set()

    at_once(rebuild, save)
    assert Attendance.objects.count() == 1
    refresh_facts(on=TODAY, at=NOW)
    the_same()


def test_two_analysts_close_a_month_once(world: tuple[Cast, list[Placement]]) -> None:
    cast, _placements = world
    make_facts(BEGIN, TODAY)
    seen = fact_summary(cast.institution.pk, OCTOBER).unknown_days

    def close() -> FactPeriod:
        return finalise_facts(
            actor=cast.analyst, institution_id=cast.institution.pk, month=OCTOBER,
            unknown_seen=seen, on=TODAY, at=NOW,
        )  # fmt: skip

    results = at_once(close, close)
    assert sorted(type(one).__name__ for one in results) == ["FactPeriod", "MoveRefused"]
    assert any(isinstance(one, MoveRefused) for one in results)


def test_month_closed_while_someone_enters_counts_the_entry_or_calls_it_late(
    world: tuple[Cast, list[Placement]],
) -> None:
    cast, placements = world
    make_facts(BEGIN, TODAY)
    FactDirty.objects.all().delete()
    seen = fact_summary(cast.institution.pk, OCTOBER).unknown_days

    def close() -> FactPeriod:
        return finalise_facts(
            actor=cast.analyst, institution_id=cast.institution.pk, month=OCTOBER,
            unknown_seen=seen, on=TODAY, at=NOW,
        )  # fmt: skip

    _sheet, closed = at_once(lambda: a_sheet(placements[0], date(2026, 10, 6)), close)
    refresh_facts(on=TODAY, at=NOW)
    if isinstance(closed, UnknownDaysChanged):
        the_same()
    else:
        late = FactDirty.objects.get()
        assert (late.inmate, late.period.status) == (placements[0].inmate, "final")
        assert fact_summary(cast.institution.pk, OCTOBER).rows_hash == closed.rows_hash


def test_raw_write_waits_for_whoever_closes_the_month_and_is_refused(
    world: tuple[Cast, list[Placement]],
) -> None:
    cast, _placements = world
    make_facts(BEGIN, TODAY)
    # Else the closing makes the rows anew, and the write that waited for them finds none left.
    FactDirty.objects.all().delete()
    closing = Event()

    def close() -> None:
        with transaction.atomic():
            finalise_facts(
                actor=cast.analyst, institution_id=cast.institution.pk, month=OCTOBER,
                unknown_seen=fact_summary(cast.institution.pk, OCTOBER).unknown_days,
                on=TODAY, at=NOW,
            )  # fmt: skip
            closing.set()

    def write() -> str:
        assert closing.wait(10)
        try:
            LabourFact.objects.filter(effective_from=OCTOBER.first_day).update(ability="unable")
        except Exception as refused:  # noqa: BLE001 - its name is what is asked for
            return type(refused).__name__
        return "written"

    assert at_once(close, write)[1] == "IntegrityError"


def test_night_that_is_stopped_goes_on_where_it_was(
    world: tuple[Cast, list[Placement]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Months already made stay made: only the rest is left for the next one."""
    made: list[Month] = []
    close_month = facts._close_month

    def failing(horizon: Any, month: Month, until: date) -> int:
        if len(made) == 3:
            raise RuntimeError("the power is gone")
        made.append(month)
        return close_month(horizon, month, until)

    monkeypatch.setattr(facts, "_close_month", failing)
    with pytest.raises(RuntimeError):
        refresh_facts(on=TODAY, at=NOW)
    monkeypatch.undo()
    done = refresh_facts(on=TODAY, at=NOW)
    first_left = date(2024, 4, 1)
    assert done.closed_days == (TODAY - first_left) // timedelta(days=1)
    the_same()
