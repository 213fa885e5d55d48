"""Output as the master enters it: the day's pieces are as given, the work order counts the sum."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmates.models import Attendance, ShiftChange, WorkEntry
from inmates.refusals import (
    ChangedMeanwhile,
    CorrectionOver,
    DayAhead,
    OutputTwice,
    SheetRefused,
)
from inmates.services.attendance import AttendedDay
from inmates.services.output import CellEdit, Output, save_output
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.states import history_of, move
from tests.inmates.second_place import second_place
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor
from tests.people import a_work_order
from workshops.models import WorkOrder, WorkOrderOperation
from workshops.states import WORK_ORDER


def made(floor: Floor, place: int, quantity: int, **fields: Any) -> Output:
    values = {"work_order_operation_id": floor.cutting.pk, "worked_on": FRIDAY} | fields
    return Output(floor.placements[place].pk, quantity=quantity, **values)


def save(floor: Floor, *cells: tuple[int, int, int], actor: Any = None) -> int:
    """Cells as (person, what the page showed, what came back), on the cutting."""
    edits = [
        CellEdit(floor.placements[place].pk, floor.cutting.pk, shown, mine)
        for place, shown, mine in cells
    ]
    return save_output(actor=actor or floor.cast.master, day=FRIDAY, edits=edits, at=NOON).written


def done(floor: Floor) -> int:
    return WorkOrderOperation.objects.get(pk=floor.cutting.pk).done


def entries(day: Any = FRIDAY) -> dict[int, int]:
    return dict(WorkEntry.objects.filter(worked_on=day).values_list("placement_id", "quantity"))


# --- what becomes true ------------------------------------------------------------------------
def test_output_is_counted_on_the_work_order_and_begins_it(floor: Floor) -> None:
    assert floor.make(made(floor, 0, 3), made(floor, 1, 4)) == 2
    floor.order.refresh_from_db()
    assert (done(floor), floor.order.status) == (7, "in_progress")


def test_an_entry_replaces_that_of_the_same_day(floor: Floor) -> None:
    floor.make(made(floor, 0, 3))
    floor.make(made(floor, 0, 5), made(floor, 0, 2, worked_on=THURSDAY))
    assert entries() == {floor.placements[0].pk: 5}
    assert done(floor) == 7


def test_nought_takes_the_entry_away(floor: Floor) -> None:
    floor.make(made(floor, 0, 3))
    assert floor.make(made(floor, 0, 0), made(floor, 1, 0)) == 1
    assert (entries(), done(floor)) == ({}, 0)


def test_a_correction_leaves_its_trace_and_a_first_entry_none(floor: Floor) -> None:
    floor.make(made(floor, 0, 3))
    assert not ShiftChange.objects.exists()
    later = NOON + timedelta(hours=1)
    floor.make(made(floor, 0, 5), at=later, actor=floor.cast.labour_officer)
    floor.make(made(floor, 0, 0), at=later)
    first, second = ShiftChange.objects.order_by("id")
    assert (first.before, first.after) == ({"quantity": 3}, {"quantity": 5})
    assert (first.actor, first.at) == (floor.cast.labour_officer, later)
    assert first.work_order_operation == floor.cutting
    assert (second.before, second.after) == ({"quantity": 5}, {})


def test_what_stands_already_is_not_written_again(floor: Floor) -> None:
    floor.make(made(floor, 0, 3))
    assert floor.make(made(floor, 0, 3), at=NOON + timedelta(hours=1)) == 0
    assert WorkEntry.objects.get().recorded_at == NOON


def test_pieces_move_between_people_when_nothing_is_left(floor: Floor) -> None:
    """What becomes less is written first: the sum never exceeds the order."""
    floor.make(made(floor, 0, 20))
    floor.make(made(floor, 0, 5), made(floor, 1, 15))
    assert entries() == {floor.placements[0].pk: 5, floor.placements[1].pk: 15}
    floor.make(made(floor, 0, 0), made(floor, 1, 16), made(floor, 2, 4))
    assert done(floor) == 20


def test_the_last_output_completes_the_work_order(floor: Floor) -> None:
    painting = {"work_order_operation_id": floor.painting.pk}
    floor.make(made(floor, 0, 20), made(floor, 1, 20, **painting))
    floor.order.refresh_from_db()
    assert floor.order.status == "completed"
    assert [change.action for change in history_of(floor.order)] == ["begin", "complete"]


def test_the_number_of_statements_does_not_grow_with_the_list(floor: Floor) -> None:
    counts = []
    for size in (1, 3):
        floor.make(*[made(floor, place, 2) for place in range(size)])
        with CaptureQueriesContext(connection) as captured:
            floor.make(*[made(floor, place, 2 + size) for place in range(size)])
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- what is refused --------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["accountant", "buyer", "analyst", "operator", "stranger"])
def test_only_master_and_labour_officer_enter(floor: Floor, who: str) -> None:
    with pytest.raises(Forbidden):
        floor.make(made(floor, 0, 3), actor=floor.cast.users[who])
    assert not WorkEntry.objects.exists()


def test_a_work_order_of_another_institution_takes_nothing(floor: Floor) -> None:
    _institution, post = second_place(floor.cast)
    WorkOrder.objects.filter(pk=floor.order.pk).update(workshop=post.workshop)
    with pytest.raises(Forbidden):
        floor.make(made(floor, 0, 3))
    assert not WorkEntry.objects.exists()


def test_more_than_is_left_names_the_operation_and_what_is_left(floor: Floor) -> None:
    floor.make(made(floor, 0, 15))
    with pytest.raises(SheetRefused, match="Осталось 5 шт") as refused:
        floor.make(made(floor, 1, 6), made(floor, 2, 1, work_order_operation_id=floor.painting.pk))
    assert list(refused.value.problems) == [(floor.placements[1].pk, floor.cutting.pk)]
    assert (done(floor), WorkEntry.objects.count()) == (15, 1)


def test_two_people_who_are_together_too_many_are_both_named(floor: Floor) -> None:
    with pytest.raises(SheetRefused) as refused:
        floor.make(made(floor, 0, 11), made(floor, 1, 10))
    assert {key[0] for key in refused.value.problems} == {one.pk for one in floor.placements[:2]}
    assert floor.make(made(floor, 0, 11), made(floor, 1, 9)) == 2


def test_who_was_absent_made_nothing(floor: Floor) -> None:
    pk = floor.placements[0].pk
    floor.attend(AttendedDay(pk, FRIDAY, 0, floor.sick.pk))
    with pytest.raises(SheetRefused, match=r"1601.*Болезнь"):
        floor.make(made(floor, 0, 3), made(floor, 1, 3))
    assert not WorkEntry.objects.exists()
    Attendance.objects.all().delete()
    floor.attend(AttendedDay(pk, FRIDAY, 300, floor.short.pk))
    assert floor.make(made(floor, 0, 3)) == 1


def test_a_completed_work_order_keeps_its_quantity(floor: Floor) -> None:
    painting = {"work_order_operation_id": floor.painting.pk}
    floor.make(made(floor, 0, 20), made(floor, 1, 20, **painting))
    with pytest.raises(SheetRefused, match=floor.order.number):
        floor.make(made(floor, 0, 19))
    floor.make(made(floor, 0, 19), made(floor, 2, 1))
    floor.order.refresh_from_db()
    assert (floor.order.status, done(floor)) == ("completed", 20)


def test_a_cancelled_work_order_takes_nothing(floor: Floor) -> None:
    move(floor.order, "cancel", machine=WORK_ORDER, actor=None, at=NOON)
    with pytest.raises(SheetRefused, match=floor.order.number):
        floor.make(made(floor, 0, 1))
    assert done(floor) == 0


def test_output_outside_the_placement_is_refused(floor: Floor) -> None:
    type(floor.placements[0]).objects.update(effective_to=FRIDAY)
    with pytest.raises(ConstraintRefused) as refused:
        floor.make(made(floor, 0, 1))
    assert refused.value.constraint == "output_outside_placement"


def test_a_cell_that_stands_twice_in_a_list_is_refused(floor: Floor) -> None:
    with pytest.raises(OutputTwice):
        floor.make(made(floor, 0, 1), made(floor, 0, 2))


@pytest.mark.parametrize(
    ("days", "refusal"), [(-1, DayAhead), (4, CorrectionOver), (0, None), (3, None)]
)
def test_the_window_is_that_of_attendance(floor: Floor, days: int, refusal: Any) -> None:
    at = NOON + timedelta(days=days)
    if refusal is None:
        assert floor.make(made(floor, 0, 1), at=at) == 1
        return
    with pytest.raises(refusal):
        floor.make(made(floor, 0, 1), at=at)
    assert done(floor) == 0


# --- two people at one sheet ------------------------------------------------------------------
def test_only_cells_that_were_changed_are_written(floor: Floor) -> None:
    floor.make(made(floor, 0, 3))
    # The page showed the first as empty: somebody entered it since, and it is not touched here.
    assert save(floor, (0, 0, 0), (1, 0, 4)) == 1
    assert entries() == {floor.placements[0].pk: 3, floor.placements[1].pk: 4}


def test_the_same_page_sent_twice_changes_nothing(floor: Floor) -> None:
    assert save(floor, (0, 0, 3), (1, 0, 4)) == 2
    assert save(floor, (0, 0, 3), (1, 0, 4)) == 0
    assert (done(floor), ShiftChange.objects.count()) == (7, 0)


def test_a_cell_that_two_changed_differently_is_shown_and_not_overwritten(floor: Floor) -> None:
    floor.make(made(floor, 0, 3), actor=floor.cast.labour_officer)
    with pytest.raises(ChangedMeanwhile) as changed:
        save(floor, (0, 0, 5), (1, 0, 4))
    theirs = changed.value.theirs[floor.placements[0].pk, floor.cutting.pk]
    assert (theirs.value, theirs.by) == (3, floor.cast.labour_officer.get_full_name())
    assert entries() == {floor.placements[0].pk: 3}
    # Having seen theirs, the same is a correction.
    assert save(floor, (0, 3, 5), (1, 0, 4)) == 2


def test_a_cell_that_somebody_emptied_is_told_too(floor: Floor) -> None:
    floor.make(made(floor, 0, 3))
    floor.make(made(floor, 0, 0), actor=floor.cast.labour_officer)
    with pytest.raises(ChangedMeanwhile) as changed:
        save(floor, (0, 3, 5))
    assert [one.value for one in changed.value.theirs.values()] == [0]


# --- whatever is typed ------------------------------------------------------------------------
sheets = st.lists(st.lists(st.integers(0, 12), min_size=6, max_size=6), min_size=1, max_size=4)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sheets=sheets)
def test_done_is_the_sum_of_the_entries_and_twice_is_once(
    floor: Floor, sheets: list[list[int]]
) -> None:
    """Any sheets, saved in any order, refused or not, for two work orders and two operations."""
    WorkEntry.objects.all().delete()
    order = a_work_order(floor.cast, 15)
    operations = [floor.cutting.pk, order.operations.get(operation=floor.cast.painting).pk]
    for sheet in sheets:
        cells = [
            made(floor, place, sheet[place * 2 + column], work_order_operation_id=operation)
            for place in range(3)
            for column, operation in enumerate(operations)
        ]
        try:
            floor.make(*cells)
        except SheetRefused:
            continue
        before = list(WorkEntry.objects.order_by("id").values())
        changes = ShiftChange.objects.count()
        assert floor.make(*cells) == 0
        assert list(WorkEntry.objects.order_by("id").values()) == before
        assert ShiftChange.objects.count() == changes
    for operation in WorkOrderOperation.objects.filter(pk__in=operations):
        booked = WorkEntry.objects.filter(work_order_operation=operation)
        assert operation.done == (booked.aggregate(all=Sum("quantity"))["all"] or 0)
        assert operation.done <= operation.quantity
