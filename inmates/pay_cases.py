"""The auditor's JSON of pay cases, read strictly into `PayCase` (law.md §4 is the format).

Pure; called by the command `calculate_pay`. Nothing is guessed or repaired: an unknown, missing or
repeated key, or a value of another kind, is a `CaseFault` naming the case and the key. All faults
of a file are found, one for each case.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from inmates.pay_values import (
    ALIMONY,
    CATEGORIES,
    CLAIM,
    PENSIONS,
    REGIMES,
    WRIT_KINDS,
    PayCase,
    PayResult,
    Worker,
    Writ,
)

CASE_KEYS = (
    "id",
    "period",
    "worker",
    "employer",
    "gross",
    "ytd_taxable",
    "basic_deduction",
    "unused_deduction",
    "month_of_hire_or_dismissal",
    "writs",
)
IGNORED_KEYS = ("source", "expected")
WORKER_KEYS = ("category", "born_on", "pension", "disability_group")
WRIT_KEYS = ("id", "queue", "kind")
QUEUES = (1, 2, 3, 4, 5)
DISABILITY_GROUPS = (None, 1, 2, 3)

MONEY = re.compile(r"[0-9]+\.[0-9][0-9]")
SHARE = re.compile(r"([0-9]{1,18})/([0-9]{1,18})")
PERIOD = re.compile(r"[0-9]{4}-[0-9]{2}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class CaseFault:
    """One thing that is wrong: in which case, at which key (dotted path), and what."""

    case: str
    key: str
    problem: str

    def __str__(self) -> str:
        return f"case {self.case}, key {self.key}: {self.problem}"


class PayCasesRefused(ValueError):
    """The file cannot be calculated; `faults` says why, in the order of the cases."""

    def __init__(self, faults: Iterable[CaseFault | str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class _Wrong(Exception):
    """A fault at a key, before it is known in which case it stands."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key = key
        self.problem = problem


class _Members(dict[str, Any]):
    """A JSON object that remembers which keys were written more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _value in pairs)
        self.repeated = [name for name in self if times[name] > 1]


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case with the id by which its result is reported."""

    id: str
    case: PayCase


def read_pay_cases(content: bytes) -> list[NamedCase]:
    """The cases of the file, or `PayCasesRefused` with every case's first fault."""
    listed = _parse(content)
    faults: list[CaseFault] = []
    named: list[NamedCase] = []
    seen: set[str] = set()
    for position, written in enumerate(listed, start=1):
        try:
            name = _case_id(written)
            if name in seen:
                raise _Wrong("id", "another case has this id")
            seen.add(name)
            named.append(NamedCase(name, _case(written)))
        except _Wrong as wrong:
            faults.append(CaseFault(_name_of(written, position), wrong.key, wrong.problem))
    if faults:
        raise PayCasesRefused(faults)
    return named


def result_as_json(case_id: str, result: PayResult) -> dict[str, Any]:
    """The result with the keys of `expected`; sums as text with two places."""
    return {
        "id": case_id,
        "opv": _text(result.opv),
        "vosms": _text(result.vosms),
        "ipn": _text(result.ipn),
        "net": _text(result.net),
        "employer": {
            "so": _text(result.so),
            "oosms": _text(result.oosms),
            "opvr": _text(result.opvr),
            "social_tax": _text(result.social_tax),
        },
        "writs": [{"id": writ.id, "withheld": _text(writ.withheld)} for writ in result.writs],
        "to_account": _text(result.to_account),
    }


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


def _parse(content: bytes) -> list[Any]:
    try:
        parsed = json.loads(content, object_pairs_hook=_Members, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as wrong:
        raise PayCasesRefused([f"the file is not JSON: {wrong}"]) from wrong
    if not isinstance(parsed, list):
        raise PayCasesRefused(["the file is not a JSON list of cases"])
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _name_of(written: Any, position: int) -> str:
    """The case's own id where it has a usable one, else its place in the list."""
    name = written.get("id") if isinstance(written, dict) else None
    return name if isinstance(name, str) and name else f"number {position}"


def _case_id(written: Any) -> str:
    if not isinstance(written, _Members):
        raise _Wrong("(case)", "not an object")
    if "id" not in written:
        raise _Wrong("id", "the key is missing")
    return _name(written["id"], "id")


def _case(written: _Members) -> PayCase:
    _check_keys(written, CASE_KEYS, ignored=IGNORED_KEYS)
    employer = _members(written["employer"], "employer")
    _check_keys(employer, ("regime",), prefix="employer.")
    period = _period(written["period"])
    return PayCase(
        period=period,
        worker=_worker(written["worker"]),
        regime=_one_of(employer["regime"], REGIMES, "employer.regime"),
        gross=_money(written["gross"], "gross"),
        ytd_taxable=_money(written["ytd_taxable"], "ytd_taxable"),
        basic_deduction=_flag(written["basic_deduction"], "basic_deduction"),
        unused_deduction=_money(written["unused_deduction"], "unused_deduction"),
        month_of_hire_or_dismissal=_flag(
            written["month_of_hire_or_dismissal"], "month_of_hire_or_dismissal"
        ),
        writs=_writs(written["writs"]),
    )


def _worker(written: Any) -> Worker:
    worker = _members(written, "worker")
    _check_keys(worker, WORKER_KEYS, prefix="worker.")
    return Worker(
        category=_one_of(worker["category"], CATEGORIES, "worker.category"),
        born_on=_day(worker["born_on"], "worker.born_on"),
        pension=_one_of(worker["pension"], PENSIONS, "worker.pension"),
        disability_group=_one_of(
            worker["disability_group"], DISABILITY_GROUPS, "worker.disability_group"
        ),
    )


def _writs(written: Any) -> tuple[Writ, ...]:
    if not isinstance(written, list):
        raise _Wrong("writs", "not a list")
    writs: list[Writ] = []
    seen: set[str] = set()
    for position, one in enumerate(written):
        writ = _writ(one, f"writs[{position}]")
        if writ.id in seen:
            raise _Wrong(f"writs[{position}].id", f"another writ has the id {writ.id}")
        seen.add(writ.id)
        writs.append(writ)
    return tuple(writs)


def _writ(written: Any, path: str) -> Writ:
    writ = _members(written, path)
    prefix = f"{path}."
    if "kind" not in writ:
        raise _Wrong(f"{prefix}kind", "the key is missing")
    kind = _one_of(writ["kind"], WRIT_KINDS, f"{prefix}kind")
    demand = ("remaining",) if kind == CLAIM else _alimony_key(writ, prefix)
    _check_keys(writ, (*WRIT_KEYS, *demand), prefix=prefix)
    queue = _one_of(writ["queue"], QUEUES, f"{prefix}queue")
    if kind == ALIMONY and queue != 1:
        raise _Wrong(f"{prefix}queue", "alimony belongs to queue 1")
    return Writ(
        id=_name(writ["id"], f"{prefix}id"),
        queue=queue,
        kind=kind,
        share=_share(writ["share"], f"{prefix}share") if "share" in writ else None,
        amount=_money(writ["amount"], f"{prefix}amount") if "amount" in writ else None,
        remaining=_money(writ["remaining"], f"{prefix}remaining") if "remaining" in writ else None,
    )


def _alimony_key(writ: _Members, prefix: str) -> tuple[str]:
    if "share" in writ and "amount" in writ:
        raise _Wrong(f"{prefix}amount", "alimony has either a share or an amount, not both")
    if "share" not in writ and "amount" not in writ:
        raise _Wrong(f"{prefix}share", "alimony needs a share or an amount")
    return ("share",) if "share" in writ else ("amount",)


def _members(written: Any, key: str) -> _Members:
    if not isinstance(written, _Members):
        raise _Wrong(key, "not an object")
    return written


def _check_keys(
    written: _Members, keys: tuple[str, ...], *, ignored: tuple[str, ...] = (), prefix: str = ""
) -> None:
    """Every key once, none more, none missing."""
    for key in written:
        if key not in keys and key not in ignored:
            raise _Wrong(f"{prefix}{key}", "an unknown key")
    for key in written.repeated:
        if key not in ignored:
            raise _Wrong(f"{prefix}{key}", "the key is written twice")
    for key in keys:
        if key not in written:
            raise _Wrong(f"{prefix}{key}", "the key is missing")


def _name(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise _Wrong(key, "text that is not empty is wanted")
    return value


def _one_of(value: Any, allowed: tuple[Any, ...], key: str) -> Any:
    """The value if it is one of them, of the same type too: true is not 1, and 1.0 is not 1."""
    if not any(type(value) is type(choice) and value == choice for choice in allowed):
        wanted = ", ".join(json.dumps(choice) for choice in allowed)
        raise _Wrong(key, f"one of {wanted} is wanted")
    return value


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(key, "true or false is wanted")
    return value


def _money(value: Any, key: str) -> Decimal:
    if not isinstance(value, str) or not MONEY.fullmatch(value):
        raise _Wrong(key, 'a sum as text with two places is wanted, like "85000.00"')
    return Decimal(value)


def _share(value: Any, key: str) -> Fraction:
    match = SHARE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _Wrong(key, 'a share as text is wanted, like "1/3"')
    numerator, denominator = (int(part) for part in match.groups())
    if denominator == 0 or not 0 < numerator <= denominator:
        raise _Wrong(key, "a share is above 0 and at most 1")
    return Fraction(numerator, denominator)


def _period(value: Any) -> date:
    if not isinstance(value, str) or not PERIOD.fullmatch(value):
        raise _Wrong("period", 'a month as text is wanted, like "2026-10"')
    return _real_day(f"{value}-01", "period")


def _day(value: Any, key: str) -> date:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise _Wrong(key, 'a date as text is wanted, like "1990-05-17"')
    return _real_day(value, key)


def _real_day(text: str, key: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise _Wrong(key, "there is no such date") from wrong
