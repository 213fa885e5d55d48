"""Who holds which role where, on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import FIRST_SIGNATURE, NEVER_OVERSEEING, OVERSEEING_KINDS, Role
from portal.accounts.models import (
    FirstSignature,
    Organisation,
    OrganisationTaxStatus,
    RoleGrant,
    User,
    VatRate,
)
from portal.kernel.errors import PortalError
from portal.kernel.periods import period_q


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an organisation; `scope_id` limits it to one institution's organisation."""

    role: str
    organisation_id: int
    scope_id: int | None


def grants_of(user: Any, on: date) -> tuple[Grant, ...]:
    """The roles in force on a day, and the first signatures held; one query per user and day."""
    if not user.is_authenticated:
        return ()
    kept: dict[date, tuple[Grant, ...]] = user.__dict__.setdefault("_grants", {})
    if on not in kept:
        granted = RoleGrant.objects.filter(
            period_q(on), period_q(on, "membership__"), membership__user=user
        ).values_list("id", "role", "membership__organisation_id", "scope_id")
        signed = FirstSignature.objects.filter(period_q(on), holder=user).values_list(
            "id", Value(FIRST_SIGNATURE), "organisation_id", Value(None, BigIntegerField())
        )
        rows = sorted(granted.union(signed, all=True), key=lambda row: row[0])
        kept[on] = tuple(Grant(*row[1:]) for row in rows)
    return kept[on]


def has_role(user: Any, on: date, *roles: str) -> bool:
    """Any of the roles, anywhere."""
    return any(grant.role in roles for grant in grants_of(user, on))


def organisation_ids(user: Any, on: date, *roles: str) -> set[int]:
    """Organisations in which the user holds any of the roles (any role when none is named)."""
    return {
        grant.organisation_id for grant in grants_of(user, on) if not roles or grant.role in roles
    }


def has_role_in(
    user: Any, on: date, organisation_id: int, *roles: str, place_id: int | None = None
) -> bool:
    """Any of the roles in this organisation, at the place (an institution's organisation)."""
    return any(
        grant.role in roles
        and grant.organisation_id == organisation_id
        and (grant.scope_id is None or place_id is None or grant.scope_id == place_id)
        for grant in grants_of(user, on)
    )


def has_role_everywhere(user: Any, on: date, organisation_id: int, *roles: str) -> bool:
    """Any of the roles in the organisation as a whole: a grant for one place is not enough."""
    return organisation_id in organisations_as_a_whole(user, on, *roles)


def organisations_as_a_whole(user: Any, on: date, *roles: str) -> set[int]:
    """Organisations in which the user holds any of the roles, and not for one place alone."""
    return {
        grant.organisation_id
        for grant in grants_of(user, on)
        if grant.role in roles and grant.scope_id is None
    }


def overseeing_grants(user: Any, on: date) -> tuple[Grant, ...]:
    """Where the user answers questions about wages: an office that oversees the institutions.

    Nothing for whoever has a part in the wages or keeps the portal, whatever else they hold. One
    query per user and day, and none for those without the role.
    """
    grants = grants_of(user, on)
    mine = [grant for grant in grants if grant.role == Role.QUESTION_OFFICER]
    if not mine or any(grant.role in NEVER_OVERSEEING for grant in grants):
        return ()
    kept: dict[date, tuple[Grant, ...]] = user.__dict__.setdefault("_overseeing", {})
    if on not in kept:
        offices = set(
            Organisation.objects.filter(
                pk__in={grant.organisation_id for grant in mine}, kind__in=OVERSEEING_KINDS
            ).values_list("pk", flat=True)
        )
        kept[on] = tuple(grant for grant in mine if grant.organisation_id in offices)
    return kept[on]


def overseers(on: date) -> "QuerySet[RoleGrant]":
    """The grants of everybody who answers questions, told apart as `overseeing_grants` does."""
    is_held = period_q(on) & period_q(on, "membership__")
    user = OuterRef("membership__user")
    part = RoleGrant.objects.filter(is_held, membership__user=user, role__in=NEVER_OVERSEEING)
    signs = FirstSignature.objects.filter(period_q(on), holder=user)
    return RoleGrant.objects.filter(
        is_held,
        ~Exists(part),
        ~Exists(signs),
        role=Role.QUESTION_OFFICER,
        membership__user__is_active=True,
        membership__organisation__kind__in=OVERSEEING_KINDS,
    )


def organisations_of(user: Any, on: date) -> "QuerySet[Organisation]":
    """The organisations the user belongs to on a day."""
    if not user.is_authenticated:
        return Organisation.objects.none()
    return (
        Organisation.objects.filter(period_q(on, "memberships__"), memberships__user=user)
        .distinct()
        .order_by("sort_ru", "id")
    )


def buyer_organisations_of(user: Any, on: date) -> "QuerySet[Organisation]":
    """Organisations in whose name the user may order."""
    ids = organisation_ids(user, on, Role.BUYER)
    return Organisation.objects.filter(id__in=ids).order_by("sort_ru", "id")


def tax_status_on(organisation_id: int, on: date) -> OrganisationTaxStatus | None:
    """The tax status in force, or None where none was entered (then: no VAT payer known)."""
    return OrganisationTaxStatus.objects.filter(
        period_q(on), organisation_id=organisation_id
    ).first()


def is_vat_payer_on(organisation_id: int, on: date) -> bool:
    """Whether VAT is inside what the organisation asks on a day."""
    status = tax_status_on(organisation_id, on)
    return status is not None and status.is_vat_payer


class VatRateMissing(PortalError):
    """No rate of VAT is in force on the day."""

    message = _("No rate of value added tax is entered for this day.")


def vat_rate_on(on: date) -> VatRate:
    """The rate of VAT on a day of turnover; never a silent zero."""
    rate = VatRate.objects.filter(period_q(on)).first()
    if rate is None:
        raise VatRateMissing
    return rate


# Beside the rows of another query these are plain SQL: baskets and orders ask them each time, and
# the ORM takes longer to put a subquery together than PostgreSQL to answer it.
IN_FORCE = "effective_from <= %s AND (effective_to IS NULL OR effective_to > %s)"
PAYS_VAT = "SELECT FROM accounts_organisationtaxstatus WHERE is_vat_payer AND organisation_id ="
RATE = f"(SELECT rate FROM accounts_vatrate WHERE {IN_FORCE})"  # noqa: S608 - constants


def pays_vat(on: date, organisation: str) -> RawSQL:
    """Whether the organisation in the column `table.column` of the rows pays VAT on the day."""
    sql = f"EXISTS ({PAYS_VAT} {organisation} AND {IN_FORCE})"
    return RawSQL(sql, [on, on], BooleanField())  # noqa: S611 - a column's name from the code


def vat_rate_in_force(on: date) -> RawSQL:
    """The rate of VAT on the day beside each row; null where none is entered."""
    return RawSQL(RATE, [on, on])  # noqa: S611 - constants of this file


def first_signature_holder(organisation_id: int, on: date) -> int | None:
    """The user id of who holds the first signature on a day."""
    return (
        FirstSignature.objects.filter(period_q(on), organisation_id=organisation_id)
        .values_list("holder_id", flat=True)
        .first()
    )


def headed_organisations(user: Any, on: date) -> "QuerySet[Organisation]":
    """The organisations the user heads as a whole: whose first signature may be handed over."""
    ids = {
        grant.organisation_id
        for grant in grants_of(user, on)
        if grant.role == Role.HEAD and grant.scope_id in (None, grant.organisation_id)
    }
    return Organisation.objects.filter(id__in=ids).order_by("sort_ru", "id")


def signatures_of(organisation_id: int) -> "QuerySet[FirstSignature]":
    """Who signs first and who did, the latest days first."""
    rows = FirstSignature.objects.filter(organisation=organisation_id)
    return rows.select_related("holder", "given_by").order_by("-effective_from")


def members_on(organisation_id: int, on: date) -> "QuerySet[User]":
    """Who belongs to the organisation on a day and has an open account, by name."""
    members = period_q(on, "memberships__") & Q(memberships__organisation=organisation_id)
    return User.objects.filter(members, is_active=True).distinct().order_by("full_name", "id")


def people_in_role(
    role: str, organisation_id: int, on: date, *, place_ids: Iterable[int] = ()
) -> "QuerySet[User]":
    """Who holds the role on a day, everywhere or at one of the places (institutions)."""
    grants = RoleGrant.objects.filter(
        Q(scope=None) | Q(scope__in=list(place_ids)),
        period_q(on),
        period_q(on, "membership__"),
        role=role,
        membership__organisation=organisation_id,
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("membership__user")).order_by(
        "id"
    )
