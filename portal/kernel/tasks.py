"""The queue's own tasks: beat runs them."""

from celery import shared_task

from portal.kernel import clock
from portal.kernel.daily import enqueue_for_day
from portal.kernel.models import Heartbeat
from portal.kernel.queue import resend_silent_runs

BEAT = "beat"


@shared_task(name="kernel.send_waiting_tasks")
def send_waiting_tasks() -> None:
    """Note that beat has spoken, then send again what the outbox still holds."""
    now = clock.now()
    Heartbeat.objects.update_or_create(name=BEAT, defaults={"at": now})
    resend_silent_runs(at=now)


@shared_task(name="kernel.enqueue_daily_task")
def enqueue_daily_task(task: str) -> None:
    """Order today's run of a task, unless it was ordered before."""
    enqueue_for_day(task, at=clock.now())
