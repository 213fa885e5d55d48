"""What the forms of the desk offer: reasons, institutions, posts with free seats, employers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from inmates.models import Reason
from inmates.selectors.queue import given_q
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.models import Organisation
from portal.kernel.periods import Period, overlap_q
from portal.kernel.text import number
from workshops.models import Institution, Post, Trade, WorkshopOperator

Choices = list[tuple[Any, Any]]


def reasons_offered(group: str, on: date) -> Choices:
    """The reasons of a group that may be chosen on the day."""
    rows = Reason.objects.filter(
        Q(offered_from=None) | Q(offered_from__lte=on),
        Q(retired_on=None) | Q(retired_on__gt=on),
        group=group,
        is_refusal=False,
    )
    return [(one.pk, one.name) for one in rows.order_by("sort_order", "id")]


def reasons_named(*groups: str) -> dict[str, Reason]:
    """All reasons of the groups by code, the retired ones too."""
    return {one.code: one for one in Reason.objects.filter(group__in=groups)}


def other_institutions(institution_id: int) -> Choices:
    rows = Institution.objects.exclude(pk=institution_id).select_related("organisation")
    return [(one.pk, one.organisation.name) for one in rows.order_by("sort_order", "id")]


def trades() -> Choices:
    return [(one.pk, one.name) for one in Trade.objects.order_by("name", "id")]


@dataclass(frozen=True, slots=True)
class Places:
    """Where somebody of an institution can work and for whom."""

    posts: Choices
    employers: Choices
    # Who may be the employer at each post.
    allowed: dict[int, set[int]]


def places_of(institution: Institution, on: date) -> Places:
    """Posts by workshop with their free seats, and who may employ there from now on.

    The institution itself, unless a private business runs the workshop: whoever works there works
    for that business, and nobody does so without a consent.
    """
    operators = WorkshopOperator.objects.filter(
        overlap_q(Period(on)), workshop__institution=institution
    ).select_related("operator")
    own = institution.organisation
    employers: dict[int, Organisation] = {}
    runs: dict[int, set[int]] = defaultdict(lambda: {own.pk})
    for row in operators.order_by("effective_from"):
        employers[row.operator_id] = row.operator
        runs[row.workshop_id].add(row.operator_id)
    for row in operators:
        if row.operator.kind in PRIVATE_KINDS and row.effective_from <= on:
            runs[row.workshop_id].discard(own.pk)
    employers.setdefault(own.pk, own)
    given = Q(placements__isnull=False) & given_q(on, "placements__")
    posts = (
        Post.objects.filter(workshop__institution=institution)
        .select_related("workshop")
        .annotate(taken=Count("placements__inmate", filter=given, distinct=True))
        .order_by("workshop__name", "name", "id")
    )
    groups: dict[str, Choices] = defaultdict(list)
    for post in posts:
        groups[post.workshop.name].append((post.pk, _seats(post)))
    allowed = {post.pk: runs[post.workshop_id] for post in posts}
    anywhere = set().union(*allowed.values())
    return Places(
        posts=list(groups.items()),
        employers=[(one.pk, one.name) for one in employers.values() if one.pk in anywhere],
        allowed=allowed,
    )


def _seats(post: Any) -> str:
    return _("%(post)s: %(free)s of %(seats)s free") % {
        "post": post.name,
        "free": number(max(post.seats - post.taken, 0)),
        "seats": number(post.seats),
    }
