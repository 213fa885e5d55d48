"""What the operator's page counts, in a number of queries that does not grow with the places."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from inmates.models import PayrollRun
from orders.enums import OrderStatus
from orders.models import OrderLine
from orders.selectors.requests import invitations_to_answer
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from portal.kernel.money import ZERO
from portal.kernel.periods import Month, period_q
from portal.reports.operator.due import COLUMNS
from workshops.models import Institution, WorkOrder, Workshop, WorkshopOperator
from workshops.selectors.work_orders import OPEN, work_orders_with_progress

# How far back the last entered timesheet is looked for.
DAYS_LOOKED_BACK = timedelta(days=31)


# Both count heads: whoever works in two workshops of one place is one person.
EXPECTED = """
WITH run (workshop_id, place) AS (
  SELECT * FROM unnest(%(workshops)s::bigint[], %(places)s::int[])
)
SELECT run.place, count(DISTINCT p.inmate_id)
FROM run JOIN workshops_post t ON t.workshop_id = run.workshop_id
JOIN inmates_placement p ON p.post_id = t.id
WHERE p.effective_from <= %(on)s AND coalesce(p.effective_to, 'infinity') > %(on)s
GROUP BY run.place
"""
LAST_SHEETS = """
WITH run (workshop_id, place) AS (
  SELECT * FROM unnest(%(workshops)s::bigint[], %(places)s::int[])
)
SELECT DISTINCT ON (run.place) run.place, a.worked_on, count(DISTINCT p.inmate_id),
       count(DISTINCT p.inmate_id) FILTER (WHERE a.minutes > 0)
FROM run JOIN workshops_post t ON t.workshop_id = run.workshop_id
JOIN inmates_placement p ON p.post_id = t.id
JOIN inmates_attendance a ON a.placement_id = p.id
WHERE a.worked_on <= %(on)s AND a.worked_on > %(since)s
GROUP BY run.place, a.worked_on
ORDER BY run.place, a.worked_on DESC
"""


@dataclass
class Place:
    """An operator in an institution on a day: its workshops there and what goes on in them.

    `expected` are people with a placement in force; `sheets` counts them as entered for the last
    day that has any entry (`entered_on`), `present` those of them who worked. `requests` are the
    production requests that a workshop there has still to answer.
    """

    operator: Organisation
    institution: Institution
    workshops: list[Workshop] = field(default_factory=list)
    orders: Counter[str] = field(default_factory=Counter)
    requests: set[int] = field(default_factory=set)
    open_work: int = 0
    late_work: int = 0
    expected: int = 0
    entered_on: date | None = None
    sheets: int = 0
    present: int = 0


def operated(user: Any, on: date) -> "QuerySet[WorkshopOperator]":
    """The workshops the user runs on a day for an operator, in the order of the institutions."""
    seen = Q(pk__in=[])
    for grant in grants_of(user, on):
        if grant.role == Role.OPERATOR:
            one = Q(operator=grant.organisation_id)
            if grant.scope_id is not None:
                one &= Q(workshop__institution__organisation=grant.scope_id)
            seen |= one
    return (
        WorkshopOperator.objects.filter(seen, period_q(on))
        .select_related("operator", "workshop__institution__organisation")
        .order_by(
            "workshop__institution__sort_order",
            "workshop__institution__number",
            "operator_id",
            "workshop_id",
        )
    )


def places_of_operator(user: Any, on: date) -> list[Place]:
    """One row per operator and institution; six queries whatever their number."""
    places: dict[tuple[int, int], Place] = {}
    by_workshop: dict[int, Place] = {}
    for row in operated(user, on):
        workshop = row.workshop
        key = (row.operator_id, workshop.institution_id)
        place = places.setdefault(key, Place(row.operator, workshop.institution))
        place.workshops.append(workshop)
        by_workshop[workshop.pk] = place
    _count_orders(by_workshop)
    operators = {place.operator.pk for place in places.values()}
    for workshop, request in invitations_to_answer(by_workshop, operators, on):
        by_workshop[workshop].requests.add(request)
    _count_work(by_workshop, on)
    found = list(places.values())
    _count_people(found, by_workshop, on)
    return found


def _count_orders(by_workshop: dict[int, Place]) -> None:
    """Orders with something to be made there, by state; an order over two places is in both."""
    rows = (
        OrderLine.objects.filter(
            offer__workshop__in=by_workshop,
            order__status__in=(OrderStatus.SENT, OrderStatus.CONFIRMED, OrderStatus.IN_PRODUCTION,
                               OrderStatus.READY),
        )
        .values_list("offer__workshop", "order__seller", "order", "order__status")
        .distinct()
    )  # fmt: skip
    counted = {
        (id(place), order): (place, status)
        for workshop, seller, order, status in rows
        if (place := by_workshop[workshop]).operator.pk == seller
    }
    for place, status in counted.values():
        place.orders[status] += 1


def _count_work(by_workshop: dict[int, Place], on: date) -> None:
    rows = (
        WorkOrder.objects.filter(workshop__in=by_workshop, status__in=OPEN)
        .values("workshop")
        .annotate(work=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)))
        .values_list("workshop", "work", "late")
    )
    for workshop, work, late in rows:
        by_workshop[workshop].open_work += work
        by_workshop[workshop].late_work += late


def _count_people(places: list[Place], by_workshop: dict[int, Place], on: date) -> None:
    numbers = {id(place): number for number, place in enumerate(places)}
    given = {
        "workshops": list(by_workshop),
        "places": [numbers[id(place)] for place in by_workshop.values()],
        "on": on,
        "since": on - DAYS_LOOKED_BACK,
    }
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED, given)
        for number, people in cursor.fetchall():
            places[number].expected = people
        cursor.execute(LAST_SHEETS, given)
        for number, day, sheets, present in cursor.fetchall():
            place = places[number]
            place.entered_on, place.sheets, place.present = day, sheets, present


def goods_due(workshop_ids: Collection[int], limit: int) -> "QuerySet[WorkOrder]":
    """Open work orders by due date, those without a date last, with the customer of each."""
    return (
        work_orders_with_progress()
        .filter(workshop__in=workshop_ids, status__in=OPEN)
        .select_related("order_line_work__line__order__buyer", "award__request__customer")
        .order_by(F("due_on").asc(nulls_last=True), "id")[:limit]
    )


def wage_runs(user: Any, on: date, month: Month) -> "QuerySet[PayrollRun]":
    """The runs of the month that the user's operators pay, with their sums.

    By payer, not by today's workshops: whoever has handed one over still owes its last month.
    """
    there = Q(pk__in=[])
    for grant in grants_of(user, on):
        if grant.role == Role.OPERATOR:
            one = Q(payer=grant.organisation_id)
            if grant.scope_id is not None:
                one &= Q(institution__organisation=grant.scope_id)
            there |= one
    sums = {f"sum_{name}": Coalesce(Sum(f"payslips__{name}"), ZERO) for name in ("gross", *COLUMNS)}
    return (
        PayrollRun.objects.filter(there, month=month.first_day)
        .annotate(people=Count("payslips"), **sums)
        .select_related("payer", "institution__organisation")
        .order_by("institution__sort_order", "institution__number", "payer_id", "id")
    )
