"""The payslips of a run printed for everybody: who asked, and where the sealed file is."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inmates.models.payroll import PayrollRun
from portal.kernel.models import TaskRun


class PayslipPrint(models.Model):
    """One archive of a run. Its file holds names, so it is sealed on disk and kept three days.

    `path` is empty until the whole file is there: nothing half-written has a name.
    """

    run = models.OneToOneField(PayrollRun, on_delete=models.PROTECT, related_name="payslip_print")
    task_run = models.ForeignKey(TaskRun, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    slips = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    # Of the archive as it is downloaded, in bytes.
    size = models.PositiveBigIntegerField(default=0)
    path = models.CharField(max_length=100, default="", blank=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(path="", made_at=None) | Q(path__gt="", made_at__isnull=False),
                name="payslipprint_made_has_file",
            )
        ]
