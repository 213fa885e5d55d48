"""What is refused when wages are approved, posted and paid, as sentences."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class NotChecked(PortalError):
    message = _(
        "The second calculation of these wages has not been made. Calculate the month again."
    )


class CalculationsDiffer(PortalError):
    message = _(
        "The second calculation differs: %(count)s. Look at the list of differences, mend what "
        "is wrong and calculate the month again."
    )


class ReversedWagesPaid(PortalError):
    """A reversal is never calculated again: it is made anew."""

    message = _(
        "The wages were paid after this reversal had been made; now what was paid becomes a debt. "
        "Take the reversal back and reverse the wages again."
    )


class ReversedDebtChanged(PortalError):
    message = _(
        "What is owed of overpayments has changed since this reversal was made, by wages that "
        "were approved meanwhile. Take the reversal back and reverse the wages again."
    )


class CalculationStale(PortalError):
    """Days of the month were changed after its wages were calculated."""

    message = _(
        "Days were changed after the calculation: %(count)s. Calculate the month again, then "
        "approve it."
    )


class GoesWithItsRun(PortalError):
    """Differences of an earlier month are no wages by themselves."""

    message = _(
        "Differences of an earlier month are approved, returned and paid with the wages of "
        "%(month)s, which they were calculated with."
    )


class NobodyEarned(PortalError):
    message = _("Nobody has a payslip in this run: there is nothing to approve.")


class OnlyDifferences(PortalError):
    """A month in which nobody earned carries no differences of earlier ones."""

    message = _(
        "Nobody earned anything in this month, but differences of earlier months wait: %(months)s. "
        "Make a run “Mending of an error” for each of these months: it settles them."
    )


class BeingPosted(PortalError):
    message = _("These wages are approved and being posted just now; wait until that is finished.")


class BooksDiffer(PortalError):
    """What was about to be posted is not what the payslips say; nothing is posted."""

    message = _(
        "The books would not agree with the payslips: %(count)s. Nothing was posted. Tell the "
        "administrator."
    )


class PaymentDayWrong(PortalError):
    message = _("Wages approved on %(approved)s are paid on that day or later, up to today.")


class PaymentDocumentMissing(PortalError):
    message = _("Enter the number of the payment document.")
