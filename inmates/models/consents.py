"""What a person agreed to in writing: two consents, never mixed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import ConsentKind
from inmates.models.people import Inmate
from inmates.triggers import CONSENT_STAYS
from portal.accounts.models import Organisation


class Consent(models.Model):
    """A written, withdrawable consent; withdrawing it is never recorded as a refusal of work."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=15, choices=ConsentKind.choices)
    employer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    document_number = models.CharField(max_length=40)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)

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
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("given_on")),
                name="consent_order_of_dates",
                violation_error_message=_(
                    "A consent cannot be withdrawn before the day it was given."
                ),
            ),
        ]
        triggers = [CONSENT_STAYS]
