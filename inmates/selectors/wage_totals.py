"""Wages of a quarter or a year by person and payer, from payslips of all kinds of runs.

Each payslip counts in the month it is for: differences and reversals add themselves. Called by
the pages of totals, certificates and figures for form 200.00. Approved runs alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from inmates.enums import FINAL_RUNS, RunStatus
from inmates.models import Inmate, PayrollRun, Payslip
from inmates.rules import PAYROLL_READERS
from inmates.selectors.payroll import granted_q, paid_of
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of, organisations_as_a_whole
from portal.kernel.periods import Month

ZERO = Decimal("0.00")
# In the order of the tables. `paid`: what was really paid out of it by now.
WITHHELD = ("opv", "vosms", "ipn", "withheld_by_writs")
EMPLOYER = ("so", "oosms", "opvr", "social_tax")
SUMS = ("gross", *WITHHELD, "to_account", "paid", *EMPLOYER)
PAID = Q(run__status=RunStatus.PAID)


def payers_of_reader(user: Any, on: date) -> "QuerySet[Organisation]":
    """The organisations whose wages the user reads, by name."""
    ids = {one.organisation_id for one in grants_of(user, on) if one.role in PAYROLL_READERS}
    return Organisation.objects.filter(pk__in=ids).order_by("sort_ru", "id")


def final_slips(
    user: Any, on: date, payer_id: int, months: Sequence[Month], *roles: str
) -> "QuerySet[Payslip]":
    """Approved payslips of the months at the payer, at the places the user reads."""
    granted = granted_q(
        user, on, roles or PAYROLL_READERS, payer="run__payer", institution="run__institution"
    )
    return Payslip.objects.filter(
        granted,
        run__payer=payer_id,
        run__status__in=FINAL_RUNS,
        run__month__gte=months[0].first_day,
        run__month__lte=months[-1].first_day,
    )


def _named() -> dict[str, Any]:
    """The sums under names of their own: an aggregate may not be called as a column."""
    paid = Sum(paid_of(), filter=PAID)
    sums = {name: Sum(name) for name in SUMS if name != "paid"} | {"paid": paid}
    return {f"sum_{name}": Coalesce(made, ZERO) for name, made in sums.items()}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums by name; see SUMS."""

    sums: dict[str, Decimal]

    def __getattr__(self, name: str) -> Decimal:
        try:
            return self.sums[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def withheld(self) -> Decimal:
        """Taxes, contributions and writs together."""
        return sum((self.sums[name] for name in WITHHELD), ZERO)

    @property
    def employer(self) -> Decimal:
        """What the employer paid on top."""
        return sum((self.sums[name] for name in EMPLOYER), ZERO)


NOTHING = Totals(dict.fromkeys(SUMS, ZERO))


def added(rows: Iterable[Totals]) -> Totals:
    """Totals of several rows."""
    sums = dict.fromkeys(SUMS, ZERO)
    for row in rows:
        for name in SUMS:
            sums[name] += row.sums[name]
    return Totals(sums)


def _totals(row: dict[str, Any]) -> Totals:
    return Totals({name: row[f"sum_{name}"] or ZERO for name in SUMS})


@dataclass(frozen=True, slots=True)
class PersonTotals:
    """One person's sums at the payer over the months asked."""

    inmate_id: int
    number: str
    months: int
    totals: Totals


def person_rows(slips: "QuerySet[Payslip]", number: str = "") -> "QuerySet[Any, Any]":
    """One row a person by number; sliced by the page, read by `persons`."""
    if number:
        slips = slips.filter(inmate__personnel_number=number)
    return (
        slips.order_by()
        .values("inmate_id", "inmate__personnel_number")
        .annotate(months=Count("run__month", distinct=True), **_named())
        .order_by("inmate__personnel_number", "inmate_id")
    )


def persons(rows: Any) -> list[PersonTotals]:
    """The rows as values."""
    return [
        PersonTotals(row["inmate_id"], row["inmate__personnel_number"], row["months"], _totals(row))
        for row in rows
    ]


def whole(slips: "QuerySet[Payslip]") -> Totals:
    """All of them together; one query."""
    return _totals(slips.aggregate(**_named()))


def by_month(slips: "QuerySet[Payslip]", months: Sequence[Month]) -> list[tuple[Month, Totals]]:
    """The months asked one after another, empty ones too; one query."""
    rows = slips.order_by().values("run__month").annotate(**_named())
    found = {Month.of(row["run__month"]): _totals(row) for row in rows}
    return [(month, found.get(month, NOTHING)) for month in months]


def slips_of_person(slips: "QuerySet[Payslip]", inmate_id: int) -> "QuerySet[Payslip]":
    """Every payslip of the person by the month it is for, with its run: what was paid when."""
    return (
        slips.filter(inmate=inmate_id)
        .select_related("run__institution__organisation")
        .order_by("run__month", "run__posted_at", "pk")
    )


def person_of_payer(slips: "QuerySet[Payslip]", number: str) -> Inmate | None:
    """The person with this number among the payslips."""
    return Inmate.objects.filter(personnel_number=number, payslips__in=slips).first()


def years_of(user: Any, on: date, payer_id: int) -> list[int]:
    """Years with approved wages of the payer, the newest first; the present one always."""
    granted = granted_q(user, on, PAYROLL_READERS, payer="payer", institution="institution")
    months = PayrollRun.objects.filter(granted, payer=payer_id, status__in=FINAL_RUNS)
    found = {day.year for day in months.values_list("month", flat=True).distinct()}
    return sorted(found | {on.year}, reverse=True)


def certifying_payers(user: Any, on: date) -> "QuerySet[Organisation]":
    """Payers whose wages the user certifies: those of all their places."""
    ids = organisations_as_a_whole(user, on, Role.ACCOUNTANT)
    return Organisation.objects.filter(pk__in=ids).order_by("sort_ru", "id")


def read_by_name(
    user: Any, on: date, payer_id: int, months: Sequence[Month], ids: Collection[int]
) -> list[Inmate]:
    """Whom of a list the user knows by name: the accountant at a place where they were paid."""
    slips = final_slips(user, on, payer_id, months, Role.ACCOUNTANT)
    return list(Inmate.objects.filter(pk__in=list(ids), payslips__in=slips).distinct())
