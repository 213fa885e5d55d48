"""The queue's own tasks, which beat runs, and the kernel's work of each day."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock, once
from portal.kernel.daily import enqueue_for_day
from portal.kernel.models import Heartbeat
from portal.kernel.queue import Progress, portal_task, resend_silent_runs

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


@portal_task("kernel.forget_submissions", label=_("Names of forms sent long ago"))
def forget_submissions(progress: Progress, *, on: str) -> None:
    """Each day, the names of submissions nobody will send again; key: the day."""
    gone = once.forget_submissions(at=clock.now())
    progress.report(done=gone, total=gone)
