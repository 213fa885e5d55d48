"""The timesheet of a workshop and a month: its state, and who vouches for it with a name."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import TimesheetStatus as Status
from inmates.month_triggers import HELD_SHEET_STAYS
from workshops.models import Workshop


class Timesheet(models.Model):
    """Written from its first submission on; a month without a row is open.

    The columns beside the status are those of the present round; the whole story is the history.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="the first day of the month")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    locked_at = models.DateTimeField(null=True)
    # Why it was returned or opened again: read by whoever has to correct it.
    returned_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "month"], name="timesheet_one_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="timesheet_month_first_day"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="timesheet_status_known"
            ),
            models.CheckConstraint(
                condition=Q(locked_by=None) | ~Q(locked_by=F("submitted_by")),
                name="timesheet_four_eyes",
                violation_error_message=_(
                    "Whoever submitted the timesheet does not lock it: another person does."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SUBMITTED, Status.LOCKED])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="timesheet_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.LOCKED)
                | Q(locked_by__isnull=False, locked_at__isnull=False),
                name="timesheet_locked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RETURNED) | ~Q(returned_reason=""),
                name="timesheet_returned_with_reason",
            ),
        ]
        triggers = [HELD_SHEET_STAYS]
