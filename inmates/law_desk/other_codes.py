"""How the parameters that decide no wage are read: clocks, points, thresholds, words. Pure.

The desk asks them before a value is proposed: what a page could not read would stop that page.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
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


# Parameters that are one word out of a few; the desk offers them as a list.
WITHHELD_OR_NOT = ("withhold", "do not withhold")
WORDS: dict[str, tuple[str, ...]] = {
    "payment_rounding": ("tenge", "tiyn"),
    "tax_code": ("2017", "2025"),
    "convict_opv": WITHHELD_OR_NOT,
    "convict_vosms_non_minimum_security": WITHHELD_OR_NOT,
    "convict_vosms_minimum_security": WITHHELD_OR_NOT,
    "convict_opvr": ("pay if born >= 1975-01-01", "pay", "do not pay"),
    "convict_oosms": ("pay by employer", "do not pay"),
    "convict_so": ("pay", "do not pay"),
    "convict_ipn": ("general rules", "do not withhold"),
}
DEDUCTIONS = {"social_payments", "basic", "social"}
DISABILITIES = {"disabled_1_2", "disabled_3_and_others"}
CHILDREN = {"1", "2", "3+"}


def one_of(words: tuple[str, ...]) -> Callable[[Any], Any]:
    """One of the words, and nothing else."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError("one of the listed words is wanted")
        return str(value)

    return read


def read_order(value: Any) -> list[str]:
    """Every deduction once, in the order in which they are made."""
    if not isinstance(value, list) or sorted(value) != sorted(DEDUCTIONS):
        raise TypeError("every deduction once")
    return value


def read_by_disability(value: Any) -> dict[str, int]:
    """A whole number for each kind of disability."""
    if set(value) != DISABILITIES:
        raise ValueError("each kind of disability, and no other")
    return {name: read_count(value[name]) for name in value}


def read_alimony(value: Any) -> dict[str, Fraction]:
    """A share of the net wage by the number of children."""
    if set(value) != CHILDREN:
        raise ValueError("one, two, three children and more")
    shares = {name: Fraction(value[name]) for name in value}
    if not all(0 < share <= 1 for share in shares.values()):
        raise ValueError("a share is at most one")
    return shares


def read_optional_share(value: Any) -> Decimal | None:
    """A share, or none."""
    return None if value is None else read_share(value)


READERS: dict[str, Callable[[Any], Any]] = {
    **{code: one_of(words) for code, words in WORDS.items() if code.startswith("convict_")},
    "alimony_shares": read_alimony,
    "ipn_deduction_order": read_order,
    "ipn_social_deduction_mrp_year": read_by_disability,
    "convict_guaranteed_minimum_share": read_optional_share,
    "convict_upkeep_deduction": read_optional_share,
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
