"""What the pages of production areas show: measures, conditions, people as numbers.

Nothing here tells where an area lies or what is beside it: the institution's own name of it stays
in the institution's office.
"""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel import text
from portal.kernel.disclosure import SMALLEST_PUBLIC_CELL
from portal.kernel.money import NBSP
from portal.kernel.workdays import ONE_DAY
from workshops.models import ProductionSpace
from workshops.selectors.spaces import (
    ADVERT_DAYS,
    Advert,
    Availability,
)

Rows = list[dict[str, Any]]


def space_title(space: ProductionSpace) -> str:
    """The public name of an area: what it is and how large."""
    return _("%(kind)s, %(area)s m²") % {
        "kind": space.get_kind_display(),
        "area": text.number(space.area_m2),
    }


def space_facts(space: ProductionSpace) -> Rows:
    """The measures and conditions of an area, each in words."""
    yes_no = {True: _("yes"), False: _("no")}
    power = _("%(power)s kW") % {"power": text.number(space.power_kw)} if space.power_kw else None
    height = _("%(height)s m") % {"height": text.number(space.height_m)} if space.height_m else None
    area = _("%(area)s m²") % {"area": text.number(space.area_m2)}
    return [
        {"label": _("Size"), "value": area},
        {"label": _("Power"), "value": power or _("not stated")},
        {"label": _("Height"), "value": height or _("not stated")},
        {"label": _("Heated"), "value": yes_no[space.is_heated]},
        {"label": _("Crane"), "value": yes_no[space.has_crane]},
        {"label": _("Gate for vehicles"), "value": yes_no[space.has_gate]},
        {"label": _("Condition"), "value": space.get_condition_display()},
        {"label": _("Institution"), "value": space.institution.organisation.name},
    ]


def _short_facts(space: ProductionSpace) -> str:
    """One line under the title of a card."""
    parts = []
    if space.power_kw:
        parts.append(_("%(power)s kW") % {"power": text.number(space.power_kw)})
    if space.height_m:
        parts.append(_("height %(height)s m") % {"height": text.number(space.height_m)})
    parts.append(_("heated") if space.is_heated else _("not heated"))
    if space.has_crane:
        parts.append(_("crane"))
    if space.has_gate:
        parts.append(_("gate for vehicles"))
    parts.append(_("condition: %(word)s") % {"word": space.get_condition_display().lower()})
    # The dot stays at the end of a line, never begins one.
    return f"{NBSP}· ".join(parts)


def people_count(people: int) -> str:
    """A number of people; a small one is not told."""
    if people < SMALLEST_PUBLIC_CELL:
        return _("fewer than %(least)s") % {"least": SMALLEST_PUBLIC_CELL}
    return text.number(people)


def people_rows(availability: Availability | None) -> Rows:
    """People free by trade; the last row is those whose trade is not known."""
    if availability is None:
        return []
    return [
        {
            "trade": one.trade.name
            if one.trade
            else _("No trade yet: they would learn on the job"),
            "people": people_count(one.people),
        }
        for one in availability.trades
    ]


def people_as_of(availability: Availability | None) -> str:
    """The day the people were counted on."""
    if availability is None:
        return _("People have not been counted here yet.")
    return _("as of %(day)s") % {"day": text.date_short(availability.day)}


def advert_card(advert: Advert) -> dict[str, Any]:
    """A card of the list."""
    space, people = advert.space, advert.people
    trades = [one for one in (people.trades if people else ()) if one.trade]
    return {
        "title": space_title(space),
        "url": reverse("workshops:space", args=[space.code]),
        "picture": f"img/space-{space.kind}.svg",
        "place": space.institution.organisation.name,
        "facts": _short_facts(space),
        "trades": [
            {"name": one.trade.name if one.trade else "", "people": people_count(one.people)}
            for one in trades[:3]
        ],
        "more": _more(len(trades) - 3),
        "as_of": people_as_of(people),
    }


def _more(count: int) -> str:
    words = ngettext("and %(count)s more trade", "and %(count)s more trades", max(count, 1))
    return words % {"count": count} if count > 0 else ""


def advert_context(advert: Advert) -> dict[str, Any]:
    """The page of one area."""
    space = advert.space
    title = space_title(space)
    return {
        "space": space,
        "title": title,
        "picture": f"img/space-{space.kind}.svg",
        "crumbs": [
            {"label": _("Space for business"), "url": reverse("workshops:spaces")},
            {"label": title},
        ],
        "facts": space_facts(space),
        "people": people_rows(advert.people),
        "as_of": people_as_of(advert.people),
        "official": advert.official,
        "confirmed": text.date_short(space.confirmed_on) if space.confirmed_on else "",
    }


def kept_rows(spaces: list[ProductionSpace], on: date) -> Rows:
    """The institution's own list of idle areas: until when each is advertised."""
    return [_kept_row(space, on) for space in spaces]


def _kept_row(space: ProductionSpace, on: date) -> dict[str, Any]:
    confirmed = space.confirmed_on
    # The last day on the list, itself included.
    last = confirmed + ADVERT_DAYS - ONE_DAY if confirmed else None
    if last is None:
        tone, words = "quiet", _("Not advertised")
    elif on <= last:
        tone, words = "ok", _("On the public list")
    else:
        tone, words = "warn", _("The advert has run out")
    return {
        "space": space,
        "title": space_title(space),
        "tone": tone,
        "state": words,
        "is_shown": tone == "ok",
        "until": text.date_short(last) if last else "",
    }
