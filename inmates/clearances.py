"""What a trade asks for on a day and what a person lacks of it: values in, values out.

Pure; called by the selector of clearances, which feeds the gate of output, the sheets and the
lists. The trigger on the entries of output asks the same in SQL.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement of a trade (None: of every trade), in force in half-open days."""

    kind: str
    trade_id: int | None
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A clearance that a person has, for one trade (None: for all), in half-open days."""

    kind: str
    trade_id: int | None
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """One kind that is missing: since when, and whether it ran out or was never there.

    `since` is the first day without it: the end of the last one, or the day from which the trade
    asks for it.
    """

    kind: str
    since: date
    has_run_out: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """What a person has and needs and will lack from `ends_on` on."""

    kind: str
    ends_on: date


def _is_for(row: Need | Held, trade_id: int) -> bool:
    return row.trade_id is None or row.trade_id == trade_id


def _in_force(row: Need | Held, day: date) -> bool:
    return row.effective_from <= day and (row.effective_to is None or day < row.effective_to)


def lacking(
    needs: Iterable[Need], held: Iterable[Held], *, trade_id: int, day: date
) -> tuple[Lack, ...]:
    """What the trade asks for on the day and nothing in force gives; each kind once, in order."""
    own = [row for row in held if _is_for(row, trade_id)]
    lacks: dict[str, Lack] = {}
    for need in needs:
        if not (_is_for(need, trade_id) and _in_force(need, day)):
            continue
        if any(row.kind == need.kind and _in_force(row, day) for row in own):
            continue
        ended = max(
            (
                row.effective_to
                for row in own
                if row.kind == need.kind and row.effective_to is not None
                and row.effective_to <= day
            ),
            default=None,
        )  # fmt: skip
        since = need.effective_from if ended is None else max(ended, need.effective_from)
        known = lacks.get(need.kind)
        if known is None or since < known.since:
            lacks[need.kind] = Lack(need.kind, since, has_run_out=ended is not None)
    return tuple(lacks[kind] for kind in sorted(lacks))


def ending(
    needs: Iterable[Need], held: Iterable[Held], *, trade_id: int, day: date, until: date
) -> tuple[Ending, ...]:
    """What is there on the day and will be lacking on a day up to `until`, included.

    What is renewed without a gap does not end.
    """
    needs, held = list(needs), list(held)
    lacks = {lack.kind for lack in lacking(needs, held, trade_id=trade_id, day=day)}
    ends = {
        row.effective_to
        for row in held
        if _is_for(row, trade_id) and row.effective_to is not None
        and day < row.effective_to <= until
    }  # fmt: skip
    found: dict[str, Ending] = {}
    for end in sorted(ends):
        for lack in lacking(needs, held, trade_id=trade_id, day=end):
            if lack.kind not in lacks:
                found.setdefault(lack.kind, Ending(lack.kind, end))
    return tuple(found[kind] for kind in sorted(found))


def end_after(begin: date, valid_days: int | None) -> date | None:
    """The first day without a clearance that holds so many days; None is without end."""
    return None if valid_days is None else begin + timedelta(days=valid_days)
