"""Trainings in words: who learns what from whom, how many hours of how many, at what norm."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from inmates.models import Apprenticeship
from portal.kernel.text import date_short, hours, number, share

MINUTES_IN_HOUR = 60
ONE_DAY = timedelta(days=1)


def training_row(row: Apprenticeship, minutes: int) -> dict[str, Any]:
    """One training as the list and the person's page show it."""
    planned = row.planned_hours * MINUTES_IN_HOUR
    mentor = row.mentor.personnel_number if row.mentor else ""
    return {
        "pk": row.pk,
        "number": row.inmate.personnel_number,
        "trade": row.trade.name,
        "mentor": _("№ %(number)s") % {"number": mentor} if mentor else row.free_mentor,
        "done": hours(minutes),
        "planned": number(row.planned_hours),
        "done_minutes": min(minutes, planned),
        "planned_minutes": planned,
        "norm": share(row.norm_coefficient),
        "period": _period(row),
        "basis": row.basis,
        "status": row.status,
        "state": row.get_status_display(),
        "grade": number(row.grade_awarded) if row.grade_awarded else "—",
        "is_learning": row.status == "in_training",
        "may_be_completed": minutes >= planned,
    }


def _period(row: Apprenticeship) -> str:
    begins = date_short(row.effective_from)
    if row.effective_to is None:
        return _("since %(day)s") % {"day": begins}
    return _("%(begin)s – %(end)s") % {
        "begin": begins,
        "end": date_short(row.effective_to - ONE_DAY),
    }


def training_rows(
    rows: Iterable[Apprenticeship], minutes: Mapping[int, int]
) -> list[dict[str, Any]]:
    return [training_row(row, minutes.get(row.pk, 0)) for row in rows]
