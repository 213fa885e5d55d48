"""The values the wage arithmetic takes and gives: a case in, a result with its explanations out.

Pure; used by `payroll`, `withholding`, `pay_cases` and by the services that store payslips. All
sums are Decimal tenge with two places, all dates are given from outside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

ZERO = Decimal("0.00")

CONVICT = "convict"
CONVICT_MINIMUM_SECURITY = "convict_minimum_security"
FREE = "free"
CATEGORIES = (CONVICT, CONVICT_MINIMUM_SECURITY, FREE)

PENSION_NONE = "none"
PENSION_AGE = "age"
PENSION_SERVICE = "service"
PENSIONS = (PENSION_NONE, PENSION_AGE, PENSION_SERVICE)

GENERAL = "general"
SIMPLIFIED = "simplified"
REGIMES = (GENERAL, SIMPLIFIED)

ALIMONY = "alimony"
CLAIM = "claim"
WRIT_KINDS = (ALIMONY, CLAIM)
# What is left of a bailiff's fee: no kind of writ, one more demand beside it (law.md §3.1).
BAILIFF_FEE = "bailiff_fee"


@dataclass(frozen=True, slots=True)
class Worker:
    """Who is paid; `disability_group` is None, 1, 2 or 3 (1 and 2 permanent)."""

    category: str
    born_on: date
    pension: str = PENSION_NONE
    disability_group: int | None = None


@dataclass(frozen=True, slots=True)
class Writ:
    """One executive document in force in the month.

    Alimony (queue 1 only) has either a `share` of attachable net or a fixed `amount`; a claim has
    what `remaining` of its debt is not yet paid, a bailiff's fee what remains of it.
    """

    id: str
    queue: int
    kind: str
    share: Fraction | None = None
    amount: Decimal | None = None
    remaining: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The person's other payslips of the month together: writs look at all of them as one."""

    net: Decimal = ZERO
    attachable: Decimal = ZERO
    withheld: Decimal = ZERO


NOTHING_ELSEWHERE = Elsewhere()


@dataclass(frozen=True, slots=True)
class Bases:
    """What of gross counts for what: the sums of the lines whose kind has the flag (law §2a.7)."""

    opv: Decimal
    so: Decimal
    osms: Decimal
    ipn: Decimal
    social_tax: Decimal
    attachable: Decimal


@dataclass(frozen=True, slots=True)
class Joint:
    """This payer's other payslips of the person and month: what counted there, what was paid.

    Bases have a lowest and a highest limit for the month, not for each payslip of it. VOSMS has a
    base of its own: what was earned where the state pays it does not count for it.
    """

    opv_base: Decimal = ZERO
    so_base: Decimal = ZERO
    osms_base: Decimal = ZERO
    vosms_base: Decimal = ZERO
    social_tax_base: Decimal = ZERO
    opv: Decimal = ZERO
    vosms: Decimal = ZERO
    so: Decimal = ZERO
    oosms: Decimal = ZERO
    opvr: Decimal = ZERO
    social_tax: Decimal = ZERO
    gross: Decimal = ZERO
    sick_pay: Decimal = ZERO


NO_OTHER_SLIP = Joint()


@dataclass(frozen=True, slots=True)
class PayCase:
    """One person's month. `period` is its first day; `gross` is all that was earned in it.

    `ytd_taxable`: taxable income of the year before this month. `basic_deduction`: an application
    is there; `deduction_given` is what other payslips of the month have used of it, at the same
    payer. `unused_deduction`: carried forward, used after the month's own. The order of
    `writs` decides ties only. `elsewhere`: the other payslips of the month; they share one cap,
    and the living minimum is left once, not once at each payer. `joint`: those of them that are
    this payer's, from its other institutions. Without `bases` all of gross counts for everything.
    """

    period: date
    worker: Worker
    regime: str
    gross: Decimal
    ytd_taxable: Decimal = ZERO
    basic_deduction: bool = True
    deduction_given: Decimal = ZERO
    unused_deduction: Decimal = ZERO
    month_of_hire_or_dismissal: bool = False
    writs: tuple[Writ, ...] = ()
    elsewhere: Elsewhere = NOTHING_ELSEWHERE
    joint: Joint = NO_OTHER_SLIP
    bases: Bases | None = None

    def counted(self, payment: str) -> Decimal:
        """What of gross counts for `payment`, which is a field of `Bases`."""
        if self.bases is None:
            return self.gross
        counted: Decimal = getattr(self.bases, payment)
        return counted


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a line is what it is.

    `line`: opv, vosms, ipn, net, so, oosms, opvr, social_tax, writ, to_account. `code` names a
    sentence of `explanations`; `arguments` are plain strings and integers, ready for JSON (sums
    and rates as decimal text); `parameters` are the codes of the parameter rows that were used.
    A line may have several, to be read one after the other; of a writ, `arguments["writ"]` is
    its id.
    """

    line: str
    code: str
    arguments: Mapping[str, str | int]
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A sum with what explains it: what the functions behind `calculate` hand to each other."""

    amount: Decimal
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class WritResult:
    """What one writ demanded in the month and what was withheld for it.

    `reason`: in_full, cap, floor, none_left_cap, none_left_floor, no_demand, none_attachable or
    no_income.
    """

    id: str
    demanded: Decimal
    withheld: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class PayResult:
    """The month to the tenge: gross = opv + vosms + ipn + withheld_by_writs + to_account.

    `so`, `oosms`, `opvr` and `social_tax` are the employer's, on top of gross. `taxable` is the
    month's taxable income after deductions and before the relief of 2024-2025: what the next
    month adds to its `ytd_taxable`. `attachable` is what of net writs may look at.
    `deduction_used` is of the month's own basic deduction, `unused_deduction_used` of the one
    carried forward.
    """

    gross: Decimal
    opv: Decimal
    vosms: Decimal
    ipn: Decimal
    net: Decimal
    attachable: Decimal
    so: Decimal
    oosms: Decimal
    opvr: Decimal
    social_tax: Decimal
    taxable: Decimal
    deduction_used: Decimal
    unused_deduction_used: Decimal
    writs: tuple[WritResult, ...]
    withheld_by_writs: Decimal
    to_account: Decimal
    explanations: tuple[Explanation, ...]


def explanations_by_line(
    result: PayResult,
) -> dict[tuple[str, str | int | None], list[Explanation]]:
    """All explanations of a result at once, by line and, for the line "writ", the writ's id."""
    found: dict[tuple[str, str | int | None], list[Explanation]] = {}
    for one in result.explanations:
        found.setdefault((one.line, one.arguments.get("writ")), []).append(one)
    return found


def pack_explanations(explanations: Sequence[Explanation]) -> tuple[str, dict[str, Any]]:
    """One code and one JSON object for a stored payslip line.

    The first explanation's own, with the ones that follow under "then"; `explanations.explain`
    reads the pair as a whole. There is always at least one.
    """
    first, *following = explanations
    arguments: dict[str, Any] = dict(first.arguments)
    if following:
        arguments["then"] = [[one.code, dict(one.arguments)] for one in following]
    return first.code, arguments
