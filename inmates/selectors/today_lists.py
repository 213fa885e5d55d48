"""The lists behind the numbers of today; one query each. People by their number, without names."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, FilteredRelation, Min, Q, QuerySet

from inmates.models import Placement
from inmates.selectors.shift import DUE_SOON
from portal.kernel.periods import period_q
from workshops.models import Downtime, Post, WorkOrder, WorkOrderOperation, Workshop
from workshops.selectors.work_orders import OPEN


def people_today(workshop: Workshop, on: date) -> "QuerySet[Placement]":
    """Everybody expected, each with what is entered: `minutes` and `reason_id` (null: nothing)."""
    return (
        Placement.objects.filter(period_q(on), post__workshop=workshop)
        .annotate(now=FilteredRelation("attendance", condition=Q(attendance__worked_on=on)))
        .annotate(entry=F("now__id"), minutes=F("now__minutes"), reason_id=F("now__reason"))
        .select_related("inmate", "post")
        .order_by("inmate__personnel_number", "id")
    )


def orders_due(workshop: Workshop, on: date, *, overdue: bool) -> "QuerySet[WorkOrder]":
    """Open work orders due in the coming week, or those whose day has passed, the first first."""
    due = Q(due_on__lt=on) if overdue else Q(due_on__gte=on, due_on__lte=on + DUE_SOON)
    return (
        WorkOrder.objects.filter(due, workshop=workshop, status__in=OPEN)
        .select_related("version__product", "part")
        .annotate(made=Min("operations__done"))
        .order_by("due_on", "id")
    )


def posts_today(workshop: Workshop, on: date) -> "QuerySet[Post]":
    """The posts with their seats, `placed` people and how many of them are `present`."""
    return (
        Post.objects.filter(workshop=workshop)
        .annotate(
            held=FilteredRelation("placements", condition=period_q(on, "placements__")),
            now=FilteredRelation(
                "placements__attendance", condition=Q(placements__attendance__worked_on=on)
            ),
        )
        .annotate(
            placed=Count("held", distinct=True),
            present=Count("now", filter=Q(now__minutes__gt=0), distinct=True),
        )
        .select_related("trade")
        .order_by("name", "id")
    )


def operations_without_people(
    workshop: Workshop, trade_ids: Iterable[int]
) -> "QuerySet[WorkOrderOperation]":
    """Operations of open work orders that are not done and ask for one of these trades."""
    return (
        WorkOrderOperation.objects.filter(
            work_order__workshop=workshop,
            work_order__status__in=OPEN,
            done__lt=F("quantity"),
            operation__trade__in=list(trade_ids),
        )
        .select_related("operation__trade", "work_order__version__product", "work_order__part")
        .order_by(F("work_order__due_on").asc(nulls_last=True), "work_order", "id")
    )


def stopped_now(workshop: Workshop) -> "QuerySet[Downtime]":
    """What stands still at this moment, the longest first."""
    return (
        Downtime.objects.filter(workshop=workshop, ended_at=None, withdrawn_at=None)
        .select_related("post", "equipment", "reason")
        .order_by("began_at", "id")
    )
