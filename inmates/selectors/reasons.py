"""The directory of reasons as its page shows it, and by code for what was written with them."""

from collections.abc import Iterable

from inmates.models import Reason, ShiftChange


def reasons_by_code() -> dict[str, Reason]:
    """Every reason, the retired ones too: what was entered with them is still read."""
    return {reason.code: reason for reason in Reason.objects.order_by("group", "sort_order", "id")}


def reasons_in(changes: Iterable[ShiftChange], offered: Iterable[Reason]) -> dict[str, Reason]:
    """By code the reasons of these changes; the retired are asked for only where one is named."""
    known = {reason.code: reason for reason in offered}
    named = {side.get("reason") for one in changes for side in (one.before, one.after)}
    return known if named <= {None, "", *known} else reasons_by_code()
