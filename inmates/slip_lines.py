"""A line of a payslip ready to be stored, and the law of the month behind it.

Pure; used by `slips`, which puts a payslip together, and by the modules that make its lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from inmates.enums import LineKind
from inmates.parameters import PayParameters
from inmates.pay_values import Explanation

# Where a line used several parameters, the one that decided it: a rate before a limit.
DECIDING = ("_rate", "ipn_brackets", "writ_cap_share_of_net", "living_minimum")
# Plain text: an enumeration's member is told from its text at every line that is written.
EARNED, OWED, BY_WRIT, ON_TOP = (
    kind.value for kind in (LineKind.EARNING, LineKind.WITHHELD, LineKind.WRIT, LineKind.EMPLOYER)
)
NO_TITLE: dict[str, str] = {}
Reasons = Mapping[tuple[str, str | int | None], Sequence[Explanation]]


class SlipLine(NamedTuple):
    """A line ready to be stored: its fields are columns of `PayslipLine`."""

    title: dict[str, str]
    kind: str
    code: str
    amount: Decimal
    explanation: str
    arguments: dict[str, Any]
    subject: str = ""
    quantity: int | None = None
    rate: Decimal | None = None
    base: Decimal | None = None
    demanded: Decimal | None = None
    writ_id: int | None = None
    parameter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The law of the month: its values and the ids of the rows they come from."""

    parameters: PayParameters
    row_ids: Mapping[str, int]
    # Hours of the year's average month: needed where pay is tested against the minimum wage.
    average_hours: Decimal | None = None


def deciding_row(why: Sequence[Explanation], rules: Rules) -> int | None:
    """The id of the parameter row that decided a line."""
    codes = [code for one in why for code in one.parameters]
    deciding = [code for code in codes if code.endswith(DECIDING)]
    return rules.row_ids.get((deciding or codes)[0]) if codes else None
