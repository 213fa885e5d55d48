"""What the database refuses of runs and payslips, the run's states, and its statements."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from inmates.enums import RunStatus
from inmates.models import Payslip
from inmates.services.calculation import calculate_payroll_run as calculate_run
from inmates.states import PAYROLL_RUN
from portal.kernel.errors import ConstraintRefused, readable_refusals
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.queue import claim_run
from portal.kernel.states import MoveRefused, move
from tests.inmates.months import a_worker, a_writ, calculated, started
from tests.people import NOW, Cast


def money(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.mark.parametrize("action", ["complete", "stop_incomplete", "post", "pay"])
def test_a_calculated_run_refuses_other_moves(pay: Cast, action: str) -> None:
    a_worker(pay)
    run = calculated(pay)
    with pytest.raises(MoveRefused, match="Рассчитано"):
        move(run, action, machine=PAYROLL_RUN, actor=pay.accountant, at=NOW)
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED


def test_a_second_slip_of_a_person_is_refused_by_the_database(pay: Cast) -> None:
    a_worker(pay)
    slip = Payslip.objects.get(run=calculated(pay))
    slip.pk = None
    with pytest.raises(ConstraintRefused) as refused, readable_refusals():
        slip.save(force_insert=True)
    assert refused.value.constraint == "payslip_one_per_person"
    assert "уже есть расчётный листок" in str(refused.value)


def test_a_second_regular_run_is_refused_by_the_database(pay: Cast) -> None:
    a_worker(pay)
    run = started(pay)
    run.pk, run.sequence = None, 2
    with pytest.raises(ConstraintRefused) as refused, readable_refusals():
        run.save(force_insert=True)
    assert refused.value.constraint == "payrollrun_one_regular"
    assert "рассчитайте заново" in str(refused.value)


def test_a_slip_that_does_not_add_up_is_refused_by_the_database(pay: Cast) -> None:
    a_worker(pay)
    calculated(pay)
    with pytest.raises(IntegrityError, match="payslip_net_adds_up"):
        Payslip.objects.update(opv=money("1.00"))


@pytest.mark.parametrize(
    ("status", "action", "target"),
    [
        (status, action, PAYROLL_RUN.target(status, action))
        for status in RunStatus.values
        for action in ("start", "complete", "stop_incomplete", "approve", "return")
    ],
)
def test_state_table(status: str, action: str, target: str | None) -> None:
    expected = {
        ("draft", "start"): "calculating",
        ("calculated", "start"): "calculating",
        ("incomplete", "start"): "calculating",
        ("calculating", "complete"): "calculated",
        ("calculating", "stop_incomplete"): "incomplete",
        ("calculated", "approve"): "posting",
        ("calculated", "return"): "incomplete",
    }
    assert target == expected.get((status, action))


def test_the_number_of_statements_does_not_grow_with_people(pay: Cast) -> None:
    counts = []
    for numbers in (("1001",), ("1002", "1003")):
        for number in numbers:
            inmate = a_worker(pay, number)
            a_writ(inmate, f"АЛ-{number}", share_numerator=1, share_denominator=4)
        run = started(pay)
        progress = claim_run(str(run.task_run_id))
        assert progress is not None
        with CaptureQueriesContext(connection) as captured:
            calculate_run(run_id=run.pk, progress=progress, at=NOW)
        TaskRun.objects.update(status=TaskStatus.DONE)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 42
