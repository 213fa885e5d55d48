"""What other runs of the same people change: deductions given, debts left, pay of the month.

Called by the calculation service for a batch whose people are locked, so that two runs of two
payers, or of one payer in two institutions, never take or give the same thing twice.
"""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db.models import F, Q, Sum

from inmates.enums import LineKind
from inmates.models import PayrollRun, Payslip, PayslipLine, TaxApplication, WritOfExecution
from inmates.selectors.payroll_inputs import RunInputs, WritInForce
from portal.kernel.periods import period_q


def read_shared(inputs: RunInputs, run: PayrollRun, ids: Collection[int]) -> None:
    """Put what other runs have left of these people's deductions and writs into `inputs`."""
    _read_tax_history(inputs, run, ids)
    _read_writs(inputs, run, ids)


def _read_tax_history(inputs: RunInputs, run: PayrollRun, ids: Collection[int]) -> None:
    month = inputs.month
    inputs.applications = set(
        TaxApplication.objects.filter(
            period_q(month.last_day), payer_id=run.payer_id, inmate_id__in=ids
        ).values_list("inmate_id", flat=True)
    )
    this_month = Q(run__month=month.first_day)
    rows = (
        Payslip.objects.filter(
            inmate_id__in=ids,
            run__month__gte=month.first_day.replace(month=1),
            run__month__lte=month.first_day,
        )
        .exclude(run=run)
        .values("inmate_id")
        .annotate(
            earlier=Sum("taxable", filter=Q(run__month__lt=month.first_day)),
            given=Sum(
                F("gross") - F("opv") - F("vosms") - F("taxable"),
                filter=this_month & Q(run__payer=run.payer_id, has_basic_deduction=True),
            ),
            net=Sum("net", filter=this_month),
            withheld=Sum("withheld_by_writs", filter=this_month),
        )
        .values_list("inmate_id", "earlier", "given", "net", "withheld")
    )
    for inmate_id, earlier, given, net, withheld in rows:
        if earlier is not None:
            inputs.earlier_taxable[inmate_id] = earlier
        if given is not None:
            inputs.deduction_given[inmate_id] = given
        if net is not None:
            inputs.elsewhere[inmate_id] = (net, withheld)


def _read_writs(inputs: RunInputs, run: PayrollRun, ids: Collection[int]) -> None:
    """Writs in force on the last day, by queue; what is paid off is left out.

    A debt is less by what all other payslips withheld, a fixed sum a month by those of the month.
    """
    writs = list(
        WritOfExecution.objects.filter(period_q(inputs.month.last_day), inmate_id__in=ids).order_by(
            "inmate_id", "queue", "id"
        )
    )
    this_month = Q(payslip__run__month=inputs.month.first_day)
    withheld = {
        writ_id: (total, of_month or Decimal(0))
        for writ_id, total, of_month in PayslipLine.objects.filter(
            kind=LineKind.WRIT, writ__in=[writ.pk for writ in writs]
        )
        .exclude(payslip__run=run)
        .values("writ_id")
        .annotate(total=Sum("amount"), of_month=Sum("amount", filter=this_month))
        .values_list("writ_id", "total", "of_month")
    }
    found: dict[int, list[WritInForce]] = defaultdict(list)
    for writ in writs:
        of_debt, of_month = withheld.get(writ.pk, (Decimal(0), Decimal(0)))
        debt_left = None if writ.debt is None else writ.debt - of_debt
        amount_left = None if writ.amount is None else writ.amount - of_month
        if any(left is not None and left <= 0 for left in (debt_left, amount_left)):
            continue
        found[writ.inmate_id].append(
            WritInForce(writ.pk, writ.queue, writ.kind, _share(writ), amount_left, debt_left)
        )
    inputs.writs = found


def _share(writ: WritOfExecution) -> tuple[int, int] | None:
    if writ.share_numerator is None or writ.share_denominator is None:
        return None
    return writ.share_numerator, writ.share_denominator
