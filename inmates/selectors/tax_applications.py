"""Who of a payer's people has applied for the basic deduction; for the page of applications."""

from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from inmates.models import Inmate, Placement, TaxApplication
from portal.kernel.periods import Month, Period, overlap_q, period_q


def people_of_payer(
    payer_id: int,
    on: date,
    *,
    only_without: bool = False,
    month: Month | None = None,
    institution_id: int | None = None,
) -> "QuerySet[Inmate]":
    """Whoever is placed since the month before, with the application in force on the day.

    Of a month: whoever is placed in it, as its wages ask on its last day; of an institution:
    its people alone.
    `application` and `applied_from` are this payer's; `is_elsewhere`: another payer has one.
    """
    lately = month.period if month else Period(Month.of(on).previous().first_day, None)
    on = month.last_day if month else on
    placed = Placement.objects.filter(overlap_q(lately), payer=payer_id, inmate=OuterRef("pk"))
    if institution_id is not None:
        placed = placed.filter(post__workshop__institution=institution_id)
    rows = TaxApplication.objects.filter(period_q(on), inmate=OuterRef("pk"))
    own = rows.filter(payer=payer_id)
    last = placed.order_by(F("effective_to").desc(nulls_first=True), "-id")
    people = Inmate.objects.filter(Exists(placed)).annotate(
        application=Subquery(own.values("pk")[:1]),
        applied_from=Subquery(own.values("effective_from")[:1]),
        is_elsewhere=Exists(rows.exclude(payer=payer_id)),
        workshop=Subquery(last.values(f"post__workshop__{_name()}")[:1]),
    )
    if only_without:
        people = people.filter(application=None)
    return people.order_by("personnel_number", "id")


def _name() -> str:
    return "name_kk" if get_language() == "kk" else "name_ru"
