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
