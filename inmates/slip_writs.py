"""Writs on a payslip: what they ask of the month, and the lines of what they got.

Pure; called by `slips.make_slip`. A writ (`selectors.payroll_inputs.WritInForce`) has one line,
its bailiff's fee another; a suspended one has a line of zero that says why.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from inmates.pay_values import (
    ALIMONY,
    BAILIFF_FEE,
    ZERO,
    Explanation,
    PayResult,
    Writ,
    WritResult,
    pack_explanations,
)
from inmates.slip_lines import BY_WRIT, NO_TITLE, Reasons, Rules, SlipLine, deciding_row


def asked_by(writs: Sequence[Any], fee_queue: int) -> tuple[Writ, ...]:
    """The demands on the month: of the writs in their order, then of the fees by the writ's id.

    A suspended writ asks for nothing, and its fee neither. Of a debt that is paid only the fee is
    left, and the other way round.
    """
    served = [one for one in writs if one.suspended is None]
    fees = sorted((one for one in served if one.fee is not None), key=_id_of)
    return (
        *[_writ(one) for one in served if one.is_open],
        *[
            Writ(id=_fee_id(one), queue=fee_queue, kind=BAILIFF_FEE, remaining=one.fee)
            for one in fees
        ],
    )


def writ_lines(
    writs: Sequence[Any], result: PayResult, reasons: Reasons, rules: Rules
) -> list[SlipLine]:
    """The lines in the order of the writs, the fee after its writ."""
    served = {one.id: one for one in result.writs}
    lines = []
    for writ in writs:
        if writ.suspended is not None:
            lines.append(_suspended(writ))
            continue
        if writ.is_open:
            got = served[str(writ.id)]
            why = [*reasons["writ", got.id], *_arrears(writ, got)]
            base = result.attachable if writ.share else writ.remaining
            lines.append(_line(writ, writ.kind, got, why, base, rules))
        if writ.fee is not None:
            got = served[_fee_id(writ)]
            why = [*reasons["writ", got.id]]
            lines.append(_line(writ, BAILIFF_FEE, got, why, writ.fee, rules))
    return lines


def _id_of(writ: Any) -> int:
    number: int = writ.id
    return number


def _fee_id(writ: Any) -> str:
    return f"{writ.id}:fee"


def _writ(writ: Any) -> Writ:
    return Writ(
        id=str(writ.id),
        queue=writ.queue,
        kind=writ.kind,
        share=Fraction(*writ.share) if writ.share else None,
        amount=writ.amount,
        remaining=writ.remaining,
    )


def _arrears(writ: Any, got: WritResult) -> list[Explanation]:
    """What the cap left unmet of alimony stays owed; a claim keeps its debt by itself."""
    unmet = got.demanded - got.withheld
    if writ.kind != ALIMONY or unmet <= 0:
        return []
    return [Explanation("writ", "writ.arrears", {"writ": got.id, "unmet": str(unmet)})]


def _line(
    writ: Any,
    code: str,
    got: WritResult,
    why: Sequence[Explanation],
    base: Decimal | None,
    rules: Rules,
) -> SlipLine:
    explanation, arguments = pack_explanations(why)
    return SlipLine(
        kind=BY_WRIT,
        code=code,
        subject=_subject(writ),
        amount=got.withheld,
        demanded=got.demanded,
        explanation=explanation,
        arguments=arguments,
        title=NO_TITLE,
        base=base,
        writ_id=writ.id,
        parameter_id=deciding_row(why, rules),
    )


def _suspended(writ: Any) -> SlipLine:
    since, basis = writ.suspended
    arguments = {"writ": str(writ.id), "since": since.isoformat(), "basis": basis}
    explanation, packed = pack_explanations([Explanation("writ", "writ.suspended", arguments)])
    return SlipLine(
        kind=BY_WRIT,
        code=writ.kind,
        subject=_subject(writ),
        amount=ZERO,
        demanded=ZERO,
        explanation=explanation,
        arguments=packed,
        title=NO_TITLE,
        writ_id=writ.id,
    )


def _subject(writ: Any) -> str:
    return f"writ:{writ.id}"
