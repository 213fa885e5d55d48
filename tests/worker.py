"""Real Celery workers and beat as processes of their own, on the database of the tests.

Messages carry the name of the test database as a prefix, so that neither the developer's own
worker nor another test process ever takes them.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from kombu import pools

from portal.kernel import clock
from portal.kernel.queue import resend_silent_runs

# Long enough for a machine that does much else; whoever is right never waits for it.
PATIENCE = 120.0
CELERY = (sys.executable, "-m", "celery", "-A", "tests.worker_app")
QUIETLY = ("--loglevel", "INFO", "--without-gossip", "--without-mingle")


def wait_until(is_true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Ask every tenth of a second until it is true; when patience ends, fail with the logs."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain\n{Worker.told_by_all()}", pytrace=True)
        time.sleep(0.1)


class Worker:
    """One process of Celery: a worker that does the work itself, unless told otherwise, or beat."""

    READY = b"ready."
    LAST = 2_000
    started: ClassVar[list["Worker"]] = []

    def __init__(self, log: Path, *words: str, **environment: str) -> None:
        database = str(connection.settings_dict["NAME"])
        self.log = log
        self.started.append(self)
        with log.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [*CELERY, *self.command(log, *words)],
                cwd=settings.BASE_DIR,
                env=os.environ
                | {
                    "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
                    "PORTAL_TEST_DB": database,
                    "PYTHONPATH": str(settings.BASE_DIR),
                }
                | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @classmethod
    def told_by_all(cls) -> str:
        """How the youngest stand, and the ends of their logs."""
        told = ""
        for one in cls.started[-3:]:
            state = "is gone" if one.process.poll() is not None else "lives"
            words = one.log.read_text(errors="replace")[-cls.LAST :] if one.log.exists() else ""
            told += f"--- {one.log.name} {state} and told\n{words}\n"
        return told

    def command(self, log: Path, *words: str) -> list[str]:
        return ["worker", *(words or ("--pool", "solo")), *QUIETLY]

    def wait_until_ready(self) -> None:
        wait_until(lambda: self.READY in self.log.read_bytes() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text(errors="replace")

    def kill(self) -> None:
        """As a power failure does it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()


class Beat(Worker):
    """Sends `kernel.send_waiting_tasks` every BEAT_SECONDS."""

    READY = b"beat: Starting"

    def command(self, log: Path, *words: str) -> list[str]:
        return ["beat", "--loglevel", "INFO", "--schedule", str(log.with_suffix(".schedule"))]


@pytest.fixture
def own_messages(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Messages of this test process go only to workers on its database."""
    options = dict(current_app.conf.broker_transport_options)
    prefix = f"{connection.settings_dict['NAME']}."
    current_app.conf.broker_transport_options = options | {"global_keyprefix": prefix}
    _forget_connections()
    yield
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.delete("celery")
    current_app.conf.broker_transport_options = options
    _forget_connections()


def _forget_connections() -> None:
    """Connections are kept by kombu under a key that does not know the prefix."""
    pools.reset()
    current_app.amqp._producer_pool = None
    current_app._pool = None


@pytest.fixture
def start_worker(own_messages: None, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """`start_worker()` gives a worker that is ready; all are stopped after the test.

    Words are options of `celery worker`; `kind=Beat` starts beat.
    """
    workers: list[Worker] = []

    def start(*words: str, kind: type[Worker] = Worker, **environment: str) -> Worker:
        worker = kind(tmp_path / f"worker-{len(workers)}.log", *words, **environment)
        workers.append(worker)
        worker.wait_until_ready()
        return worker

    yield start
    for worker in workers:
        worker.stop()


def resend() -> int:
    """What beat does every few seconds."""
    return resend_silent_runs(at=clock.now())
