"""The promises of the queue through faults of real processes: workers, beat, a Redis of its own.

Nothing is told by hand here: what went wrong is put right by beat and the workers alone.
"""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import kombu.pools
import pytest
import redis
from celery import current_app
from django.test import Client
from django.urls import reverse

from inmates.models import PayrollRun, Payslip
from portal.embedded.places import find_places, programs
from portal.kernel import clock
from portal.kernel.models import AuditEvent, Heartbeat, TaskRun, TaskStatus
from portal.kernel.queue import enqueue
from tests.inmates.months import a_worker, lock_sheets, make_pay, started
from tests.people import NOW, Cast
from tests.worker import Beat, Worker, wait_until
from tests.worker_tasks import STARTED

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 12
# Seconds instead of the minute and the ten seconds of production.
QUICK = {"TASK_SILENCE_SECONDS": "3", "BEAT_SECONDS": "1"}
THREE_AT_ONCE = ("--pool", "prefork", "--concurrency", "3")
Start = Callable[..., Worker]


@pytest.fixture
def crowd(transactional_db: None) -> Cast:
    pay = make_pay()
    for number in range(PEOPLE):
        a_worker(pay, str(1000 + number), days=5)
    return pay


def deliver_again(run: TaskRun, times: int) -> None:
    """As Redis does after its visibility timeout, or a clerk who cannot wait."""
    for _time in range(times):
        current_app.send_task(run.name, kwargs={"task_run": str(run.pk)})


def is_done(run: TaskRun) -> bool:
    return TaskRun.objects.get(pk=run.pk).status == TaskStatus.DONE


def test_delivered_three_times_at_once_it_runs_once(start_worker: Start) -> None:
    run = enqueue("tests.work_slowly", key="1", actor=None, at=NOW, arguments={"seconds": 2})
    deliver_again(run, 2)
    worker = start_worker(*THREE_AT_ONCE)
    wait_until(lambda: is_done(run))
    wait_until(lambda: worker.log.read_bytes().count(b"left alone") == 2)
    assert AuditEvent.objects.filter(action=STARTED).count() == 1
    assert TaskRun.objects.get().attempts == 1


def test_a_payroll_run_delivered_three_times_at_once_gives_each_person_one_slip(
    crowd: Cast, start_worker: Start
) -> None:
    run = started(crowd).task_run
    deliver_again(run, 2)
    start_worker(*THREE_AT_ONCE, PAYROLL_PAUSE="0.1")
    wait_until(lambda: is_done(run))
    assert_one_slip_each()
    assert TaskRun.objects.get().attempts == 1


def assert_one_slip_each() -> None:
    run = PayrollRun.objects.get()
    assert run.status == "calculated"
    assert run.payslips.count() == PEOPLE
    assert run.payslips.values("inmate").distinct().count() == PEOPLE
    assert not run.payslips.filter(lines=None).exists()


def test_a_killed_worker_is_replaced_by_beat_and_each_person_has_one_slip(
    crowd: Cast, client: Client, start_worker: Start
) -> None:
    # One person at a time and slowly, so that the kill falls into the middle.
    first = start_worker(PAYROLL_PAUSE="0.3", **QUICK)
    client.force_login(crowd.accountant)
    lock_sheets(crowd)
    place = [crowd.enterprise.pk, crowd.institution.pk, "2026-10"]
    assert client.post(reverse("inmates:payroll_start", args=place)).status_code == 302
    wait_until(lambda: Payslip.objects.count() >= 3)
    first.kill()
    stored = set(Payslip.objects.values_list("pk", flat=True))
    assert 0 < len(stored) < PEOPLE
    task = TaskRun.objects.get()
    assert task.status == TaskStatus.RUNNING

    start_worker(**QUICK)
    start_worker(kind=Beat, **QUICK)
    wait_until(lambda: is_done(task))
    assert_one_slip_each()
    assert stored <= set(Payslip.objects.values_list("pk", flat=True)), "what was done stays"
    assert TaskRun.objects.get().attempts == 2


class OwnRedis:
    """A Redis on a port of this machine that the test may switch off and on."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        _postgres, program = programs(find_places())
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "save": ""}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        with redis.Redis(port=self.port, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=10)
            self.process = None


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    kept = current_app.conf.broker_url
    server = OwnRedis(tmp_path)
    server.start()
    broker_at(server.url)
    yield server
    server.kill()
    broker_at(kept)


def broker_at(address: str) -> None:
    current_app.conf.broker_url = address
    kombu.pools.reset()
    current_app.amqp._producer_pool = None
    current_app._pool = None


def test_what_is_ordered_while_redis_is_away_goes_when_it_is_back(
    own_messages: None, own_redis: OwnRedis, start_worker: Start
) -> None:
    """Worker and beat live through it as well; nobody starts them anew."""
    quick = QUICK | {"REDIS_URL": own_redis.url}
    worker = start_worker(**quick)
    beat = start_worker(kind=Beat, **quick)
    wait_until(lambda: Heartbeat.objects.filter(name="beat").exists())

    own_redis.kill()
    began = time.monotonic()
    runs = [
        enqueue(
            "tests.work_slowly", key=str(number), actor=None, at=clock.now(),
            arguments={"seconds": 0},
        )
        for number in range(3)
    ]  # fmt: skip
    assert time.monotonic() - began < 6, "a page waits a moment and not for each order"
    assert {run.status for run in TaskRun.objects.all()} == {TaskStatus.WAITING}
    time.sleep(3)
    assert {run.status for run in TaskRun.objects.all()} == {TaskStatus.WAITING}

    own_redis.start()
    wait_until(lambda: all(is_done(run) for run in runs))
    assert AuditEvent.objects.filter(action=STARTED).count() == len(runs)
    assert worker.process.poll() is None
    assert beat.process.poll() is None
