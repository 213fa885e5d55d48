"""What was changed of a day after it was entered, in words; shown on the pages of the shift."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from inmates.models import Reason, ShiftChange
from portal.kernel.text import number


def change_rows(
    changes: Iterable[ShiftChange], reasons: Mapping[str, Reason]
) -> list[dict[str, Any]]:
    """The corrections of the day for the timeline; people by their number alone."""
    by_code = {code: reason.name for code, reason in reasons.items()}
    return [
        {
            "at": change.at,
            "text": _("№ %(number)s: %(before)s → %(after)s")
            % {
                "number": change.placement.inmate.personnel_number,
                "before": _side(change.before, by_code),
                "after": _side(change.after, by_code),
            },
            "reason": _why(change),
            "who": change.actor.get_full_name(),
            "tone": "info",
        }
        for change in changes
    ]


def _why(change: ShiftChange) -> str:
    """The operation, if it was output, and the explanation of a closed day."""
    operation = change.work_order_operation.operation.name if change.work_order_operation else ""
    said = _("“%(text)s”") % {"text": change.explanation} if change.explanation else ""
    return " · ".join(filter(None, [operation, said]))


def _side(side: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if not side:
        return _("nothing entered")
    if "quantity" in side:
        return _("%(count)s pcs") % {"count": number(side["quantity"])}
    minutes = side["minutes"]
    parts = [
        names.get(side["reason"], side["reason"]),
        _("%(minutes)s min") % {"minutes": number(minutes)} if minutes else "",
        side["note"],
    ]
    return ", ".join(filter(None, parts))
