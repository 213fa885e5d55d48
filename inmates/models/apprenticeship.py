"""Learning a trade at work: with whom, for how many hours, at what part of the norm."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.backdated_triggers import MARK_APPRENTICESHIPS
from inmates.enums import ApprenticeshipStatus
from inmates.models.people import Inmate
from portal.kernel.models import DatedRow
from portal.kernel.money import RateField
from portal.kernel.periods import no_overlap, ordered_period
from workshops.models import Trade


class Apprenticeship(DatedRow):
    """One person learns one trade; while it is in force the norm is multiplied by the coefficient.

    The mentor is a person with a grade in that trade, or a free craftsman in words.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="apprenticeships")
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(
        Inmate, on_delete=models.PROTECT, null=True, related_name="apprentices"
    )
    free_mentor = models.CharField(max_length=120, blank=True)
    planned_hours = models.PositiveSmallIntegerField()
    norm_coefficient = RateField()
    basis = models.CharField(max_length=120)
    status = models.CharField(
        max_length=15,
        choices=ApprenticeshipStatus.choices,
        default=ApprenticeshipStatus.IN_TRAINING,
    )
    grade_awarded = models.PositiveSmallIntegerField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            ordered_period("apprenticeship_period"),
            no_overlap(
                "apprenticeship_no_overlap",
                "inmate",
                message=_("This person learns a trade in these days already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ApprenticeshipStatus.values),
                name="apprenticeship_status_known",
            ),
            models.CheckConstraint(
                condition=(Q(mentor__isnull=False) & Q(free_mentor=""))
                | (Q(mentor__isnull=True) & ~Q(free_mentor="")),
                name="apprenticeship_one_mentor",
                violation_error_message=_("Name one mentor: a person or a free craftsman."),
            ),
            models.CheckConstraint(
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("inmate")),
                name="apprenticeship_mentor_is_another",
                violation_error_message=_("Nobody is their own mentor."),
            ),
            models.CheckConstraint(
                condition=Q(norm_coefficient__gt=0, norm_coefficient__lte=1),
                name="apprenticeship_coefficient",
                violation_error_message=_("The norm coefficient is above 0 and at most 1."),
            ),
            models.CheckConstraint(
                condition=Q(planned_hours__gt=0), name="apprenticeship_has_hours"
            ),
            # The grade is written just before the status is; a training broken off has none.
            models.CheckConstraint(
                condition=~Q(status=ApprenticeshipStatus.COMPLETED)
                | Q(grade_awarded__isnull=False, effective_to__isnull=False),
                name="apprenticeship_completed_with_grade",
            ),
            models.CheckConstraint(
                condition=Q(grade_awarded__isnull=True)
                | (
                    Q(grade_awarded__gte=1, grade_awarded__lte=8)
                    & ~Q(status=ApprenticeshipStatus.DISCONTINUED)
                ),
                name="apprenticeship_grade_known",
            ),
        ]
        triggers = MARK_APPRENTICESHIPS
