"""Why a first signature is not handed over or given back (deputies.py)."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class OrderMissing(PortalError):
    message = _("Name the order and its number: at least three letters.")


class EndsBeforeStart(PortalError):
    message = _("The last day is before the first.")


class GivenToOneself(PortalError):
    message = _("You cannot be your own deputy: choose another person.")


class NotMember(PortalError):
    message = _("This person does not belong to the organisation through all these days.")


class AnotherSigns(PortalError):
    message = _(
        "In these days %(name)s signs already: from %(begin)s. Choose other days or end that."
    )


class NotYours(PortalError):
    message = _("The first signature is not yours through all these days: it cannot be given.")


class SignedAlready(PortalError):
    message = _(
        "Documents are signed up to %(day)s and stay with who signed them: choose a later day."
    )


class OutsideOrder(PortalError):
    message = _("The deputy signs from %(begin)s to %(end)s: choose one of these days.")
