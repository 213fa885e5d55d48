"""Moving many rows at once: all or none, in a number of statements that does not grow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.kernel.models import StateChange
from portal.kernel.states import MoveRefused, history_of, move, move_all
from tests.people import NOW, Cast, a_work_order
from workshops.models import WorkOrder
from workshops.states import WORK_ORDER


def cancel_all(cast: Cast, rows=None, **options) -> int:
    found = WorkOrder.objects.all() if rows is None else rows
    values = {"machine": WORK_ORDER, "actor": cast.operator, "at": NOW}
    return move_all(found, "begin", **(values | options))


def test_every_row_is_moved_with_its_history(cast: Cast):
    orders = [a_work_order(cast) for _number in range(3)]
    assert cancel_all(cast, reason="вместе") == 3
    assert {order.status for order in WorkOrder.objects.all()} == {"in_progress"}
    for order in orders:
        row = history_of(order).get()
        assert (row.action, row.from_status, row.to_status) == ("begin", "planned", "in_progress")
        assert (row.actor, row.at, row.reason) == (cast.operator, NOW, "вместе")


def test_one_stuck_row_stops_all_and_is_named(cast: Cast):
    orders = [a_work_order(cast) for _number in range(3)]
    move(orders[1], "begin", machine=WORK_ORDER, actor=None, at=NOW)
    with pytest.raises(MoveRefused) as refusal:
        cancel_all(cast)
    assert refusal.value.details["rows"] == [orders[1].pk]
    assert "%(" not in str(refusal.value)
    assert WorkOrder.objects.filter(status="planned").count() == 2
    assert StateChange.objects.count() == 1


def test_only_the_rows_asked_for_are_moved(cast: Cast):
    first, second = a_work_order(cast), a_work_order(cast)
    assert cancel_all(cast, WorkOrder.objects.filter(pk=first.pk)) == 1
    second.refresh_from_db()
    assert second.status == "planned"


def test_no_row_is_no_move(cast: Cast):
    assert cancel_all(cast) == 0
    assert not StateChange.objects.exists()


def test_statements_do_not_grow(cast: Cast):
    a_work_order(cast)
    with CaptureQueriesContext(connection) as one:
        cancel_all(cast)
    for _number in range(3):
        a_work_order(cast)
    with CaptureQueriesContext(connection) as three:
        cancel_all(cast, WorkOrder.objects.filter(status="planned"))
    assert len(one) == len(three)
