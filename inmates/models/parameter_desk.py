"""Proposed values of the law, and what each would change of the last month of wages."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.law_desk.enums import Confidence, ProposalStatus
from portal.accounts.models import Organisation
from portal.kernel.models import TaskRun
from portal.kernel.money import MoneyField
from workshops.models import Institution


class ParameterProposal(models.Model):
    """A value of a parameter from a day on; another person than who proposed it decides."""

    code = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    effective_from = models.DateField()
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=80, choices=Confidence.choices)
    note = models.CharField(max_length=300, blank=True)
    status = models.CharField(
        max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # The trial on the last month that has approved wages; null month: there is none yet.
    task_run = models.ForeignKey(TaskRun, on_delete=models.SET_NULL, null=True, related_name="+")
    tried_at = models.DateTimeField(null=True)
    trial_month = models.DateField(null=True)
    trial_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ProposalStatus.values), name="proposal_status_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=Confidence.values), name="proposal_confidence_known"
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="proposal_has_source",
                violation_error_message=_("Name the source of the value."),
            ),
            # Four eyes: nothing switches this off.
            models.CheckConstraint(
                condition=~Q(status=ProposalStatus.APPROVED)
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False, tried_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="proposal_approved_by_another",
                violation_error_message=_(
                    "Whoever proposed a value does not approve it: another person does."
                ),
            ),
            models.UniqueConstraint(
                fields=["code", "effective_from"],
                condition=Q(status=ProposalStatus.PROPOSED),
                name="proposal_one_open",
                violation_error_message=_(
                    "A value of this parameter from that day is proposed already."
                ),
            ),
        ]


class ParameterEffect(models.Model):
    """What a proposed value would have changed of one payer's wages at one place; by sums."""

    proposal = models.ForeignKey(
        ParameterProposal, on_delete=models.CASCADE, related_name="effects"
    )
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()
    affected = models.PositiveIntegerField()
    # Whose pay could not be computed with the value; they are counted, never left out.
    failed = models.PositiveIntegerField()
    gross = MoneyField()
    withheld = MoneyField()
    to_account = MoneyField()
    employer = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "payer", "institution"],
                name="parametereffect_once",
                violation_error_message=_("This place has been tried already."),
            ),
            models.CheckConstraint(
                condition=Q(affected__lte=F("people"), failed__lte=F("people")),
                name="parametereffect_of_its_people",
            ),
        ]
