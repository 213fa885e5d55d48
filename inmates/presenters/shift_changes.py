"""What was changed of a day after it was entered, in words; shown on the pages of the shift."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inmates.models import Reason, ShiftChange
from inmates.presenters.shift import supplement_words
from inmates.shifts import Mark
from portal.kernel.text import number


def change_rows(
    changes: Iterable[ShiftChange], reasons: Mapping[str, Reason]
) -> list[dict[str, Any]]:
    """The corrections of the day for the timeline; people by their number alone.

    What was changed of a team stands in the trace of each member, and here once.
    """
    by_code = {code: reason.name for code, reason in reasons.items()}
    return [
        {
            "at": change.at,
            "text": _whom(change)
            % {
                "number": change.placement.inmate.personnel_number,
                "before": _side(change.before, by_code),
                "after": _side(change.after, by_code),
            },
            "reason": _why(change),
            "who": change.actor.get_full_name(),
            "tone": "info",
        }
        for change in _once_for_a_team(changes)
    ]


def _once_for_a_team(changes: Iterable[ShiftChange]) -> Iterator[ShiftChange]:
    told = set()
    for change in changes:
        team = change.before.get("team") or change.after.get("team")
        if team is not None and (team, change.at) in told:
            continue
        told.add((team, change.at))
        yield change


def _whom(change: ShiftChange) -> str:
    if change.before.get("team") or change.after.get("team"):
        return _("%(before)s → %(after)s")
    return _("№ %(number)s: %(before)s → %(after)s")


def _why(change: ShiftChange) -> str:
    """The operation, if it was output, and the explanation of a closed day."""
    operation = change.work_order_operation.operation.name if change.work_order_operation else ""
    said = _("“%(text)s”") % {"text": change.explanation} if change.explanation else ""
    return " · ".join(filter(None, [operation, said]))


def _side(side: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if not side:
        return _("nothing entered")
    if "team" in side:
        return _team(side)
    if "quantity" in side:
        return _("%(count)s pcs") % {"count": number(side["quantity"])}
    minutes = side["minutes"]
    parts = [
        names.get(side["reason"], side["reason"]),
        _("%(minutes)s min") % {"minutes": number(minutes)} if minutes else "",
        supplement_words(
            Mark(minutes, night=side.get("night", 0), overtime=side.get("overtime", 0))
        ),
        side["note"],
    ]
    return ", ".join(filter(None, parts))


def _team(side: Mapping[str, Any]) -> str:
    """ "team, 120 pcs: 1001 480 min × 1, 1002 240 min × 1,2"."""
    members = ", ".join(
        _("№ %(number)s %(minutes)s min × %(coefficient)s")
        % {
            "number": personnel_number,
            "minutes": number(minutes),
            "coefficient": number(Decimal(coefficient)),
        }
        for personnel_number, minutes, coefficient in side["members"]
    )
    return _("team, %(count)s pcs: %(members)s") % {
        "count": number(side["quantity"]),
        "members": members,
    }
