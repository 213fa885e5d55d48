"""The difference between a month as it is calculated now and the payslips it already has.

Pure; called by the calculation of a run for each person who has an approved payslip of the month
from this payer in this place. All slips of the month added up are then what it is now, sum by sum
and line by line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from inmates.pay_values import ZERO, PayResult
from inmates.slip_lines import BY_WRIT, EARNED, ON_TOP, OWED, SlipLine
from inmates.slips import Slip

# The rate is part of the key of an earning; elsewhere it explains the line, no more.
Key = tuple[str, str, str, Decimal | None]
# Every sum of a payslip that adds up over the slips of a month.
SUMS = (
    "gross",
    "opv",
    "vosms",
    "ipn",
    "net",
    "attachable",
    "withheld_by_writs",
    "to_account",
    "so",
    "oosms",
    "opvr",
    "social_tax",
    "taxable",
    "deduction_used",
)
# In the order of the payslip.
RANKS = {kind: rank for rank, kind in enumerate((EARNED, OWED, BY_WRIT, ON_TOP))}
NOTHING = PayResult(
    **dict.fromkeys(SUMS, ZERO),
    unused_deduction_used=ZERO,
    writs=(),
    explanations=(),
)


@dataclass(slots=True)
class EarlierLine:
    """What the month's earlier payslips say under one key, added up; `id`: the latest line."""

    id: int
    amount: Decimal
    quantity: Decimal | None
    demanded: Decimal | None

    def add(
        self, line_id: int, amount: Decimal, quantity: Decimal | None, demanded: Decimal | None
    ) -> None:
        """One more line of the key, a later one."""
        self.id = line_id
        self.amount += amount
        self.quantity = _sum(self.quantity, quantity)
        self.demanded = _sum(self.demanded, demanded)


@dataclass(slots=True)
class Earlier:
    """One person's earlier payslips of the month: the first, their sums, their lines by key."""

    first_slip_id: int
    days_worked: int
    minutes_worked: int
    sums: tuple[Decimal, ...]
    lines: dict[Key, EarlierLine] = field(default_factory=dict)

    def lost(self, full: Slip | None) -> list[int]:
        """The lines whose key the month has no more: their words are needed from the database."""
        now = {key_of(line) for line in full.lines} if full else set()
        return [line.id for key, line in self.lines.items() if key not in now and _says(line)]


class Words(NamedTuple):
    """How an earlier line is told, for a difference that has no line of its own any more."""

    title: dict[str, str]
    explanation: str
    arguments: dict[str, Any]
    rate: Decimal | None
    writ_id: int | None
    parameter_id: int | None


def key_of(line: Any) -> Key:
    """By what a line finds its like on another payslip of the month."""
    return line.kind, line.code, line.subject, line.rate if line.kind == EARNED else None


def make_difference(
    full: Slip | None,
    earlier: Earlier,
    inmate_id: int,
    *,
    words: Mapping[int, Words],
    why: Sequence[str] = (),
) -> Slip | None:
    """The slip that brings the month from `earlier` to `full`; None where nothing differs.

    `full` is None where nothing is earned any more. `words` has those of `earlier.lost(full)`;
    `why`: what was changed, as codes (`enums.BackdatedCause`).
    """
    now = full.result if full else NOTHING
    days, minutes = (full.days_worked, full.minutes_worked) if full else (0, 0)
    sums = [getattr(now, name) - was for name, was in zip(SUMS, earlier.sums, strict=True)]
    lines = _lines(full.lines if full else (), earlier, words, sorted(why))
    worked = (days - earlier.days_worked, minutes - earlier.minutes_worked)
    if not lines and not any(sums) and not any(worked):
        return None
    return Slip(
        inmate_id,
        *worked,
        result=replace(NOTHING, **dict(zip(SUMS, sums, strict=True))),
        has_basic_deduction=full.has_basic_deduction if full else False,
        lines=tuple(lines),
        is_difference=True,
        corrects_id=earlier.first_slip_id,
    )


def _lines(
    new: Iterable[SlipLine], earlier: Earlier, words: Mapping[int, Words], why: list[str]
) -> list[SlipLine]:
    """What is more or less, line by line; what did not change is left out."""
    found = []
    now = _by_key(new)
    for key, line in now.items():
        changed = _changed(line, earlier.lines.get(key), why)
        if changed is not None:
            found.append(changed)
    for key, was in earlier.lines.items():
        if key not in now and _says(was):
            found.append(_gone(key, was, words[was.id], why))
    return sorted(found, key=lambda line: RANKS[line.kind])


def _by_key(lines: Iterable[SlipLine]) -> dict[Key, SlipLine]:
    """Lines of one key added up, told by the first of them."""
    found: dict[Key, SlipLine] = {}
    for line in lines:
        key = key_of(line)
        same = found.get(key)
        found[key] = (
            line
            if same is None
            else _with(
                same,
                amount=same.amount + line.amount,
                quantity=_sum(same.quantity, line.quantity),
                demanded=_sum(same.demanded, line.demanded),
            )
        )
    return found


def _with(line: SlipLine, **values: Any) -> SlipLine:
    return line._replace(**values)  # noqa: SLF001 - the public way to copy a named tuple


def _changed(now: SlipLine, was: EarlierLine | None, why: list[str]) -> SlipLine | None:
    if was is None:
        was = EarlierLine(0, ZERO, None, None)
    amount = now.amount - was.amount
    quantity, demanded = _less(now.quantity, was.quantity), _less(now.demanded, was.demanded)
    if not amount and not quantity and not demanded:
        return None
    return _with(
        now,
        amount=amount,
        quantity=quantity,
        demanded=demanded,
        arguments=now.arguments | _told(was.amount, now.amount, why),
        corrects_id=was.id or None,
    )


def _gone(key: Key, was: EarlierLine, words: Words, why: list[str]) -> SlipLine:
    """A line that the month has no more, told as it was told."""
    kind, code, subject, _rate = key
    return SlipLine(
        title=words.title,
        kind=kind,
        code=code,
        subject=subject,
        amount=-was.amount,
        quantity=_less(None, was.quantity),
        demanded=_less(None, was.demanded),
        explanation=words.explanation,
        arguments=words.arguments | _told(was.amount, ZERO, why),
        rate=words.rate,
        writ_id=words.writ_id,
        parameter_id=words.parameter_id,
        corrects_id=was.id,
    )


def _told(was: Decimal, now: Decimal, why: list[str]) -> dict[str, Any]:
    return {"was": str(was), "now": str(now), "why": why}


def _says(line: EarlierLine) -> bool:
    """Something is left of it to take back."""
    return bool(line.amount or line.quantity or line.demanded)


def _sum(one: Any, other: Any) -> Any:
    """None is "has no such number", not nought."""
    if one is None or other is None:
        return one if other is None else other
    return one + other


def _less(now: Any, was: Any) -> Any:
    if now is None and was is None:
        return None
    return (now or 0) - (was or 0)
