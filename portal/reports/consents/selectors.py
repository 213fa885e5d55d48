"""Withdrawn consents to private work in the department's institutions, by code, without a name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from inmates.enums import ConsentKind, OfferAnswer
from inmates.models import Consent, CustodyStay, Placement, PlaceOffer
from portal.kernel.periods import period_q
from workshops.models import Institution

DAYS_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One withdrawal and what the institution has done since."""

    number: str
    institution: Institution
    withdrawn_on: date
    due_by: date | None
    offered_on: date | None
    is_declined: bool
    works_again: bool

    @property
    def is_open(self) -> bool:
        """A place was lost and none is offered yet, nor is there another work."""
        return self.due_by is not None and self.offered_on is None and not self.works_again


def withdrawals(institutions: Collection[Institution], on: date) -> list[Withdrawal]:
    """Those of the last days and all that are open: the nearest deadline first; two queries."""
    by_id = {one.pk: one for one in institutions}
    stay = CustodyStay.objects.filter(period_q(on), inmate=OuterRef("inmate")).values("institution")
    works = Placement.objects.filter(
        Q(effective_from__gte=OuterRef("withdrawn_on")) | Q(effective_to=None),
        inmate=OuterRef("inmate"),
    )
    offers = PlaceOffer.objects.exclude(answer=OfferAnswer.TAKEN_BACK).order_by("offered_on", "id")
    recent = Q(withdrawn_on__gt=on - timedelta(days=DAYS_SHOWN))
    rows = (
        Consent.objects.filter(kind=ConsentKind.PRIVATE_WORK, withdrawn_on__isnull=False)
        .annotate(place=Subquery(stay[:1]), works=Exists(works))
        .filter(recent | Q(place_due_by__isnull=False, works=False), place__in=list(by_id))
        .select_related("inmate")
        .prefetch_related(Prefetch("offers", offers))
        .order_by("-withdrawn_on", "-id")
    )
    found = [_withdrawal(row, by_id) for row in rows]
    return sorted(
        (row for row in found if row.is_open or row.withdrawn_on > on - timedelta(days=DAYS_SHOWN)),
        key=lambda row: (not row.is_open, (row.due_by if row.is_open else None) or date.max),
    )


def _withdrawal(row: "Consent", by_id: dict[int, Institution]) -> Withdrawal:
    offers = list(row.offers.all())
    return Withdrawal(
        number=row.inmate.personnel_number,
        institution=by_id[row.place],  # type: ignore[attr-defined]  # annotated
        withdrawn_on=row.withdrawn_on,  # type: ignore[arg-type]  # the query asks for it
        due_by=row.place_due_by,
        offered_on=offers[0].offered_on if offers else None,
        is_declined=bool(offers) and offers[-1].answer == OfferAnswer.DECLINED,
        works_again=row.works,  # type: ignore[attr-defined]  # annotated
    )
