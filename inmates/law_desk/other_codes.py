"""How the parameters that decide no wage are read: clocks, points, thresholds. Pure.

The desk asks them before a value is proposed: what a page could not read would stop that page.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from inmates.parameters import read_count, read_number, read_share
from inmates.queueing import INPUTS

LONGEST_CLOCK = 60
# As long ahead as a release is looked at in the queue for a place.
LONGEST_AHEAD = 3660


def days(most: int) -> Callable[[Any], int]:
    """A number of whole days, one at least."""

    def read(value: Any) -> int:
        count = read_count(value)
        if not 1 <= count <= most:
            raise ValueError(f"from 1 to {most} whole days are wanted")
        return count

    return read


def read_weights(value: Any) -> dict[str, Decimal]:
    """The points of each input of the queue, all of them and none beside."""
    if set(value) != set(INPUTS):
        raise ValueError("each input of the queue has its points, and nothing else has")
    return {name: read_number(value[name]) for name in INPUTS}


READERS: dict[str, Callable[[Any], Any]] = {
    "wage_question_workdays": days(LONGEST_CLOCK),
    "other_place_workdays": days(LONGEST_CLOCK),
    "shift_correction_days": days(LONGEST_CLOCK),
    "queue_near_release_days": days(LONGEST_AHEAD),
    "queue_weights": read_weights,
    "vat_rate": read_share,
    "vat_threshold": read_number,
    "vat_threshold_mrp": read_number,
    "simplified_rate": read_share,
    "simplified_limit_mrp": read_number,
    "procurement_direct_goods_mrp": read_number,
    "procurement_direct_services_mrp": read_number,
}
