"""Runs that belong together, and what each difference is a difference to.

Asked by the pages of runs and payslips: all runs of one month and place add up to what the month
is now; a run and the differences of earlier months are approved and paid as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from inmates.enums import FINAL_RUNS, RunKind
from inmates.models import PayrollRun, Payslip, PayslipLine
from inmates.selectors.payroll import payroll_runs_visible_to, runs_with_totals
from portal.kernel.periods import Month

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Before:
    """What the month had come to for a person before a payslip, and whether there was a slip."""

    gross: Decimal
    to_account: Decimal


def month_runs(payer_id: int, institution_id: int, month: Month) -> list[PayrollRun]:
    """Every run for the month, and the differences of earlier ones that are paid with it."""
    here = Q(payer=payer_id, institution=institution_id)
    with_it = Q(settled_with__month=month.first_day)
    runs = PayrollRun.objects.filter(here & (Q(month=month.first_day) | with_it))
    return list(_shown(runs))


def other_runs(user: Any, on: date, month: Month) -> dict[Key, list[PayrollRun]]:
    """The visible runs for the month beside the regular ones that hold; by payer and place."""
    rows = payroll_runs_visible_to(user, on).filter(month=month.first_day)
    found: dict[Key, list[PayrollRun]] = {}
    for run in _shown(rows.exclude(kind=RunKind.REGULAR, is_reversed=False)):
        found.setdefault((run.payer_id, run.institution_id), []).append(run)
    return found


def paid_together(run: PayrollRun) -> list[PayrollRun]:
    """The run with the differences of earlier months that go with it; alone, nothing."""
    root = run.settled_with_id or run.pk
    runs = list(_shown(PayrollRun.objects.filter(Q(pk=root) | Q(settled_with=root))))
    return runs if len(runs) > 1 else []


def _shown(runs: "QuerySet[PayrollRun]") -> "QuerySet[PayrollRun]":
    related = ("reverses", "settled_with")
    return runs_with_totals(runs).select_related(*related).order_by("month", "created_at", "pk")


def before_slips(run: PayrollRun, slips: Iterable[Payslip]) -> dict[int, Before]:
    """What each person of these slips of the run had of its month before; one query.

    Of a run that is posted, those posted earlier count; of another one all that are posted.
    """
    rows = Payslip.objects.filter(
        inmate__in=[slip.inmate_id for slip in slips],
        run__payer=run.payer_id,
        run__institution=run.institution_id,
        run__month=run.month,
        run__status__in=FINAL_RUNS,
    ).exclude(run=run.pk)
    if run.posted_at is not None:
        rows = rows.filter(run__posted_at__lt=run.posted_at)
    sums = rows.order_by().values("inmate").annotate(gross=Sum("gross"), paid=Sum("to_account"))
    return {row["inmate"]: Before(row["gross"], row["paid"]) for row in sums}


def causes_of_slips(slips: Iterable[Payslip]) -> dict[int, list[str]]:
    """Why each slip differs: the causes its lines name, each once; one query."""
    rows = PayslipLine.objects.filter(
        payslip__in=[slip.pk for slip in slips], arguments__has_key="why"
    ).values_list("payslip", "arguments__why")
    found: dict[int, list[str]] = {}
    for slip_id, causes in rows:
        known = found.setdefault(slip_id, [])
        known += [cause for cause in sorted(causes or []) if cause not in known]
    return found


def slip_before(slip: Payslip) -> Payslip | None:
    """The payslip of the month that this one adds to, with the run it belongs to."""
    if slip.corrects_id is None:
        return None
    return Payslip.objects.select_related("run").get(pk=slip.corrects_id)


def debt_after(slip: Payslip) -> Decimal:
    """What is still owed of overpayments, by all posted payslips of the payer and this one."""
    posted = Q(run__status__in=FINAL_RUNS)
    owed = Payslip.objects.filter(
        posted | Q(pk=slip.pk), inmate=slip.inmate_id, run__payer=slip.run.payer_id
    ).aggregate(sum=Sum("settlement"))["sum"]
    return owed or Decimal("0.00")
