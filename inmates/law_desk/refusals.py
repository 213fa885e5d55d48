"""Why a value of the law is not proposed or decided, as sentences."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class ParameterUnknown(PortalError):
    message = _("The portal has no such parameter.")


class ValueUnusable(PortalError):
    message = _("This value cannot be used: %(problem)s")


class SourceMissing(PortalError):
    message = _("Name the source: the law, its article and the edition you read.")


class SameValue(PortalError):
    message = _("This value is in force on that day already.")


class StartsAlready(PortalError):
    message = _(
        "A value of this parameter begins on %(day)s already, and payslips may point at it. Wages "
        "go by the last day of their month: let the new one begin a day later."
    )


class TooEarly(PortalError):
    message = _("This parameter has no value before %(day)s: let the new one begin later.")


class NotTried(PortalError):
    message = _(
        "Nobody has seen yet whom this value affects. Wait for the trial on the last month."
    )


class TrialFailed(PortalError):
    message = _(
        "The trial on the last month has failed: nobody knows whom this value affects. Try it "
        "again or decline it."
    )


class TriedAlready(PortalError):
    message = _("The trial is over, and the value can be decided on.")


class DeclineReasonMissing(PortalError):
    message = _("Say why the value is declined.")
