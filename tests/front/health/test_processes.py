"""Health of real processes: a worker and beat that live, then beat stops, then the worker."""

import pytest

from portal.front.health import database, queue
from portal.front.health.examine import Probe, examine
from portal.front.health.findings import State
from portal.kernel import clock
from portal.kernel.models import Heartbeat
from tests.worker import Beat, wait_until

PROBES = (Probe(database.CODES, database.look), Probe(queue.CODES, queue.look, seconds=6.0))


def states() -> tuple[str, str]:
    found = {one.code: one.state for one in examine(clock.now(), PROBES)}
    return found["worker"], found["beat"]


@pytest.mark.django_db(transaction=True)
def test_worker_and_beat_are_told_apart(start_worker, monkeypatch):
    monkeypatch.setattr(database, "BEAT_SILENT_SECONDS", 3)
    worker = start_worker()
    assert states() == (State.OK, State.DOWN), "beat has never spoken"
    beat = start_worker(kind=Beat, BEAT_SECONDS="1")
    wait_until(lambda: Heartbeat.objects.filter(name="beat").exists())
    assert states() == (State.OK, State.OK)
    beat.stop()
    wait_until(lambda: states() == (State.OK, State.DOWN), seconds=12)
    worker.kill()
    assert states() == (State.DOWN, State.WARN), "without a worker nobody can tell of beat"
