"""The tasks of the reports."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.queue import Progress, portal_task
from portal.reports import services


@portal_task(services.BUILD_TASK, label=_("Workbook of the employment report"))
def build_employment_report(progress: Progress) -> None:
    """Build and store the workbook that was ordered with this run."""
    services.build_employment_report(task_run_id=progress.run.pk, report_progress=progress.report)
