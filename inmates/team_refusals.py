"""What is refused of the output of a team, as sentences; raised by `services.team`."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class TeamTooSmall(PortalError):
    message = _("A team has two members or more. Enter one person's output as his own.")


class MemberTwice(PortalError):
    message = _("A member stands in a team once. Leave one line.")


class TeamOfSeveral(PortalError):
    message = _(
        "A team is made up of people of one employer's payroll and one institution, all of them "
        "paid by the piece."
    )


class TeamWithoutPieces(PortalError):
    message = _("Enter how many pieces the team made.")


class TeamChanged(PortalError):
    """Somebody else changed the same entry since the page was opened."""

    message = _(
        "Somebody else changed the output of this team while you were typing. "
        "Look at what stands now, then save again."
    )


class TeamGone(PortalError):
    message = _("The output of this team was taken away meanwhile. Open the output again.")


class CoefficientWrong(PortalError):
    message = _("The coefficient is a number from 0.01 to 99.99.")
