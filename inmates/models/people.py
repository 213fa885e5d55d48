"""The working record of a person, the identity apart from it, and the dated facts about both."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from inmates.backdated_triggers import MARK_PERSON
from inmates.enums import Ability, PaperLanguage, Pension
from inmates.fact_triggers import NOTE_STATES
from inmates.models.reasons import Reason
from inmates.triggers import LABOUR_STATE_REASON
from portal.kernel.models import DatedRow
from portal.kernel.periods import no_overlap, ordered_period


class Inmate(models.Model):
    """The working record, without a name: what work, pay and counting need."""

    personnel_number = models.CharField(_("personnel number"), max_length=12, unique=True)
    born_on = models.DateField()
    pension = models.CharField(max_length=10, choices=Pension.choices, default=Pension.NONE)
    disability_group = models.PositiveSmallIntegerField(null=True, blank=True)
    # In which the person's own papers are printed when those of everybody are.
    language = models.CharField(
        max_length=2,
        choices=PaperLanguage.choices,
        default=PaperLanguage.RUSSIAN,
        db_default=PaperLanguage.RUSSIAN,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pension__in=Pension.values), name="inmate_pension_known"
            ),
            models.CheckConstraint(
                condition=Q(disability_group=None) | Q(disability_group__in=[1, 2, 3]),
                name="inmate_disability_group_known",
            ),
            models.CheckConstraint(
                condition=Q(language__in=PaperLanguage.values), name="inmate_language_known"
            ),
        ]
        triggers = [MARK_PERSON]


class InmateIdentity(models.Model):
    """Who the person is: encrypted, read only through `selectors.identities`, which audits it."""

    inmate = models.OneToOneField(Inmate, on_delete=models.PROTECT, related_name="identity")
    full_name = EncryptedTextField()
    iin = EncryptedTextField(null=True)
    # HMAC-SHA-256 of the IIN under IDENTITY_HMAC_KEY: finds a person without decrypting.
    iin_hmac = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - null is "no IIN", and unique

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(iin=None, iin_hmac=None) | Q(iin__isnull=False, iin_hmac__isnull=False),
                name="identity_iin_with_hmac",
            )
        ]


class LabourState(DatedRow):
    """Able-bodied or not, subject to labour or not, and why not in paid work, by date.

    `reason` says why a person is not available or, being available, without paid work; null
    while placed and where nothing is known. Of health it says a category and its dates, nothing
    else: there is no text to write in. It never records a refusal of private work.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="labour_states")
    ability = models.CharField(max_length=10, choices=Ability.choices)
    is_subject_to_labour = models.BooleanField()
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            ordered_period("labourstate_period"),
            no_overlap("labourstate_no_overlap", "inmate"),
            models.CheckConstraint(
                condition=Q(ability__in=Ability.values), name="labourstate_ability_known"
            ),
        ]
        triggers = [LABOUR_STATE_REASON, *NOTE_STATES]
