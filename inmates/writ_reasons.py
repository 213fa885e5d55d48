"""Why a writ got what it got: what it demands, what limited it, whether the limit was shared.

Pure; called by `withholding.withhold`. The sentences themselves are in `explanations`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inmates.parameters import PayParameters
from inmates.pay_values import (
    ALIMONY,
    BAILIFF_FEE,
    FREE,
    NOTHING_ELSEWHERE,
    Elsewhere,
    Explanation,
    Writ,
    WritResult,
)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the limits of one slip were computed from."""

    net: Decimal
    attachable: Decimal
    elsewhere: Elsewhere
    category: str
    parameters: PayParameters


def is_shared(served: Sequence[WritResult]) -> bool:
    """A limit was split among several demands."""
    demanding = [result for result in served if result.demanded > 0]
    is_cut = any(result.reason in {"cap", "floor"} for result in demanding)
    return is_cut and len(demanding) > 1


def writ_reasons(
    writ: Writ, result: WritResult, grounds: Grounds, *, is_shared: bool
) -> list[Explanation]:
    """First what is demanded, then what limited it, then whether it was shared."""
    if result.reason == "no_income":
        return [Explanation("writ", "writ.no_income", {"writ": writ.id})]
    if result.reason == "none_attachable":
        return [_not_attachable(writ, grounds)]
    demand = _demand(writ, result, grounds)
    if result.reason == "no_demand":
        return [Explanation("writ", "writ.no_demand", demand.arguments)]
    why = [demand]
    if writ.share is not None and grounds.attachable != grounds.net:
        why.append(_not_attachable(writ, grounds))
    if result.reason in {"cap", "none_left_cap"}:
        why += _of_cap(writ, result.reason, grounds)
    elif result.reason in {"floor", "none_left_floor"}:
        why.append(_of_floor(writ, result.reason, grounds))
    if is_shared:
        why.append(Explanation("writ", "writ.shared", {"writ": writ.id, "queue": writ.queue}))
    return why


def _demand(writ: Writ, result: WritResult, grounds: Grounds) -> Explanation:
    arguments: dict[str, str | int] = {
        "writ": writ.id,
        "queue": writ.queue,
        "demanded": str(result.demanded),
    }
    if writ.share is not None:
        share = f"{writ.share.numerator}/{writ.share.denominator}"
        arguments |= {"share": share, "net": str(grounds.attachable)}
        return Explanation("writ", "writ.share", arguments)
    codes = {ALIMONY: "writ.fixed", BAILIFF_FEE: "writ.fee"}
    return Explanation("writ", codes.get(writ.kind, "writ.debt"), arguments)


def _of_cap(writ: Writ, reason: str, grounds: Grounds) -> list[Explanation]:
    """The cap of this slip alone, or the one it shares with the other slips of the month."""
    limit: dict[str, str | int] = {
        "writ": writ.id,
        "rate": str(grounds.parameters.writ_cap_share_of_net),
        "net": str(grounds.attachable + grounds.elsewhere.attachable),
        "article": "enforcement_95" if grounds.category == FREE else "penal_code_122",
    }
    code = f"writ.{reason}"
    if grounds.elsewhere != NOTHING_ELSEWHERE:
        code += "_of_all"
        limit["withheld"] = str(grounds.elsewhere.withheld)
    why = [Explanation("writ", code, limit, ("writ_cap_share_of_net",))]
    if writ.share is None and grounds.attachable != grounds.net:
        why.append(_not_attachable(writ, grounds))
    return why


def _not_attachable(writ: Writ, grounds: Grounds) -> Explanation:
    arguments: dict[str, str | int] = {
        "writ": writ.id,
        "exempt": str(grounds.net - grounds.attachable),
        "article": "enforcement_98",
    }
    return Explanation("writ", "writ.not_attachable", arguments)


def _of_floor(writ: Writ, reason: str, grounds: Grounds) -> Explanation:
    limit: dict[str, str | int] = {
        "writ": writ.id,
        "floor": f"{grounds.parameters.living_minimum:.2f}",
        "article": "enforcement_95",
    }
    return Explanation("writ", f"writ.{reason}", limit, ("living_minimum",))
