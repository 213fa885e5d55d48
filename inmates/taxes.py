"""Income tax (ИПН) and the employer's social tax of one person's month.

Pure; called by `payroll.calculate` with the social payments already rounded. Each tax is rounded
once and is never below 0; nothing is rounded in between.
"""

from dataclasses import dataclass
from decimal import Decimal

from inmates.contributions import less_paid, no_base, round_payment
from inmates.parameters import Bracket, PayParameters
from inmates.pay_values import GENERAL, ZERO, Explanation, Line, PayCase

TAX_ARTICLES = {
    "2017": {"deduction": "tax_2017", "rates": "tax_2017", "social": "tax_2017"},
    "2025": {
        "deduction": "tax_2025_403",
        "rates": "tax_2025_363",
        "social": "tax_2025_557",
        "social_base": "tax_2025_556",
        "simplified": "tax_2025_555",
    },
}


@dataclass(frozen=True, slots=True)
class IncomeTax:
    """The tax, the taxable income behind it and what the two deductions gave."""

    line: Line
    taxable: Decimal
    deduction_used: Decimal
    unused_deduction_used: Decimal


def _article(parameters: PayParameters, subject: str) -> str:
    articles = TAX_ARTICLES[parameters.tax_code]
    return articles.get(subject, articles["social"])


def _own_deduction(case: PayCase, parameters: PayParameters) -> Decimal:
    """The month's basic deduction, less what it gave on other payslips of the payer."""
    if not case.basic_deduction:
        return ZERO
    return max(ZERO, parameters.ipn_basic_deduction - case.deduction_given)


def income_tax(case: PayCase, income: Decimal, parameters: PayParameters) -> IncomeTax:
    """ИПН on `income`, which is what counts of gross less ОПВ and ВОСМС, at least 0.

    The basic deduction needs the worker's application; what was carried forward is an input of
    its own, used after it and whether or not there is an application this month. The relief of
    2024-2025 goes by gross of all payslips of the month at this payer. From 2026 the month's
    taxable income is split at the year's threshold less `ytd_taxable`.
    """
    if case.counted("ipn") == 0:
        return IncomeTax(no_base("ipn"), ZERO, ZERO, ZERO)
    own = _own_deduction(case, parameters)
    own_used = min(own + ZERO, income)  # the parameter may be written without tiyn
    carried_used = min(case.unused_deduction, income - own_used)
    taxable = income - own_used - carried_used
    why = list(_deduction_reasons(case, income, own_used, carried_used, parameters))
    base = taxable
    relief = parameters.ipn_low_wage_relief
    gross = case.gross + case.joint.gross
    if relief is not None and gross <= relief.income_up_to and taxable > 0:
        base = taxable * relief.multiplier
        arguments: dict[str, str | int] = {
            "multiplier": str(relief.multiplier),
            "taxable": f"{taxable:.2f}",
            "limit": f"{relief.income_up_to:.2f}",
            "mrp": relief.income_up_to_mrp,
        }
        why.append(Explanation("ipn", "ipn.relief", arguments, ("ipn_low_wage_relief",)))
    parts = _parts_by_bracket(base, case.ytd_taxable, parameters.ipn_brackets)
    tax = sum((part * bracket.rate for bracket, part in parts), ZERO)
    why.extend(_rate_reasons(parts, parameters))
    return IncomeTax(
        Line(round_payment(tax, parameters), tuple(why)),
        taxable=taxable,
        deduction_used=own_used,
        unused_deduction_used=carried_used,
    )


def _parts_by_bracket(
    base: Decimal, earlier: Decimal, brackets: tuple[Bracket, ...]
) -> list[tuple[Bracket, Decimal]]:
    """The part of `base` in each step, when `earlier` of the year is taxed already."""
    parts = []
    position, left = earlier, base
    for bracket in brackets:
        room = left if bracket.up_to is None else max(ZERO, bracket.up_to - position)
        part = min(left, room)
        if part > 0:
            parts.append((bracket, part))
        position, left = position + part, left - part
    return parts


def _deduction_reasons(
    case: PayCase,
    income: Decimal,
    own_used: Decimal,
    carried_used: Decimal,
    parameters: PayParameters,
) -> list[Explanation]:
    why = []
    if case.basic_deduction:
        deduction = _own_deduction(case, parameters)
        code = "ipn.covered" if income <= deduction else "ipn.deduction"
        if case.deduction_given:
            code = "ipn.rest"
        arguments: dict[str, str | int] = {
            "income": f"{income:.2f}",
            "deduction": f"{deduction:.2f}",
            "mrp": parameters.ipn_basic_deduction_mrp,
            "article": _article(parameters, "deduction"),
        }
        why.append(Explanation("ipn", code, arguments, ("ipn_basic_deduction",)))
        if code == "ipn.rest" and income <= deduction:
            why.append(Explanation("ipn", "ipn.nothing_left", {}))
    else:
        arguments = {"income": f"{income:.2f}"}
        why.append(Explanation("ipn", "ipn.no_application", arguments))
    if carried_used > 0:
        arguments = {"used": f"{carried_used:.2f}"}
        why.append(Explanation("ipn", "ipn.carried", arguments))
        if income == own_used + carried_used:
            why.append(Explanation("ipn", "ipn.nothing_left", {}))
    return why


def _rate_reasons(
    parts: list[tuple[Bracket, Decimal]], parameters: PayParameters
) -> list[Explanation]:
    """One sentence a step, and one more where the year's threshold is passed."""
    why = []
    for bracket, part in parts:
        arguments = {
            "rate": str(bracket.rate),
            "base": f"{part:f}",
            "article": _article(parameters, "rates"),
        }
        why.append(Explanation("ipn", "ipn.rate", arguments, ("ipn_brackets",)))
    if parts and parts[-1][0] is not parameters.ipn_brackets[0]:
        passed = parameters.ipn_brackets[parameters.ipn_brackets.index(parts[-1][0]) - 1].up_to
        arguments = {"threshold": f"{passed:.2f}"}
        why.append(Explanation("ipn", "ipn.above_threshold", arguments, ("ipn_brackets",)))
    return why


def social_tax(case: PayCase, income: Decimal, so: Decimal, parameters: PayParameters) -> Line:
    """Social tax on `income` (what counts of gross less ОПВ and ВОСМС); `so` was paid already.

    Where less counts than was withheld `income` is below nought: only the month as a whole is not.
    Until 2025 СО is subtracted; the lowest base of 14 МРП is waived from 2026 in the month of
    hire or dismissal; the simplified regime has its own rate from 2026 and none of its own before
    (then it is computed as general).
    """
    rate = parameters.social_tax_rate
    if case.regime != GENERAL and parameters.social_tax_simplified_regime is not None:
        rate = parameters.social_tax_simplified_regime
        if rate == 0:
            arguments = {"article": _article(parameters, "simplified")}
            used = ("social_tax_simplified_regime",)
            simplified = Explanation("social_tax", "social_tax.simplified", arguments, used)
            return Line(ZERO, (simplified,))
    if case.counted("social_tax") == 0:
        return no_base("social_tax")
    joint = case.joint
    others = joint.social_tax_base - joint.opv - joint.vosms
    income, so = max(ZERO, income + others), so + joint.so
    base, why = _social_tax_base(case, income, rate, parameters)
    tax = base * rate
    if parameters.social_tax_minus_so:
        code = "social_tax.less_so" if tax > so else "social_tax.covered_by_so"
        used = ("social_tax_minus_so",)
        why.append(Explanation("social_tax", code, {"so": f"{so:.2f}"}, used))
        tax = max(ZERO, tax - so)
    why += less_paid("social_tax", others, joint.social_tax)
    return Line(max(ZERO, round_payment(tax, parameters) - joint.social_tax), tuple(why))


def _social_tax_base(
    case: PayCase, income: Decimal, rate: Decimal, parameters: PayParameters
) -> tuple[Decimal, list[Explanation]]:
    lowest = parameters.social_tax_base_min
    is_low = income < lowest
    waived = parameters.social_tax_base_min_waived and case.month_of_hire_or_dismissal
    base = lowest if is_low and not waived else income
    code = "rate_of_lowest_base" if is_low and not waived else "social_tax.rate"
    arguments = {
        "rate": str(rate),
        "base": f"{base:.2f}",
        "article": _article(parameters, "social"),
    }
    why = [
        Explanation("social_tax", code, arguments, ("social_tax_rate", "social_tax_base_min")),
    ]
    if is_low and waived:
        arguments = {"article": _article(parameters, "social_base")}
        used = ("social_tax_base_min_waived",)
        why.append(Explanation("social_tax", "social_tax.waived_minimum", arguments, used))
    return base, why
