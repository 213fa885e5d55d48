"""What is refused about consents, their scans and places, as sentences.

Raised by the services; uncaught, they still end in a readable page (`portal.kernel.errors`).
"""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class ConsentInForce(PortalError):
    message = _(
        "There is such a consent already, No. %(number)s of %(day)s, and it holds. "
        "A new scan of it is added to it."
    )


class TextMissing(PortalError):
    message = _(
        "No wording of this consent is in force on %(day)s. Ask the administrator to enter one."
    )


class TermsMissing(PortalError):
    message = _(
        "A consent to the processing of personal data says all eight elements of the law. "
        "Fill in the list of data, the term and the operator."
    )


class NotHeldHere(PortalError):
    message = _("This person is not held in an institution on %(day)s. Check the date.")


class EmployerNotPrivate(PortalError):
    message = _("%(name)s is no private employer: its work needs no consent.")


class WithdrawalAhead(PortalError):
    message = _("A consent is withdrawn on the day it is said, or from the next day at the latest.")


class ScanLost(PortalError):
    """The row is there, the file is not: somebody has to look at the storage."""

    status = 404
    message = _("This scan cannot be read now. Tell the administrator of the portal its number.")


class PlaceElsewhere(PortalError):
    message = _("This place is in another institution. Choose one where the person is held.")


class ReasonForOrder(PortalError):
    message = _(
        "This person is number %(place)s in the queue for this place, number 1 is No. %(first)s. "
        "Say in writing why the order is not kept, in at least %(letters)s letters."
    )


class NotWaiting(PortalError):
    message = _(
        "This person does not stand in the queue for this place on %(day)s: "
        "not held here, not able to work by the record, or in paid work already."
    )
