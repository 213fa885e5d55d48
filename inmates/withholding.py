"""What is withheld from net pay by writs of execution, queue by queue.

Pure; called by `payroll.calculate`. Enforcement law 261-IV arts 94-95, 111-112; Penal Execution
Code art. 122: all writs together take at most half of net, whoever pays it. The sentences behind
each result are made in `writ_reasons`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from inmates.parameters import PayParameters
from inmates.pay_values import (
    ALIMONY,
    FREE,
    NOTHING_ELSEWHERE,
    ZERO,
    Elsewhere,
    Explanation,
    Writ,
    WritResult,
)
from inmates.writ_reasons import Grounds, is_shared, writ_reasons
from portal.kernel.money import floor_tenge, round_tenge, split_by_largest_remainder


@dataclass(frozen=True, slots=True)
class Withholding:
    """What each writ gets, in the order of the input, and the sentences for it."""

    writs: tuple[WritResult, ...]
    total: Decimal
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class _Limit:
    """What one group of writs may take together, and which rule says so: cap or floor."""

    room: Decimal
    rule: str


def withhold(
    net: Decimal,
    writs: Sequence[Writ],
    category: str,
    parameters: PayParameters,
    *,
    attachable: Decimal | None = None,
    elsewhere: Elsewhere = NOTHING_ELSEWHERE,
) -> Withholding:
    """Serve the queues in order: alimony, the other claims of queue 1, then queues 2 to 5.

    A group whose demands fit its limit gets them. Otherwise the limit, cut down to whole tenge,
    is split in proportion to the demands before rounding. `attachable` is what of net writs may
    look at (None: all of it): the cap and a share of alimony are of that. Later queues also leave
    the living minimum to the person, what other payslips leave counted in; for convicts that is a
    switch.
    """
    seen = net if attachable is None else attachable
    grounds = Grounds(net, seen, elsewhere, category, parameters)
    if seen > 0:
        results, sharing = _serve(writs, grounds)
    else:
        reason = "none_attachable" if net > 0 else "no_income"
        results = {n: _nothing(writ, seen, reason) for n, writ in enumerate(writs)}
        sharing = set()
    explanations: list[Explanation] = []
    for index, writ in enumerate(writs):
        explanations += writ_reasons(writ, results[index], grounds, is_shared=index in sharing)
    ordered = tuple(results[index] for index in range(len(writs)))
    total = sum((result.withheld for result in ordered), ZERO)
    return Withholding(ordered, total, tuple(explanations))


def _serve(writs: Sequence[Writ], grounds: Grounds) -> tuple[dict[int, WritResult], set[int]]:
    """Each group in its turn: the result of each writ, and the positions that shared a limit."""
    parameters, elsewhere = grounds.parameters, grounds.elsewhere
    cap = shared_cap(grounds.attachable, elsewhere, parameters.writ_cap_share_of_net)
    keeps_floor = grounds.category == FREE or parameters.convict_living_minimum_floor
    free = grounds.net + elsewhere.net - elsewhere.withheld - parameters.living_minimum
    taken = ZERO
    results: dict[int, WritResult] = {}
    sharing: set[int] = set()
    for group in _groups(writs):
        limit = _Limit(cap - taken, "cap")
        if keeps_floor and writs[group[0]].queue > 1:
            limit = min(limit, _Limit(free - taken, "floor"), key=_room_of)
        served = _serve_group(grounds.attachable, [writs[index] for index in group], limit)
        results.update(zip(group, served, strict=True))
        if is_shared(served):
            sharing.update(group)
        taken += sum((result.withheld for result in served), ZERO)
    return results, sharing


def shared_cap(attachable: Decimal, elsewhere: Elsewhere, share: Decimal) -> Decimal:
    """What all writs together may take of this slip.

    The share is of what all payers of the month pay, less what the other slips have withheld: so
    together they never go above it, in whatever order they are calculated. Nothing is taken of
    what is not attachable.
    """
    left = share * (attachable + elsewhere.attachable) - elsewhere.withheld
    return min(attachable, max(ZERO, left))


def _room_of(limit: _Limit) -> Decimal:
    return limit.room


def _groups(writs: Sequence[Writ]) -> list[list[int]]:
    """Positions of the writs that share a limit, in the order in which they are served."""
    groups: dict[tuple[int, bool], list[int]] = {}
    for index, writ in enumerate(writs):
        groups.setdefault((writ.queue, writ.kind != ALIMONY), []).append(index)
    return [groups[rank] for rank in sorted(groups)]


def exact_demand(net: Decimal, writ: Writ) -> Fraction:
    """What the writ asks of this month's attachable net before any rounding."""
    if writ.share is not None:
        return Fraction(net) * writ.share
    asked = writ.amount if writ.kind == ALIMONY else writ.remaining
    if asked is None:
        raise ValueError(f"writ {writ.id} demands nothing that can be computed")
    return Fraction(asked)


def rounded_demand(net: Decimal, writ: Writ) -> Decimal:
    """A share of net is due in whole tenge, half up; a fixed sum and a debt keep their tiyn."""
    if writ.share is not None:
        return round_tenge(exact_demand(net, writ))
    return (writ.amount if writ.kind == ALIMONY else writ.remaining) or ZERO


def _serve_group(attachable: Decimal, writs: list[Writ], limit: _Limit) -> list[WritResult]:
    demands = [rounded_demand(attachable, writ) for writ in writs]
    room = max(ZERO, limit.room)
    if sum(demands, ZERO) <= room:
        parts = demands
    else:
        weights = [exact_demand(attachable, writ) for writ in writs]
        parts = split_limit(floor_tenge(room), weights, demands)
    none_left = f"none_left_{limit.rule}"
    cut = limit.rule if floor_tenge(room) > 0 else none_left
    return [
        WritResult(writ.id, demand, part, _reason(demand, part, cut))
        for writ, demand, part in zip(writs, demands, parts, strict=True)
    ]


def _reason(demand: Decimal, part: Decimal, cut: str) -> str:
    if demand == 0:
        return "no_demand"
    return "in_full" if part == demand else cut


def _nothing(writ: Writ, attachable: Decimal, reason: str) -> WritResult:
    return WritResult(writ.id, rounded_demand(attachable, writ), ZERO, reason)


def split_limit(
    limit: Decimal, weights: Sequence[Fraction], demands: Sequence[Decimal]
) -> list[Decimal]:
    """Split whole tenge in proportion to `weights`, and give nobody more than its demand.

    The largest remainder could put one tenge on a debt that has only tiyn left to it: such a debt
    gets the whole tenge it asks for, and the others share the rest in the same way. What then
    nobody can take stays with the person.
    """
    parts = [ZERO] * len(weights)
    open_positions = [index for index, weight in enumerate(weights) if weight > 0]
    left = limit
    while open_positions and left > 0:
        shares = split_by_largest_remainder(left, [weights[index] for index in open_positions])
        trial = dict(zip(open_positions, shares, strict=True))
        above = [index for index, share in trial.items() if share > demands[index]]
        for index in above or open_positions:
            parts[index] = floor_tenge(demands[index]) if above else trial[index]
            left -= parts[index]
        open_positions = [index for index in open_positions if index not in above] if above else []
    return parts
