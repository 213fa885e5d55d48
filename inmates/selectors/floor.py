"""What a shift made, by operation: for its report and the warnings beside the sheet of output."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import DecimalField, ExpressionWrapper, F, Sum

from inmates.models import WorkEntry
from inmates.selectors.teams import team_pieces_on
from workshops.models import WorkOrderOperation, Workshop


@dataclass(frozen=True, slots=True)
class OperationOutput:
    """One operation of a work order on one day: how many pieces, by how many people."""

    operation: WorkOrderOperation
    pieces: int
    people: int


def output_by_operation(workshop: Workshop, day: date) -> list[OperationOutput]:
    """What people and teams of a workshop made on a day, in the order of the routing.

    Four queries. Whoever made pieces alone and in a team is counted once.
    """
    rows = (
        WorkEntry.objects.filter(worked_on=day, placement__post__workshop=workshop)
        .order_by()
        .values_list("work_order_operation")
        .annotate(pieces=Sum("quantity"), people=ArrayAgg("placement", distinct=True))
    )
    sums = {pk: (pieces, set(people)) for pk, pieces, people in rows}
    for pk, (pieces, people) in team_pieces_on(workshop, day).items():
        alone = sums.get(pk, (0, set()))
        sums[pk] = alone[0] + pieces, alone[1] | people
    operations = (
        WorkOrderOperation.objects.filter(pk__in=sums)
        .select_related("operation", "work_order__version__product", "work_order__part")
        .order_by("work_order", "operation__sequence", "id")
    )
    return [
        OperationOutput(one, pieces, len(people))
        for one in operations
        for pieces, people in [sums[one.pk]]
    ]


def norm_minutes_beside(
    placement_ids: Iterable[int], day: date, work_order_id: int
) -> dict[int, Decimal]:
    """Minutes by the norm of what each made on the day on other work orders; one query."""
    minutes = ExpressionWrapper(
        F("quantity") * F("work_order_operation__operation__norm_minutes"),
        output_field=DecimalField(max_digits=14, decimal_places=2),
    )
    rows = (
        WorkEntry.objects.filter(placement__in=placement_ids, worked_on=day)
        .exclude(work_order_operation__work_order=work_order_id)
        .order_by()
        .values_list("placement")
        .annotate(total=Sum(minutes))
    )
    return {pk: total for pk, total in rows if total is not None}
