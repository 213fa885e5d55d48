"""The dated parameters of pay as plain values: rows in, one frozen `PayParameters` out.

Pure. A row is a mapping with `code`, `effective_from`, `effective_to` (excluded; None is open) and
`value`; dates are `date` or ISO text. The portal passes the rows of its table, the auditor's
command those of `data/pay_parameters.json`. A code without a row in force raises
`ParameterMissing`: a missing rate is never zero.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from inmates.refusals import TWO_ROWS, ParameterMissing, ParameterUnusable


@dataclass(frozen=True, slots=True)
class Bracket:
    """One step of income tax: `rate` applies to the year's taxable income up to `up_to`."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class LowWageRelief:
    """2024-2025: a gross up to `income_up_to` (inclusive) is taxed on `multiplier` of its base."""

    income_up_to: Decimal
    income_up_to_mrp: int
    multiplier: Decimal


@dataclass(frozen=True, slots=True)
class PayParameters:
    """Everything `payroll.calculate` needs to know of the law on one day.

    Sums are tenge a month, rates are shares of one. Each field has the code of its row.
    """

    on: date
    mzp: Decimal
    mrp: Decimal
    living_minimum: Decimal
    opv_rate: Decimal
    opv_income_cap: Decimal
    opvr_rate: Decimal
    opvr_income_min: Decimal
    opvr_income_cap: Decimal
    opvr_born_before_exempt: date
    so_rate: Decimal
    so_base_min: Decimal
    so_base_max: Decimal
    vosms_rate: Decimal
    vosms_cap: Decimal
    oosms_rate: Decimal
    oosms_cap: Decimal
    social_tax_rate: Decimal
    social_tax_minus_so: bool
    social_tax_base_min: Decimal
    social_tax_base_min_waived: bool
    social_tax_simplified_regime: Decimal | None
    ipn_brackets: tuple[Bracket, ...]
    ipn_basic_deduction: Decimal
    ipn_basic_deduction_mrp: int
    ipn_low_wage_relief: LowWageRelief | None
    writ_cap_share_of_net: Decimal
    convict_living_minimum_floor: bool
    bailiff_fee_queue: int
    payment_rounding: str
    tax_code: str


def last_day_of_month(period: date) -> date:
    """The day whose parameters a month is paid by (law.md §4.9)."""
    return period.replace(day=calendar.monthrange(period.year, period.month)[1])


def parameters_in_force(rows: Iterable[Mapping[str, Any]], on: date) -> PayParameters:
    """The parameters on the day `on`.

    Raises `ParameterMissing` for a code without a row in force on that day, `ParameterUnusable`
    for two rows of one code on that day and for a value of a wrong kind.
    """
    return PayParameters(on=on, **values_in_force(rows, on, READERS))


def values_in_force(
    rows: Iterable[Mapping[str, Any]], on: date, readers: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of the codes in `readers`, read by them; refusals as `parameters_in_force`."""
    chosen: dict[str, Any] = {}
    for row in rows:
        if not _is_in_force(row, on):
            continue
        code = row["code"]
        if code in chosen:
            raise ParameterUnusable(code, on, TWO_ROWS)
        chosen[code] = row["value"]
    values: dict[str, Any] = {}
    for code, read in readers.items():
        if code not in chosen:
            raise ParameterMissing(code, on)
        try:
            values[code] = read(chosen[code])
        except (TypeError, ValueError, KeyError, IndexError, InvalidOperation) as wrong:
            raise ParameterUnusable(code, on, f"{chosen[code]!r}") from wrong
    return values


def _is_in_force(row: Mapping[str, Any], on: date) -> bool:
    starts, ends = _day(row["effective_from"]), row["effective_to"]
    return starts <= on and (ends is None or on < _day(ends))


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def read_number(value: Any) -> Decimal:
    """A number not below zero; a float has lost digits already and is refused."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError("an exact number is wanted")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise ValueError("a number not below zero is wanted")
    return number


def _optional_number(value: Any) -> Decimal | None:
    return None if value is None else read_number(value)


def read_share(value: Any) -> Decimal:
    """A number from 0 to 1."""
    share = read_number(value)
    if share > 1:
        raise ValueError("a share is at most one")
    return share


def read_count(value: Any) -> int:
    """A whole number not below zero."""
    number = read_number(value)
    if number != int(number):
        raise ValueError("a whole number is wanted")
    return int(number)


def _queue(value: Any) -> int:
    queue = read_count(value)
    if queue not in range(1, 6):
        raise ValueError("a queue of writs is 1 to 5")
    return queue


def read_flag(value: Any) -> bool:
    """True or false, and no number that stands for one."""
    if not isinstance(value, bool):
        raise TypeError("true or false is wanted")
    return value


def _brackets(value: Any) -> tuple[Bracket, ...]:
    """Steps in rising order; only the last is open, so that no income is left without a rate."""
    steps = tuple(
        Bracket(up_to=_optional_number(step["up_to"]), rate=read_share(step["rate"]))
        for step in value
    )
    limits = [step.up_to for step in steps[:-1]]
    if steps[-1].up_to is not None or None in limits:
        raise ValueError("exactly the last step is open")
    known = [limit for limit in limits if limit is not None]
    if known != sorted(set(known)):
        raise ValueError("the steps must rise")
    return steps


def _relief(value: Any) -> LowWageRelief | None:
    if value is None:
        return None
    return LowWageRelief(
        income_up_to=read_number(value["income_up_to"]),
        income_up_to_mrp=read_count(value["income_up_to_mrp"]),
        multiplier=read_share(value["taxable_multiplier"]),
    )


def _rounding(value: Any) -> str:
    if value not in {"tenge", "tiyn"}:
        raise ValueError("tenge or tiyn")
    return str(value)


def _tax_code(value: Any) -> str:
    if value not in {"2017", "2025"}:
        raise ValueError("an unknown tax code")
    return str(value)


def _floor_switch(value: Any) -> bool:
    return read_flag(value["applies"])


READERS: dict[str, Any] = {
    "mzp": read_number,
    "mrp": read_number,
    "living_minimum": read_number,
    "opv_rate": read_share,
    "opv_income_cap": read_number,
    "opvr_rate": read_share,
    "opvr_income_min": read_number,
    "opvr_income_cap": read_number,
    "opvr_born_before_exempt": _day,
    "so_rate": read_share,
    "so_base_min": read_number,
    "so_base_max": read_number,
    "vosms_rate": read_share,
    "vosms_cap": read_number,
    "oosms_rate": read_share,
    "oosms_cap": read_number,
    "social_tax_rate": read_share,
    "social_tax_minus_so": read_flag,
    "social_tax_base_min": read_number,
    "social_tax_base_min_waived": read_flag,
    "social_tax_simplified_regime": _optional_number,
    "ipn_brackets": _brackets,
    "ipn_basic_deduction": read_number,
    "ipn_basic_deduction_mrp": read_count,
    "ipn_low_wage_relief": _relief,
    "writ_cap_share_of_net": read_share,
    "convict_living_minimum_floor": _floor_switch,
    "bailiff_fee_queue": _queue,
    "payment_rounding": _rounding,
    "tax_code": _tax_code,
}
PARAMETER_CODES = tuple(READERS)
