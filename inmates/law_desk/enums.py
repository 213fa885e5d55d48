"""Words with a fixed set of values at the desk of parameters."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProposalStatus(models.TextChoices):
    """States of a proposed value; the table is in states.py."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("In force from its day")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


class Confidence(models.TextChoices):
    """How sure we are of a figure of the law; the words of `data/pay_parameters.json`."""

    STATUTE = "statute text", _("text of the law")
    SECONDARY = "secondary", _("secondary source")
    READING = "interpretation of statute", _("our reading of the law")
    MEMORY = "memory, unverified", _("not verified")
    COMPUTED = "computed", _("computed")
    DECISION = "decision of the portal", _("rule of this portal")
