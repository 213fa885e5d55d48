"""The largest changes against the month before, as the page of a run shows them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from inmates.selectors.run_changes import Change
from portal.kernel.text import DASH, hours, sum_text

MINUS = "\N{MINUS SIGN}"


def change_rows(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """A line for each person: both months, the difference, and the hours behind it."""
    return [
        {
            "number": one.number,
            "slip_id": one.slip_id,
            # A month without a payslip is not a month of nothing earned.
            "before": DASH if one.slip_before_id is None else sum_text(one.before),
            "now": DASH if one.slip_id is None else sum_text(one.now),
            "difference": _signed(one),
            "why": _why(one),
        }
        for one in changes
    ]


def _signed(change: Change) -> str:
    sign = "+" if change.difference > 0 else MINUS
    return f"{sign}{sum_text(abs(change.difference))}"


def _why(change: Change) -> str:
    if change.slip_before_id is None:
        return _("no payslip in the month before")
    if change.slip_id is None:
        return _("no payslip in this month")
    return _("hours: %(before)s, now %(now)s") % {
        "before": hours(change.minutes_before),
        "now": hours(change.minutes_now),
    }
