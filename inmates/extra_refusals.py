"""What is refused about one-off earnings of a month, as sentences."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class ExtraMonthAhead(PortalError):
    message = _("%(month)s has not begun yet. Choose a month up to the present one.")


class NotPlacedInMonth(PortalError):
    """The same for a number that nobody has: of other people's workers nothing is told."""

    message = _(
        "№ %(number)s did not work for this payer in this institution in %(month)s. Check the "
        "number or choose another month."
    )


class KindNotByHand(PortalError):
    message = _("Earnings of this kind are not entered by hand in %(month)s. Choose from the list.")


class ExtraGone(PortalError):
    """Somebody else was quicker, or the row is another payer's."""

    status = 404
    message = _("This payment is not on the list any more.")
