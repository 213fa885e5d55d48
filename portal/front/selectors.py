"""What the landing and the overview page show, gathered from the apps below."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmates.enums import RunStatus
from inmates.models import PayrollRun, Payslip
from portal.accounts.enums import Role
from portal.accounts.models import RoleGrant
from portal.accounts.selectors import VatRateMissing
from portal.front.menu import address
from portal.kernel import text
from portal.kernel.disclosure import SMALLEST_PUBLIC_CELL
from portal.kernel.money import NBSP, round_tenge
from portal.kernel.periods import Month, period_q
from portal.reports.selectors import employment_headline
from workshops.models import WorkshopOperator
from workshops.selectors.catalogue import CatalogueCard, catalogue_on
from workshops.selectors.spaces import spaces_advertised


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the landing page with its words; `code` and `formula` quote its definition.

    `url` is its list, where there is a public one.
    """

    value: str
    label: str
    code: str = ""
    formula: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """A card of the landing page; `note` says why there is no price."""

    name: str
    line: str
    picture: str
    url: str
    price: str
    note: str


def idle_space(on: date) -> Figure | None:
    """The area of the production spaces that are advertised: the sum of the public list."""
    area = spaces_advertised(on).aggregate(area=Sum("area_m2"))["area"]
    if not area:
        return None
    value = _("%(area)s m²") % {"area": text.number(area)}
    words = _("of production space waits for work · %(day)s") % {"day": text.date_short(on)}
    return Figure(value, words, url=address("workshops:spaces"))


def employed(on: date) -> Figure | None:
    """Who of the able-bodied is in paid work: heads beside heads, with the day they are of."""
    known = employment_headline(on)
    if known is None:
        return None
    heads = {"part": text.number(known.employed), "whole": text.number(known.able)}
    day = {"day": text.date_short(known.day)}
    return Figure(
        _("%(part)s of %(whole)s") % heads,
        _("able-bodied people are in paid work · %(day)s") % day,
        known.definition.reference,
        str(known.definition.formula),
    )


def workshops_at_work(on: date) -> Figure | None:
    """How many workshops have an operator on the day."""
    running = WorkshopOperator.objects.filter(period_q(on)).count()
    words = ngettext("workshop makes things to order", "workshops make things to order", running)
    told = f"{words} · {text.date_short(on)}"
    return Figure(text.number(running), told, url=address("front:contacts")) if running else None


def wages_calculated(on: date) -> Figure | None:
    """What was earned in the last month that is calculated for everybody, and by how many.

    Nothing while a run of the month is unfinished, for fewer than five people, or where one
    person's wage is above half of the sum: it would be told with it.
    """
    finished = Q(status=RunStatus.CALCULATED)
    months = (
        PayrollRun.objects.filter(month__lt=Month.of(on).first_day)
        .values("month")
        .annotate(unfinished=Count("id", filter=~finished))
        .filter(unfinished=0)
        .order_by("-month")
    )
    month = months.values_list("month", flat=True).first()
    slips = Payslip.objects.filter(run__month=month)
    people = slips.values("inmate").annotate(earned=Sum("gross"))
    told = people.aggregate(count=Count("inmate"), total=Sum("earned"), most=Max("earned"))
    if told["count"] < SMALLEST_PUBLIC_CELL or told["most"] * 2 > told["total"]:
        return None
    heads = ngettext(
        "earned by %(count)s person · %(month)s", "earned by %(count)s people · %(month)s",
        told["count"],
    )  # fmt: skip
    return Figure(
        f"{text.number(round_tenge(told['total']))}{NBSP}{text.TENGE_SIGN}",
        heads % {"count": text.number(told["count"]), "month": text.month_name(month)},
        _("How it is counted"),
        _("Wages of all payslips calculated for the month, before withholding, in whole tenge."),
    )


# Each source answers a figure for a day, or None while there is nothing to tell.
FigureSource = Callable[[date], Figure | None]
FIGURE_SOURCES: tuple[FigureSource, ...] = (
    employed, wages_calculated, workshops_at_work, idle_space,
)  # fmt: skip


def landing_figures(on: date) -> list[Figure]:
    """The figures that exist on a day; never an invented one."""
    return [figure for source in FIGURE_SOURCES if (figure := source(on))]


def first_goods(on: date, limit: int = 3) -> list[Goods]:
    """The first things of the catalogue, the kindergarten's shelf before the others."""
    try:
        shelves = catalogue_on(on)
    except VatRateMissing:
        # A portal just installed has no rates yet; its first page still opens.
        return []
    return [_goods(card) for shelf in shelves for card in shelf.cards][:limit]


def _goods(card: CatalogueCard) -> Goods:
    product, shown = card.product, card.offer
    return Goods(
        name=product.name,
        line=product.summary,
        picture=f"img/{product.drawing}.svg",
        url=reverse("workshops:product", args=[product.code]),
        price=price_of(card),
        note=str(shown.refusal) if shown and not card.is_sold else "",
    )


def price_of(card: CatalogueCard) -> str:
    """The price as on the catalogue's card: the lowest of several with its "from"; or nothing."""
    if card.offer is None or not card.is_sold:
        return ""
    price = text.money(card.offer.offer.price)
    return _("from %(price)s") % {"price": price} if card.has_choice else price


def roles_held(user: Any, on: date) -> list[dict[str, str]]:
    """The person's roles as facts: one row for each organisation and place."""
    grants = (
        RoleGrant.objects.filter(period_q(on), period_q(on, "membership__"), membership__user=user)
        .select_related("membership__organisation", "scope")
        .order_by("membership__organisation__sort_ru", "membership_id", "scope__sort_ru", "id")
    )
    return [
        {
            "label": organisation,
            "value": ", ".join(str(Role(grant.role).label) for grant in rows),
            "note": place,
        }
        for (organisation, place), rows in groupby(
            grants,
            key=lambda one: (one.membership.organisation.name, one.scope.name if one.scope else ""),
        )
    ]
