"""What the tests of the wage arithmetic start from: an ordinary case and the law of a month."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from inmates.parameters import PayParameters, last_day_of_month, parameters_in_force
from inmates.pay_values import Explanation, PayCase, PayResult, Worker, Writ
from inmates.payroll import calculate
from inmates.shipped_parameters import read_shipped_parameters

OCTOBER_2024 = date(2024, 10, 1)
OCTOBER_2025 = date(2025, 10, 1)
OCTOBER_2026 = date(2026, 10, 1)
CONVICT = Worker(category="convict", born_on=date(1990, 5, 17))
FREE = Worker(category="free", born_on=date(1990, 5, 17))


@cache
def law_of(period: date) -> PayParameters:
    return parameters_in_force(read_shipped_parameters(), last_day_of_month(period))


def pay_case(gross: str, *, period: date = OCTOBER_2026, **changes: Any) -> PayCase:
    case = PayCase(period=period, worker=CONVICT, regime="general", gross=Decimal(gross))
    return replace(case, **changes)


def pay(gross: str, **changes: Any) -> PayResult:
    case = pay_case(gross, **changes)
    return calculate(case, law_of(case.period))


def alimony(name: str, share: str) -> Writ:
    return Writ(id=name, queue=1, kind="alimony", share=Fraction(share))


def fixed_alimony(name: str, amount: str) -> Writ:
    return Writ(id=name, queue=1, kind="alimony", amount=Decimal(amount))


def claim(name: str, remaining: str, queue: int = 2) -> Writ:
    return Writ(id=name, queue=queue, kind="claim", remaining=Decimal(remaining))


def codes_of(result: PayResult, line: str) -> list[str]:
    return [one.code for one in result.explanations if one.line == line]


def explanations_of(
    result: PayResult, line: str, writ: str | None = None
) -> tuple[Explanation, ...]:
    """The explanations of one line, for the line "writ" those of one writ or of all."""
    return tuple(
        one
        for one in result.explanations
        if one.line == line and (writ is None or one.arguments.get("writ") == writ)
    )
