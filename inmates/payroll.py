"""The wage arithmetic of one person's month: `calculate(case, parameters) -> PayResult`.

Pure: no database, clock or settings. Called by the payroll services, the cost calculator and the
auditor's command. Rounding happens only in `portal.kernel.money`, in the order of law.md §4:
social payments first, each by itself; income tax and social tax from the rounded ones, once.
"""

from dataclasses import astuple
from decimal import Decimal, localcontext

from inmates.contributions import (
    health_from_employer,
    health_from_wage,
    no_income,
    pension_from_employer,
    pension_from_wage,
    social_insurance,
)
from inmates.parameters import PayParameters
from inmates.pay_values import FREE, ZERO, Explanation, PayCase, PayResult, Writ
from inmates.taxes import IncomeTax, income_tax, social_tax
from inmates.withholding import Withholding, withhold

# Digits beyond those of the largest sum: rates have at most four places and are multiplied twice.
SPARE_DIGITS = 28


def calculate(case: PayCase, parameters: PayParameters) -> PayResult:
    """The month's taxes, contributions, writs and what is left, each with its explanation.

    `parameters` are those in force on the last day of the month
    (`parameters.parameters_in_force(rows, last_day_of_month(case.period))`). The case is taken as
    checked (see `pay_cases`). Sums of any length are computed without losing a digit. A gross of
    zero makes everything zero: no minimum base applies to a month without a wage.
    """
    with localcontext(prec=_digits_needed(case)):
        return _calculate(case, parameters)


def _calculate(case: PayCase, parameters: PayParameters) -> PayResult:
    gross = case.gross
    if gross == 0:
        opv, vosms, so, oosms, opvr, tax = (
            no_income(line) for line in ("opv", "vosms", "so", "oosms", "opvr", "social_tax")
        )
        ipn = IncomeTax(no_income("ipn"), ZERO, ZERO, ZERO)
    else:
        opv = pension_from_wage(case, parameters)
        vosms = health_from_wage(case, parameters)
        withheld = opv.amount + vosms.amount
        ipn = income_tax(case, max(ZERO, case.counted("ipn") - withheld), parameters)
        so = social_insurance(case, opv.amount, parameters)
        oosms = health_from_employer(case, parameters)
        opvr = pension_from_employer(case, parameters)
        taxed = case.counted("social_tax") - withheld
        tax = social_tax(case, taxed, so.amount, parameters)
    net = gross - opv.amount - vosms.amount - ipn.line.amount
    attachable = max(ZERO, net - (gross - case.counted("attachable")))
    taken = withhold(
        net,
        case.writs,
        case.worker.category,
        parameters,
        attachable=attachable,
        elsewhere=case.elsewhere,
    )
    lines = (opv, vosms, ipn.line, so, oosms, opvr, tax)
    explanations = tuple(reason for line in lines for reason in line.explanations)
    return PayResult(
        gross=gross,
        opv=opv.amount,
        vosms=vosms.amount,
        ipn=ipn.line.amount,
        net=net,
        attachable=attachable,
        so=so.amount,
        oosms=oosms.amount,
        opvr=opvr.amount,
        social_tax=tax.amount,
        taxable=ipn.taxable,
        deduction_used=ipn.deduction_used,
        unused_deduction_used=ipn.unused_deduction_used,
        writs=taken.writs,
        withheld_by_writs=taken.total,
        to_account=net - taken.total,
        explanations=explanations + taken.explanations + _rest(case, net, taken),
    )


def _rest(case: PayCase, net: Decimal, taken: Withholding) -> tuple[Explanation, ...]:
    """Where the rest goes: a convict's to the cash control account (Penal Execution Code 122)."""
    amounts: dict[str, str | int] = {"net": str(net), "withheld": str(taken.total)}
    if case.worker.category == FREE:
        return (Explanation("to_account", "to_account.free", amounts),)
    amounts["article"] = "penal_code_122"
    return (Explanation("to_account", "to_account.convict", amounts),)


def _digits_needed(case: PayCase) -> int:
    sums = [case.gross, case.ytd_taxable, case.unused_deduction, case.deduction_given]
    sums += astuple(case.joint)
    sums += [case.elsewhere.net, case.elsewhere.attachable, case.elsewhere.withheld]
    for writ in case.writs:
        sums += [amount for amount in _sums_of(writ) if amount is not None]
    digits = sum(len(amount.as_tuple().digits) + abs(amount.adjusted()) for amount in sums)
    return digits + SPARE_DIGITS


def _sums_of(writ: Writ) -> tuple[Decimal | None, Decimal | None]:
    return writ.amount, writ.remaining
