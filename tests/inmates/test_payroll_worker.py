"""A payroll run in the hands of real workers: killed in the middle, delivered twice at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from inmates.enums import RunStatus
from inmates.models import JournalEntry, Payslip, PayslipLine
from inmates.tasks import calculate_payroll_run
from portal.kernel.models import TaskRun, TaskStatus
from tests.inmates.books import approved, check_books, first_signature
from tests.inmates.months import a_worker, lock_sheets, make_pay, started
from tests.inmates.survivors import POST
from tests.people import Cast
from tests.worker import Beat, Worker, resend, wait_until
from tests.worker_faults import Faults

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 12


@pytest.fixture
def crowd(transactional_db: None) -> Cast:
    pay = make_pay()
    for number in range(PEOPLE):
        a_worker(pay, str(1000 + number), days=5)
    return pay


def test_a_killed_worker_is_replaced_and_each_person_has_one_slip(
    crowd: Cast,
    client: Client,
    start_worker: Callable[..., Worker],
) -> None:
    # One person at a time and slowly, so that the kill falls into the middle.
    first = start_worker(PAYROLL_PAUSE="0.3")
    client.force_login(crowd.accountant)
    lock_sheets(crowd)
    place = [crowd.enterprise.pk, crowd.institution.pk, "2026-10"]
    response = client.post(reverse("inmates:payroll_start", args=place))
    assert response.status_code == 302
    wait_until(lambda: Payslip.objects.count() >= 3)
    first.kill()
    stored = set(Payslip.objects.values_list("pk", flat=True))
    assert 0 < len(stored) < PEOPLE
    task = TaskRun.objects.get(name="inmates.calculate_payroll_run")
    assert task.status == TaskStatus.RUNNING

    start_worker()
    assert resend() == 0, "a worker that fell silent just now may be alive"
    earlier = task.heartbeat_at - timedelta(minutes=2)
    TaskRun.objects.update(sent_at=earlier, heartbeat_at=earlier)
    assert resend() == 1
    wait_until(lambda: TaskRun.objects.get(pk=task.pk).status == TaskStatus.DONE)

    run = crowd_run()
    assert run.status == RunStatus.CALCULATED
    assert run.payslips.count() == PEOPLE
    assert run.payslips.values("inmate").distinct().count() == PEOPLE
    assert stored <= set(run.payslips.values_list("pk", flat=True))


def test_beat_and_another_worker_finish_a_posting_whose_worker_was_killed(
    crowd: Cast, start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    """Nothing is told by hand: beat finds the silence, and the other worker posts, once."""
    first_signature(crowd)
    run = started(crowd)
    calculate_payroll_run(task_run=str(run.task_run_id))
    faults = Faults(tmp_path)
    faults.order(POST, "die", 40)
    first = start_worker(FAULTS=str(tmp_path))
    run = approved(crowd, run)
    wait_until(lambda: faults.happened(POST) and first.process.poll() is not None)
    assert not JournalEntry.objects.exists()

    quick = {"TASK_SILENCE_SECONDS": "3", "BEAT_SECONDS": "1"}
    start_worker(**quick)
    start_worker(kind=Beat, **quick)
    wait_until(lambda: TaskRun.objects.get(pk=run.task_run_id).status == TaskStatus.DONE)
    run.refresh_from_db()
    assert run.status == RunStatus.APPROVED
    assert JournalEntry.objects.count() == PEOPLE
    assert check_books() == []


def crowd_run():
    from inmates.models import PayrollRun

    return PayrollRun.objects.get()


def test_delivered_twice_at_once_each_person_has_one_slip(
    crowd: Cast,
    own_messages: None,
) -> None:
    run = started(crowd)
    _at_once(lambda: calculate_payroll_run(task_run=str(run.task_run_id)))
    _check_one_slip_each(run)


def test_two_workers_on_one_run_give_each_person_one_slip(
    crowd: Cast,
    own_messages: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second takes the run over at once: the first must stop, whatever it was doing."""
    from portal.kernel import queue

    monkeypatch.setattr("inmates.services.calculation.BATCH", 2)
    run = started(crowd)
    real = queue.claim_run

    def claim_what_is_alive(run_id: str):
        TaskRun.objects.filter(pk=run_id, status=TaskStatus.RUNNING).update(
            heartbeat_at=run.created_at - timedelta(days=1)
        )
        return real(run_id)

    monkeypatch.setattr(queue, "claim_run", claim_what_is_alive)
    _at_once(lambda: calculate_payroll_run(task_run=str(run.task_run_id)))
    _check_one_slip_each(run)


def _check_one_slip_each(run) -> None:
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED
    assert run.payslips.count() == PEOPLE
    assert PayslipLine.objects.values("payslip").distinct().count() == PEOPLE
    assert PayslipLine.objects.filter(kind="earning").count() == PEOPLE


def _at_once(call: Callable[[], object]) -> None:
    """The call from two threads, each with a database connection of its own."""
    barrier = threading.Barrier(2)
    errors: list[Exception] = []

    def run() -> None:
        try:
            barrier.wait(timeout=10)
            call()
        except Exception as error:  # noqa: BLE001 - told to the test below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert errors == []


def test_starting_twice_at_once_makes_one_run(crowd: Cast, own_messages: None) -> None:
    from inmates.models import PayrollRun
    from inmates.refusals import AlreadyCalculating

    refused: list[str] = []

    def start() -> None:
        try:
            started(crowd)
        except AlreadyCalculating as refusal:
            refused.append(str(refusal))

    _at_once(start)
    assert PayrollRun.objects.count() == TaskRun.objects.count() == 1
    assert len(refused) == 1
