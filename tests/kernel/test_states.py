"""The state mover: lock, table, rule, history, or a refusal without a trace."""

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from portal.kernel.access import YES, no
from portal.kernel.errors import Forbidden
from portal.kernel.locks import Gone, lock_row
from portal.kernel.models import StateChange
from portal.kernel.states import Machine, MoveRefused, history_of, move
from tests.people import NOW, a_work_order
from workshops.enums import WorkOrderStatus as Status
from workshops.models import WorkOrder
from workshops.states import WORK_ORDER


def begin(order: WorkOrder, actor: object = None, **options: object) -> None:
    move(order, "begin", machine=WORK_ORDER, actor=actor, at=NOW, **options)


def test_move_writes_status_and_history(cast):
    order = a_work_order(cast)
    begin(order, cast.operator, reason="material has come")
    assert order.status == Status.IN_PROGRESS
    assert WorkOrder.objects.get(pk=order.pk).status == Status.IN_PROGRESS
    row = history_of(order).get()
    assert (row.action, row.from_status, row.to_status) == ("begin", "planned", "in_progress")
    assert (row.actor, row.at, row.reason) == (cast.operator, NOW, "material has come")


def test_move_refuses_what_the_table_does_not_have(cast):
    order = a_work_order(cast)
    begin(order)
    with pytest.raises(MoveRefused) as refusal:
        begin(order)
    assert "%(" not in str(refusal.value)
    assert history_of(order).count() == 1


def test_move_reads_the_fresh_status_not_the_one_in_hand(cast):
    order = a_work_order(cast)
    stale = WorkOrder.objects.get(pk=order.pk)
    begin(order)
    with pytest.raises(MoveRefused):
        begin(stale)


def test_move_refuses_with_the_reason_of_the_rule(cast):
    order = a_work_order(cast)
    with pytest.raises(Forbidden, match="not your workshop"):
        begin(order, cast.stranger, rule=lambda user, row: no("not your workshop"))
    assert WorkOrder.objects.get(pk=order.pk).status == Status.PLANNED
    assert not StateChange.objects.exists()


def test_move_asks_the_rule_with_actor_and_locked_row(cast):
    order = a_work_order(cast)
    asked = []

    def rule(user, row):
        asked.append((user, row.pk, row is order))
        return YES

    begin(order, cast.operator, rule=rule)
    assert asked == [(cast.operator, order.pk, False)]


def test_move_of_a_removed_row_is_gone(cast):
    order = a_work_order(cast)
    WorkOrder.objects.get(pk=order.pk).delete()
    with pytest.raises(Gone):
        begin(order)


def test_history_cannot_be_changed_or_removed(cast):
    order = a_work_order(cast)
    begin(order)
    with pytest.raises(DatabaseError), transaction.atomic():
        StateChange.objects.update(reason="rewritten")
    with pytest.raises(DatabaseError), transaction.atomic():
        StateChange.objects.all().delete()
    assert history_of(order).get().reason == ""


def test_a_status_outside_the_choices_is_refused_by_the_database(cast):
    order = a_work_order(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(status="lost")


def test_machine_lists_actions_and_draws_itself():
    machine = Machine({("a", "go"): "b", ("a", "stop"): "c", ("b", "stop"): "c"})
    assert machine.actions_from("a") == ["go", "stop"]
    assert machine.target("c", "go") is None
    assert machine.mermaid().splitlines()[:2] == ["stateDiagram-v2", "    a --> b: go"]


@pytest.mark.django_db(transaction=True)
def test_two_people_move_one_row_only_once(cast):
    order = a_work_order(cast)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def person() -> None:
        mine = WorkOrder.objects.get(pk=order.pk)
        together.wait()
        try:
            begin(mine)
            outcomes.append("moved")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=person) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "refused"]
    assert history_of(order).count() == 1


def test_a_row_that_is_held_is_not_read_again(cast, django_assert_num_queries):
    order = a_work_order(cast)
    held = lock_row(WorkOrder, order.pk)
    # The savepoint, its release, the status and the history.
    with django_assert_num_queries(4):
        begin(held, is_held=True)
    assert WorkOrder.objects.get(pk=order.pk).status == Status.IN_PROGRESS
    with pytest.raises(MoveRefused):
        begin(held, is_held=True)
