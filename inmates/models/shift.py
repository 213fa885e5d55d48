"""What was changed of a day of work after it was entered: kept for ever, shown on the shift."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inmates.models.work import Placement
from portal.kernel.models import append_only
from workshops.models import WorkOrderOperation


class ShiftChange(models.Model):
    """One correction of one person's day: attendance, or the output of one operation.

    `before` and `after` hold minutes, reason (its code) and note, or the quantity; `after` is
    empty where the entry was taken away. A first entry is no correction, its own row says who;
    one made late, with an explanation, stands here with an empty `before`.
    """

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="changes")
    worked_on = models.DateField()
    # Empty for attendance.
    work_order_operation = models.ForeignKey(
        WorkOrderOperation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    before = models.JSONField()
    after = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Written by whoever corrected a day that was closed: past the window, submitted, paid.
    explanation = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="shiftchange_changes_something"
            ),
            models.CheckConstraint(
                condition=~Q(before={}) | ~Q(explanation=""),
                name="shiftchange_late_entry_explained",
            ),
        ]
        indexes = [models.Index(fields=["worked_on", "placement"], name="shiftchange_day")]
        triggers = [append_only("shiftchange_append_only")]
