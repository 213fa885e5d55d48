"""Attendance and output as the master enters them; what the database refuses of them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, WorkEntry
from inmates.refusals import DayTwice
from inmates.services.work import AttendedDay, Output, record_attendance, record_output
from portal.kernel.errors import ConstraintRefused, Forbidden
from tests.people import NOW, Cast, a_placement, a_reason, a_work_order, an_inmate
from workshops.models import WorkOrderOperation

DAY = date(2026, 11, 20)


def test_a_list_of_days_is_one_statement(cast: Cast) -> None:
    placements = [a_placement(cast, an_inmate(cast, str(number))) for number in range(3)]
    sick = a_reason()
    days = [AttendedDay(placement.pk, DAY, 480) for placement in placements[:2]]
    days.append(AttendedDay(placements[2].pk, DAY, 0, reason_id=sick.pk, note="справка"))
    with CaptureQueriesContext(connection) as captured:
        assert record_attendance(actor=cast.master, days=days, at=NOW) == 3
    inserts = [one["sql"] for one in captured if one["sql"].startswith("INSERT")]
    assert len(inserts) == 1
    assert Attendance.objects.get(reason=sick).note == "справка"
    assert set(Attendance.objects.values_list("recorded_by", flat=True)) == {cast.master.pk}


def test_a_day_entered_again_is_replaced(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    for minutes in (480, 480, 300):
        record_attendance(actor=cast.master, days=[AttendedDay(placement.pk, DAY, minutes)], at=NOW)
    assert Attendance.objects.get().minutes == 300


def test_a_day_outside_the_placement_refuses_the_whole_list(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    days = [AttendedDay(placement.pk, DAY, 480), AttendedDay(placement.pk, date(2025, 1, 1), 480)]
    with pytest.raises(ConstraintRefused) as refused:
        record_attendance(actor=cast.master, days=days, at=NOW)
    assert refused.value.constraint == "attendance_outside_placement"
    assert not Attendance.objects.exists()


def test_a_day_that_stands_twice_in_a_list_is_refused(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    days = [AttendedDay(placement.pk, DAY, 480), AttendedDay(placement.pk, DAY, 60)]
    with pytest.raises(DayTwice, match=f"{DAY:%d.%m.%Y}"):
        record_attendance(actor=cast.master, days=days, at=NOW)
    assert not Attendance.objects.exists()


def test_a_day_needs_minutes_or_a_reason(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    with pytest.raises(ConstraintRefused) as refused:
        record_attendance(actor=cast.master, days=[AttendedDay(placement.pk, DAY, 0)], at=NOW)
    assert refused.value.constraint == "attendance_has_minutes_or_reason"


@pytest.mark.parametrize("who", ["accountant", "buyer", "analyst", "stranger"])
def test_work_is_entered_by_master_and_labour_officer_alone(cast: Cast, who: str) -> None:
    placement = a_placement(cast, an_inmate(cast))
    operation = a_work_order(cast).operations.get(operation=cast.cutting)
    with pytest.raises(Forbidden):
        record_attendance(actor=cast.users[who], days=[AttendedDay(placement.pk, DAY, 480)], at=NOW)
    with pytest.raises(Forbidden):
        record_output(
            actor=cast.users[who], entries=[Output(placement.pk, operation.pk, DAY, 1)], at=NOW
        )
    assert not Attendance.objects.exists()
    assert not WorkEntry.objects.exists()


def test_output_is_counted_on_the_work_order_and_begins_it(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    order = a_work_order(cast, 10)
    operation = order.operations.get(operation=cast.cutting)
    record_output(
        actor=cast.master,
        entries=[
            Output(placement.pk, operation.pk, DAY, 3),
            Output(placement.pk, operation.pk, DAY, 4),
        ],
        at=NOW,
    )
    order.refresh_from_db()
    assert WorkOrderOperation.objects.get(pk=operation.pk).done == 7
    assert order.status == "in_progress"


def test_the_last_output_completes_the_work_order(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    order = a_work_order(cast, 5)
    entries = [Output(placement.pk, one.pk, DAY, 5) for one in order.operations.all()]
    record_output(actor=cast.master, entries=entries, at=NOW)
    order.refresh_from_db()
    assert order.status == "completed"


def test_output_above_the_work_order_is_refused_as_a_whole(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    order = a_work_order(cast, 10)
    operation = order.operations.get(operation=cast.cutting)
    entries = [
        Output(placement.pk, operation.pk, DAY, 6),
        Output(placement.pk, operation.pk, DAY, 5),
    ]
    with pytest.raises(ConstraintRefused) as refused:
        record_output(actor=cast.master, entries=entries, at=NOW)
    assert refused.value.constraint == "output_within_work_order"
    order.refresh_from_db()
    assert order.status == "planned"
    assert not WorkEntry.objects.exists()


def test_output_outside_the_placement_is_refused(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast), effective_to=DAY)
    operation = a_work_order(cast).operations.get(operation=cast.cutting)
    with pytest.raises(ConstraintRefused) as refused:
        record_output(
            actor=cast.master, entries=[Output(placement.pk, operation.pk, DAY, 1)], at=NOW
        )
    assert refused.value.constraint == "output_outside_placement"


def test_output_follows_a_correction_and_a_deletion(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    operation = a_work_order(cast, 10).operations.get(operation=cast.cutting)
    record_output(actor=cast.master, entries=[Output(placement.pk, operation.pk, DAY, 6)], at=NOW)
    WorkEntry.objects.update(quantity=9)
    assert WorkOrderOperation.objects.get(pk=operation.pk).done == 9
    WorkEntry.objects.all().delete()
    assert WorkOrderOperation.objects.get(pk=operation.pk).done == 0


def test_the_number_of_statements_does_not_grow_with_the_list(cast: Cast) -> None:
    counts = []
    for size in (1, 3):
        order = a_work_order(cast, 100)
        operation = order.operations.get(operation=cast.cutting)
        placements = [a_placement(cast, an_inmate(cast, f"{size}{n}")) for n in range(size)]
        with CaptureQueriesContext(connection) as captured:
            record_output(
                actor=cast.master,
                entries=[Output(one.pk, operation.pk, DAY, 2) for one in placements],
                at=NOW,
            )
        counts.append(len(captured))
    # The first reads the roles of the master, which the user keeps.
    assert counts[1] in (counts[0], counts[0] - 1)
