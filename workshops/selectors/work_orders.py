"""Work orders a person may see, without a word about who works on them."""

from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Min, Q, QuerySet, Value, When

from portal.accounts.enums import Role
from portal.accounts.selectors import Grant, grants_of
from portal.kernel.periods import period_q
from workshops.enums import WorkOrderStatus
from workshops.models import WorkOrder, WorkOrderOperation, Workshop, WorkshopOperator

OPEN = (WorkOrderStatus.IN_PROGRESS, WorkOrderStatus.PLANNED)


def workshops_of(user: Any, on: date) -> "QuerySet[Workshop]":
    """Workshops the user runs as operator, or serves as master of the operator or the host."""
    hosted = Q(pk__in=[])
    for grant in grants_of(user, on):
        if grant.role == Role.MASTER:
            hosted |= _place_of(grant) & Q(institution__organisation=grant.organisation_id)
    return Workshop.objects.filter(_run_by(user, on, Role.OPERATOR, Role.MASTER) | hosted)


def workshops_operated_by(user: Any, on: date) -> "QuerySet[Workshop]":
    """Workshops of the operators for which the user answers on the day: bids, orders, people."""
    return Workshop.objects.filter(_run_by(user, on, Role.OPERATOR))


def _run_by(user: Any, on: date, *roles: str) -> Q:
    operated = Q(pk__in=[])
    for grant in grants_of(user, on):
        if grant.role in roles:
            run = WorkshopOperator.objects.filter(period_q(on), operator=grant.organisation_id)
            operated |= _place_of(grant) & Q(pk__in=run.values("workshop"))
    return operated


def _place_of(grant: Grant) -> Q:
    """A role limited to one institution reaches the workshops there."""
    return Q() if grant.scope_id is None else Q(institution__organisation=grant.scope_id)


def order_of_operation(operation_id: int | None) -> int | None:
    """The key of the work order an operation of it belongs to."""
    rows = WorkOrderOperation.objects.filter(pk=operation_id)
    return rows.values_list("work_order_id", flat=True).first()


def work_orders_visible_to(user: Any, on: date) -> "QuerySet[WorkOrder]":
    """Work orders of the user's workshops: what is open first, by due date."""
    return (
        work_orders_with_progress()
        .filter(workshop__in=workshops_of(user, on))
        .annotate(
            is_closed=Case(
                When(status__in=OPEN, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            )
        )
        .order_by("is_closed", F("due_on").asc(nulls_last=True), "-id")
    )


def work_orders_with_progress() -> "QuerySet[WorkOrder]":
    """Work orders with `made`: pieces that have passed every operation."""
    return WorkOrder.objects.select_related(
        "workshop__institution__organisation", "version__product", "part"
    ).annotate(made=Min("operations__done"))


def operations_of(work_order: WorkOrder) -> "QuerySet[WorkOrderOperation]":
    """The operations of a work order in the order of its routing."""
    return work_order.operations.select_related("operation__trade").order_by(
        "operation__sequence", "id"
    )
