"""Months of wages that somebody reads at a terminal; everything is invented."""

from datetime import date
from decimal import Decimal

from inmates.models import Inmate, PayrollRun
from portal.kernel.periods import Month
from tests.inmates.books import approved, first_signature, paid, worked_off
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    a_writ,
    attended,
    calculated,
    days_of,
)
from tests.inmates.terminals.devices import a_pin
from tests.people import Cast

SEPTEMBER = Month(2026, 9)
ORDERED = date(2026, 2, 3)


def a_debt(
    inmate: Inmate, debt: str = "100000.00", number: str = "ИЛ-77", **fields: object
) -> None:
    values: dict[str, object] = {
        "queue": 5, "kind": "claim", "debt": Decimal(debt), "ordered_on": ORDERED,
        "order_number": "12", "payee": "Кредитор (тест)",
    }  # fmt: skip
    a_writ(inmate, number, **(values | fields))


def a_reader(cast: Cast, number: str = "1648", **fields: object) -> Inmate:
    """Somebody with twenty days in September and in October, and a PIN."""
    inmate = a_worker(cast, number, **fields)
    attended(inmate.placements.get(), days_of(SEPTEMBER, 20))
    a_pin(inmate)
    return inmate


def closed(cast: Cast, month: Month, *, is_paid: bool = True) -> PayrollRun:
    run = worked_off(approved(cast, calculated(cast, month)))
    assert run.status == "approved", run.status
    if is_paid:
        paid(cast, run, document=f"ПП № {month.month}")
        run.refresh_from_db()
    return run


def two_months(cast: Cast, *, is_paid: bool = True) -> tuple[PayrollRun, PayrollRun]:
    """September paid; October approved, and paid where it is asked for."""
    first_signature(cast)
    return closed(cast, SEPTEMBER), closed(cast, OCTOBER, is_paid=is_paid)
