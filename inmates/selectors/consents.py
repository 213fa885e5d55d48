"""Consents of a person with their wording and scans, and who is owed another place."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, When

from inmates.consent_refusals import TextMissing
from inmates.enums import OfferAnswer
from inmates.models import (
    Consent,
    ConsentScan,
    ConsentText,
    CustodyStay,
    Inmate,
    PayParameter,
    Placement,
    PlaceOffer,
)
from inmates.selectors.desk import people_visible_to
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.models import Organisation
from portal.kernel.periods import period_q
from portal.kernel.text import date_short
from workshops.models import Institution, Post, WorkshopOperator

OTHER_PLACE = "other_place_workdays"


def text_in_force(kind: str, on: date) -> ConsentText:
    """The wording to be signed on the day; never a guess."""
    text = (
        ConsentText.objects.filter(kind=kind, effective_from__lte=on)
        .order_by("-effective_from")
        .first()
    )
    if text is None:
        raise TextMissing(day=date_short(on))
    return text


def other_place_workdays(on: date) -> int:
    """Within how many working days another place is offered.

    Where the parameter is missing it is due at once: nothing may stop a withdrawal.
    """
    value = (
        PayParameter.objects.filter(period_q(on), code=OTHER_PLACE)
        .values_list("value", flat=True)
        .first()
    )
    return int(value or 0)


def consents_of(inmate: Inmate) -> "QuerySet[Consent]":
    """The person's consents, newest first, with wording, terms, scans and offers: five queries."""
    return (
        inmate.consents.select_related("employer", "text", "terms")
        .prefetch_related(
            Prefetch("scans", ConsentScan.objects.order_by("-version")),
            Prefetch("offers", _offers()),
        )
        .order_by("-given_on", "-id")
    )


def _offers() -> "QuerySet[PlaceOffer]":
    return PlaceOffer.objects.select_related("post__workshop").order_by("-offered_on", "-id")


def consents_visible_to(user: Any, on: date) -> "QuerySet[Consent]":
    """Consents of the people held where the user is labour officer or head: the only door."""
    return Consent.objects.filter(inmate__in=people_visible_to(user, on))


def scans_visible_to(user: Any, on: date) -> "QuerySet[ConsentScan]":
    """Scans of those consents."""
    return ConsentScan.objects.filter(consent__in=consents_visible_to(user, on))


def owed_places(institutions: Iterable[Institution], on: date) -> "QuerySet[Consent]":
    """Withdrawals after which a person held here waits for another place; the soonest due first.

    A person waits until a place is taken, or until an offered one is declined; whoever lost a place
    and works again is owed none.
    """
    held = CustodyStay.objects.filter(
        period_q(on), inmate=OuterRef("inmate"), institution__in=institutions
    )
    works = Placement.objects.filter(
        Q(effective_to=None) | Q(effective_from__gte=OuterRef("withdrawn_on")),
        inmate=OuterRef("inmate"),
    )
    declined = PlaceOffer.objects.filter(after=OuterRef("pk"), answer=OfferAnswer.DECLINED)
    return (
        Consent.objects.filter(Exists(held), place_due_by__isnull=False)
        .exclude(Exists(works))
        .exclude(Exists(declined))
        .select_related("inmate", "employer")
        .prefetch_related(Prefetch("offers", _offers()))
        .order_by("place_due_by", "id")
    )


def private_employers(institution: Institution, on: date) -> "QuerySet[Organisation]":
    """Private organisations that run a workshop there on the day, or have had people there."""
    running = WorkshopOperator.objects.filter(
        period_q(on), workshop__institution=institution
    ).values("operator")
    employing = Placement.objects.filter(post__workshop__institution=institution).values("employer")
    return Organisation.objects.filter(
        Q(pk__in=running) | Q(pk__in=employing), kind__in=PRIVATE_KINDS
    ).order_by("sort_ru", "id")


def employers_at(post: Post, on: date) -> "QuerySet[Organisation]":
    """Who may employ people at the post: the operator of the workshop on the day."""
    running = WorkshopOperator.objects.filter(period_q(on), workshop=post.workshop_id)
    return Organisation.objects.filter(pk__in=running.values("operator")).order_by("id")


def data_operators(institution: Institution, on: date) -> "QuerySet[Organisation]":
    """Who keeps the data of its people: the institution, and who runs a workshop there."""
    running = WorkshopOperator.objects.filter(
        period_q(on), workshop__institution=institution
    ).values("operator")
    first = Case(When(pk=institution.organisation_id, then=0), default=1)
    return Organisation.objects.filter(
        Q(pk=institution.organisation_id) | Q(pk__in=running)
    ).order_by(first, "sort_ru", "id")
