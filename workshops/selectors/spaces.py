"""Adverts of idle production areas: which hold on a day, with people by trade and who answers.

The public pages read them here; so does the app above, which takes applications for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from portal.accounts.enums import Role
from portal.accounts.models import RoleGrant, User
from portal.accounts.selectors import grants_of
from portal.kernel.disclosure import SMALLEST_PUBLIC_CELL
from portal.kernel.periods import period_q
from workshops.models import Institution, LabourAvailability, ProductionSpace, Trade

# An advert that nobody confirms disappears: a list of areas let long ago is worth nothing.
ADVERT_DAYS = timedelta(days=30)
UNTOLD = SMALLEST_PUBLIC_CELL - 1
# Who answers for the areas of an institution: the labour officer, without one its head.
ANSWERING_ROLES = (Role.LABOUR_OFFICER, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Official:
    """A person of the institution by name and role: an official, never an inmate."""

    user: User
    role: Role


@dataclass(frozen=True, slots=True)
class TradePeople:
    """How many people of a trade are free; without a trade: it is not known."""

    trade: Trade | None
    people: int


@dataclass(frozen=True, slots=True)
class Availability:
    """The people free in an institution on the last day that was counted."""

    day: date
    trades: tuple[TradePeople, ...] = ()


@dataclass(frozen=True, slots=True)
class Advert:
    """An area on offer, with who is free to work there and who answers a request."""

    space: ProductionSpace
    people: Availability | None
    official: Official | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a business looks for; what is None is all the same to it."""

    area: Decimal | None = None
    power: int | None = None
    institution: Institution | None = None
    trade: Trade | None = None
    conditions: tuple[str, ...] = field(default=())


# The yes-or-no conditions one may ask for, by the name in the address.
CONDITIONS = {"heated": "is_heated", "crane": "has_crane", "gate": "has_gate"}


def spaces_advertised(on: date) -> "QuerySet[ProductionSpace]":
    """Areas whose advert holds on the day: idle and confirmed within the last 30 days."""
    return ProductionSpace.objects.filter(
        is_idle=True, confirmed_on__gt=on - ADVERT_DAYS, confirmed_on__lte=on
    ).select_related("institution__organisation")


def spaces_wanted(wish: Wish, on: date) -> "QuerySet[ProductionSpace]":
    """The adverts that fit a wish, the largest first."""
    found = spaces_advertised(on)
    if wish.area is not None:
        found = found.filter(area_m2__gte=wish.area)
    if wish.power is not None:
        found = found.filter(power_kw__gte=wish.power)
    if wish.institution is not None:
        found = found.filter(institution=wish.institution)
    for name in wish.conditions:
        found = found.filter(**{CONDITIONS[name]: True})
    if wish.trade is not None:
        rows = latest_availability(on).filter(trade=wish.trade, people__gt=0)
        found = found.filter(institution__in=rows.values("institution"))
    return found.order_by("-area_m2", "id")


def adverts_of(spaces: Iterable[ProductionSpace], on: date) -> list[Advert]:
    """The areas with people and official, in two queries whatever their number."""
    rows = list(spaces)
    people = availability_of({space.institution_id for space in rows}, on)
    officials = officials_of({space.institution.organisation_id for space in rows}, on)
    return [
        Advert(
            space,
            people.get(space.institution_id),
            next(iter(officials.get(space.institution.organisation_id, ())), None),
        )
        for space in rows
    ]


def institutions_advertising(on: date) -> "QuerySet[Institution]":
    """The institutions with an advert, for the filter."""
    return (
        Institution.objects.filter(pk__in=spaces_advertised(on).values("institution"))
        .select_related("organisation")
        .order_by("sort_order", "number", "id")
    )


def trades_available(on: date) -> "QuerySet[Trade]":
    """The trades of people who are free where an area is advertised, for the filter."""
    rows = latest_availability(on).filter(
        people__gt=0, institution__in=spaces_advertised(on).values("institution")
    )
    return Trade.objects.filter(pk__in=rows.values("trade")).order_by("name", "id")


def latest_availability(on: date) -> "QuerySet[LabourAvailability]":
    """The counts of each institution's last counted day, up to the day asked for."""
    last = (
        LabourAvailability.objects.filter(institution=OuterRef("institution"), day__lte=on)
        .order_by("-day")
        .values("day")[:1]
    )
    return LabourAvailability.objects.filter(day=Subquery(last))


def availability_of(institution_ids: Iterable[int], on: date) -> dict[int, Availability]:
    """People free by institution: the most frequent trade first, those without one last.

    Numbers too small to be told stand in the order of the trades: their order tells nothing.
    """
    found: dict[int, Availability] = {}
    rows = latest_availability(on).filter(institution__in=list(institution_ids))
    ordered = rows.order_by("institution", F("trade").asc(nulls_last=True))
    counted: dict[int, list[LabourAvailability]] = {}
    for row in ordered.select_related("trade"):
        counted.setdefault(row.institution_id, []).append(row)
    for institution_id, those in counted.items():
        some = [row for row in those if row.people]
        some.sort(key=lambda row: (row.trade is None, -max(row.people, UNTOLD)))
        found[institution_id] = Availability(
            those[0].day, tuple(TradePeople(row.trade, row.people) for row in some)
        )
    return found


def officials_of(organisation_ids: Iterable[int], on: date) -> dict[int, list[Official]]:
    """Who may answer for the areas of institutions (by organisation): the first one does.

    Labour officers before heads, among equals who was appointed earlier.
    """
    grants = (
        RoleGrant.objects.filter(
            period_q(on),
            period_q(on, "membership__"),
            Q(scope=None) | Q(scope=F("membership__organisation")),
            membership__organisation__in=list(organisation_ids),
            membership__user__is_active=True,
            role__in=ANSWERING_ROLES,
        )
        .select_related("membership__user")
        .order_by("effective_from", "id")
    )
    found: dict[int, list[Official]] = {}
    for grant in sorted(grants, key=lambda one: ANSWERING_ROLES.index(Role(one.role))):
        member = grant.membership
        known = found.setdefault(member.organisation_id, [])
        if member.user_id not in {official.user.pk for official in known}:
            known.append(Official(member.user, Role(grant.role)))
    return found


def institutions_answered_by(user: Any, on: date) -> "QuerySet[Institution]":
    """The institutions for whose areas the user may answer."""
    places = {
        grant.organisation_id
        for grant in grants_of(user, on)
        if grant.role in ANSWERING_ROLES and grant.scope_id in (None, grant.organisation_id)
    }
    return Institution.objects.filter(organisation__in=places)


def spaces_kept_by(user: Any, on: date) -> "QuerySet[ProductionSpace]":
    """The idle areas of the user's institutions, those without a valid advert first."""
    return (
        ProductionSpace.objects.filter(
            is_idle=True, institution__in=institutions_answered_by(user, on)
        )
        .select_related("institution__organisation")
        .order_by(F("confirmed_on").asc(nulls_first=True), "-area_m2", "id")
    )
