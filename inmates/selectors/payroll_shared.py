"""What other runs of the same people change: deductions given, debts left, pay of the month.

Called by the calculation service for a batch whose people are locked, so that two runs of two
payers, or of one payer in two institutions, never take or give the same thing twice.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from inmates.enums import CLOSED_RUNS, RunKind
from inmates.models import PayrollRun, Payslip, TaxApplication
from inmates.pay_values import ZERO, Elsewhere, Joint
from inmates.selectors.payroll_changes import causes_of
from inmates.selectors.payroll_earlier import debts_of, earlier_slips, slips_after
from inmates.selectors.payroll_inputs import RunInputs
from inmates.selectors.payroll_writs import writs_in_force
from portal.kernel.periods import Month, period_q

# What counted on the payer's other payslips of the month, by the flags of the kinds then in force.
PAYERS_OWN = """
WITH slip AS (
  SELECT s.*, i.security = 'minimum' AS pays_vosms
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  JOIN workshops_institution i ON i.id = r.institution_id
  WHERE r.payer_id = %(payer)s AND r.month = %(month)s AND r.id <> ALL(%(passed_over)s)
    AND s.id <> ALL(%(after)s) AND s.inmate_id = ANY(%(people)s)
), counted AS (
  SELECT s.inmate_id,
    SUM(l.amount) FILTER (WHERE k.in_opv) AS opv, SUM(l.amount) FILTER (WHERE k.in_so) AS so,
    SUM(l.amount) FILTER (WHERE k.in_osms) AS osms,
    SUM(l.amount) FILTER (WHERE k.in_osms AND s.pays_vosms) AS vosms,
    SUM(l.amount) FILTER (WHERE k.in_social_tax) AS social_tax,
    SUM(l.amount) FILTER (WHERE l.code = 'sick') AS sick
  FROM slip s
  JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind = 'earning'
  JOIN inmates_earningkind k ON k.code = l.code AND k.effective_from <= %(last_day)s
    AND (k.effective_to IS NULL OR %(last_day)s < k.effective_to)
  GROUP BY s.inmate_id
)
SELECT s.inmate_id, COALESCE(c.opv, 0), COALESCE(c.so, 0), COALESCE(c.osms, 0),
  COALESCE(c.vosms, 0), COALESCE(c.social_tax, 0), SUM(s.opv), SUM(s.vosms), SUM(s.so),
  SUM(s.oosms), SUM(s.opvr), SUM(s.social_tax), SUM(s.gross), COALESCE(c.sick, 0)
FROM slip s LEFT JOIN counted c USING (inmate_id)
GROUP BY s.inmate_id, c.opv, c.so, c.osms, c.vosms, c.social_tax, c.sick
"""


@dataclass(frozen=True, slots=True)
class _PassedOver:
    """What does not count for a run: whole runs, and payslips of the people who have their own."""

    runs: list[int]
    slips: list[int]
    # Of these runs not even what was earned earlier in the year.
    replaced: list[int]


def read_shared(inputs: RunInputs, run: PayrollRun, ids: Collection[int]) -> None:
    """Put what other runs have left of these people's deductions and writs into `inputs`; of the
    month's own what is to be subtracted, and what is owed to the payer."""
    beside = inputs.beside
    # The month's own payslips are subtracted from it: they are no pay from elsewhere.
    after, replaced = _runs_after(run)
    passed_over = _PassedOver(
        [run.pk, *beside.runs, *after], slips_after(run, beside.earlier, ids), replaced
    )
    inputs.earlier = earlier_slips(run, beside.earlier, ids)
    inputs.causes = causes_of(run, inputs.earlier) if inputs.earlier else {}
    inputs.debts = debts_of(run, ids) if run.kind != RunKind.CORRECTION else {}
    _read_tax_history(inputs, run, ids, passed_over)
    inputs.joint = _payers_own(run, ids, passed_over)
    inputs.writs = writs_in_force(run, ids, passed_over.runs, passed_over.slips)


def _runs_after(run: PayrollRun) -> tuple[list[int], list[int]]:
    """Runs that have counted this one, where one person of it is calculated anew; and reversals
    that wait: they may be taken back, and count when they are posted. Beside them, and among
    them, runs that wait with differences which are settled with this one too: once is enough. And
    differences that go with a month in which nobody has a payslip: as such they are never approved.

    What they took is not counted here, or each run would wait for the other; their own check then
    tells what the new payslip changes for them. What is approved stands, and is counted. Of the
    differences settled with one run those of a later month come after, and the run itself.
    """
    others = PayrollRun.objects.exclude(pk=run.pk).exclude(status__in=CLOSED_RUNS)
    head = run.settled_with_id or run.pk
    of_family = PayrollRun.objects.filter(
        settled_with=head,
        payer=OuterRef("payer"),
        institution=OuterRef("institution"),
        month=OuterRef("month"),
    )
    goes_nowhere = Q(kind=RunKind.CORRECTION) & ~Exists(
        Payslip.objects.filter(run=OuterRef("settled_with"))
    )
    others = others.annotate(is_replaced=(Exists(of_family) | goes_nowhere) & ~Q(settled_with=head))
    after = Q(kind=RunKind.REVERSAL) | Q(is_replaced=True)
    if run.ordered_at is not None:
        others = others.annotate(order=Coalesce("ordered_at", "calculated_at"))
        after |= Q(order__gt=run.ordered_at) | Q(order=None)
    found = list(others.filter(after).values_list("pk", "is_replaced"))
    return [key for key, _is in found], [key for key, is_replaced in found if is_replaced]


def _read_tax_history(
    inputs: RunInputs, run: PayrollRun, ids: Collection[int], passed_over: _PassedOver
) -> None:
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
        .exclude(run__month=month.first_day, run__in=passed_over.runs)
        .exclude(Q(run__kind=RunKind.REVERSAL) & ~Q(run__status__in=CLOSED_RUNS))
        .exclude(run__in=passed_over.replaced)
        .exclude(run__month=month.first_day, pk__in=passed_over.slips)
        .values("inmate_id")
        .annotate(
            earlier=Sum("taxable"),
            given=Sum("deduction_used", filter=this_month & Q(run__payer=run.payer_id)),
            net=Sum("net", filter=this_month),
            attachable=Sum("attachable", filter=this_month),
            withheld=Sum("withheld_by_writs", filter=this_month),
        )
        .values_list("inmate_id", "earlier", "given", "net", "attachable", "withheld")
    )
    for inmate_id, earlier, given, *elsewhere in rows:
        if earlier is not None:
            # Below nought while differences of two runs wait that say the same.
            inputs.earlier_taxable[inmate_id] = max(earlier, ZERO)
        if given is not None:
            inputs.deduction_given[inmate_id] = given
        if None not in elsewhere:
            inputs.elsewhere[inmate_id] = Elsewhere(*elsewhere)


def _payers_own(
    run: PayrollRun, ids: Collection[int], passed_over: _PassedOver
) -> dict[int, Joint]:
    """What counted and was paid on the payer's other payslips of the month; one query."""
    scope = {
        "payer": run.payer_id,
        "month": run.month,
        "passed_over": passed_over.runs,
        "after": passed_over.slips,
        "people": list(ids),
        "last_day": Month.of(run.month).last_day,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAYERS_OWN, scope)
        return {inmate_id: Joint(*sums) for inmate_id, *sums in cursor.fetchall()}
