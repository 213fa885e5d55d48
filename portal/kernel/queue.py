"""The outbox: a task is a `TaskRun` row, committed with its cause, before it is a message.

Services call `enqueue`; the body of a task is decorated with `portal_task`; beat sends again what
a Redis that was down never got and what a killed worker left silent.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.logs import current_request_id, task_context
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.outages import RecentFailure, is_database_away

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
# A Redis that hangs costs a page some seconds; the next pages leave their tasks to beat at once.
FAILURE = RecentFailure("the queue in Redis", seconds=5.0)
INTERNAL_ERROR = _("An error of the portal; it is logged.")
# What a task is called on the page of jobs, by its name; filled while the tasks are loaded.
TASK_LABELS: dict[str, str | Promise] = {}


class TaskSuperseded(Exception):
    """Another worker has taken this run over; the present one must stop without writing."""


class AlreadyRunning(PortalError):
    """The same work is waiting or being done."""

    message = _("This is already being done; its progress is on this page.")


def enqueue(
    name: str, *, key: str, actor: Any, at: datetime, arguments: dict[str, Any] | None = None
) -> TaskRun:
    """Store a run of task `name` for the business key `key`, to be sent after the commit.

    One run exists per (name, key). A finished one is started anew; an unfinished one is refused
    (`AlreadyRunning`). `arguments` holds ids and ISO dates only.
    """
    fresh = {
        "arguments": arguments or {},
        "created_by": actor,
        "created_at": at,
        "request_id": current_request_id(),
    }
    # No savepoint of its own: the refusal comes after the block and leaves the caller's whole.
    with transaction.atomic(savepoint=False):
        new = TaskRun(name=name, key=key, **fresh)
        # A second one waits here for the first to commit, and is then not written.
        TaskRun.objects.bulk_create([new], ignore_conflicts=True)
        run = TaskRun.objects.select_for_update().get(name=name, key=key)
        is_new = run.pk == new.pk
        is_taken = not is_new and not run.is_finished
        if not is_taken:
            if not is_new:
                reset_run(run, fresh)
            transaction.on_commit(partial(send, run.pk))
    if is_taken:
        raise AlreadyRunning
    return run


def reset_run(run: TaskRun, fresh: dict[str, Any]) -> None:
    """The locked row waits again as if just ordered, with `fresh` written over it."""
    for name, value in fresh.items():
        setattr(run, name, value)
    run.status = TaskStatus.WAITING
    run.done = run.total = run.failed = run.attempts = 0
    run.claim = run.sent_at = run.started_at = run.heartbeat_at = run.finished_at = None
    run.error = ""
    run.save()


def send(run_id: uuid.UUID) -> bool:
    """Hand a waiting run to Celery. False when Redis cannot be reached: beat tries again."""
    name = TaskRun.objects.values_list("name", flat=True).get(pk=run_id)
    broker = str(current_app.conf.broker_url)
    if FAILURE.is_recent(broker):
        return False
    try:
        current_app.send_task(name, kwargs={"task_run": str(run_id)}, retry=False)
    except Exception as error:  # noqa: BLE001 - any broker failure means the same: send it later
        FAILURE.remember(broker, error)
        log.warning("task %s stays in the outbox", name)
        return False
    sent_at = clock.now()
    waiting = TaskRun.objects.filter(pk=run_id, status=TaskStatus.WAITING)
    if not waiting.update(status=TaskStatus.SENT, sent_at=sent_at):
        # Sent again: the next time not before it had the time to be taken.
        TaskRun.objects.filter(pk=run_id).update(sent_at=sent_at)
    return True


class Progress:
    """Handed to the body of a task: its run, and the way to report progress."""

    def __init__(self, run: TaskRun, claim: uuid.UUID) -> None:
        self.run = run
        self.claim = claim

    def report(self, *, done: int, total: int, failed: int = 0) -> None:
        """Store how far the work is and that it lives; call it outside a transaction."""
        written = TaskRun.objects.filter(pk=self.run.pk, claim=self.claim).update(
            done=done, total=total, failed=failed, heartbeat_at=clock.now()
        )
        if not written:
            raise TaskSuperseded

    def hold(self) -> None:
        """Inside a transaction: nobody takes the run over until it ends; `TaskSuperseded` if so."""
        held = TaskRun.objects.select_for_update().filter(pk=self.run.pk, claim=self.claim)
        if not held.exists():
            raise TaskSuperseded


def claim_run(run_id: str) -> Progress | None:
    """Take a run for this worker; None when it is done or alive in another worker's hands."""
    now = clock.now()
    claim = uuid.uuid4()
    silent = now - timedelta(seconds=settings.TASK_SILENCE_SECONDS)
    takeable = Q(status__in=[TaskStatus.WAITING, TaskStatus.SENT]) | Q(
        status=TaskStatus.RUNNING, heartbeat_at__lt=silent
    )
    taken = TaskRun.objects.filter(takeable, pk=run_id).update(
        status=TaskStatus.RUNNING,
        claim=claim,
        started_at=now,
        heartbeat_at=now,
        attempts=F("attempts") + 1,
    )
    return Progress(TaskRun.objects.get(pk=run_id), claim) if taken else None


def _finish(progress: Progress, status: str, error: str = "") -> None:
    TaskRun.objects.filter(pk=progress.run.pk, claim=progress.claim).update(
        status=status, error=error, finished_at=clock.now()
    )


def run_here(run: TaskRun, body: Callable[[Progress], None]) -> None:
    """Do an enqueued run in this process instead of a worker's, as the seed does.

    The message that is sent after the commit then finds it done. An error is the caller's.
    """
    progress = claim_run(str(run.pk))
    if progress is None:
        raise AlreadyRunning
    body(progress)
    _finish(progress, TaskStatus.DONE)


def portal_task(name: str, label: str | Promise = "") -> Callable[[Callable[..., None]], Any]:
    """Make `body(progress, **arguments)` the Celery task `name`; delivered twice, it runs once.

    `label` names the work to the administrator.
    """
    TASK_LABELS[name] = label or name

    def decorate(body: Callable[..., None]) -> Any:
        @wraps(body)
        def run_once(task_run: str) -> None:
            progress = claim_run(task_run)
            if progress is None:
                log.info("task %s: delivered again, left alone", name)
                return
            with task_context(name, task_run, progress.run.request_id):
                _run(name, body, progress)

        return shared_task(name=name)(run_once)

    return decorate


def _run(name: str, body: Callable[..., None], progress: Progress) -> None:
    """The body in the language of whoever ordered it; how it ended is written to its row."""
    language = getattr(progress.run.created_by, "language", settings.LANGUAGE_CODE)
    with translation.override(language):
        try:
            body(progress, **progress.run.arguments)
        except TaskSuperseded:
            log.warning("task %s: taken over by another worker", name)
        except PortalError as refusal:
            log.info("task %s refused", name)
            _finish(progress, TaskStatus.FAILED, str(refusal))
        except Exception as error:
            if is_database_away(error):
                # Nothing can be written now: the run falls silent, and beat sends it again.
                log.warning("task %s: the database went away", name)
                return
            log.exception("task %s failed", name)
            _finish(progress, TaskStatus.FAILED, str(INTERNAL_ERROR))
        else:
            log.info("task %s done", name)
            _finish(progress, TaskStatus.DONE)


def resend_silent_runs(*, at: datetime) -> int:
    """Send again what waits, what was sent and never began, and what has fallen silent.

    Each of them once in `TASK_SILENCE_SECONDS`: busy workers do not find a heap of messages later.
    Returns how many were sent. A run that failed to live `MAX_ATTEMPTS` times is marked failed.
    """
    silent = at - timedelta(seconds=settings.TASK_SILENCE_SECONDS)
    stuck = Q(status=TaskStatus.SENT, sent_at__lt=silent) | Q(
        status=TaskStatus.RUNNING, heartbeat_at__lt=silent
    )
    TaskRun.objects.filter(stuck, attempts__gte=MAX_ATTEMPTS).update(
        status=TaskStatus.FAILED, finished_at=at, error=str(_("The worker was lost several times."))
    )
    unheard = Q(sent_at=None) | Q(sent_at__lt=silent)
    fresh = Q(status=TaskStatus.WAITING, created_at__lt=at - timedelta(seconds=5))
    due = TaskRun.objects.filter((stuck & unheard) | fresh).order_by("created_at")
    return sum(send(run_id) for run_id in due.values_list("pk", flat=True))
