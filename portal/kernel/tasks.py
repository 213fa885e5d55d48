"""The queue's own task: beat runs it every few seconds."""

from celery import shared_task

from portal.kernel import clock
from portal.kernel.queue import resend_silent_runs


@shared_task(name="kernel.send_waiting_tasks")
def send_waiting_tasks() -> None:
    """Send again what the outbox still holds."""
    resend_silent_runs(at=clock.now())
