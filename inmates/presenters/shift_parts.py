"""The tabs of a shift: the same on each of its pages and on the month it belongs to."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.periods import Month


def shift_parts(
    code: str, day: date, here: str, month: Month | None = None
) -> list[dict[str, Any]]:
    """Every tab of the workshop on the day, that of the page `here` (a url name) marked.

    The month is that of the day, or the one a page of the month is on.
    """
    days = (
        ("shift", _("Attendance")),
        ("shift_output", _("Output")),
        ("shift_downtime", _("Downtime")),
        ("shift_defects", _("Defects")),
        ("shift_materials", _("Materials")),
    )
    parts = [(name, label, day.isoformat()) for name, label in days]
    parts.append(("month", _("Month"), str(Month.of(day))))
    return [
        {
            "label": label,
            "url": reverse(f"inmates:{name}", args=[code, when]),
            "is_here": name == here,
        }
        for name, label, when in parts
    ]
