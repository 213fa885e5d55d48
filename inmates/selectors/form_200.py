"""Figures for form 200.00 by month of a quarter: what was accrued, of how many people.

Figures, not the form: the tax office's form is filled in elsewhere. One query a month.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from inmates.enums import FINAL_RUNS, RunStatus
from inmates.models import Payslip
from inmates.rules import PAYROLL_READERS
from inmates.selectors.payroll import granted_q, paid_of
from portal.kernel.periods import Month

ZERO = Decimal("0.00")
# The lines in their order; `paid_out` goes by the day of payment, the others by the month of pay.
LINES = ("gross", "taxable", "ipn", "opv", "opvr", "so", "vosms", "oosms", "social_tax")
PAID_OUT = "paid_out"


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum and of how many people it is."""

    amount: Decimal = ZERO
    people: int = 0


def figures_of_month(user: Any, on: date, payer_id: int, month: Month) -> dict[str, Figure]:
    """By line; payslips of all kinds for the month added up by person first; two queries."""
    slips = _slips(user, on, payer_id)
    accrued = _by_person(
        slips.filter(run__month=month.first_day, run__status__in=FINAL_RUNS),
        {line: Sum(line) for line in LINES},
    )
    paid = _by_person(
        slips.filter(
            run__status=RunStatus.PAID, run__paid_on__range=(month.first_day, month.last_day)
        ),
        {PAID_OUT: Sum(paid_of())},
    )
    return accrued | paid


def _slips(user: Any, on: date, payer_id: int) -> "QuerySet[Payslip]":
    granted = granted_q(
        user, on, PAYROLL_READERS, payer="run__payer", institution="run__institution"
    )
    return Payslip.objects.filter(granted, run__payer=payer_id)


def _by_person(slips: "QuerySet[Payslip]", sums: dict[str, Any]) -> dict[str, Figure]:
    """A person whose slips of the month come to nothing is not counted."""
    of_person = (
        slips.order_by()
        .values("inmate_id")
        .annotate(**{f"of_{line}": made for line, made in sums.items()})
    )
    row = of_person.aggregate(
        **{f"all_{line}": Sum(f"of_{line}") for line in sums},
        **{f"who_{line}": Count("inmate_id", filter=~Q(**{f"of_{line}": ZERO})) for line in sums},
    )
    return {line: Figure(row[f"all_{line}"] or ZERO, row[f"who_{line}"]) for line in sums}
