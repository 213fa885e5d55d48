"""Corners where the two calculations once said different things of a right payslip."""

from decimal import Decimal

import pytest

from inmates.models import Attendance, PayParameter, PayrollRun, WritOfExecution
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    a_writ,
    attended,
    calculated,
    days_of,
)
from tests.inmates.second_place import second_place
from tests.people import Cast, a_placement, an_hourly_rate

pytestmark = pytest.mark.django_db


def differences_of(run: PayrollRun) -> list[tuple[str, Decimal | None, Decimal | None]]:
    return list(run.differences.values_list("code", "first", "second"))


def test_a_supplement_switched_off_leaves_no_line_of_time(pay: Cast) -> None:
    """A share of nought is a dated parameter like any other; neither side writes a line of it."""
    worker = a_worker(pay)
    Attendance.objects.filter(placement__inmate=worker).update(night_minutes=60)
    PayParameter.objects.filter(code="night_supplement").update(value="0")
    run = calculated(pay)
    assert differences_of(run) == []
    assert not run.payslips.get().lines.filter(code="night").exists()


def test_a_bailiffs_fee_taken_elsewhere_does_not_lessen_the_alimony_of_the_month(
    pay: Cast,
) -> None:
    """5 000 and a fee of 1 000 are taken at the first place; then the court asks for 9 000."""
    days = days_of(OCTOBER, 20)
    worker = a_worker(pay, days=10)
    worker.placements.update(effective_to=days[10])
    institution, post = second_place(pay)
    an_hourly_rate(pay, "1500.00", post=post)
    attended(a_placement(pay, worker, post=post, effective_from=days[10]), days[10:])
    writ = a_writ(worker, "7", amount=Decimal("5000.00"), fee=Decimal("1000.00"))
    first = calculated(pay, institution_id=institution.pk)
    taken = dict(first.payslips.get().lines.filter(kind="writ").values_list("code", "amount"))
    assert taken == {"alimony": Decimal("5000.00"), "bailiff_fee": Decimal("1000.00")}
    WritOfExecution.objects.filter(pk=writ.pk).update(amount=Decimal("9000.00"))
    run = calculated(pay)
    line = run.payslips.get().lines.get(kind="writ")
    assert (line.code, line.demanded, line.amount) == (
        "alimony", Decimal("4000.00"), Decimal("4000.00"),
    )  # fmt: skip
    assert differences_of(run) == []
