"""What happens on the workshop floor beside the output: downtime, defects, material issued.

Nothing here is edited: a wrong row is withdrawn with a reason and entered anew, and material
taken back is a row of its own that points at the issue.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import append_only
from workshops.enums import Cause, DefectOutcome, FloorReasonGroup, MaterialUnit
from workshops.models.places import Equipment, Post, Workshop
from workshops.models.products import BillOfMaterialsLine
from workshops.models.work_orders import WorkOrder, WorkOrderOperation
from workshops.triggers import DOWNTIME_ENDS_ONCE, ISSUE_TAKEN_BACK_ONCE, WITHDRAWN_ONCE, stays


class FloorReason(models.Model):
    """Why work stood still or a piece failed; `cause` says by whom or by what."""

    code = models.SlugField(max_length=30, unique=True)
    group = models.CharField(max_length=10, choices=FloorReasonGroup.choices)
    cause = models.CharField(max_length=15, choices=Cause.choices)
    name = models.CharField(max_length=120)
    needs_text = models.BooleanField(default=False)
    # No longer offered; what was entered with it keeps its meaning.
    is_retired = models.BooleanField(default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=FloorReasonGroup.values), name="floorreason_group_known"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=Cause.values), name="floorreason_cause_known"
            ),
        ]
        # A reason that meant something else last year would change last year's reports.
        triggers = [pgtrigger.ReadOnly(name="floorreason_keeps", fields=["code", "group", "cause"])]


class FloorRow(models.Model):
    """Who entered a row and when; who withdrew it and why."""

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    # Why it was entered after the window of the shift; empty within it.
    late_why = models.CharField(max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


def withdrawn_whole(name: str) -> models.CheckConstraint:
    """Who, when and why belong together."""
    return models.CheckConstraint(
        name=name,
        condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_why="")
        | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why=""),
    )


class MomentRange(Func):
    """SQL tstzrange(from, to, '[)')."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Downtime(FloorRow):
    """A post, a machine or the whole workshop (neither named) stood still in [began, ended)."""

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="downtimes")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    # None: it still stands.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.ForeignKey(FloorReason, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None) | Q(equipment=None), name="downtime_of_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(began_at__lt=F("ended_at")),
                name="downtime_period",
                violation_error_message=_("A downtime ends after it begins."),
            ),
            ExclusionConstraint(
                name="downtime_no_overlap",
                expressions=[
                    ("workshop", RangeOperators.EQUAL),
                    (Coalesce(F("post"), 0), RangeOperators.EQUAL),
                    (Coalesce(F("equipment"), 0), RangeOperators.EQUAL),
                    (
                        MomentRange(F("began_at"), F("ended_at"), RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_(
                    "A downtime of the same post, machine or workshop is entered for this time "
                    "already. End that one first or choose another time."
                ),
            ),
            withdrawn_whole("downtime_withdrawn"),
        ]
        indexes = [models.Index(fields=["workshop", "began_at"], name="downtime_workshop")]
        triggers = [
            stays("downtime_stays"),
            pgtrigger.ReadOnly(
                name="downtime_fixed",
                exclude=["ended_at", "ended_by", "withdrawn_by", "withdrawn_at", "withdrawn_why"],
            ),
            DOWNTIME_ENDS_ONCE,
            WITHDRAWN_ONCE,
        ]


class Defect(FloorRow):
    """Pieces that failed at an operation on a day: never paid, never counted as done."""

    work_order_operation = models.ForeignKey(
        WorkOrderOperation, on_delete=models.PROTECT, related_name="defects"
    )
    found_on = models.DateField()
    quantity = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=DefectOutcome.choices)
    reason = models.ForeignKey(FloorReason, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="defect_positive"),
            models.CheckConstraint(
                condition=Q(outcome__in=DefectOutcome.values), name="defect_outcome_known"
            ),
            withdrawn_whole("defect_withdrawn"),
        ]
        indexes = [models.Index(fields=["found_on"], name="defect_day")]
        triggers = [
            stays("defect_stays"),
            pgtrigger.ReadOnly(
                name="defect_fixed", exclude=["withdrawn_by", "withdrawn_at", "withdrawn_why"]
            ),
            WITHDRAWN_ONCE,
        ]


class MaterialIssue(models.Model):
    """Material given out for a work order; taken back, a negative row that points at the issue."""

    work_order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="issues")
    # By the bill of materials, or nothing: then the words alone.
    part = models.ForeignKey(
        BillOfMaterialsLine, on_delete=models.PROTECT, null=True, related_name="+"
    )
    material = models.CharField(max_length=160)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=15, choices=MaterialUnit.choices)
    issued_on = models.DateField()
    returns = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="returned"
    )
    why = models.CharField(max_length=200, blank=True)
    # Why it was entered after the window of the shift; empty within it.
    late_why = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(returns=None, quantity__gt=0)
                | Q(returns__isnull=False, quantity__lt=0) & ~Q(why=""),
                name="materialissue_sign",
            ),
            models.CheckConstraint(condition=~Q(material=""), name="materialissue_names_material"),
            models.CheckConstraint(
                condition=Q(unit__in=MaterialUnit.values), name="materialissue_unit_known"
            ),
        ]
        indexes = [models.Index(fields=["issued_on"], name="materialissue_day")]
        triggers = [append_only("materialissue_append_only"), ISSUE_TAKEN_BACK_ONCE]
