"""Writs of a batch's people with what is left of them after the payslips of other runs.

Called by `payroll_shared` for people who are locked: two runs never take the same debt twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from inmates.enums import LineKind
from inmates.models import PayrollRun, PayslipLine, WritOfExecution, WritSuspension
from inmates.pay_values import BAILIFF_FEE, ZERO
from inmates.selectors.payroll_inputs import WritInForce
from portal.kernel.periods import Month, period_q

IS_FEE = Q(code=BAILIFF_FEE)


def writs_in_force(run: PayrollRun, ids: Collection[int]) -> dict[int, list[WritInForce]]:
    """Writs in force on the last day of the month, by queue; what is paid off is left out,
    unless it is suspended: that is said until it is lifted.

    A debt and a fee are less by what all other payslips withheld for them, a fixed sum a month by
    those of the month; none is ever less than nothing.
    """
    month = Month.of(run.month)
    writs = list(
        WritOfExecution.objects.filter(period_q(month.last_day), inmate_id__in=ids).order_by(
            "inmate_id", "queue", "id"
        )
    )
    keys = [writ.pk for writ in writs]
    withheld, suspended = _withheld(run, keys), suspensions_on(keys, month.last_day)
    found: dict[int, list[WritInForce]] = defaultdict(list)
    for writ in writs:
        of_debt, of_month, of_fee = withheld.get(writ.pk, (ZERO, ZERO, ZERO))
        left = WritInForce(
            writ.pk,
            writ.queue,
            writ.kind,
            _share(writ),
            _left(writ.amount, of_month),
            _left(writ.debt, of_debt),
            fee=_left(writ.fee, of_fee),
            suspended=suspended.get(writ.pk),
        )
        if left.is_open or left.fee is not None or left.suspended is not None:
            found[writ.inmate_id].append(left)
    return found


def suspensions_on(writs: Iterable[int], on: date) -> dict[int, tuple[date, str]]:
    """Which of the writs are suspended on the day: since when, and by what paper."""
    rows = WritSuspension.objects.filter(period_q(on), writ__in=writs)
    return {
        writ_id: (since, basis)
        for writ_id, since, basis in rows.values_list("writ_id", "effective_from", "basis")
    }


def _withheld(
    run: PayrollRun, writs: Collection[int]
) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """What all other runs took for each writ: of its debt, of this month's sum, of the fee."""
    this_month = Q(payslip__run__month=run.month)
    rows = (
        PayslipLine.objects.filter(kind=LineKind.WRIT, writ__in=writs)
        .exclude(payslip__run=run)
        .values("writ_id")
        .annotate(
            total=Sum("amount", filter=~IS_FEE),
            of_month=Sum("amount", filter=~IS_FEE & this_month),
            of_fee=Sum("amount", filter=IS_FEE),
        )
        .values_list("writ_id", "total", "of_month", "of_fee")
    )
    return {
        writ_id: (total or ZERO, of_month or ZERO, of_fee or ZERO)
        for writ_id, total, of_month, of_fee in rows
    }


def _left(whole: Decimal | None, taken: Decimal) -> Decimal | None:
    """What is left to ask for; None where nothing is."""
    return whole - taken if whole is not None and whole > taken else None


def _share(writ: WritOfExecution) -> tuple[int, int] | None:
    if writ.share_numerator is None or writ.share_denominator is None:
        return None
    return writ.share_numerator, writ.share_denominator
