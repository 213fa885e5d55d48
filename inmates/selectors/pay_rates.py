"""Rates of pay somebody may see, and what a payer may enter a rate for; for the page of rates."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from inmates.models import PayRate, Placement
from inmates.rules import PAYROLL_READERS
from inmates.selectors.payroll import Place
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from workshops.models import Operation, Post, WorkOrderOperation


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


def posts_of(places: Iterable[Place]) -> "QuerySet[Post]":
    """The posts at the institutions where the payers have or had people."""
    here = {place.institution.pk for place in places}
    return (
        Post.objects.filter(workshop__institution__in=here)
        .select_related("workshop__institution__organisation")
        .order_by("workshop__institution_id", "workshop_id", "id")
    )


def operations_of(places: Iterable[Place]) -> "QuerySet[Operation]":
    """What is made at the workshops where the payers have or had people: offered or ordered."""
    pairs = {place.key for place in places}
    workshops = Placement.objects.filter(
        payer__in={payer for payer, _place in pairs},
        post__workshop__institution__in={place for _payer, place in pairs},
    ).values("post__workshop")
    offered = Q(version__offers__workshop__in=workshops)
    asked = WorkOrderOperation.objects.filter(work_order__workshop__in=workshops)
    return (
        Operation.objects.filter(offered | Q(pk__in=asked.values("operation")))
        .select_related("version__product", "part")
        .distinct()
        .order_by("version__product_id", "part_id", "sequence", "id")
    )
