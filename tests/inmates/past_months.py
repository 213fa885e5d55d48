"""Months that are approved and then changed, for the tests of differences; everything is invented.

Each month goes through the services like a real one: calculated, approved by the first signature,
posted, paid. What is changed afterwards is written past the services, as the triggers see it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from inmates.enums import RunKind, RunStatus
from inmates.models import (
    Attendance,
    BackdatedChange,
    Inmate,
    PayrollRun,
    Payslip,
    PayslipLine,
    Placement,
)
from inmates.services.corrections import family_of
from inmates.services.paying import pay_payroll_run
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import approved, worked_off
from tests.inmates.months import attended, calculated, days_of
from tests.people import Cast

JULY, AUGUST, SEPTEMBER, OCTOBER = (Month(2026, number) for number in (7, 8, 9, 10))


def money(amount: str) -> Decimal:
    return Decimal(amount)


def closed(cast: Cast, month: Month, *, pay: bool = True, **fields: Any) -> PayrollRun:
    """The month's run, approved, posted and paid with whatever it settles."""
    run = calculated(cast, month, at=clock.now(), **fields)
    assert run.difference_count == 0, told(run)
    assert run.status == RunStatus.CALCULATED, list(run.problems.values())
    run = posted(cast, run)
    if pay:
        run = paid(cast, run)
    return run


def posted(cast: Cast, run: PayrollRun) -> PayrollRun:
    run = worked_off(approved(cast, run))
    assert run.status == RunStatus.APPROVED, told(run)
    return run


def paid(cast: Cast, run: PayrollRun) -> PayrollRun:
    return pay_payroll_run(
        actor=cast.accountant, run_id=run.pk, paid_on=clock.today(),
        document=f"ПП {run.pk}", at=clock.now(),
    )  # fmt: skip


def told(run: PayrollRun) -> list[Any]:
    """What the second calculation found of the family, for a test that fails."""
    rows = []
    for one in family_of(run):
        found = one.differences.values_list("inmate", "kind", "code", "subject", "first", "second")
        rows += [(str(one.month), one.kind, *row) for row in found]
    return rows


def worked(placement: Placement, month: Month, days: int, minutes: int = 480) -> None:
    """So many first working days of the month."""
    attended(placement, days_of(month, days), minutes)


def another_day(placement: Placement, month: Month, **fields: Any) -> Attendance:
    """The next working day of the month that was not entered."""
    known = set(placement.attendance.values_list("worked_on", flat=True))
    day = next(day for day in days_of(month, 20) if day not in known)
    values = {"minutes": 480, "recorded_at": clock.now()} | fields
    return Attendance.objects.create(placement=placement, worked_on=day, **values)


def less(placement: Placement, month: Month, days: int) -> None:
    """So many of the last entered days of the month were not worked after all."""
    rows = Attendance.objects.filter(
        placement=placement, worked_on__range=(month.first_day, month.last_day)
    ).order_by("-worked_on")[:days]
    Attendance.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def correction(run: PayrollRun, month: Month) -> PayrollRun:
    """The run of a month's differences that goes with this one."""
    return PayrollRun.objects.get(settled_with=run, month=month.first_day)


def slip_of(run: PayrollRun, inmate: Inmate) -> Payslip:
    return Payslip.objects.get(run=run, inmate=inmate)


def amounts(slip: Payslip) -> dict[str, Decimal]:
    """The lines of a slip by what they are."""
    return {
        f"{line.code} {line.subject.partition(':')[0]}".strip(): line.amount
        for line in slip.lines.order_by("sequence")
    }


def sums(inmate: Inmate, month: Month, *names: str) -> list[Decimal]:
    """What all payslips of the month add up to."""
    found = Payslip.objects.filter(inmate=inmate, run__month=month.first_day).aggregate(
        **{name: Sum(name) for name in names}
    )
    return [found[name] for name in names]


def settlements(inmate: Inmate) -> Decimal:
    """What the person owes from overpayments, by the payslips that are approved."""
    total: Decimal = Payslip.objects.filter(
        inmate=inmate, run__status__in=[RunStatus.APPROVED, RunStatus.PAID]
    ).aggregate(total=Sum("settlement"))["total"] or Decimal("0.00")
    return total


def open_changes() -> Iterable[BackdatedChange]:
    return BackdatedChange.objects.filter(settled_by=None)


def kinds_of(inmate: Inmate) -> list[tuple[str, str]]:
    """The person's payslips in the order in which they were made: kind of run and month."""
    rows = Payslip.objects.filter(inmate=inmate).order_by("pk").select_related("run")
    return [(slip.run.kind, f"{slip.run.month:%Y-%m}") for slip in rows]


@contextmanager
def only(kind: RunKind) -> Iterator[Any]:
    """The payslips of one kind of run."""
    yield Payslip.objects.filter(run__kind=kind)


def lines_of(inmate: Inmate, month: Month) -> dict[tuple[Any, ...], Decimal]:
    """All lines of the month added up by key; what adds up to nothing is left out."""
    found: dict[tuple[Any, ...], Decimal] = {}
    for line in PayslipLine.objects.filter(
        payslip__inmate=inmate, payslip__run__month=month.first_day
    ).exclude(kind="settlement"):
        rate = line.rate if line.kind == "earning" else None
        key = (line.kind, line.code, line.subject, rate)
        found[key] = found.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in found.items() if amount}
