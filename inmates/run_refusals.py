"""What is refused about a run as a whole and about the days of a month that it holds."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.kernel.errors import PortalError


class MonthUnfinished(PortalError):
    """Wages of a month that is not over would be a guess."""

    message = _(
        "%(month)s is not over: its wages are calculated from %(day)s on, when its timesheets "
        "are locked."
    )


class InputsMissing(PortalError):
    """Something the month needs is missing; `blockers` are listed on its board."""

    def __init__(self, blockers: Sequence[Any]) -> None:
        self.blockers = list(blockers)
        count = len(self.blockers)
        sentence = ngettext(
            "The calculation cannot start: %(count)s thing is missing. The board of the month "
            "names it and says where it is mended.",
            "The calculation cannot start: %(count)s things are missing. The board of the month "
            "lists them and says where each is mended.",
            count,
        )
        super().__init__(sentence % {"count": count})


class MonthHeld(PortalError):
    """The wages of the month are approved just now, and are being posted."""

    message = _(
        "The wages of %(month)s are being posted just now. Try again in a few minutes: an approved "
        "month is changed with a reason."
    )


class RunHeld(PortalError):
    """A run that is being posted, approved or paid is not calculated again."""

    message = _("The wages of %(month)s are approved: they are not calculated again.")


class PersonNotInRun(PortalError):
    """Only somebody with a payslip or a problem in the run is calculated anew."""

    status = 404
    message = _("This person has neither a payslip nor a problem in this run.")


class CalculatedBySomebodyElse(PortalError):
    """One person answers for all payslips of a run, and then does not approve it."""

    message = _(
        "Somebody else calculated this month. Calculate the whole month: then the payslips are "
        "all yours, and another person approves them."
    )


class ReasonOfReturnMissing(PortalError):
    message = _("Write in a few words what has to be looked at: the accountant reads it.")
