"""Four eyes: who approves the wages of a month; what the service and the database refuse."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from inmates.approval_refusals import (
    BeingPosted,
    CalculationsDiffer,
    CalculationStale,
    NobodyEarned,
    NotChecked,
)
from inmates.enums import RunStatus
from inmates.models import PayrollProblem, PayrollRun, ShiftChange
from inmates.rules import can_approve_payroll_run
from inmates.services.approval import approve_payroll_run
from inmates.states import PAYROLL_RUN
from portal.accounts.models import FirstSignature, User
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.books import approved, first_signature, posted, worked_off
from tests.inmates.months import a_worker, calculated, started
from tests.people import Cast, a_user


@pytest.fixture
def ready(pay: Cast) -> Cast:
    """A month of one person; the head of the enterprise signs first."""
    first_signature(pay)
    a_worker(pay)
    return pay


def approve(cast: Cast, run: PayrollRun, actor: User) -> PayrollRun:
    return approve_payroll_run(actor=actor, run_id=run.pk, at=clock.now())


def changed(run: PayrollRun, **values: Any) -> PayrollRun:
    PayrollRun.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()
    return run


def test_the_first_signature_approves_and_the_posting_waits(ready: Cast) -> None:
    run = approved(ready, calculated(ready))
    assert (run.status, run.approved_by) == (RunStatus.POSTING, ready.head)
    assert run.task_run is not None
    assert run.task_run.name == "inmates.post_payroll_run"
    assert [one.action for one in history_of(run)][-1] == "approve"


def test_the_head_without_the_first_signature_is_refused(ready: Cast) -> None:
    run = calculated(ready)
    FirstSignature.objects.all().delete()
    with pytest.raises(Forbidden, match="первой подписи"):
        approve(ready, run, ready.head)
    run.refresh_from_db()
    assert (run.status, run.approved_by) == (RunStatus.CALCULATED, None)


def test_a_deputy_approves_in_the_days_of_the_order_only(ready: Cast) -> None:
    run = calculated(ready)
    today = clock.today()
    deputy = a_user("deputy@example.kz", ready.enterprise, "head")
    FirstSignature.objects.update(effective_to=today)
    order = FirstSignature.objects.create(
        organisation=ready.enterprise, holder=deputy, effective_from=today, basis="приказ № 9",
        effective_to=today + timedelta(days=1),
    )  # fmt: skip
    assert not can_approve_payroll_run(ready.head, run, today)
    assert can_approve_payroll_run(deputy, run, today)
    assert not can_approve_payroll_run(deputy, run, order.effective_to)
    assert approve(ready, run, deputy).approved_by == deputy


def test_who_calculated_does_not_approve(ready: Cast) -> None:
    run = calculated(ready)
    FirstSignature.objects.update(holder=ready.accountant)
    with pytest.raises(Forbidden, match="рассчитали вы"):
        approve(ready, run, ready.accountant)


def test_who_edited_last_does_not_approve(ready: Cast) -> None:
    run = changed(calculated(ready), last_edited_by=ready.head)
    with pytest.raises(Forbidden, match="последним меняли"):
        approve(ready, run, ready.head)


@pytest.mark.parametrize("person", ["accountant", "master", "labour_officer", "stranger", "buyer"])
def test_nobody_else_approves(ready: Cast, person: str) -> None:
    run = calculated(ready)
    with pytest.raises(Forbidden):
        approve(ready, run, getattr(ready, person))


def test_a_run_that_was_not_checked_is_refused(ready: Cast) -> None:
    run = changed(calculated(ready), checked_at=None, difference_count=None)
    with pytest.raises(NotChecked):
        approve(ready, run, ready.head)


def test_a_run_that_differs_is_refused_with_the_count(ready: Cast) -> None:
    run = changed(calculated(ready), difference_count=3)
    with pytest.raises(CalculationsDiffer, match="расхождений: 3"):
        approve(ready, run, ready.head)


def test_a_run_with_days_changed_since_is_refused(ready: Cast) -> None:
    run = calculated(ready)
    ShiftChange.objects.create(
        placement=run.payslips.get().inmate.placements.get(), worked_on=date(2026, 10, 5),
        before={"minutes": 480}, after={"minutes": 420}, actor=ready.master,
        at=clock.now() + timedelta(seconds=1), explanation="ошибка",
    )  # fmt: skip
    with pytest.raises(CalculationStale, match="1"):
        approve(ready, run, ready.head)


def test_a_run_without_payslips_is_refused(pay: Cast) -> None:
    first_signature(pay)
    a_worker(pay, days=0)
    run = calculated(pay)
    assert run.status == RunStatus.CALCULATED
    with pytest.raises(NobodyEarned):
        approve(pay, run, pay.head)


def test_a_run_that_is_not_calculated_is_refused(ready: Cast) -> None:
    with pytest.raises(MoveRefused):
        approve(ready, started(ready), ready.head)


def test_a_second_approval_is_refused_while_the_first_is_posted(ready: Cast) -> None:
    run = approved(ready, calculated(ready))
    with pytest.raises(BeingPosted):
        approve(ready, run, ready.head)
    worked_off(run)
    with pytest.raises(MoveRefused):
        approve(ready, run, ready.head)


def test_a_posting_that_failed_as_a_whole_is_approved_anew(ready: Cast) -> None:
    run = approved(ready, calculated(ready))
    TaskRun.objects.filter(pk=run.task_run_id).update(status=TaskStatus.FAILED)
    run = worked_off(approved(ready, run))
    assert run.status == RunStatus.APPROVED
    assert [one.action for one in history_of(run)][-4:] == ["approve", "refuse", "approve", "post"]


# --- the database says no as well ---------------------------------------------------------------
def refuses(name: str, sql: str, *values: Any) -> None:
    """The statement is refused by the constraint or trigger of this name."""
    with (
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values or None)


RUN = "UPDATE inmates_payrollrun SET {} WHERE id = %s"


@pytest.mark.parametrize(
    ("person", "constraint"),
    [
        ("started_by_id", "payrollrun_approver_did_not_calculate"),
        ("last_edited_by_id", "payrollrun_approver_did_not_edit"),
    ],
)
def test_the_database_knows_four_eyes(ready: Cast, person: str, constraint: str) -> None:
    run = changed(calculated(ready), last_edited_by=ready.master)
    refuses(constraint, RUN.format(f"approved_by_id = {person}"), run.pk)


def test_the_database_wants_an_approver(ready: Cast) -> None:
    run = calculated(ready)
    refuses("payrollrun_approved_by_somebody", RUN.format("status = 'posting'"), run.pk)


def test_the_database_posts_no_run_that_differs_or_has_a_problem(ready: Cast) -> None:
    run = calculated(ready)
    closing = f"status = 'posting', approved_at = now(), approved_by_id = {ready.head.pk}"
    refuses("run_closes_clean", RUN.format(f"{closing}, difference_count = 1"), run.pk)
    refuses("run_closes_clean", RUN.format(f"{closing}, difference_count = NULL"), run.pk)
    PayrollProblem.objects.create(run=run, inmate=run.payslips.get().inmate, code="x")
    refuses("run_closes_clean", RUN.format(closing), run.pk)


@pytest.mark.parametrize("status", ["posting", "approved", "paid"])
def test_no_run_is_born_closed(ready: Cast, status: str) -> None:
    refuses(
        "run_closes_clean",
        """INSERT INTO inmates_payrollrun (payer_id, institution_id, month, kind, sequence, status,
             started_by_id, created_at, without_earnings, checked_at, difference_count,
             approved_by_id, approved_at, posted_at, number, paid_on, paid_document)
           SELECT %s, %s, '2026-09-01', 'regular', 1, %s, %s, now(), 0, now(), 0, %s, now(), now(),
             '9', '2026-10-05', '9'""",
        ready.enterprise.pk, ready.institution.pk, status, ready.accountant.pk, ready.head.pk,
    )  # fmt: skip


def test_the_database_wants_number_and_document(ready: Cast) -> None:
    run = approved(ready, calculated(ready))
    refuses("payrollrun_posted_clean", RUN.format("status = 'approved'"), run.pk)
    run = worked_off(run)
    refuses("payrollrun_paid_by_document", RUN.format("status = 'paid'"), run.pk)


@pytest.mark.parametrize(
    "change",
    [
        "payer_id = payer_id + 1", "month = '2026-09-01'", "kind = 'other'", "sequence = 2",
        "institution_id = institution_id + 1", "started_by_id = approved_by_id",
        "last_edited_by_id = started_by_id", "approved_by_id = NULL", "number = '1'",
        "posted_at = NULL", "difference_count = 1", "status = 'calculated'", "status = 'posting'",
    ],
)  # fmt: skip
def test_a_posted_run_stays_as_it_is(ready: Cast, change: str) -> None:
    refuses("closed_run_stays", RUN.format(change), posted(ready).pk)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inmates_payslip SET gross = gross + 1, net = net + 1, to_account = to_account + 1",
        "UPDATE inmates_payslip SET number = '7'",
        "UPDATE inmates_payslipline SET amount = amount + 1",
        "DELETE FROM inmates_payslipline",
        """INSERT INTO inmates_payslipline (payslip_id, sequence, kind, code, title, amount,
           explanation, arguments) SELECT id, 99, 'earning', 'time', '{}', 1, '', '{}'
           FROM inmates_payslip""",
        """INSERT INTO inmates_payrollproblem (run_id, inmate_id, code, arguments)
           SELECT run_id, inmate_id, 'x', '{}' FROM inmates_payslip""",
        "DELETE FROM inmates_payrollrun",
    ],
)
def test_slips_and_lines_of_an_approved_run_stay(ready: Cast, sql: str) -> None:
    worked_off(approved(ready, calculated(ready)))
    refuses("closed_run_stays", sql)


def test_slips_of_a_run_being_posted_are_numbered_and_nothing_else(ready: Cast) -> None:
    approved(ready, calculated(ready))
    refuses("closed_run_stays", "UPDATE inmates_payslip SET number = '1', days_worked = 1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inmates_payslip SET number = '1'")
    refuses("closed_run_stays", "UPDATE inmates_payslip SET number = '2'")


def test_every_status_and_action_of_the_table() -> None:
    expected = {
        (RunStatus.CALCULATED, "approve"): RunStatus.POSTING,
        (RunStatus.POSTING, "refuse"): RunStatus.CALCULATED,
        (RunStatus.POSTING, "post"): RunStatus.APPROVED,
        (RunStatus.APPROVED, "pay"): RunStatus.PAID,
    }
    for status in RunStatus:
        for action in ("approve", "refuse", "post", "pay"):
            assert PAYROLL_RUN.target(status, action) == expected.get((status, action))
    for status in (RunStatus.POSTING, RunStatus.APPROVED, RunStatus.PAID):
        assert PAYROLL_RUN.target(status, "start") is None
