"""What is refused about runs outside the month's order, reversals and days confirmed at release."""

from django.utils.translation import gettext_lazy as _

from inmates.refusals import CorrectionNeeded
from portal.kernel.errors import PortalError


class KindNotOffCycle(PortalError):
    message = _("This kind of run is not made by hand.")


class ReasonOfRunMissing(PortalError):
    message = _("Write in a few words why this run is made: it stands on the run and its papers.")


class NobodyChosen(PortalError):
    message = _("Name at least one person by personnel number.")


class NotOfThisMonth(PortalError):
    """The numbers are told back as typed; whether somebody else has them is not told."""

    message = _("Nobody worked here for this payer in %(month)s under: %(numbers)s.")


class NotReleased(PortalError):
    """The last pay is for whoever works no more for the payer."""

    message = _(
        "The work of these people with the payer has not ended in %(month)s, or ends after "
        "today: %(numbers)s. Their wages come with the run of the month."
    )


class NothingApprovedYet(PortalError):
    """Before the wages of a month are approved, the run of the month takes everything up."""

    message = _(
        "The wages of %(month)s are not approved yet: calculate the run of the month, it takes "
        "up everything that is entered."
    )


class NoExtraPayWaiting(PortalError):
    message = _(
        "No payment was entered for these people after the wages of %(month)s were approved: "
        "%(numbers)s. Enter it under one-off payments first."
    )


class NoChangeWaiting(PortalError):
    message = _(
        "Nothing was changed for these people after the wages of %(month)s were approved: "
        "%(numbers)s."
    )


class InAnotherRun(PortalError):
    """Two unfinished runs would both pay the same."""

    message = _(
        "These people are in another run of %(month)s that is not approved yet: %(numbers)s. "
        "Finish that one or take it back first."
    )


class RunNotDropped(PortalError):
    message = _(
        "Only a run outside the month's order that nobody has approved, and that is not being "
        "calculated, is taken back."
    )


class ReversalNotCalculated(PortalError):
    message = _("A reversal mirrors what was approved: there is nothing to calculate again.")


class NotReversible(PortalError):
    message = _("Only approved wages are reversed, and once. This run is: %(status)s.")


class AlreadyReversed(PortalError):
    message = _("These wages are reversed already, or their reversal waits for its approval.")


class ReversedWithItsRun(PortalError):
    """Differences of an earlier month are paid with a later run and reversed with it."""

    message = _(
        "Differences of an earlier month are reversed together with the run they are paid "
        "with: № %(number)s."
    )


class LaterRunStands(PortalError):
    """What came later was computed as a difference to this: it goes first."""

    message = _(
        "Later wages of %(month)s were computed as differences to these: %(numbers)s. Reverse "
        "them first."
    )


class ReversalWaits(PortalError):
    """What is built on wages that are about to be taken back would stop that."""

    message = _(
        "A reversal of the wages of these people for %(month)s waits for its approval: "
        "%(numbers)s. Have it approved or take it back first."
    )


class RunReversed(PortalError):
    message = _("These wages are reversed: nothing of them is paid.")


class DaysNotOver(PortalError):
    message = _("Number %(number)s works here after %(day)s: their days go with the timesheet.")


class DaysNotEntered(PortalError):
    message = _("Working days of № %(number)s are not entered: %(days)s.")


class ConfirmedByAccountant(PortalError):
    message = _("Whoever calculates the wages does not confirm the days they are made from.")


class DaysVouchedFor(CorrectionNeeded):
    """The days of a released person are changed with an explanation alone."""

    message = _(
        "The days up to %(day)s are confirmed for the last pay of somebody who left. They are "
        "changed now only with an explanation in words, and confirmed again afterwards."
    )
