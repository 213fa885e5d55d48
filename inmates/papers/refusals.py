"""What is refused of certificates, notices to bailiffs and the leaving file, as sentences."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class NothingPaidThen(PortalError):
    message = _(
        "№ %(number)s has no approved wages of this payer from %(first)s to %(last)s: "
        "there is nothing to certify."
    )


class NoticeSettled(PortalError):
    message = _("This notice is settled already: %(status)s.")


class NoticeAhead(PortalError):
    message = _("The notice is sent on a day between %(first)s and today.")


class ReasonNeeded(PortalError):
    message = _("Say in a few words why: at least five letters.")


class StepsBefore(PortalError):
    """The papers are handed over when everything before is settled."""

    message = _("First settle what stands above: %(steps)s.")


class TooManyForPaper(PortalError):
    message = _(
        "%(count)s people do not fit a paper of %(most)s: take the workbook, or one person."
    )
