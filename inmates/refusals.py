"""What is refused in the world of people, work and pay, as sentences.

Raised by `parameters` and the services; uncaught, they still end in a readable page
(`portal.kernel.errors`).
"""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError

TWO_ROWS = _("two rows are in force.")


class ParameterMissing(PortalError):
    """No row of `code` is in force on the day `on`."""

    message = _(
        "The parameter %(code)s has no value for %(day)s. Add it with its start date and source."
    )

    def __init__(self, code: str, on: date) -> None:
        super().__init__(code=code, day=on.isoformat())
        self.code = code
        self.on = on


class ParameterUnusable(PortalError):
    """The row of `code` in force on `on` cannot be used: it overlaps another or is malformed."""

    message = _("The parameter %(code)s cannot be used on %(day)s: %(problem)s")

    def __init__(self, code: str, on: date, problem: str | Promise) -> None:
        super().__init__(code=code, day=on.isoformat(), problem=problem)
        self.code = code
        self.on = on


class NobodyPlaced(PortalError):
    message = _(
        "Nobody worked for this payer in this institution in this month: "
        "there is no placement. Check the month or enter the placements first."
    )


class AlreadyCalculating(PortalError):
    message = _("This month is being calculated already; its progress is on this page.")


class TaxStatusMissing(PortalError):
    message = _(
        "The tax regime of the payer is not known for the last day of this month. "
        "Ask the administrator to enter it with its start date."
    )


class InmateKnown(PortalError):
    message = _("A person with this IIN is registered already.")


class IinWrong(PortalError):
    """The sentence is the one of the check that failed (kernel/identifiers.py)."""


class PlacementEnded(PortalError):
    message = _("This placement has ended already on %(day)s. Choose another placement.")


class ConsentWithdrawn(PortalError):
    message = _("This consent has been withdrawn already on %(day)s.")


class WorkEntered(PortalError):
    """A placement cannot be taken back once somebody worked in it."""

    message = _(
        "Work is already entered outside the new dates of the placement. Correct the entries first."
    )


class DayTwice(PortalError):
    message = _("One person stands twice on %(day)s in this list. Leave one entry.")


class MinutesBesideAbsence(PortalError):
    """Minutes under a reason that is no work would be paid to nobody."""

    message = _(
        "Somebody who was absent for this reason has no minutes of work on that day. "
        "Choose “Short day” or enter no minutes."
    )


class NightOverWorked(PortalError):
    message = _("More minutes at night than were worked on %(day)s. Enter no more than those.")


class OvertimeOverWorked(PortalError):
    message = _("More minutes of overtime than were worked on %(day)s. Enter no more than those.")


class OvertimeOnDayOff(PortalError):
    message = _(
        "%(day)s is a day off: all its minutes are paid higher as such. Leave the overtime empty."
    )


class PersonNotCalculable(PortalError):
    """One person's month cannot be calculated: `code` and `arguments` say why, ready for JSON."""

    code = "not_calculable"

    def __init__(self, **arguments: Any) -> None:
        super().__init__()
        self.arguments = arguments


class RateMissing(PersonNotCalculable):
    """No rate of a post or an operation is in force on a day of work: never a silent zero."""

    def __init__(self, code: str, title: dict[str, str], day: str) -> None:
        super().__init__(title=title, day=day)
        self.code = code


class EarningKindMissing(PersonNotCalculable):
    """What a line of earnings counts for is not known on the last day of the month."""

    code = "earning_kind_missing"


class KindsMissing(PortalError):
    """Without them nothing says which payments are due on what was earned."""

    message = _(
        "No kind of earnings is in force on %(day)s. Load those shipped with the portal, or enter "
        "them with their dates."
    )


class CalendarMissing(PortalError):
    """The norm of a month is counted from the stored calendar, never from a default."""

    message = _(
        "The production calendar of %(month)s is not complete. Load the calendar, or enter the "
        "days that are missing."
    )


class CalendarEndsEarly(PersonNotCalculable):
    """Leave that was not taken is counted in days after the last one, and these are not known."""

    code = "calendar_ends_early"


class RegimeMissing(PersonNotCalculable):
    """The payer's tax regime is not known on the last day of the month."""

    code = "regime_missing"


class DayAhead(PortalError):
    message = _("%(day)s has not come yet. A shift is entered on its day or afterwards.")


class BeingCalculated(PortalError):
    """Figures that are being read do not change under the reader."""

    message = _(
        "The wages of %(month)s are being calculated just now. Save again when that is finished."
    )


class CorrectionNeeded(PortalError):
    """The day is closed: it is changed with a written explanation only, and this says why."""


class CorrectionOver(CorrectionNeeded):
    """The window of the parameter `shift_correction_days` has passed."""

    message = _(
        "The shift of %(day)s was open until %(until)s, 24:00. "
        "It is changed now only with an explanation in words."
    )


class TimesheetHandedIn(CorrectionNeeded):
    """The timesheet of the month is submitted or locked."""

    message = _(
        "The timesheet of %(month)s is handed in. "
        "Its days are changed now only with an explanation in words."
    )


class MonthCalculated(CorrectionNeeded):
    """The wages of a month that is over are calculated."""

    message = _(
        "The wages of %(month)s are calculated already. Its days are changed now only with an "
        "explanation in words, and the accountant is told to calculate again."
    )


class ExplanationTooLong(PortalError):
    message = _("The explanation is too long: write it in at most %(most)s characters.")


class LetterUnknown(PortalError):
    message = _(
        "“%(letter)s” is not written in letters of the Russian or Kazakh alphabet. "
        "Change the keyboard and type it again: one to three letters."
    )


class LetterOfMark(PortalError):
    """Present, day off, hours: what the timesheet writes by itself."""

    message = _("“%(letter)s” is a mark of the timesheet itself and stands for nothing else.")


class ReasonRetired(PortalError):
    message = _("This reason is retired already: it is not offered from %(day)s on.")


class ReasonStillUsed(PortalError):
    message = _(
        "This reason is entered for %(day)s. Choose a later day, or correct those entries first."
    )


class SheetRefused(PortalError):
    """A list that is refused as a whole, with the sentence for each entry that caused it."""

    message = _("Nothing is saved: correct what is marked.")

    def __init__(self, problems: dict[Any, str | Promise]) -> None:
        first = next(iter(problems.values()))
        super().__init__(first if len(problems) == 1 else None)
        self.problems = problems


class ChangedMeanwhile(PortalError):
    """Somebody else saved the day since the page was opened; `theirs` says what, who and when."""

    message = _(
        "Somebody else changed this day while you were typing. Nothing of yours is lost: "
        "compare what is marked and save again."
    )

    def __init__(self, theirs: dict[Any, Any]) -> None:
        super().__init__()
        self.theirs = theirs


class OutputTwice(PortalError):
    message = _("One person stands twice on the same operation in this list. Leave one entry.")
