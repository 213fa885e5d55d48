"""Days of one person that are vouched for before the timesheet of the month can be handed in.

Whoever is released in the middle of a month is paid that day: a master or a labour officer confirms
the days up to then. Written by `services.leavers`; asked before a run at release begins.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.models.work import Placement


class DaysConfirmed(models.Model):
    """The days of a placement in a month up to `last_day` are as they were worked.

    Confirmed again after a change, the row is of the last time; the history tells of the others.
    """

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    last_day = models.DateField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "month"], name="daysconfirmed_once"),
            models.CheckConstraint(
                condition=Q(month__day=1, last_day__gte=F("month")),
                name="daysconfirmed_in_month",
                violation_error_message=_("The last day lies in the month of the days."),
            ),
        ]
