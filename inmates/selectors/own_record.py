"""What a person may read of their own: the approved wages by month, what was sent, what is owed.

Called by the pages of the terminals and by the paper of the same. Everything is asked by the
person's key alone; `payers` limits the paper that a payer prints to what that payer paid.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from inmates.enums import FINAL_RUNS, RunStatus
from inmates.models import (
    Payslip,
    PayslipLine,
)
from inmates.pay_values import ZERO
from inmates.selectors.transfers import Transferred, transfers_of_people
from portal.accounts.models import Organisation
from portal.kernel.periods import Month


@dataclass(slots=True)
class OwnMonth:
    """All approved slips of one month, corrections among them: their sums are what holds now."""

    month: Month
    slips: list[Payslip] = field(default_factory=list)

    def total(self, column: str) -> Decimal:
        return sum((getattr(slip, column) for slip in self.slips), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.total("gross")

    @property
    def to_account(self) -> Decimal:
        return self.total("to_account")

    @property
    def withheld(self) -> Decimal:
        return self.gross - self.to_account

    @property
    def settlement(self) -> Decimal:
        return self.total("settlement")

    @property
    def is_paid(self) -> bool:
        return all(slip.run.status == RunStatus.PAID for slip in self.slips)


def own_slips(inmate_id: int, payers: Collection[int] | None = None) -> "QuerySet[Payslip]":
    """Approved slips alone, with their runs; the newest month first, in it as they were made."""
    rows = Payslip.objects.filter(inmate=inmate_id, run__status__in=FINAL_RUNS)
    if payers is not None:
        rows = rows.filter(run__payer__in=payers)
    return rows.select_related(
        "run__payer", "run__institution__organisation", "run__settled_with", "inmate"
    ).order_by("-run__month", "run__posted_at", "id")


def own_months(slips: Iterable[Payslip]) -> list[OwnMonth]:
    """By month, the newest first."""
    months: dict[Month, OwnMonth] = {}
    for slip in slips:
        month = Month.of(slip.run.month)
        months.setdefault(month, OwnMonth(month)).slips.append(slip)
    return list(months.values())


def with_lines(slips: "QuerySet[Payslip]") -> "QuerySet[Payslip]":
    """The slips with their lines, each with its writ and parameter."""
    lines = PayslipLine.objects.select_related("writ", "parameter").order_by("sequence")
    return slips.prefetch_related(Prefetch("lines", queryset=lines))


def year_months(months: Iterable[OwnMonth], year: int) -> OwnMonth:
    """All slips of the year as one."""
    slips = [slip for one in months if one.month.year == year for slip in one.slips]
    return OwnMonth(Month(year, 1), slips)


def owed_back(slips: Iterable[Payslip]) -> list[tuple[Organisation, Decimal]]:
    """Paid too much earlier and not settled yet, by payer."""
    owed: dict[Organisation, Decimal] = {}
    for slip in slips:
        owed[slip.run.payer] = owed.get(slip.run.payer, ZERO) + slip.settlement
    return [(payer, amount) for payer, amount in owed.items() if amount > 0]


@dataclass(frozen=True, slots=True)
class Credit:
    """What was sent to the person's account: when, by which document, for which months."""

    paid_on: date
    document: str
    payer: str
    months: list[Month]
    amount: Decimal


def own_credits(slips: Iterable[Payslip]) -> list[Credit]:
    """Of paid runs, one row for a payment, the newest first; of the balance nothing is known."""
    rows: dict[tuple[date, str, int], list[Payslip]] = {}
    for slip in slips:
        run = slip.run
        if run.status == RunStatus.PAID and run.paid_on is not None:
            rows.setdefault((run.paid_on, run.paid_document, run.payer_id), []).append(slip)
    return [
        Credit(
            paid_on,
            document,
            found[0].run.payer.name,
            sorted({Month.of(slip.run.month) for slip in found}),
            sum((max(ZERO, slip.to_account + slip.settlement) for slip in found), ZERO),
        )
        for (paid_on, document, _payer), found in sorted(rows.items(), reverse=True)
    ]


def own_transfers(month: OwnMonth) -> list[tuple[Organisation, list[Transferred]]]:
    """What each payer of the month has transferred of its contributions by now."""
    payers = {slip.run.payer_id: slip.run.payer for slip in month.slips}
    people = [slip.inmate_id for slip in month.slips[:1]]
    found = []
    for payer_id, payer in payers.items():
        told = transfers_of_people(payer_id, people, month.month)
        found.append((payer, next(iter(told.values()), None) or []))
    return found
