"""A line of a payslip ready to be stored, and the law of the month behind it.

Pure; used by `slips`, which puts a payslip together, and by the modules that make its lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from inmates.earning_kinds import Kind
from inmates.earning_law import EarningLaw
from inmates.earnings import Earning
from inmates.enums import LineKind
from inmates.parameters import PayParameters
from inmates.pay_values import Explanation, PayResult, pack_explanations
from portal.kernel.money import is_in_tiyn

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
    quantity: Decimal | int | None = None
    rate: Decimal | None = None
    base: Decimal | None = None
    demanded: Decimal | None = None
    writ_id: int | None = None
    parameter_id: int | None = None
    # Of a difference: the line it makes more or less.
    corrects_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The law of the month: its values and the ids of the rows they come from."""

    parameters: PayParameters
    row_ids: Mapping[str, int]
    law: EarningLaw
    kinds: Mapping[str, Kind]
    # Working days of the month by the stored production calendar.
    workdays: int

    def norm_minutes(self, disability_group: int | None) -> Fraction:
        """The person's full month in minutes: October 2026 is 21 days, 168 hours."""
        return self.law.day_minutes(disability_group) * self.workdays


def deciding_row(why: Sequence[Explanation], rules: Rules) -> int | None:
    """The id of the parameter row that decided a line."""
    codes = [code for one in why for code in one.parameters]
    deciding = [code for code in codes if code.endswith(DECIDING)]
    return rules.row_ids.get((deciding or codes)[0]) if codes else None


def earned_line(
    earning: Earning, rules: Rules, *, title: dict[str, str] = NO_TITLE, subject: str = ""
) -> SlipLine:
    """A line of earnings; `title` is the name of what it is about, where it is about one thing."""
    why = (earning.explanation,)
    code, arguments = pack_explanations(why)
    return SlipLine(
        kind=EARNED,
        code=earning.kind,
        subject=subject,
        amount=earning.amount,
        explanation=code,
        arguments=arguments,
        title=title,
        quantity=earning.quantity,
        rate=earning.rate,
        base=earning.base,
        parameter_id=deciding_row(why, rules),
    )


def law_line(
    kind: str, code: str, result: PayResult, why: Sequence[Explanation], rules: Rules
) -> SlipLine:
    """A payment the law asks for, with the rate and base of the sentence that has them."""
    explanation, arguments = pack_explanations(why)
    rate, base = _rate_and_base(why)
    return SlipLine(
        kind=kind,
        code=code,
        amount=getattr(result, code),
        explanation=explanation,
        arguments=arguments,
        title=NO_TITLE,
        rate=rate,
        base=base,
        parameter_id=deciding_row(why, rules),
    )


def _rate_and_base(why: Sequence[Explanation]) -> tuple[Decimal | None, Decimal | None]:
    """The one rate and base behind a line; with two steps of income tax there is no single one."""
    pairs = [one.arguments for one in why if "rate" in one.arguments and "base" in one.arguments]
    if len(pairs) != 1:
        return None, None
    base = Decimal(pairs[0]["base"])
    # The relief of 2024-2025 taxes a tenth of a sum: a base finer than tiyn is only in the words.
    return Decimal(pairs[0]["rate"]), base if is_in_tiyn(base) else None
