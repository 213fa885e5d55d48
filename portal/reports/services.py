"""Ordering a report and building its file. Called by the views and by the task."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation

from portal.accounts.models import Organisation
from portal.kernel.locks import lock_row
from portal.kernel.models import TaskRun
from portal.kernel.queue import enqueue
from portal.reports.employment.period import period_of
from portal.reports.employment.selectors import employment_report, reasons_without_work
from portal.reports.employment.workbook import employment_workbook
from portal.reports.models import ReportKind, StoredReport
from portal.reports.rules import NO_DEPARTMENT, can_order_report
from portal.reports.selectors import (
    institutions_visible_to,
    reports_ordered,
    stored_reports_visible_to,
    unfinished_report,
)
from workshops.models import Institution

BUILD_TASK = "reports.build_employment_report"
# Counted, reasons found, workbook written, file stored.
STEPS = 4


def order_employment_report(
    *,
    actor: Any,
    department: Organisation | None,
    kind: str,
    value: str,
    language: str,
    on: date,
    at: datetime,
) -> StoredReport:
    """An employment report of a day or a month (`kind`, `value`) is ordered as a workbook.

    Refused: to whoever is no analyst of the department; a period that cannot be counted. After
    the commit the task is sent. Twice: the same order is answered with the same report while
    that is unfinished, later with a new one, because the data may have changed.
    """
    verdict = can_order_report(actor, department.pk, on) if department else NO_DEPARTMENT
    verdict.require()
    period = period_of(**{kind: value}, today=on)
    places = list(institutions_visible_to(actor, on, department).values_list("id", flat=True))
    parameters = {
        period.kind: period.value, "ordered_on": on.isoformat(), "institutions": places
    }  # fmt: skip
    with transaction.atomic():
        # The lock makes two clicks at once into one order.
        lock_row(Organisation, department.pk)
        # Another's report answers only whoever will find it in their own list.
        seen_reports = stored_reports_visible_to(actor, on).filter(kind=ReportKind.EMPLOYMENT)
        same = unfinished_report(seen_reports, department.pk, parameters, language)
        if same is not None:
            return same
        number = reports_ordered(department.pk) + 1
        run = enqueue(
            BUILD_TASK,
            key=f"{department.pk}:{period.value}:{language}:{number}",
            actor=actor,
            at=at,
        )
        # The steps are known already, so that a waiting report says "0 of 4".
        TaskRun.objects.filter(pk=run.pk).update(total=STEPS)
        return StoredReport.objects.create(
            kind=ReportKind.EMPLOYMENT,
            parameters=parameters,
            language=language,
            department=department,
            task_run=run,
            created_by=actor,
            created_at=at,
        )


def build_employment_report(
    *, task_run_id: uuid.UUID, report_progress: Callable[..., None]
) -> StoredReport:
    """The workbook of an ordered report is built in its language and stored with its checksum.

    It tells the day of the order, not of the building. Twice: the first file stays.
    """
    report = StoredReport.objects.select_related("department").get(task_run_id=task_run_id)
    if report.is_ready:
        return report
    report_progress(done=0, total=STEPS)
    today = date.fromisoformat(report.parameters["ordered_on"])
    period = period_of(
        day=report.parameters.get("day", ""), month=report.parameters.get("month", ""), today=today
    )
    ids = report.parameters["institutions"]
    with translation.override(report.language):
        institutions = list(
            Institution.objects.filter(id__in=ids)
            .select_related("organisation")
            .order_by("sort_order", "number", "id")
        )
        data = employment_report(institutions, period, today)
        report_progress(done=1, total=STEPS)
        reasons = reasons_without_work(institutions, data.period)
        report_progress(done=2, total=STEPS)
        content = employment_workbook(data, reasons, report.department.name, report.created_at)
        report_progress(done=3, total=STEPS)
    stored = _store(report.pk, content, file_name(report))
    report_progress(done=STEPS, total=STEPS)
    return stored


def file_name(report: StoredReport) -> str:
    """employment-2026-10-ru.xlsx"""
    value = report.parameters.get("day") or report.parameters["month"]
    return f"{report.kind}-{value}-{report.language}.xlsx"


def _store(report_id: int, content: bytes, name: str) -> StoredReport:
    """Keep the file and say so in the row, or leave neither."""
    with transaction.atomic():
        report = lock_row(StoredReport, report_id)
        if report.is_ready:
            return report
        report.file.save(name, ContentFile(content), save=False)
        report.sha256 = hashlib.sha256(content).hexdigest()
        report.size = len(content)
        try:
            report.save(update_fields=["file", "sha256", "size"])
        except Exception:
            report.file.storage.delete(report.file.name)
            raise
    return report
