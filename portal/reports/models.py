"""Reports that were ordered, built by a task and stored as files."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.models import TaskRun


class ReportKind(models.TextChoices):
    """What a stored report is about."""

    EMPLOYMENT = "employment", _("Employment")


class StoredReport(models.Model):
    """A workbook ordered in a language for a department; the file never changes once stored."""

    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    # Texts of an address and ids: the period, the day of the order, the institutions.
    parameters = models.JSONField()
    language = models.CharField(max_length=2)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    task_run = models.OneToOneField(TaskRun, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to="reports/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values), name="storedreport_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="", size=None)
                | (~Q(file="") & Q(sha256__regex=r"^[0-9a-f]{64}$") & Q(size__gt=0)),
                name="storedreport_file_with_checksum",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-created_at"], name="storedreport_department")
        ]

    @property
    def is_ready(self) -> bool:
        """The file can be downloaded."""
        return bool(self.file)
