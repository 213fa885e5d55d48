"""Output on a requested part: it is booked, and paid by a rate of its own or named as missing."""

from decimal import Decimal
from typing import Any

import pytest

from inmates.models import PayrollProblem, Payslip, PayslipLine
from inmates.selectors.payroll_inputs import operation_titles
from tests.inmates.months import FIRST, a_piece_rate, calculated, made
from tests.people import LONG_AGO, NOW, Cast, a_placement, an_inmate
from workshops.models import WorkOrder
from workshops.services import Stage, create_part_order

pytestmark = pytest.mark.django_db


def an_order(pay: Cast) -> WorkOrder:
    return create_part_order(
        actor=pay.operator,
        workshop_id=pay.workshop.pk,
        title="Стеллаж складской",
        unit="piece",
        stages=[Stage("Сварка", pay.trade.pk), Stage("МДФ-полки", pay.trade.pk)],
        quantity=60,
        at=NOW,
    )


def a_piece_worker(pay: Cast, order: WorkOrder, quantity: int = 10) -> Any:
    inmate = an_inmate(pay)
    placement = a_placement(pay, inmate, pay_form="piece")
    step = order.operations.get(operation__sequence=1)
    made(placement, step, FIRST, quantity)
    return inmate


def test_output_without_a_rate_is_named_and_never_paid_as_zero(pay: Cast) -> None:
    """The rate is gone since the month was started: without one it would not have been."""
    order = an_order(pay)
    inmate = a_piece_worker(pay, order)
    step = order.operations.get(operation__sequence=1)
    rate = a_piece_rate(pay, "1200.00", operation=step.operation, effective_from=LONG_AGO)
    run = calculated(pay, meanwhile=rate.delete)
    problem = PayrollProblem.objects.get(run=run)
    assert (problem.inmate, problem.code) == (inmate, "rate_missing_operation")
    assert problem.arguments["title"]["ru"] == "Стеллаж складской: сварка"
    assert problem.arguments["day"] == FIRST.isoformat()
    assert not Payslip.objects.filter(run=run, inmate=inmate).exists()


def test_output_is_paid_by_the_rate_of_the_operation(pay: Cast) -> None:
    order = an_order(pay)
    inmate = a_piece_worker(pay, order)
    step = order.operations.get(operation__sequence=1)
    a_piece_rate(pay, "1200.00", operation=step.operation, effective_from=LONG_AGO)
    run = calculated(pay)
    slip = Payslip.objects.get(run=run, inmate=inmate)
    lines = PayslipLine.objects.filter(payslip=slip, amount=Decimal("12000.00"))
    assert lines.exists()
    assert not PayrollProblem.objects.filter(run=run).exists()


def test_output_moves_the_progress_of_the_part(pay: Cast) -> None:
    order = an_order(pay)
    a_piece_worker(pay, order, 7)
    assert list(order.operations.order_by("id").values_list("done", flat=True)) == [7, 0]


def test_titles_name_the_part_in_the_customers_words(pay: Cast) -> None:
    order = an_order(pay)
    ids = list(order.operations.values_list("operation_id", flat=True))
    titles = operation_titles([*ids, pay.cutting.pk])
    assert [titles[pk]["kk"] for pk in ids] == [
        "Стеллаж складской: сварка", "Стеллаж складской: МДФ-полки",
    ]  # fmt: skip
    assert titles[pay.cutting.pk]["ru"] == "Игровой уголок «Юрта»: раскрой"
