"""The table of an order over all statuses and actions."""

import pytest

from orders.enums import OrderStatus as Status
from orders.models import Order
from orders.states import ORDER
from portal.kernel import states
from portal.kernel.states import MoveRefused, history_of
from tests.orders.builders import a_sent_order
from tests.people import NOW, Cast

ACTIONS = ("confirm", "decline", "withdraw", "begin_production", "make_ready")
ALLOWED = {
    (Status.SENT, "confirm"): Status.CONFIRMED,
    (Status.SENT, "decline"): Status.DECLINED,
    (Status.SENT, "withdraw"): Status.WITHDRAWN,
    (Status.CONFIRMED, "begin_production"): Status.IN_PRODUCTION,
    (Status.IN_PRODUCTION, "make_ready"): Status.READY,
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", Status.values)
def test_every_action_from_every_status(cast: Cast, status: str, action: str) -> None:
    order = a_sent_order(cast)
    Order.objects.filter(pk=order.pk).update(status=status)
    target = ALLOWED.get((Status(status), action))
    if target is None:
        with pytest.raises(MoveRefused):
            states.move(order, action, machine=ORDER, actor=cast.operator, at=NOW)
        order.refresh_from_db()
        assert order.status == status
    else:
        states.move(order, action, machine=ORDER, actor=cast.operator, at=NOW)
        order.refresh_from_db()
        assert order.status == target


def test_table_has_no_action_beside_these() -> None:
    assert {action for _status, action in ORDER.transitions} == set(ACTIONS)


def test_history_begins_with_the_sending(cast: Cast) -> None:
    first = history_of(a_sent_order(cast)).get()
    assert (first.action, first.from_status, first.to_status) == ("send", "", "sent")
    assert first.actor == cast.buyer
