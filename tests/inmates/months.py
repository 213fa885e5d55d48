"""Small months of work and pay for the tests of payroll; everything is invented."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from inmates.enums import TimesheetStatus
from inmates.identity import hmac_of_iin
from inmates.models import (
    Attendance,
    Inmate,
    InmateIdentity,
    PayRate,
    PayrollRun,
    Placement,
    TaxApplication,
    Timesheet,
    WorkEntry,
    WritOfExecution,
)
from inmates.services.payroll import start_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.kernel.periods import Month, overlap_q
from portal.kernel.workdays import is_workday
from tests.people import (
    LONG_AGO,
    NOW,
    Cast,
    a_cast,
    a_placement,
    an_hourly_rate,
    an_inmate,
    load_pay_law,
)

OCTOBER = Month(2026, 10)
FIRST = date(2026, 10, 1)
NAME = "Ерлан Серікұлы Тестов"
IIN = "900101300811"


def days_of(month: Month, count: int) -> list[date]:
    """The first `count` working days of the month, in order; then its days off."""
    days = sorted(month.days(), key=lambda day: (not is_workday(day), day))
    return sorted(days[:count])


def attended(placement: Placement, days: list[date], minutes: int = 480) -> None:
    Attendance.objects.bulk_create(
        Attendance(placement=placement, worked_on=day, minutes=minutes, recorded_at=NOW)
        for day in days
    )


def made(placement: Placement, operation: Any, day: date, quantity: int) -> WorkEntry:
    return WorkEntry.objects.create(
        placement=placement,
        work_order_operation=operation,
        worked_on=day,
        quantity=quantity,
        recorded_at=NOW,
    )


def a_piece_rate(cast: Cast, amount: str = "650.00", **fields: Any) -> PayRate:
    values = {
        "payer": cast.enterprise,
        "operation": cast.cutting,
        "unit": "piece",
        "effective_from": LONG_AGO,
    }
    return PayRate.objects.create(amount=Decimal(amount), **(values | fields))


def an_application(cast: Cast, inmate: Inmate, **fields: Any) -> TaxApplication:
    values = {"payer": cast.enterprise, "effective_from": LONG_AGO}
    return TaxApplication.objects.create(inmate=inmate, **(values | fields))


def a_writ(inmate: Inmate, number: str, **fields: Any) -> WritOfExecution:
    values = {"queue": 1, "kind": "alimony", "payee": "взыскатель", "effective_from": LONG_AGO}
    return WritOfExecution.objects.create(inmate=inmate, number=number, **(values | fields))


def an_identity(inmate: Inmate, full_name: str = NAME, iin: str | None = IIN) -> InmateIdentity:
    return InmateIdentity.objects.create(
        inmate=inmate,
        full_name=full_name,
        iin=iin,
        iin_hmac=hmac_of_iin(iin) if iin else None,
    )


def a_worker(cast: Cast, number: str = "1648", days: int = 20, **fields: Any) -> Inmate:
    """A person by time with an application and so many days of eight hours in October."""
    inmate = an_inmate(cast, number, **fields)
    placement = a_placement(cast, inmate)
    an_application(cast, inmate)
    attended(placement, days_of(OCTOBER, days))
    return inmate


def lock_sheets(cast: Cast, month: Month = OCTOBER, **fields: Any) -> None:
    """The timesheets of the month are locked: of the cast's payer and institution, or of others.

    Whatever days are entered in them; what a sheet must hold is tested with the timesheets.
    """
    values = {"payer": cast.enterprise.pk, "post__workshop__institution": cast.institution.pk}
    placed = Placement.objects.filter(overlap_q(month.period), **(values | fields))
    for workshop_id in set(placed.values_list("post__workshop", flat=True)):
        Timesheet.objects.get_or_create(
            workshop_id=workshop_id,
            month=month.first_day,
            defaults={
                "status": TimesheetStatus.LOCKED,
                "submitted_by": cast.master,
                "submitted_at": NOW,
                "locked_by": cast.accountant,
                "locked_at": NOW,
            },
        )


def ready_for_wages(cast: Cast, month: Month = OCTOBER) -> None:
    """Whatever a month of people by time needs to be calculated, beside their days."""
    load_pay_law()
    an_hourly_rate(cast)
    lock_sheets(cast, month)


def started(cast: Cast, month: Month = OCTOBER, at: datetime = NOW, **fields: Any) -> PayrollRun:
    """The run of the month with its timesheets locked, waiting for a worker."""
    values = {
        "actor": cast.accountant,
        "payer_id": cast.enterprise.pk,
        "institution_id": cast.institution.pk,
    } | fields
    lock_sheets(
        cast,
        month,
        payer=values["payer_id"],
        post__workshop__institution=values["institution_id"],
    )
    return start_payroll_run(month=month, at=at, **values)


def calculated(
    cast: Cast, month: Month = OCTOBER, meanwhile: Callable[[], Any] = lambda: None, **fields: Any
) -> PayrollRun:
    """The run of the month, started and worked off as a worker does it.

    `meanwhile` happens between the two: what was there at the start may be gone by then.
    """
    run = started(cast, month, **fields)
    meanwhile()
    calculate_payroll_run(task_run=str(run.task_run_id))
    run.refresh_from_db()
    return run


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Messages are not sent, they stay in the outbox: a test delivers them itself."""
    sent: list[Any] = []
    monkeypatch.setattr(
        "portal.kernel.queue.send", lambda run_id: bool(sent.append(run_id)) or True
    )
    return sent


@pytest.fixture
def pay(db: None, no_broker: list[Any]) -> Cast:
    """The cast with the law's parameters and an hourly rate of 600,00."""
    return make_pay()


def make_pay() -> Cast:
    load_pay_law()
    cast = a_cast()
    an_hourly_rate(cast)
    return cast


Delivery = Callable[[], None]
