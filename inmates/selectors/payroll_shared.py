"""What other runs of the same people change: deductions given, debts left, pay of the month.

Called by the calculation service for a batch whose people are locked, so that two runs of two
payers, or of one payer in two institutions, never take or give the same thing twice.
"""

from collections.abc import Collection

from django.db.models import Q, Sum

from inmates.models import PayrollRun, Payslip, TaxApplication
from inmates.pay_values import Elsewhere
from inmates.selectors.payroll_inputs import RunInputs
from inmates.selectors.payroll_writs import writs_in_force
from portal.kernel.periods import period_q


def read_shared(inputs: RunInputs, run: PayrollRun, ids: Collection[int]) -> None:
    """Put what other runs have left of these people's deductions and writs into `inputs`."""
    _read_tax_history(inputs, run, ids)
    inputs.writs = writs_in_force(run, ids)


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
            given=Sum("deduction_used", filter=this_month & Q(run__payer=run.payer_id)),
            net=Sum("net", filter=this_month),
            attachable=Sum("attachable", filter=this_month),
            withheld=Sum("withheld_by_writs", filter=this_month),
        )
        .values_list("inmate_id", "earlier", "given", "net", "attachable", "withheld")
    )
    for inmate_id, earlier, given, *elsewhere in rows:
        if earlier is not None:
            inputs.earlier_taxable[inmate_id] = earlier
        if given is not None:
            inputs.deduction_given[inmate_id] = given
        if None not in elsewhere:
            inputs.elsewhere[inmate_id] = Elsewhere(*elsewhere)
