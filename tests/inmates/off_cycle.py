"""Runs outside the month's order and reversals, worked off as a worker does, for their tests."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from inmates.enums import FINAL_RUNS
from inmates.models import Attendance, ExtraPay, Inmate, PayrollRun, Payslip, Placement
from inmates.selectors.off_cycle import Scope
from inmates.services.leavers import confirm_days
from inmates.services.off_cycle import NewRun, start_off_cycle_run
from inmates.services.reversing import reverse_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.kernel import clock
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from tests.inmates.books import approved, worked_off
from tests.inmates.months import OCTOBER, a_worker, an_application, attended
from tests.people import NOW, Cast, a_placement, an_inmate

NOVEMBER = Month(2026, 11)
LAST_DAY = date(2026, 11, 13)
WHY = "выдача расчёта при освобождении"
SUMS = ("gross", "opv", "vosms", "ipn", "net", "withheld_by_writs", "to_account", "so", "oosms",
        "opvr", "social_tax", "taxable", "days_worked", "minutes_worked")  # fmt: skip


def october(cast: Cast) -> Scope:
    return Scope(cast.enterprise.pk, cast.institution.pk, OCTOBER)


def november(cast: Cast) -> Scope:
    return Scope(cast.enterprise.pk, cast.institution.pk, NOVEMBER)


def a_leaver(cast: Cast, number: str = "1648", last_day: date = LAST_DAY, **fields: Any) -> Inmate:
    """Somebody who worked eight hours each working day of November up to `last_day`."""
    inmate = an_inmate(cast, number, **fields)
    an_application(cast, inmate)
    placement = a_placement(cast, inmate, effective_to=last_day + timedelta(days=1))
    attended(placement, [day for day in NOVEMBER.days() if day <= last_day and is_workday(day)])
    return inmate


def confirmed(cast: Cast, number: str = "1648", month: Month = NOVEMBER, at: datetime = NOW) -> Any:
    """The master vouches for the days of the person."""
    placement = Placement.objects.get(inmate__personnel_number=number)
    return confirm_days(actor=cast.master, placement_id=placement.pk, month=month, at=at)


def begun(
    cast: Cast,
    kind: str,
    numbers: Sequence[str] = ("1648",),
    scope: Scope | None = None,
    **more: Any,
) -> PayrollRun:
    """The run exists and waits for a worker."""
    new = NewRun(kind, numbers, more.pop("reason", WHY))
    values = {"actor": cast.accountant, "at": clock.now()} | more
    return start_off_cycle_run(scope=scope or october(cast), new=new, **values)


def made_run(cast: Cast, kind: str, *args: Any, **more: Any) -> PayrollRun:
    """The run is calculated."""
    run = begun(cast, kind, *args, **more)
    calculate_payroll_run(task_run=str(run.task_run_id))
    run.refresh_from_db()
    return run


def posted_run(cast: Cast, run: PayrollRun) -> PayrollRun:
    """Approved by the head and in the books."""
    return worked_off(approved(cast, run))


def reversal_of(cast: Cast, run: PayrollRun, reason: str = "начислено дважды") -> PayrollRun:
    """The mirror waits for its approval."""
    return reverse_payroll_run(actor=cast.accountant, run_id=run.pk, reason=reason, at=clock.now())


def reversed_and_posted(cast: Cast, run: PayrollRun) -> PayrollRun:
    """The mirror is approved and in the books; `run` is what it was read anew."""
    mirror = posted_run(cast, reversal_of(cast, run))
    run.refresh_from_db()
    return mirror


def an_extra(cast: Cast, number: str, amount: str = "5000.00") -> ExtraPay:
    """A bonus of October, whoever entered it and whenever."""
    return ExtraPay.objects.create(
        inmate=Inmate.objects.get(personnel_number=number),
        payer=cast.enterprise,
        institution=cast.institution,
        month=OCTOBER.first_day,
        kind="bonus",
        amount=Decimal(amount),
        basis="приказ № 9",
        recorded_by=cast.accountant,
        recorded_at=clock.now(),
    )


def shortened(number: str, day: date = date(2026, 10, 1), minutes: int = 240) -> None:
    """A day of October turns out to have been shorter, whatever was approved of it."""
    rows = Attendance.objects.filter(placement__inmate__personnel_number=number, worked_on=day)
    assert rows.update(minutes=minutes) == 1


def month_sums(number: str, month: Month = OCTOBER) -> dict[str, Any]:
    """What all posted payslips of the month add up to for a person."""
    slips = Payslip.objects.filter(
        inmate__personnel_number=number, run__month=month.first_day, run__status__in=FINAL_RUNS
    )
    found: dict[str, Any] = slips.aggregate(**{name: Sum(name) for name in SUMS})
    return found


def owed(number: str) -> Decimal:
    """What the person still owes of overpayments."""
    slips = Payslip.objects.filter(inmate__personnel_number=number, run__status__in=FINAL_RUNS)
    return slips.aggregate(sum=Sum("settlement"))["sum"] or Decimal("0.00")


def two_workers(cast: Cast) -> None:
    """Twenty and ten days of October."""
    a_worker(cast)
    a_worker(cast, "1649", days=10)
