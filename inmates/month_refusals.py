"""What is refused about the month of a workshop and its timesheet, as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inmates.refusals import ChangedMeanwhile
from portal.kernel.errors import PortalError


class CellsChangedMeanwhile(ChangedMeanwhile):
    """`theirs`: what stands now by placement and day, with who and when."""

    message = _(
        "Somebody else changed the same cells while you were typing, and nothing of yours is saved "
        "yet or lost: choose below what holds, then save again."
    )


class MonthAhead(PortalError):
    message = _("%(month)s has not begun yet. Choose a month up to the present one.")


class MonthNotOver(PortalError):
    message = _(
        "%(day)s is the last working day of this timesheet and still ahead: the sheet is "
        "submitted and locked on that day or afterwards."
    )


class NobodyInMonth(PortalError):
    message = _("Nobody is placed in this workshop in this month: there is nothing to submit.")


class NotOfThisSheet(PortalError):
    message = _(
        "Somebody on this sheet is no longer placed in this workshop. Open the month again; what "
        "you typed stays below until you leave the page."
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """A working day of a placement for which nothing is entered."""

    day: date
    number: str


class TimesheetGaps(PortalError):
    """Working days without an entry; `gaps` lists them all."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = list(gaps)
        count = len(self.gaps)
        sentence = ngettext(
            "%(count)s working day is not entered yet. Enter it, then submit the timesheet.",
            "%(count)s working days are not entered yet. Enter them, then submit the timesheet.",
            count,
        )
        super().__init__(sentence % {"count": count})


class ReasonTooShort(PortalError):
    message = _("Write in a few words what has to be corrected: the master reads it.")


class WagesCalculated(PortalError):
    message = _(
        "The wages of %(month)s are calculated or being calculated from this timesheet, so it "
        "stays locked. A day is corrected with a written reason instead."
    )

    def __init__(self, month: Any) -> None:
        super().__init__(month=month)
