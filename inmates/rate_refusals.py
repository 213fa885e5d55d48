"""What is refused about rates of pay and applications for the basic deduction."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class RateSubjectWrong(PortalError):
    message = _("A post has a rate an hour or a month, an operation a rate for pieces.")


class RateOfStranger(PortalError):
    """Of a workshop in which the payer neither has nor had people, and which it does not run."""

    message = _(
        "This payer has no people in that workshop and does not run it: choose a post or an "
        "operation from the list."
    )


class ApplicationElsewhere(PortalError):
    """The deduction is given at one place of work (law.md §2)."""

    message = _(
        "This person has an application at another payer in these days. It is ended there first."
    )


class ApplicationOfStranger(PortalError):
    message = _("Nobody with the personnel number %(number)s works for this payer.")


class ApplicationGone(PortalError):
    message = _("This person has no application that is in force on that day.")
