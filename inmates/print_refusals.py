"""What is refused about the printed papers of a run."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class SlipsNotReady(PortalError):
    """Before the calculation is complete, or while it is made again, somebody's slip is missing."""

    message = _("There is nothing to print yet: the wages of this month are not calculated.")


class SlipsBeingPrinted(PortalError):
    message = _("The payslips are being printed: the progress is on this page.")


class SlipNotApproved(PortalError):
    """A number in the registry is given to what is final alone."""

    message = _(
        "The wages of this month are not approved: their payslip is a draft, and gets no number."
    )


class SlipBeingPosted(PortalError):
    message = _("The wages of this month are being posted: print the payslip in a minute.")


class SlipsChanged(PortalError):
    """The month was calculated again while its slips were printed."""

    message = _("The month is being calculated again: print its payslips afterwards.")


class ArchiveGone(PortalError):
    """Deleted after its three days, or lost with the disk."""

    status = 404
    message = _("The file of payslips is no longer kept. Print them again.")
