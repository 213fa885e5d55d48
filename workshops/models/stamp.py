"""One row that changes with everything the public catalogue tells."""

from django.db import models


class CatalogueStamp(models.Model):
    """Its value is new after each committed change; only the triggers of its migration write it.

    `changed_by` is the transaction, which renews the value once however many rows it changes.
    """

    value = models.UUIDField()
    changed_by = models.BigIntegerField()
