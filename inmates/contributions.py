"""Social payments of one person's month: ОПВ, ВОСМС (from the wage), СО, ООСМС, ОПВР (on top).

Pure; called by `payroll.calculate`. Each is rounded half up to whole tenge by itself. Who pays
what: Social Code arts 243-251, OSMS law arts 26-28.
"""

from decimal import Decimal

from inmates.parameters import PayParameters
from inmates.pay_values import (
    CONVICT,
    PENSION_AGE,
    PENSION_NONE,
    PENSION_SERVICE,
    ZERO,
    Explanation,
    Line,
    PayCase,
    Worker,
)
from portal.kernel.money import round_tenge, round_tiyn


def round_payment(amount: Decimal, parameters: PayParameters) -> Decimal:
    """A payment of one person: whole tenge, or tiyn where the parameter says so."""
    return round_tiyn(amount) if parameters.payment_rounding == "tiyn" else round_tenge(amount)


def no_income(line: str) -> Line:
    """Nothing was earned: nothing is due, minimum bases included (law.md §4.5)."""
    return Line(ZERO, (Explanation(line, "no_income", {}),))


def no_base(line: str) -> Line:
    """Something was earned, and nothing of it counts for this payment: no lowest base either."""
    return Line(ZERO, (Explanation(line, "no_base", {}),))


def pension_from_wage(case: PayCase, parameters: PayParameters) -> Line:
    """ОПВ: Social Code 249; income above 50 minimum wages is not counted."""
    exemption = _pension_exemption(case.worker)
    if exemption:
        return _not_due("opv", exemption, "social_code_248")
    return _share_of_base(
        "opv",
        case.counted("opv"),
        parameters,
        other=(case.joint.opv_base, case.joint.opv),
        rate="opv_rate",
        highest="opv_income_cap",
        article="social_code_249",
    )


def health_from_wage(case: PayCase, parameters: PayParameters) -> Line:
    """ВОСМС: OSMS law 28; the state pays for convicts outside minimum security (26(1)(8))."""
    exemption = _health_exemption(case.worker)
    if exemption is None and case.worker.category == CONVICT:
        exemption = "not_due.state_pays"
    if exemption:
        return _not_due("vosms", exemption, "osms_26")
    return _share_of_base(
        "vosms",
        case.counted("osms"),
        parameters,
        other=(case.joint.vosms_base, case.joint.vosms),
        rate="vosms_rate",
        highest="vosms_cap",
        article="osms_28",
    )


def social_insurance(case: PayCase, opv: Decimal, parameters: PayParameters) -> Line:
    """СО: Social Code 244-245; base wage less ОПВ, between 1 and 7 minimum wages.

    Only a pensioner by age is exempt; a part month keeps the lowest base.
    """
    if case.worker.pension == PENSION_AGE:
        return _not_due("so", "not_due.pension_age", "social_code_243")
    return _share_of_base(
        "so",
        case.counted("so"),
        parameters,
        other=(case.joint.so_base - case.joint.opv, case.joint.so),
        less=opv,
        rate="so_rate",
        lowest="so_base_min",
        highest="so_base_max",
        article="social_code_245",
        within="rate_of_reduced_wage",
    )


def health_from_employer(case: PayCase, parameters: PayParameters) -> Line:
    """ООСМС: OSMS law 27; due for convicts too (27(3) does not exempt them)."""
    exemption = _health_exemption(case.worker)
    if exemption:
        return _not_due("oosms", exemption, "osms_27")
    return _share_of_base(
        "oosms",
        case.counted("osms"),
        parameters,
        other=(case.joint.osms_base, case.joint.oosms),
        rate="oosms_rate",
        highest="oosms_cap",
        article="osms_27",
    )


def pension_from_employer(case: PayCase, parameters: PayParameters) -> Line:
    """ОПВР: Social Code 251; not for persons born before 1975 (248(6)), base 1-50 МЗП."""
    exemption = _pension_exemption(case.worker)
    if exemption:
        return _not_due("opvr", exemption, "social_code_248")
    if case.worker.born_on < parameters.opvr_born_before_exempt:
        arguments = {
            "born_before": parameters.opvr_born_before_exempt.isoformat(),
            "article": "social_code_248",
        }
        explanation = Explanation(
            "opvr", "not_due.born_before", arguments, ("opvr_born_before_exempt",)
        )
        return Line(ZERO, (explanation,))
    return _share_of_base(
        "opvr",
        case.counted("opv"),
        parameters,
        other=(case.joint.opv_base, case.joint.opvr),
        rate="opvr_rate",
        lowest="opvr_income_min",
        highest="opvr_income_cap",
        article="social_code_251",
    )


def _pension_exemption(worker: Worker) -> str | None:
    """Why neither ОПВ nor ОПВР is paid for this worker, if so."""
    if worker.pension != PENSION_NONE:
        return _pension_code(worker)
    return "not_due.disability_1_2" if worker.disability_group in {1, 2} else None


def _health_exemption(worker: Worker) -> str | None:
    """Why neither ВОСМС nor ООСМС is paid for this worker, if so."""
    if worker.pension != PENSION_NONE:
        return _pension_code(worker)
    return "not_due.disability" if worker.disability_group is not None else None


def _pension_code(worker: Worker) -> str:
    by_service = worker.pension == PENSION_SERVICE
    return "not_due.pension_service" if by_service else "not_due.pension_age"


def _not_due(line: str, code: str, article: str) -> Line:
    return Line(ZERO, (Explanation(line, code, {"article": article}),))


def _share_of_base(
    line: str,
    income: Decimal,
    parameters: PayParameters,
    *,
    rate: str,
    highest: str,
    article: str,
    other: tuple[Decimal, Decimal],
    lowest: str | None = None,
    less: Decimal = ZERO,
    within: str = "rate_of_wage",
) -> Line:
    """`rate` of the income held between the `lowest` and the `highest` base (parameter codes).

    `less` is taken off the income first; on no income at all nothing is due, no lowest base.
    `other`: the income and the payment of this payer's other payslips of the month. The limits
    are of the month as a whole; what is paid there already is not paid again.
    """
    if income == 0:
        return no_base(line)
    other_income, paid = other
    income += other_income - less
    share: Decimal = getattr(parameters, rate)
    used: tuple[str, ...] = (rate,)
    base, code = income, within
    if income > getattr(parameters, highest):
        base, code, used = getattr(parameters, highest), "rate_of_highest_base", (rate, highest)
    elif lowest is not None and income < getattr(parameters, lowest):
        base, code, used = getattr(parameters, lowest), "rate_of_lowest_base", (rate, lowest)
    amount = round_payment(base * share, parameters)
    arguments = {
        "rate": str(share),
        "base": f"{base:.2f}",
        "amount": str(amount),
        "article": article,
    }
    why = (Explanation(line, code, arguments, used), *less_paid(line, other_income, paid))
    return Line(max(ZERO, amount - paid), why)


def less_paid(line: str, income: Decimal, paid: Decimal) -> tuple[Explanation, ...]:
    """The sentence for what another payslip of this payer and month has already."""
    if not income and not paid:
        return ()
    return (Explanation(line, "joint.paid", {"paid": str(paid)}),)
