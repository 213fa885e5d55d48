"""What is withheld from net pay by writs of execution, queue by queue.

Pure; called by `payroll.calculate`. Enforcement law 261-IV arts 94-95, 111-112; Penal Execution
Code art. 122: all writs together take at most half of net.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from inmates.parameters import PayParameters
from inmates.pay_values import ALIMONY, FREE, ZERO, Explanation, Writ, WritResult
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
    kept_elsewhere: Decimal = ZERO,
) -> Withholding:
    """Serve the queues in order: alimony, the other claims of queue 1, then queues 2 to 5.

    A group whose demands fit its limit gets them. Otherwise the limit, cut down to whole tenge,
    is split in proportion to the demands before rounding. Later queues also leave the living
    minimum to the person, `kept_elsewhere` (what other payslips of the month leave) counted in;
    for convicts that is a switch. Half of each net together is half of all: the cap needs no more.
    """
    cap = net * parameters.writ_cap_share_of_net
    keeps_floor = category == FREE or parameters.convict_living_minimum_floor
    taken = ZERO
    results: dict[int, WritResult] = {}
    sharing: set[int] = set()
    for group in _groups(writs):
        limit = _Limit(cap - taken, "cap")
        if keeps_floor and writs[group[0]].queue > 1:
            above_floor = net + kept_elsewhere - taken - parameters.living_minimum
            limit = min(limit, _Limit(above_floor, "floor"), key=_room_of)
        served = _serve_group(net, [writs[index] for index in group], limit)
        results.update(zip(group, served, strict=True))
        if _is_shared(served):
            sharing.update(group)
        taken += sum((result.withheld for result in served), ZERO)
    explanations: list[Explanation] = []
    for index, writ in enumerate(writs):
        explanations += _reasons(
            writ, results[index], net, category, parameters, is_shared=index in sharing
        )
    ordered = tuple(results[index] for index in range(len(writs)))
    return Withholding(ordered, taken, tuple(explanations))


def _room_of(limit: _Limit) -> Decimal:
    return limit.room


def _groups(writs: Sequence[Writ]) -> list[list[int]]:
    """Positions of the writs that share a limit, in the order in which they are served."""
    groups: dict[tuple[int, bool], list[int]] = {}
    for index, writ in enumerate(writs):
        groups.setdefault((writ.queue, writ.kind != ALIMONY), []).append(index)
    return [groups[rank] for rank in sorted(groups)]


def exact_demand(net: Decimal, writ: Writ) -> Fraction:
    """What the writ asks of this month's net before any rounding."""
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


def _serve_group(net: Decimal, writs: list[Writ], limit: _Limit) -> list[WritResult]:
    demands = [rounded_demand(net, writ) for writ in writs]
    room = max(ZERO, limit.room)
    if sum(demands, ZERO) <= room:
        parts = demands
    else:
        weights = [exact_demand(net, writ) for writ in writs]
        parts = split_limit(floor_tenge(room), weights, demands)
    has_room = floor_tenge(room) > 0
    return [
        WritResult(writ.id, demand, part, _reason(net, demand, part, limit.rule, has_room=has_room))
        for writ, demand, part in zip(writs, demands, parts, strict=True)
    ]


def _reason(net: Decimal, demand: Decimal, part: Decimal, rule: str, *, has_room: bool) -> str:
    if net <= 0:
        return "no_income"
    if demand == 0:
        return "no_demand"
    if part == demand:
        return "in_full"
    return rule if has_room else f"none_left_{rule}"


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


def _is_shared(served: list[WritResult]) -> bool:
    """A limit was split among several demands."""
    demanding = [result for result in served if result.demanded > 0]
    is_cut = any(result.reason in {"cap", "floor"} for result in demanding)
    return is_cut and len(demanding) > 1


def _reasons(
    writ: Writ,
    result: WritResult,
    net: Decimal,
    category: str,
    parameters: PayParameters,
    *,
    is_shared: bool,
) -> list[Explanation]:
    """First what is demanded, then what limited it, then whether it was shared."""
    if result.reason == "no_income":
        return [Explanation("writ", "writ.no_income", {"writ": writ.id})]
    demand: dict[str, str | int] = {
        "writ": writ.id,
        "queue": writ.queue,
        "demanded": str(result.demanded),
    }
    if writ.share is not None:
        code = "writ.share"
        demand |= {"share": f"{writ.share.numerator}/{writ.share.denominator}", "net": str(net)}
    else:
        code = "writ.fixed" if writ.kind == ALIMONY else "writ.debt"
    if result.reason == "no_demand":
        return [Explanation("writ", "writ.no_demand", demand)]
    why = [Explanation("writ", code, demand)]
    if result.reason in {"cap", "none_left_cap"}:
        limit: dict[str, str | int] = {
            "writ": writ.id,
            "rate": str(parameters.writ_cap_share_of_net),
            "net": str(net),
            "article": "enforcement_95" if category == FREE else "penal_code_122",
        }
        why.append(Explanation("writ", f"writ.{result.reason}", limit, ("writ_cap_share_of_net",)))
    elif result.reason in {"floor", "none_left_floor"}:
        floor = f"{parameters.living_minimum:.2f}"
        limit = {"writ": writ.id, "floor": floor, "article": "enforcement_95"}
        why.append(Explanation("writ", f"writ.{result.reason}", limit, ("living_minimum",)))
    if is_shared:
        why.append(Explanation("writ", "writ.shared", {"writ": writ.id, "queue": writ.queue}))
    return why
