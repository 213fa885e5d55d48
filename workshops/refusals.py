"""What is refused on the workshop floor, as sentences; raised by the services."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class FloorDayAhead(PortalError):
    message = _("%(day)s has not come yet. A shift is entered on its day or afterwards.")


class WindowPassed(PortalError):
    """The window of the shift has passed: an entry needs its explanation."""

    message = _(
        "The shift of %(day)s could be changed until %(until)s, 24:00. "
        "Write in a few words why it is entered only now."
    )


class ReasonTooShort(PortalError):
    message = _("Write the reason in words: at least %(count)s letters.")


class ReasonUnsuitable(PortalError):
    message = _("Choose a reason from the list.")


class TextMissing(PortalError):
    message = _("Write what the reason is.")


class NotInWorkshop(PortalError):
    message = _("This does not belong to the workshop. Choose from the list.")


class DowntimeTurned(PortalError):
    message = _("A downtime ends after it begins.")


class DowntimeAhead(PortalError):
    message = _("This time has not come yet. A downtime that goes on has no end.")


class OrderCancelled(PortalError):
    message = _("Work order %(number)s is cancelled: nothing is entered on it.")


class OrderClosed(PortalError):
    message = _("Work order %(number)s is closed: no batches are made of it.")


class NothingToCard(PortalError):
    message = _("All pieces of this work order are in batches already.")


class BatchesTooMany(PortalError):
    message = _("This would be %(count)s cards; at most %(most)s are made at once.")


class BatchOfAnother(PortalError):
    message = _("This batch card belongs to another work order.")


class BatchFull(PortalError):
    message = _(
        "“%(operation)s”: of batch %(batch)s %(left)s pcs are left, "
        "and this would be %(more)s more."
    )


class BatchHasLess(PortalError):
    message = _(
        "“%(operation)s”: on batch %(batch)s only %(passed)s pcs are booked, "
        "no more can be taken away."
    )


class BookedOnCards(PortalError):
    message = _(
        "“%(operation)s”: %(count)s pcs are booked on batch cards. "
        "Open the batch by its card to take them away."
    )
