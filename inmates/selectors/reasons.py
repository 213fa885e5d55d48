"""The directory of reasons as its page shows it, and by code for what was written with them."""

from inmates.models import Reason


def reasons_by_code() -> dict[str, Reason]:
    """Every reason, the retired ones too: what was entered with them is still read."""
    return {reason.code: reason for reason in Reason.objects.order_by("group", "sort_order", "id")}
