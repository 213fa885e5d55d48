"""What a person agreed to in writing: two consents, never mixed, with the text that was signed.

A withdrawal writes a date and nothing else: it is never a refusal of work.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inmates.consent_triggers import CONSENT_IS_WRITTEN, TERMS_OF_DATA_CONSENT
from inmates.enums import ConsentKind
from inmates.models.people import Inmate
from inmates.triggers import CONSENT_STAYS
from portal.accounts.models import Organisation
from portal.kernel.models import append_only
from portal.kernel.uploads import FileKind

LANGUAGES = ("ru", "kk")


class ConsentText(models.Model):
    """One version of what is signed, in both languages; a new wording is a new row."""

    kind = models.CharField(max_length=15, choices=ConsentKind.choices)
    version = models.PositiveSmallIntegerField()
    effective_from = models.DateField()
    text_ru = models.TextField()
    text_kk = models.TextField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="consenttext_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(text_ru="") & ~Q(text_kk=""), name="consenttext_in_both_languages"
            ),
            models.UniqueConstraint(fields=["kind", "version"], name="consenttext_version"),
            models.UniqueConstraint(fields=["kind", "effective_from"], name="consenttext_day"),
        ]
        triggers = [append_only("consenttext_append_only")]

    def in_language(self, language: str | None = None) -> str:
        """The wording in a language, the reader's own unless one is named."""
        return self.text_kk if (language or get_language()) == "kk" else self.text_ru


class Consent(models.Model):
    """A written, withdrawable consent; withdrawing it is never recorded as a refusal of work."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=15, choices=ConsentKind.choices)
    employer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Null and "": given before the portal kept the wording.
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=2, blank=True)
    document_number = models.CharField(max_length=40)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    # By when another place is offered; null where no place was lost by the withdrawal.
    place_due_by = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="consent_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ConsentKind.PERSONAL_DATA, employer=None)
                | Q(kind=ConsentKind.PRIVATE_WORK, employer__isnull=False),
                name="consent_names_employer",
                violation_error_message=_(
                    "A consent to private work names the employer; "
                    "one to the processing of personal data names none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_order_of_dates",
                violation_error_message=_(
                    "A consent cannot be withdrawn before the day it was given."
                ),
            ),
            models.CheckConstraint(
                condition=Q(text=None, language="") | Q(text__isnull=False, language__in=LANGUAGES),
                name="consent_text_has_language",
            ),
            models.CheckConstraint(
                condition=Q(place_due_by=None)
                | Q(kind=ConsentKind.PRIVATE_WORK, withdrawn_on__isnull=False),
                name="consent_place_due_after_withdrawal",
            ),
        ]
        indexes = [
            models.Index(
                fields=["withdrawn_on"],
                name="consent_place_due",
                condition=Q(place_due_by__isnull=False),
            )
        ]
        triggers = [CONSENT_STAYS, CONSENT_IS_WRITTEN]


class DataConsentTerms(models.Model):
    """The eight elements of a consent to data processing (law 94-V, art. 8(4)), as signed.

    The second element, whose data it is, is the person of the consent.
    """

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="terms")
    # 1: the operator, by name and BIN as they stood on the paper.
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    operator_name = models.CharField(max_length=300)
    operator_bin = models.CharField(max_length=12)
    # 3: until when.
    valid_until = models.DateField()
    # 4, 5, 6: "" says that there is none; else to whom, where to, where.
    third_parties = models.CharField(max_length=500, blank=True)
    cross_border = models.CharField(max_length=500, blank=True)
    published_in = models.CharField(max_length=500, blank=True)
    # 7: the list of data, 8: what else the operator says.
    data_list = models.TextField()
    other = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(operator_name="") & Q(operator_bin__regex=r"^[0-9]{12}$"),
                name="dataconsent_names_operator",
                violation_error_message=_(
                    "The consent names the operator of the data with its BIN."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(data_list=""),
                name="dataconsent_lists_data",
                violation_error_message=_("The consent lists the data it is about."),
            ),
        ]
        triggers = [TERMS_OF_DATA_CONSENT, append_only("dataconsentterms_append_only")]


def scan_path(scan: "ConsentScan", _name: str) -> str:
    """A name that nobody can guess; it says neither who nor what."""
    return f"consents/{uuid.uuid4().hex}.{scan.kind}"


class ConsentScan(models.Model):
    """A scan of the signed paper: a better one is a further version, none is ever replaced."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="scans")
    version = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=scan_path, max_length=100)
    kind = models.CharField(max_length=5, choices=FileKind.choices)
    original_name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "version"], name="consentscan_version"),
            models.UniqueConstraint(
                fields=["consent", "sha256"],
                name="consentscan_once",
                violation_error_message=_("This file is attached already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values), name="consentscan_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0, version__gte=1)
                & ~Q(original_name=""),
                name="consentscan_is_described",
            ),
        ]
        triggers = [append_only("consentscan_append_only")]
