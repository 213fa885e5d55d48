"""Where a person is held, when they are expected to leave, and what they have learnt.

Movements are written by `services.custody` alone; a release stands with its reason.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.backdated_triggers import MARK_STAYS
from inmates.fact_triggers import NOTE_STAYS
from inmates.models.people import Inmate
from inmates.models.reasons import Reason
from portal.kernel.models import DatedRow
from portal.kernel.periods import no_overlap, ordered_period
from workshops.models import Institution, Trade

HIGHEST_GRADE = 8


class CustodyStay(DatedRow):
    """In which institution a person is held, by date: the widest denominator.

    `end_reason` says why the person left custody; a stay that ended without one was followed by
    another institution, or was written before the reasons were kept.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="stays")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="stays")
    end_reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            ordered_period("stay_period"),
            no_overlap(
                "stay_no_overlap",
                "inmate",
                message=_(
                    "This person is held in an institution on these days already. "
                    "Nobody is in two places at a time: check the dates."
                ),
            ),
            models.CheckConstraint(
                condition=Q(end_reason=None) | Q(effective_to__isnull=False),
                name="stay_reason_of_its_end",
            ),
        ]
        indexes = [models.Index(fields=["institution", "effective_from"], name="stay_institution")]
        triggers = [*NOTE_STAYS, *MARK_STAYS]


class PlannedRelease(DatedRow):
    """The day a person is expected to leave custody, as it was known from a day on."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="planned_releases")
    release_on = models.DateField(_("expected release"))
    basis = models.CharField(_("document"), max_length=120)

    class Meta:
        constraints = [
            ordered_period("plannedrelease_period"),
            no_overlap("plannedrelease_no_overlap", "inmate"),
            models.CheckConstraint(
                condition=Q(release_on__gte=F("effective_from")),
                name="plannedrelease_lies_ahead",
                violation_error_message=_("A release is planned for a day ahead."),
            ),
        ]
        indexes = [models.Index(fields=["release_on"], name="plannedrelease_day")]


class Qualification(models.Model):
    """A grade of a trade that a person has, by the document that awards it."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="qualifications")
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField(_("grade"))
    document = models.CharField(_("document"), max_length=120)
    awarded_on = models.DateField(_("awarded on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inmate", "trade", "grade"],
                name="qualification_once",
                violation_error_message=_("This grade of the trade is entered already."),
            ),
            models.CheckConstraint(
                condition=Q(grade__gte=1, grade__lte=HIGHEST_GRADE),
                name="qualification_grade_known",
                violation_error_message=_("A grade is a number from 1 to 8."),
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="qualification_has_document",
                violation_error_message=_("Enter the document that awards the grade."),
            ),
        ]
