"""Stored reports as rows of their list. Called by the view."""

from datetime import date
from typing import Any

from portal.kernel.periods import Month
from portal.kernel.text import date_short, month_name, number
from portal.reports.models import StoredReport

KILOBYTE = 1024


def stored_row(report: StoredReport) -> dict[str, Any]:
    """What a line of the list shows; reads nothing that was not fetched with it."""
    run = report.task_run
    month = report.parameters.get("month")
    period = month_name(Month.parse(month)) if month else date_short(_day(report.parameters["day"]))
    return {
        "pk": report.pk,
        "kind": report.get_kind_display(),
        "period": period,
        "language": report.language,
        "created_at": report.created_at,
        "created_by": report.created_by.get_full_name(),
        "run": run,
        "status_label": run.get_status_display(),
        "is_ready": report.is_ready,
        "size": number(-(-report.size // KILOBYTE)) if report.size else "",
    }


def _day(value: str) -> date:
    return date.fromisoformat(value)
