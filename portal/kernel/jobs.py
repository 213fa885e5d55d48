"""The runs of the queue as an administrator sees them, and the two orders he may give.

Called by the page of jobs. The caller hands in the rule of who may: roles are not known here.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.access import YES, Verdict, no
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row
from portal.kernel.logs import current_request_id
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.queue import TASK_LABELS, reset_run, send

Rule = Callable[[Any, Any], Verdict]


class NotNow(PortalError):
    """The run is in another state by now."""

    message = _("This is no longer possible: look at the present state.")


class QueueAway(PortalError):
    """Redis cannot be reached."""

    status = 503
    message = _("Redis cannot be reached. The job stays here and goes by itself when it is back.")


@cache
def _load_tasks() -> None:
    """In a web process nobody has loaded the modules that name the tasks."""
    current_app.loader.import_default_modules()


def task_label(name: str) -> str:
    """What the work is called; its inner name for one that is no longer in the code."""
    _load_tasks()
    return str(TASK_LABELS.get(name, name))


def task_runs(*, status: str = "", name: str = "") -> "QuerySet[TaskRun]":
    """The runs with who ordered them, the newest first."""
    runs = TaskRun.objects.select_related("created_by").order_by("-created_at", "-id")
    if status:
        runs = runs.filter(status=status)
    return runs.filter(name=name) if name else runs


def runs_counted() -> dict[tuple[str, str], int]:
    """How many runs there are by (name, status)."""
    rows = TaskRun.objects.order_by("name", "status").values_list("name", "status")
    return {(name, status): count for name, status, count in rows.annotate(count=Count("pk"))}


def may_be_retried(run: TaskRun) -> Verdict:
    """Only what has failed; everything else goes on by itself or is done."""
    return YES if run.status == TaskStatus.FAILED else no(_("Only a failed job can be retried."))


def may_be_sent_again(run: TaskRun, at: datetime) -> Verdict:
    """What waits, or was sent and not taken for as long as beat would leave it alone."""
    silent = at - timedelta(seconds=settings.TASK_SILENCE_SECONDS)
    if run.status == TaskStatus.WAITING:
        return YES
    if run.status == TaskStatus.SENT and (run.sent_at is None or run.sent_at < silent):
        return YES
    return no(_("It is sent or running already; a worker takes it when one is free."))


def _require(verdict: Verdict) -> None:
    if not verdict:
        raise NotNow(verdict.reason)


def retry_task_run(*, actor: Any, run_id: uuid.UUID, at: datetime, rule: Rule) -> TaskRun:
    """The failed run waits again with its arguments; its attempts are counted anew.

    Refused: by the rule; a run that has not failed. After the commit it is sent. Twice: the
    second is refused, because the first has left it waiting.
    """
    rule(actor, day_of(at)).require()
    with transaction.atomic():
        run = lock_row(TaskRun, run_id)
        _require(may_be_retried(run))
        reset_run(run, {"request_id": current_request_id()})
        _record(actor, "task_retried", run, at)
        transaction.on_commit(lambda: send(run.pk))
    return run


def send_task_run_again(*, actor: Any, run_id: uuid.UUID, at: datetime, rule: Rule) -> TaskRun:
    """The waiting run is sent at once, without waiting for beat.

    Refused: by the rule; a run that is being done, done, failed or sent just now; when Redis
    cannot be reached (`QueueAway`), and then nothing has changed. Twice: refused for a minute; a
    second message would be harmless.
    """
    rule(actor, day_of(at)).require()
    with transaction.atomic():
        run = lock_row(TaskRun, run_id)
        _require(may_be_sent_again(run, at))
        _record(actor, "task_sent_again", run, at)
    if not send(run.pk):
        raise QueueAway
    return run


def _record(actor: Any, action: str, run: TaskRun, at: datetime) -> None:
    audit.record(actor=actor, action=action, at=at, task=run.name, task_run=str(run.pk))
