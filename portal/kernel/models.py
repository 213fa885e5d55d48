"""Rows of the kernel: history of states, audit, queue, number series; and the abstract rows."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _


class DatedRow(models.Model):
    """A row in force in the half-open period [effective_from, effective_to)."""

    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("to (excluded)"), null=True, blank=True)

    class Meta:
        abstract = True


def append_only(name: str) -> pgtrigger.Protect:
    """The trigger of tables whose rows are written once: no UPDATE, no DELETE."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class StateChange(models.Model):
    """One move of one object; written only by `states.move()`."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    action = models.CharField(max_length=40)
    from_status = models.CharField(max_length=40)
    to_status = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="statechange_subject")
        ]
        triggers = [append_only("statechange_append_only")]


class AuditEvent(models.Model):
    """Somebody looked at an identity, exported, signed in or changed a right."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="auditevent_subject"),
            models.Index(fields=["actor", "at"], name="auditevent_actor"),
            # Lists of people: who was on one is asked of one person at a time.
            GinIndex(
                OpClass(models.F("details"), name="jsonb_path_ops"),
                condition=models.Q(details__has_key="inmates"),
                name="auditevent_listed",
            ),
        ]
        triggers = [append_only("auditevent_append_only")]


class TaskStatus(models.TextChoices):
    """States of a `TaskRun`; the queue alone writes them, under a row lock."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class TaskRun(models.Model):
    """A task as a row before it is a message: what to run, how far it is, what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    # The request that ordered it: the same id stands in the log lines of web and worker.
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], name="taskrun_one_per_key"),
            models.CheckConstraint(
                condition=models.Q(status__in=TaskStatus.values), name="taskrun_status_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                name="taskrun_unfinished",
                condition=~models.Q(status__in=["done", "failed"]),
            ),
            models.Index(fields=["-created_at", "-id"], name="taskrun_newest"),
        ]

    @property
    def is_finished(self) -> bool:
        """Nothing more will happen by itself."""
        return self.status in (TaskStatus.DONE, TaskStatus.FAILED)


class Heartbeat(models.Model):
    """When a process that works unseen was last known to live; read by the health checks."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()


class NumberSeries(models.Model):
    """The last number given in a series of documents; see numbering.py."""

    series = models.CharField(max_length=40)
    scope = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "scope", "year"], name="numberseries_unique")
        ]


class Submission(models.Model):
    """A form that was sent and done; written only by `once.once`, in the transaction of its save.

    Sent again, it is answered with `outcome` (where the first led and what it said).
    """

    # Its own and not the sender's: who wrote the row sees by it that nobody was quicker.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    content = models.CharField(max_length=64)
    path = models.CharField(max_length=400)
    at = models.DateTimeField()
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="submission_once_per_user")
        ]
        indexes = [models.Index(fields=["at"], name="submission_oldest")]
