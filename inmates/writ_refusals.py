"""What is refused in the register of writs, as sentences; raised by `services.writs`."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class NotOurWorker(PortalError):
    """Nobody of this number works for a payer of the actor; that others exist is not told."""

    message = _("Nobody with the personnel number %(number)s works for you on %(day)s.")


class WritEnded(PortalError):
    message = _("This writ has ended already on %(day)s.")


class WritNotSuspended(PortalError):
    message = _("This writ is not suspended on %(day)s: there is nothing to resume.")


class WritBeginsLater(PortalError):
    message = _("This writ is in force from %(day)s only. Choose that day or a later one.")


class SuspensionBeginsLater(PortalError):
    message = _("It is suspended from %(day)s only. Choose a later day.")
