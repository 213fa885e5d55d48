"""Whom the officers of an institution see: the people held there, and those who left from there.

The only door to a person; the pages under /people/ and the acts behind them begin here.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from inmates.models import CustodyStay, Inmate
from portal.accounts.enums import Role
from portal.accounts.selectors import organisation_ids
from portal.kernel.periods import period_q
from workshops.models import Institution

DESK_ROLES = (Role.LABOUR_OFFICER, Role.HEAD)


def desk_institutions(user: Any, on: date) -> "QuerySet[Institution]":
    """The institutions whose people the user looks after or answers for."""
    return (
        Institution.objects.filter(organisation__in=organisation_ids(user, on, *DESK_ROLES))
        .select_related("organisation")
        .order_by("sort_order", "id")
    )


def people_visible_to(user: Any, on: date) -> "QuerySet[Inmate]":
    """Everybody held on the day where the user holds the labour officer's or the head's role."""
    places = organisation_ids(user, on, *DESK_ROLES)
    here = CustodyStay.objects.filter(
        period_q(on), inmate=OuterRef("pk"), institution__organisation__in=places
    )
    return Inmate.objects.filter(Exists(here)).order_by("personnel_number", "id")


def people_known_to(user: Any, on: date) -> "QuerySet[Inmate]":
    """Those held, and those whose last stay ended here: a release leaves papers to be written.

    Whoever was taken over by another institution is seen there and no longer here.
    """
    places = organisation_ids(user, on, *DESK_ROLES)
    stays = CustodyStay.objects.filter(inmate=OuterRef("pk"))
    last_here = stays.filter(institution__organisation__in=places).exclude(
        Exists(
            CustodyStay.objects.filter(
                inmate=OuterRef("inmate"), effective_from__gt=OuterRef("effective_from")
            )
        )
    )
    return Inmate.objects.filter(Exists(last_here)).order_by("personnel_number", "id")


def stay_on(inmate: Inmate, on: date) -> CustodyStay | None:
    """Where the person is held on the day."""
    return inmate.stays.filter(period_q(on)).select_related("institution__organisation").first()


def last_stay(inmate_id: int) -> CustodyStay | None:
    """The latest stay, whether it lasts or has ended."""
    return (
        CustodyStay.objects.filter(inmate=inmate_id)
        .select_related("institution__organisation", "inmate")
        .order_by("-effective_from")
        .first()
    )


def officer_institutions(user: Any, on: date) -> "QuerySet[Institution]":
    """The institutions in which the user is the labour officer."""
    return (
        Institution.objects.filter(organisation__in=organisation_ids(user, on, Role.LABOUR_OFFICER))
        .select_related("organisation")
        .order_by("sort_order", "id")
    )
