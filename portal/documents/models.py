"""The registry of issued documents: what a stranger with the paper may ask about it.

It keeps no name, no sum and no identifier of a person: a number, a code, a date, who issued it,
and a digest of the facts, by which the issuer can tell whether the paper was altered.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from portal.accounts.models import Organisation
from portal.documents.enums import DocumentStatus


class IssuedDocument(models.Model):
    """One document given out; the papers in its several languages share the number.

    The subject is what it is about, such as a run of payroll, and `part` the one of many in it.
    """

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=20, unique=True)
    code = models.CharField(max_length=12, unique=True)
    issued_at = models.DateTimeField()
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    status = models.CharField(
        max_length=15, choices=DocumentStatus.choices, default=DocumentStatus.VALID
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "part"],
                condition=Q(status=DocumentStatus.VALID),
                name="issueddocument_one_valid",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DocumentStatus.values), name="issueddocument_status_known"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{12}$"), name="issueddocument_code"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="issueddocument_digest"
            ),
        ]
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id", "kind"], name="issueddocument_subject"
            )
        ]
        triggers = [
            # A paper cannot be recalled from a pocket: its row stays, and says what it said.
            pgtrigger.Protect(name="issueddocument_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="issueddocument_fixed", exclude=["status"]),
        ]
