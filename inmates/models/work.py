"""Placements, the days attended and the output booked, guarded by triggers of triggers.py."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.backdated_triggers import MARK_PLACEMENTS
from inmates.enums import PayForm
from inmates.fact_triggers import NOTE_ATTENDANCE, NOTE_PLACEMENTS
from inmates.models.people import Inmate
from inmates.models.reasons import Reason
from inmates.month_triggers import HELD_ATTENDANCE, HELD_ENTRIES, HELD_PLACEMENT_STAYS
from inmates.team_triggers import PLACEMENT_IN_TEAM
from inmates.triggers import (
    ATTENDANCE_IN_PLACEMENT,
    ATTENDANCE_REASON,
    ENTRY_ADDS_OUTPUT,
    ENTRY_CHANGES_OUTPUT,
    ENTRY_IN_PLACEMENT,
    ENTRY_NEEDS_CLEARANCE,
    ENTRY_REMOVES_OUTPUT,
    MOVED_ENTRY_NEEDS_CLEARANCE,
    PLACEMENT_COVERS_WORK,
    PRIVATE_NEEDS_CONSENT,
)
from portal.accounts.models import Organisation
from portal.kernel.models import DatedRow
from portal.kernel.periods import no_overlap, ordered_period
from workshops.models import Post, WorkOrderOperation


class Placement(DatedRow):
    """A person works at a post for an employer; the payer is the tax agent."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="placements")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="placements")
    employer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pay_form = models.CharField(max_length=10, choices=PayForm.choices)
    is_full_time = models.BooleanField(default=True)
    # Minutes of one day of part-time work; null is the full norm of time.
    daily_minutes = models.PositiveSmallIntegerField(_("minutes a day"), null=True, blank=True)
    basis = models.CharField(_("contract or order"), max_length=120)
    # Why more people than seats work at the post, where they do.
    overfill_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            ordered_period("placement_period"),
            no_overlap(
                "placement_full_time_no_overlap",
                "inmate",
                condition=Q(is_full_time=True),
                message=_(
                    "This person already has a full-time placement in this period. "
                    "End that one first or choose other dates."
                ),
            ),
            models.CheckConstraint(
                condition=Q(pay_form__in=PayForm.values), name="placement_pay_form_known"
            ),
            models.CheckConstraint(
                condition=Q(daily_minutes=None)
                | Q(is_full_time=False, daily_minutes__gte=1, daily_minutes__lte=24 * 60),
                name="placement_minutes_of_part_time",
                violation_error_message=_(
                    "The minutes a day are written for part-time work alone; "
                    "a full-time placement has the full norm of time."
                ),
            ),
        ]
        indexes = [models.Index(fields=["payer", "effective_from"], name="placement_payer")]
        triggers = [
            PRIVATE_NEEDS_CONSENT,
            PLACEMENT_COVERS_WORK,
            PLACEMENT_IN_TEAM,
            HELD_PLACEMENT_STAYS,
            *NOTE_PLACEMENTS,
            *MARK_PLACEMENTS,
        ]


class Attendance(models.Model):
    """One person on one day of a placement: minutes worked, or why not."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="attendance")
    worked_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    # Of the minutes: at night, and beyond the day's norm; each has a supplement (law.md §2a.2).
    night_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    overtime_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "worked_on"],
                name="attendance_once_a_day",
                violation_error_message=_("Attendance of this day is already entered."),
            ),
            models.CheckConstraint(condition=Q(minutes__lte=24 * 60), name="attendance_fits_a_day"),
            models.CheckConstraint(
                condition=Q(night_minutes__lte=F("minutes"), overtime_minutes__lte=F("minutes")),
                name="attendance_supplements_within_minutes",
                violation_error_message=_(
                    "Night and overtime minutes are a part of the minutes worked on the day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=False) | Q(minutes__gt=0),
                name="attendance_has_minutes_or_reason",
                violation_error_message=_("Enter the minutes worked or the reason of absence."),
            ),
        ]
        indexes = [models.Index(fields=["worked_on"], name="attendance_day")]
        triggers = [
            *ATTENDANCE_IN_PLACEMENT,
            *ATTENDANCE_REASON,
            *NOTE_ATTENDANCE,
            *HELD_ATTENDANCE,
        ]


class WorkEntry(models.Model):
    """Accepted output of one person on one operation of a work order on one day."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="entries")
    work_order_operation = models.ForeignKey(
        WorkOrderOperation, on_delete=models.PROTECT, related_name="+"
    )
    worked_on = models.DateField()
    quantity = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="workentry_positive"),
            # Its index also finds the output of a placement on a day.
            models.UniqueConstraint(
                fields=["placement", "worked_on", "work_order_operation"],
                name="workentry_once_a_day",
                violation_error_message=_(
                    "Output of this person on this operation is already entered for this day. "
                    "Change that entry."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["worked_on"], name="workentry_day"),
        ]
        triggers = [
            *ENTRY_IN_PLACEMENT,
            ENTRY_ADDS_OUTPUT,
            ENTRY_REMOVES_OUTPUT,
            ENTRY_CHANGES_OUTPUT,
            ENTRY_NEEDS_CLEARANCE,
            MOVED_ENTRY_NEEDS_CLEARANCE,
            *HELD_ENTRIES,
        ]
