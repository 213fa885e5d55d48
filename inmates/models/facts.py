"""The daily facts: one state for each person and day in custody, stored as ranges of days.

Written by `services.facts` alone, from the definition in `inmates.facts`; read by reports.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from inmates.enums import (
    Ability,
    Availability,
    EmployerKind,
    Employment,
    FactCause,
    FactStatus,
)
from inmates.fact_triggers import KEEP_CLOSING, KEEP_FINAL
from inmates.models.people import Inmate
from inmates.models.reasons import Reason
from portal.kernel.periods import no_overlap
from workshops.models import Institution

WITHOUT_CONSTRAINT = {"db_constraint": False, "related_name": "+"}


class FactPeriod(models.Model):
    """The facts of an institution and month: provisional, or final with what they said then."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    status = models.CharField(
        max_length=12, choices=FactStatus.choices, default=FactStatus.PROVISIONAL
    )
    # Of the time of closing; kept when the month is reopened, so that a change can be seen.
    rows_hash = models.CharField(max_length=64, blank=True)
    definition = models.PositiveSmallIntegerField(null=True)
    person_days = models.PositiveIntegerField(null=True)
    unknown_days = models.PositiveIntegerField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "first_day"], name="factperiod_once_a_month"
            ),
            models.CheckConstraint(
                condition=Q(status__in=FactStatus.values), name="factperiod_status_known"
            ),
            models.CheckConstraint(condition=Q(first_day__day=1), name="factperiod_first_day"),
            models.CheckConstraint(
                condition=~Q(status=FactStatus.FINAL)
                | (
                    Q(rows_hash__regex=r"^[0-9a-f]{64}$")
                    & Q(closed_by__isnull=False)
                    & Q(closed_at__isnull=False)
                    & Q(definition__isnull=False)
                    & Q(person_days__isnull=False)
                    & Q(unknown_days__isnull=False)
                ),
                name="factperiod_final_says_what_and_who",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="factperiod_stays", operation=pgtrigger.Delete),
            KEEP_CLOSING,
        ]


class LabourFact(models.Model):
    """Consecutive days of one month on which a person's standing was the same.

    The timesheet changes from day to day, so it is stored inside the range, a place for each day:
    `days` has one letter of `Worked` for each, `minutes` what was paid (null: no entry) and
    `absences` why not; without a placement all three are null. Which of its rules gave a value
    says `inmates.facts`. Copied keys have no constraints of their own: the rows they are copied
    from have them, and nothing that is referred to is ever deleted.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, **WITHOUT_CONSTRAINT)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, **WITHOUT_CONSTRAINT)
    effective_from = models.DateField()
    effective_to = models.DateField()
    ability = models.CharField(max_length=10, choices=Ability.choices)
    # Null: nothing is recorded, which is not "no".
    is_subject_to_labour = models.BooleanField(null=True)
    # By the labour state; a day on which `days` says "away" is not available besides.
    availability = models.CharField(max_length=11, choices=Availability.choices)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, **WITHOUT_CONSTRAINT)
    employment = models.CharField(max_length=12, choices=Employment.choices)
    employer_kind = models.CharField(max_length=11, choices=EmployerKind.choices, blank=True)
    is_full_time = models.BooleanField(null=True)
    days = models.CharField(max_length=31, null=True)  # noqa: DJ001 - null is "no placement", "" is never
    minutes = ArrayField(models.PositiveSmallIntegerField(null=True), null=True)
    absences = ArrayField(models.IntegerField(null=True), null=True)
    definition = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            no_overlap("labourfact_one_state_a_day", "inmate"),
            models.CheckConstraint(
                condition=Q(effective_from__lt=F("effective_to")), name="labourfact_period"
            ),
            models.CheckConstraint(
                condition=Q(
                    employment=Employment.EMPLOYED,
                    employer_kind__in=EmployerKind.values,
                    is_full_time__isnull=False,
                    days__isnull=False,
                    minutes__isnull=False,
                )
                & Q(Exact(Func("days", Value("WPAUN"), Value(""), function="TRANSLATE"), ""))
                | Q(
                    employment__in=[Employment.NOT_EMPLOYED, Employment.UNKNOWN],
                    employer_kind="",
                    is_full_time=None,
                    days=None,
                    minutes=None,
                    absences=None,
                ),
                name="labourfact_days_of_employment",
            ),
            models.CheckConstraint(
                condition=Q(days=None)
                | Q(
                    effective_to=ExpressionWrapper(
                        F("effective_from") + Length("days"), output_field=models.DateField()
                    ),
                    minutes__len=Length("days"),
                )
                & (Q(absences=None) | Q(absences__len=Length("days"))),
                name="labourfact_letter_for_each_day",
            ),
            # What keeps a final month looks at the month a row begins in: it must end there too.
            models.CheckConstraint(
                condition=Q(
                    effective_to__lte=Func(
                        "effective_from",
                        template="date_trunc('month', %(expressions)s::timestamp)"
                        " + interval '1 month'",
                        output_field=models.DateTimeField(),
                    )
                ),
                name="labourfact_in_one_month",
            ),
        ]
        indexes = [models.Index(fields=["effective_from", "institution"], name="labourfact_month")]
        triggers = [*KEEP_FINAL]


class FactDirty(models.Model):
    """Days of a person about which something was written since; triggers mark, a refresh clears.

    With `period` it came after that month was closed: it waits for the month to be reopened.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, **WITHOUT_CONSTRAINT)
    from_day = models.DateField()
    to_day = models.DateField(null=True)
    cause = models.CharField(max_length=10, choices=FactCause.choices)
    marked_at = models.DateTimeField()
    period = models.ForeignKey(
        FactPeriod, on_delete=models.PROTECT, null=True, related_name="late_facts"
    )

    class Meta:
        indexes = [models.Index(fields=["period", "inmate"], name="factdirty_period")]


class FactHorizon(models.Model):
    """The one row that says up to which day (excluded) facts are made; its lock orders writers."""

    built_from = models.DateField(null=True)
    built_until = models.DateField(null=True)
    definition = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(_("made"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="facthorizon_one_row")]
