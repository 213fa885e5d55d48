"""Words with a fixed set of values in the world of orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    """States of an order; the table is in states.py."""

    SENT = "sent", _("Waiting for the workshop")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn by the buyer")
    IN_PRODUCTION = "in_production", _("In production")
    READY = "ready", _("Ready")


# The seller has taken the order: there is something to print and to make.
TAKEN = (OrderStatus.CONFIRMED, OrderStatus.IN_PRODUCTION, OrderStatus.READY)


class RequestStatus(models.TextChoices):
    """States of a production request; the table is in states.py."""

    DRAFT = "draft", _("Draft request")
    PUBLISHED = "published", _("Waiting for bids")
    AWARDED = "awarded", _("Workshop chosen")
    WITHDRAWN = "withdrawn", _("Withdrawn by the customer")


class BidStatus(models.TextChoices):
    """States of a workshop's bid; the table is in states.py."""

    SUBMITTED = "submitted", _("Waiting for the customer")
    SUPERSEDED = "superseded", _("Replaced by a new bid")
    WITHDRAWN = "withdrawn", _("Withdrawn by the operator")
    WON = "won", _("Chosen")
    LOST = "lost", _("Not chosen")


class SpaceApplicationStatus(models.TextChoices):
    """States of a request to see a production area; the table is in states.py."""

    SENT = "sent", _("Waiting for an answer")
    AGREED = "agreed", _("Visit agreed")
    DECLINED = "declined", _("No visit")
    WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")
