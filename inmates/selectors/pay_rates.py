"""Rates of pay somebody may see, and what a payer may enter a rate for; for the page of rates."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from inmates.models import PayRate, Placement
from inmates.rules import PAYROLL_READERS
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from workshops.models import Operation, Post, WorkOrderOperation, Workshop, WorkshopOperator


def payers_of(user: Any, on: date, *roles: str) -> "QuerySet[Organisation]":
    """The organisations for which the user acts in payroll, by name."""
    wanted = set(roles or PAYROLL_READERS)
    ids = {grant.organisation_id for grant in grants_of(user, on) if grant.role in wanted}
    return Organisation.objects.filter(pk__in=ids).order_by("sort_ru", "id")


def rates_of(payers: Iterable[Organisation]) -> "QuerySet[PayRate]":
    """All rates of the payers, the newest first inside a subject; one query."""
    return (
        PayRate.objects.filter(payer__in=payers)
        .select_related(
            "payer", "post__workshop__institution__organisation", "operation__version__product",
            "operation__part",
        )
        .order_by(
            "payer_id", "post__workshop__institution_id", "post__workshop_id", "post_id",
            "operation__version__product_id", "operation__part_id", "operation__sequence",
            "operation_id", "-effective_from", "id",
        )
    )  # fmt: skip


def _workshops(pairs: Collection[tuple[int, int]]) -> Q:
    """Workshops of the institutions in which the payers have or had people, or which they run.

    A pair is (payer, institution); what its fields are called on a row of a post's workshop.
    """
    placed, run = Q(pk__in=[]), Q(pk__in=[])
    for payer_id, place_id in sorted(pairs):
        placed |= Q(payer=payer_id, post__workshop__institution=place_id)
        run |= Q(operator=payer_id, workshop__institution=place_id)
    people = Placement.objects.filter(placed).values("post__workshop")
    return Q(pk__in=people) | Q(pk__in=WorkshopOperator.objects.filter(run).values("workshop"))


def posts_of(pairs: Collection[tuple[int, int]]) -> "QuerySet[Post]":
    """The posts a payer may have a rate for; a pair is (payer, institution)."""
    return (
        Post.objects.filter(workshop__in=Workshop.objects.filter(_workshops(pairs)))
        .select_related("workshop__institution__organisation")
        .order_by("workshop__institution_id", "workshop_id", "id")
    )


def operations_of(pairs: Collection[tuple[int, int]]) -> "QuerySet[Operation]":
    """What is made at the same workshops: offered or ordered."""
    workshops = Workshop.objects.filter(_workshops(pairs)).values("pk")
    offered = Q(version__offers__workshop__in=workshops)
    asked = WorkOrderOperation.objects.filter(work_order__workshop__in=workshops)
    return (
        Operation.objects.filter(offered | Q(pk__in=asked.values("operation")))
        .select_related("version__product", "part")
        .distinct()
        .order_by("version__product_id", "part_id", "sequence", "id")
    )


def may_have_rate(payer_id: int, *, post_id: int | None, operation_id: int | None) -> bool:
    """Whether the payer pays, paid or may pay for work at the post or on the operation."""
    pairs = [
        *Placement.objects.filter(payer=payer_id)
        .values_list("payer_id", "post__workshop__institution_id")
        .distinct(),
        *WorkshopOperator.objects.filter(operator=payer_id)
        .values_list("operator_id", "workshop__institution_id")
        .distinct(),
    ]
    found = posts_of(set(pairs)) if post_id is not None else operations_of(set(pairs))
    return found.filter(pk=operation_id if post_id is None else post_id).exists()
