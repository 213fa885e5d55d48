"""Corners where the two calculations once said different things of a right payslip."""

from decimal import Decimal

import pytest

from inmates.models import Attendance, PayParameter, PayRate, PayrollRun, WritOfExecution
from portal.accounts.models import OrganisationTaxStatus
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    a_writ,
    attended,
    calculated,
    days_of,
)
from tests.inmates.second_place import second_place
from tests.inmates.test_two_payers import at_two_institutions
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


@pytest.mark.parametrize(
    ("rate", "days", "tax"),
    [
        # 96 000,00 less ОПВ 9 600: 86 400, above the lowest base of 60 550 (14 МРП).
        ("0.015", 20, "1296.00"),
        # 4 800,00: the lowest base, as by the general formula.
        ("0.015", 1, "908.00"),
        ("0", 1, "0.00"),
    ],
)
def test_a_rate_of_the_simplified_regime_goes_into_the_general_formula(
    pay: Cast, rate: str, days: int, tax: str
) -> None:
    OrganisationTaxStatus.objects.filter(organisation=pay.enterprise).update(regime="simplified")
    PayParameter.objects.filter(
        code="social_tax_simplified_regime", effective_to=None
    ).update(value=rate)  # fmt: skip
    a_worker(pay, days=days)
    run = calculated(pay)
    assert differences_of(run) == []
    assert run.payslips.get().social_tax == Decimal(tax)


def test_the_second_slip_of_the_simplified_regime_pays_what_the_first_left(pay: Cast) -> None:
    """48 000,00 in each place: 1,5 % of 86 400 are 1 296, of which the first has paid 908."""
    OrganisationTaxStatus.objects.filter(organisation=pay.enterprise).update(regime="simplified")
    PayParameter.objects.filter(
        code="social_tax_simplified_regime", effective_to=None
    ).update(value="0.015")  # fmt: skip
    _inmate, institution = at_two_institutions(pay)
    runs = [calculated(pay), calculated(pay, institution_id=institution.pk)]
    assert [differences_of(run) for run in runs] == [[], []]
    assert [run.payslips.get().social_tax for run in runs] == [Decimal(908), Decimal(388)]


@pytest.mark.parametrize(
    ("group", "earned"),
    [
        # 21 days of 7 hours: 100 000,00 × 70 h ÷ 147 h.
        (None, "47619.05"),
        # 21 days of 7 h × 36 ÷ 40: 100 000,00 × 70 h ÷ 132,3 h.
        (1, "52910.05"),
    ],
)
def test_both_sides_take_the_norm_of_time_from_the_full_shift(
    pay: Cast, group: int | None, earned: str
) -> None:
    PayParameter.objects.filter(code="full_shift_minutes").update(
        value={"general": 420, "disabled_1_2": 378}
    )
    PayRate.objects.update(unit="month", amount=Decimal("100000.00"))
    worker = a_worker(pay, days=0, disability_group=group)
    attended(worker.placements.get(), days_of(OCTOBER, 10), minutes=420)
    run = calculated(pay)
    assert differences_of(run) == []
    assert run.payslips.get().lines.get(code="salary").amount == Decimal(earned)
