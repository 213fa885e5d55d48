"""Downtime: of what, from when to when, why; ended once, withdrawn once, never two of one thing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from portal.kernel.errors import ConstraintRefused, Forbidden, PortalError
from tests.people import NOW, TODAY, an_organisation
from tests.workshops.floors import Bench, at, outsiders
from workshops.models import Downtime, Equipment, FloorReason, Institution, Post, Workshop
from workshops.refusals import (
    DowntimeAhead,
    DowntimeTurned,
    FloorDayAhead,
    NotInWorkshop,
    ReasonTooShort,
    ReasonUnsuitable,
    TextMissing,
    WindowPassed,
)
from workshops.selectors.floor import downtimes_on
from workshops.services.downtime import end_downtime, withdraw_downtime


def end(bench: Bench, row: Downtime, **changes: Any) -> Downtime:
    values = {
        "actor": bench.cast.master,
        "downtime_id": row.pk,
        "ended_at": at(12),
        "at": NOW,
    }
    return end_downtime(**(values | changes))


def withdraw(bench: Bench, row: Downtime, **changes: Any) -> Downtime:
    values = {
        "actor": bench.cast.master,
        "downtime_id": row.pk,
        "why": "не тот станок",
        "at": NOW,
    }
    return withdraw_downtime(**(values | changes))


# --- what becomes true ------------------------------------------------------------------------
def test_a_downtime_is_of_the_workshop_a_post_or_a_machine(bench: Bench) -> None:
    whole = bench.stood(at(9), at(10))
    post = bench.stood(at(9), at(10), post_id=bench.cast.joiners.pk)
    machine = bench.stood(at(9), at(10), equipment_id=bench.machine.pk, note=" ремень ")
    assert (whole.post, whole.equipment) == (None, None)
    assert (post.post, machine.equipment) == (bench.cast.joiners, bench.machine)
    assert machine.note == "ремень"
    assert (machine.recorded_by, machine.recorded_at) == (bench.cast.master, NOW)
    assert machine.ended_by == bench.cast.master


def test_one_that_goes_on_is_ended_once(bench: Bench) -> None:
    row = bench.stood(at(9), None)
    assert (row.ended_at, row.ended_by) == (None, None)
    end(bench, row, actor=bench.cast.labour_officer)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_by) == (at(12), bench.cast.labour_officer)
    with pytest.raises(ConstraintRefused) as refused:
        end(bench, row, ended_at=at(13))
    assert refused.value.constraint == "downtime_ended"


def test_what_is_withdrawn_keeps_its_reason_and_frees_its_time(bench: Bench) -> None:
    row = bench.stood(at(9), at(10))
    withdraw(bench, row)
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_why) == (bench.cast.master, "не тот станок")
    assert bench.stood(at(9), at(10)).pk != row.pk
    with pytest.raises(ConstraintRefused) as refused:
        withdraw(bench, row)
    assert refused.value.constraint == "floor_row_withdrawn"


def test_the_labour_officer_enters_too(bench: Bench) -> None:
    assert bench.stood(at(9), at(10), actor=bench.cast.labour_officer).pk


# --- what is refused --------------------------------------------------------------------------
def test_outsiders_enter_nothing(bench: Bench) -> None:
    row = bench.stood(at(9), None)
    for actor in outsiders(bench):
        with pytest.raises(Forbidden):
            bench.stood(at(10), at(11), actor=actor)
        with pytest.raises(Forbidden):
            end(bench, row, actor=actor)
        with pytest.raises(Forbidden):
            withdraw(bench, row, actor=actor)
    assert Downtime.objects.count() == 1


@pytest.mark.parametrize(
    ("times", "error"),
    [
        ((at(15), None), DowntimeAhead),
        ((at(9), at(15)), DowntimeAhead),
        ((at(9), at(9)), DowntimeTurned),
        ((at(9), at(8)), DowntimeTurned),
        ((at(9, day=TODAY + timedelta(days=1)), None), FloorDayAhead),
        ((at(9, day=TODAY - timedelta(days=4)), None), WindowPassed),
    ],
)
def test_times_that_cannot_be(bench: Bench, times: Any, error: type[PortalError]) -> None:
    with pytest.raises(error):
        bench.stood(*times)


def test_the_last_day_of_the_window_is_open(bench: Bench) -> None:
    day = TODAY - timedelta(days=3)
    assert bench.stood(at(9, day=day), at(10, day=day)).late_why == ""


def test_past_the_window_it_needs_words_which_are_kept(bench: Bench) -> None:
    day = TODAY - timedelta(days=4)
    with pytest.raises(WindowPassed) as refused:
        bench.stood(at(9, day=day), at(10, day=day), late_why="1234567 аб")
    assert "18.11.2026" in str(refused.value)
    row = bench.stood(at(9, day=day), at(10, day=day), late_why=" журнал нашли сегодня ")
    assert row.late_why == "журнал нашли сегодня"


def test_words_within_the_window_are_not_kept(bench: Bench) -> None:
    assert bench.stood(at(9), at(10), late_why="всё вовремя").late_why == ""


def test_ending_is_possible_however_late(bench: Bench) -> None:
    row = bench.stood(at(9), None)
    later = NOW + timedelta(days=30)
    assert end(bench, row, ended_at=later, at=later).ended_at == later


@pytest.mark.parametrize("moment", [at(9), at(8), NOW + timedelta(minutes=1)])
def test_an_end_that_cannot_be(bench: Bench, moment: Any) -> None:
    row = bench.stood(at(9), None)
    with pytest.raises((DowntimeTurned, DowntimeAhead)):
        end(bench, row, ended_at=moment)


def test_a_withdrawn_one_is_not_ended(bench: Bench) -> None:
    row = bench.stood(at(9), None)
    withdraw(bench, row)
    with pytest.raises(ConstraintRefused):
        end(bench, row)


@pytest.mark.parametrize("why", ["", "  ", "12345", "не то"])
def test_a_reason_of_withdrawal_is_in_words(bench: Bench, why: str) -> None:
    row = bench.stood(at(9), at(10))
    with pytest.raises(ReasonTooShort):
        withdraw(bench, row, why=why)


def test_the_reason_is_one_that_is_offered(bench: Bench) -> None:
    other = bench.reason("downtime-other")
    with pytest.raises(TextMissing):
        bench.stood(at(9), at(10), reason_id=other.pk, note="  ")
    assert bench.stood(at(9), at(10), reason_id=other.pk, note="ждали машину").note
    for wrong in (0, bench.reason("wrong-size").pk):
        with pytest.raises(ReasonUnsuitable):
            bench.stood(at(11), at(12), reason_id=wrong)
    FloorReason.objects.filter(code="breakdown").update(is_retired=True)
    with pytest.raises(ReasonUnsuitable):
        bench.stood(at(11), at(12))


def test_a_thing_of_another_workshop_is_refused(bench: Bench) -> None:
    colony = an_organisation("institution", "Учреждение № 98 (тест)", 98)
    place = Institution.objects.create(
        organisation=colony, number="98", department=bench.cast.department, security="medium"
    )
    other = Workshop.objects.create(institution=place, code="wood-98", name_ru="Цех")
    post = Post.objects.create(workshop=other, name_ru="Столяр", trade=bench.cast.trade, seats=1)
    machine = Equipment.objects.create(
        workshop=other, name="Станок", inventory_number="98", made_in_year=2000, condition="good"
    )
    for thing in (
        {"post_id": post.pk},
        {"equipment_id": machine.pk},
        {"post_id": bench.cast.joiners.pk, "equipment_id": bench.machine.pk},
        {"post_id": 0},
        {"equipment_id": 0},
    ):
        with pytest.raises(NotInWorkshop):
            bench.stood(at(9), at(10), **thing)


# --- no two of one thing ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begin", "finish", "is_refused"),
    [
        (at(10), at(11), False),
        (at(8), at(9), False),
        (at(9, 59), at(11), True),
        (at(8), at(9, 1), True),
        (at(9, 10), at(9, 20), True),
        (at(8), None, True),
        (at(10), None, False),
    ],
)
def test_the_period_is_half_open(bench: Bench, begin: Any, finish: Any, is_refused: bool) -> None:
    bench.stood(at(9), at(10), equipment_id=bench.machine.pk)
    if is_refused:
        with pytest.raises(ConstraintRefused) as refused:
            bench.stood(begin, finish, equipment_id=bench.machine.pk)
        assert refused.value.constraint == "downtime_no_overlap"
    else:
        assert bench.stood(begin, finish, equipment_id=bench.machine.pk).pk


def test_an_open_one_keeps_all_that_follows(bench: Bench) -> None:
    bench.stood(at(9), None)
    with pytest.raises(ConstraintRefused):
        bench.stood(at(12), at(13))


# --- what the database holds ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"note": "другое"}, "Cannot update"),
        ({"began_at": at(8)}, "Cannot update"),
        ({"ended_at": None}, "downtime_ended"),
        ({"withdrawn_at": NOW}, "downtime_withdrawn"),
        ({"withdrawn_why": "слова"}, "downtime_withdrawn"),
    ],
)
def test_a_row_is_never_edited(bench: Bench, change: Any, name: str) -> None:
    row = bench.stood(at(9), at(10))
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        Downtime.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        row.delete()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ended_at": at(9)}, "downtime_period"),
        ({"post": True, "equipment": True}, "downtime_of_one_thing"),
    ],
)
def test_rows_that_make_no_sense(bench: Bench, changes: Any, name: str) -> None:
    values = {
        "workshop": bench.cast.workshop, "began_at": at(9), "reason": bench.reason(),
        "recorded_by": bench.cast.master, "recorded_at": NOW,
    } | changes  # fmt: skip
    if "post" in changes:
        values |= {"post": bench.cast.joiners, "equipment": bench.machine}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Downtime.objects.create(**values)


def test_a_reason_keeps_what_it_means(bench: Bench) -> None:
    for change in ({"cause": "energy"}, {"group": "defect"}, {"code": "new"}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            FloorReason.objects.filter(code="breakdown").update(**change)
    FloorReason.objects.filter(code="breakdown").update(is_retired=True, name_ru="Поломка")


# --- what is shown ----------------------------------------------------------------------------
def test_a_day_shows_what_touches_it(bench: Bench) -> None:
    before = TODAY - timedelta(days=1)
    over_night = bench.stood(at(23, day=before), at(1), post_id=bench.cast.joiners.pk)
    ended_before = bench.stood(at(9, day=before), at(10, day=before))
    till_midnight = bench.stood(at(22, day=before), at(0), equipment_id=bench.machine.pk)
    open_one = bench.stood(at(11), None)
    assert list(downtimes_on(bench.cast.workshop, TODAY)) == [over_night, open_one]
    assert list(downtimes_on(bench.cast.workshop, before)) == [
        ended_before, till_midnight, over_night,
    ]  # fmt: skip
