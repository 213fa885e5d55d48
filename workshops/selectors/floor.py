"""What was entered of the floor of a workshop for a day, and what it is entered with."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet, Sum

from portal.kernel.clock import ALMATY
from workshops.enums import FloorReasonGroup
from workshops.models import (
    BillOfMaterialsLine,
    Defect,
    Downtime,
    Equipment,
    FloorReason,
    MaterialIssue,
    Post,
    WorkOrder,
    Workshop,
)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The moments between which a calendar day lies in Kazakhstan, half-open."""
    begin = datetime.combine(day, time(), ALMATY)
    return begin, datetime.combine(day + timedelta(days=1), time(), ALMATY)


def downtimes_on(workshop: Workshop, day: date) -> "QuerySet[Downtime]":
    """Downtime that touches the day, the withdrawn too: the first that began stands first."""
    begin, end = day_bounds(day)
    return (
        Downtime.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=begin), workshop=workshop, began_at__lt=end
        )
        .select_related("post", "equipment", "reason", "recorded_by", "withdrawn_by")
        .order_by("began_at", "id")
    )


def defects_on(workshop: Workshop, day: date) -> "QuerySet[Defect]":
    """Pieces that failed on the day, the withdrawn too."""
    return (
        Defect.objects.filter(work_order_operation__work_order__workshop=workshop, found_on=day)
        .select_related(
            "work_order_operation__operation",
            "work_order_operation__work_order__version__product",
            "work_order_operation__work_order__part",
            "reason",
            "recorded_by",
            "withdrawn_by",
        )
        .order_by("work_order_operation__work_order", "id")
    )


def issues_on(workshop: Workshop, day: date) -> "QuerySet[MaterialIssue]":
    """Material issued or taken back on the day, with `came_back` of each issue (0 or less)."""
    return (
        MaterialIssue.objects.filter(work_order__workshop=workshop, issued_on=day)
        .select_related("work_order__version__product", "work_order__part", "recorded_by")
        .annotate(came_back=Sum("returned__quantity"))
        .order_by("id")
    )


def floor_reasons(group: FloorReasonGroup) -> "QuerySet[FloorReason]":
    """The reasons that are offered, in the order of the directory."""
    return FloorReason.objects.filter(group=group, is_retired=False).order_by("sort_order", "id")


def posts_of(workshop: Workshop) -> "QuerySet[Post]":
    return workshop.posts.order_by("name", "id")


def machines_of(workshop: Workshop) -> "QuerySet[Equipment]":
    return workshop.equipment.order_by("name", "id")


def parts_of(order: WorkOrder) -> "QuerySet[BillOfMaterialsLine]":
    """The bill of materials of what the order makes; of a part made once there is none."""
    rows = BillOfMaterialsLine.objects.filter(version=order.version_id)
    return rows.filter(version__isnull=False).order_by("sequence", "id")
