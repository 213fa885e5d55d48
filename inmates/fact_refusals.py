"""Why the facts of a month cannot be closed or reopened."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class MonthNotOver(PortalError):
    """Days of the month are still to come, or to be made into facts."""

    message = _(
        "The facts of this month are not complete: they are made up to %(day)s. "
        "Close the month after the night that follows its last day."
    )


class MonthBeforeFacts(PortalError):
    """No facts were ever made of the month: closed, it would say that nobody was held."""

    message = _("Facts begin on %(day)s: an earlier month has none and cannot be closed.")


class DefinitionChanged(PortalError):
    """The facts of the month are still those of an earlier definition."""

    message = _(
        "The definition of the facts has changed. The coming night makes this month again by it; "
        "close it after that."
    )


class UnknownDaysChanged(PortalError):
    """Whoever closes a month says how many days are not known; it is another number."""

    message = _(
        "%(count)s person-days of this month are not known, the page showed %(seen)s. "
        "Look at them again, then close the month."
    )


class ReasonTooShort(PortalError):
    """A final month changes only for a written reason."""

    message = _("Write why the month is reopened: at least 5 letters.")
