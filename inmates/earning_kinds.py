"""What a line of earnings counts for: its kind's flags, and the bases that are summed by them.

Pure; called by `slips`. law.md §2a.7: each payment is due on what counts for it, and the test
against the minimum wage looks at basic pay alone. A kind that is missing refuses the person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inmates.pay_values import ZERO, Bases
from inmates.refusals import EarningKindMissing

# Flag of a kind by the base it makes up.
FLAGS = {
    "opv": "in_opv",
    "so": "in_so",
    "osms": "in_osms",
    "ipn": "in_ipn",
    "social_tax": "in_social_tax",
    "attachable": "is_attachable",
}
COLUMNS = ("code", *FLAGS.values(), "in_average", "in_minimum_wage", "is_manual")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind as it is in force on the last day of the month."""

    code: str
    in_opv: bool = True
    in_so: bool = True
    in_osms: bool = True
    in_ipn: bool = True
    in_social_tax: bool = True
    is_attachable: bool = True
    in_average: bool = True
    in_minimum_wage: bool = False
    is_manual: bool = False


def kind_of(code: str, kinds: Mapping[str, Kind]) -> Kind:
    """The kind of a line's code; `EarningKindMissing` where no row is in force."""
    kind = kinds.get(code)
    if kind is None:
        raise EarningKindMissing(kind=code)
    return kind


def bases_of(lines: Iterable[Any], kinds: Mapping[str, Kind]) -> Bases:
    """The sums of the lines (each has `code` and `amount`) by what they count for."""
    sums = dict.fromkeys(FLAGS, ZERO)
    for line in lines:
        kind = kind_of(line.code, kinds)
        for base, flag in FLAGS.items():
            if getattr(kind, flag):
                sums[base] += line.amount
    return Bases(**sums)


def basic_pay(lines: Iterable[Any], kinds: Mapping[str, Kind]) -> Decimal:
    """What is tested against the minimum wage."""
    return sum((line.amount for line in lines if kind_of(line.code, kinds).in_minimum_wage), ZERO)
