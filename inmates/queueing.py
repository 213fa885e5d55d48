"""The fair queue for a place of work: points from inputs that are all shown. Pure.

What gives points: days without paid work, the trade of the place, dependants who are paid from the
wage (writs of queue 1), nearness of release (a place is training for it), and a place that was
promised and taken back by the institution. What is no input, on purpose: health, the article, the
term, discipline, and whether somebody refused, withdrew or gave a consent to private work.
Weights are dated parameters, decisions of the portal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from inmates.refusals import ParameterUnusable

WEIGHTS, NEAR_RELEASE = "queue_weights", "queue_near_release_days"
INPUTS = ("waiting_day", "trade", "dependants", "near_release", "lost_place")


@dataclass(frozen=True, slots=True)
class QueueRules:
    """The weights of the inputs in points, and from how many days before release it is near."""

    weights: Mapping[str, Decimal]
    near_release_days: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person who waits: the inputs as they are known on a day; None is not known."""

    inmate_id: int
    number: str
    days_waiting: int
    has_trade: bool = False
    has_dependants: bool = False
    days_to_release: int | None = None
    lost_place: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person's place in the queue, counted from 1, with the points of each input."""

    place: int
    waiting: Waiting
    points: Mapping[str, Decimal]
    total: Decimal


def read_rules(values: Mapping[str, Any], on: date) -> QueueRules:
    """The rules from the values of the two parameters; `ParameterUnusable` for a wrong one."""
    given, near = values[WEIGHTS], values[NEAR_RELEASE]
    try:
        weights = {name: Decimal(str(given[name])) for name in INPUTS}
    except (KeyError, TypeError, InvalidOperation) as wrong:
        raise ParameterUnusable(WEIGHTS, on, f"{given!r}") from wrong
    # A weight below zero would punish for an input: waiting must never lower a place.
    if any(not weight.is_finite() or weight < 0 for weight in weights.values()):
        raise ParameterUnusable(WEIGHTS, on, f"{given!r}")
    if isinstance(near, bool) or not isinstance(near, int) or near < 0:
        raise ParameterUnusable(NEAR_RELEASE, on, f"{near!r}")
    return QueueRules(weights, near)


def points_of(waiting: Waiting, rules: QueueRules) -> dict[str, Decimal]:
    """Points by input, in the order of `INPUTS`; an input that is not known gives none."""
    is_near = (
        waiting.days_to_release is not None
        and 0 <= waiting.days_to_release <= rules.near_release_days
    )
    counts = {
        "waiting_day": max(0, waiting.days_waiting),
        "trade": waiting.has_trade,
        "dependants": waiting.has_dependants,
        "near_release": is_near,
        "lost_place": waiting.lost_place,
    }
    return {name: rules.weights[name] * int(counts[name]) for name in INPUTS}


def ranked(people: Iterable[Waiting], rules: QueueRules) -> list[Ranked]:
    """The queue, whatever the order of `people`: most points, longest wait, lowest number."""
    rows = []
    for waiting in people:
        points = points_of(waiting, rules)
        rows.append((waiting, points, sum(points.values(), Decimal(0))))
    rows.sort(key=lambda row: (-row[2], -row[0].days_waiting, _number_key(row[0])))
    return [
        Ranked(place, waiting, points, total)
        for place, (waiting, points, total) in enumerate(rows, start=1)
    ]


def _number_key(waiting: Waiting) -> tuple[int, str, int]:
    """Personnel numbers in their natural order: 9 before 10, plain numbers first."""
    number = waiting.number
    is_plain = number.isascii() and number.isdigit()
    return (int(number) if is_plain else 10**12, number, waiting.inmate_id)
