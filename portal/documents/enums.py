"""States of an issued document."""

from django.db import models
from django.utils.translation import pgettext_lazy


class DocumentStatus(models.TextChoices):
    """Whether the paper in somebody's hand still holds; the table is in states.py."""

    VALID = "valid", pgettext_lazy("document", "Valid")
    SUPERSEDED = "superseded", pgettext_lazy("document", "Replaced by a newer one")
    WITHDRAWN = "withdrawn", pgettext_lazy("document", "Withdrawn")
