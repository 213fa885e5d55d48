"""What was changed in months whose wages are approved, and for whom it has to be calculated again.

Written by triggers of the tables that wages are made from; read by the calculation of a run.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmates.backdated_triggers import MARK_HAS_REASON
from inmates.enums import BackdatedCause
from inmates.models.payroll import PayrollRun
from inmates.models.people import Inmate
from portal.accounts.models import Organisation
from workshops.models import Institution


class BackdatedChange(models.Model):
    """One change of one person's past at one payer and place; `first_day`: the earliest affected.

    Open until a run whose differences answer it is posted: `settled_by`.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    cause = models.CharField(max_length=20, choices=BackdatedCause.choices)
    # What was changed: "attendance:2026-09-14", "rate:17"; never a text about a person.
    subject = models.CharField(max_length=60, default="", db_default="", blank=True)
    # As the service was told; of days it is with their own trace (ShiftChange), not here.
    reason = models.CharField(max_length=300, default="", db_default="", blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_by = models.ForeignKey(
        PayrollRun, on_delete=models.PROTECT, null=True, related_name="settled_changes"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=BackdatedCause.values),
                name="backdatedchange_cause_known",
                violation_error_message=_("It is not known what was changed."),
            )
        ]
        indexes = [
            models.Index(
                fields=["payer", "institution", "inmate"],
                condition=Q(settled_by=None),
                name="backdatedchange_open",
            ),
            models.Index(fields=["-changed_at", "id"], name="backdatedchange_newest"),
        ]
        triggers = [MARK_HAS_REASON]
