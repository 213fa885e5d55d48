"""The list of people as its page shows it: figures that open their lists, chips, rows of codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.models import CustodyStay, Reason
from inmates.selectors.people_list import (
    ARRIVED,
    FREE,
    HELD,
    LEAVING,
    LEFT,
    NO_REASON,
    PLACED,
    UNABLE,
    UNKNOWN,
    Wish,
)
from portal.kernel.text import DASH, date_short, hours, number
from portal.kernel.workdays import ONE_DAY

TONES = {PLACED: "ok", FREE: "warn", UNABLE: "quiet", UNKNOWN: "warn"}


def show_words() -> dict[str, str]:
    """What each list is called, in the order of the page."""
    return {
        HELD: _("Held"),
        PLACED: _("At work"),
        FREE: _("Able-bodied, without work"),
        UNABLE: _("Not able-bodied"),
        UNKNOWN: _("Ability not known"),
        ARRIVED: _("Arrived this month"),
        LEFT: _("Left this month"),
        LEAVING: _("Expected to leave this month"),
    }


def figures(counts: Mapping[str, int], wish: Wish) -> list[dict[str, Any]]:
    """The counts at the top; each opens its list."""
    return [
        {
            "label": label,
            "value": number(counts[show]),
            "url": address(wish, show=show),
            "is_here": show == wish.show,
        }
        for show, label in show_words().items()
    ]


def reason_chips(
    by_reason: Mapping[tuple[str, str], int], names: Mapping[str, Reason], wish: Wish
) -> list[dict[str, Any]]:
    """Why people are without work, with counts; only on the lists that have reasons."""
    chips = [
        {
            "label": names[code].name if code in names else _("no reason entered"),
            "count": number(count),
            "url": address(wish, reason="" if code == wish.reason else code),
            "is_here": code == wish.reason,
        }
        for (show, code), count in by_reason.items()
        if show == wish.show and (code in names or code == NO_REASON)
    ]
    return sorted(chips, key=lambda chip: str(chip["label"]))


def address(wish: Wish, **changes: Any) -> str:
    """The address of the list with other filters; the page number is not taken along."""
    asked = {
        "show": wish.show,
        "reason": wish.reason,
        "place": wish.institution_id or "",
        "number": wish.number,
    } | changes
    if changes.get("show", wish.show) != wish.show:
        asked["reason"] = ""
    if asked["show"] == HELD:
        asked["show"] = ""
    text = urlencode({key: value for key, value in asked.items() if value})
    return reverse("inmates:people") + (f"?{text}" if text else "")


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the list."""

    number: str
    name: str
    url: str
    place: str
    tone: str
    state: str
    why: str
    arrived: str
    leaves: str
    leaves_why: str


def rows_of(
    stays: Iterable[CustodyStay], *, known: set[int], names: Mapping[int, str]
) -> list[Row]:
    """Rows in their order; a link only to whom the reader may open."""
    return [_row(stay, known, names.get(stay.inmate_id, "")) for stay in stays]


def _row(stay: CustodyStay, known: set[int], name: str) -> Row:
    number_ = stay.inmate.personnel_number
    is_open = stay.inmate_id in known
    leaves, leaves_why = _leaving(stay)
    return Row(
        number=number_,
        name=name,
        url=reverse("inmates:person", args=[number_]) if is_open else "",
        place=stay.institution.organisation.name,
        tone=TONES[stay.work_state],
        state=_state(stay),
        why=_why(stay),
        arrived=date_short(stay.effective_from),
        leaves=leaves,
        leaves_why=leaves_why,
    )


def _state(stay: CustodyStay) -> str:
    return show_words()[stay.work_state]


def _why(stay: CustodyStay) -> str:
    """The post of who works, the reason of who does not."""
    if stay.inmate.placed_now:
        return "; ".join(_placed(one) for one in stay.inmate.placed_now)
    state = next(iter(stay.inmate.state_now), None)
    if state is None:
        return _("nothing is entered for today")
    if state.reason is None:
        return _("no reason entered") if stay.work_state in (FREE, UNABLE) else ""
    if state.effective_to is None:
        return state.reason.name
    return _("%(reason)s, until %(day)s") % {
        "reason": state.reason.name, "day": date_short(state.effective_to - ONE_DAY),
    }  # fmt: skip


def _placed(placement: Any) -> str:
    words = f"{placement.post.name}, {placement.post.workshop.name}"
    if placement.daily_minutes:
        return _("%(post)s, %(hours)s h a day") % {
            "post": words, "hours": hours(placement.daily_minutes),
        }  # fmt: skip
    return words


def _leaving(stay: CustodyStay) -> tuple[str, str]:
    if stay.effective_to is not None:
        why = stay.end_reason.name if stay.end_reason else _("moved to another institution")
        return date_short(stay.effective_to), why
    expected = next(iter(stay.inmate.expected_now), None)
    return (date_short(expected.release_on), _("expected")) if expected else (DASH, "")
