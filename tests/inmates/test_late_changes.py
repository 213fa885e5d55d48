"""A run that was calculated before a correction says so, without a word of what was corrected."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmates.models import PayrollRun, Placement, ShiftChange
from inmates.selectors.last_edit import edited_after
from inmates.selectors.late_changes import changes_after
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.pay_rates import NewRate, enter_pay_rate
from inmates.tasks import calculate_payroll_run
from tests.inmates.months import a_worker, calculated, started
from tests.inmates.shifts import text
from tests.people import Cast, a_consent, a_placement, a_reason, an_hourly_rate, an_inmate

# Wages of October are calculated at noon; corrections come in the afternoon.
NOON = datetime(2026, 11, 9, 7, 0, tzinfo=UTC)
AFTERNOON = NOON + timedelta(hours=3)
MONDAY = date(2026, 10, 12)
WHY = "Забыли больничный лист"


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    """Two people with twenty days of October, calculated at noon."""
    with time_machine.travel(NOON, tick=False):
        for number in ("1648", "1649"):
            a_worker(pay, number, born_on=date(1990, 1, 1))
        return calculated(pay)


def corrected(pay: Cast, number: str, day: date = MONDAY, minutes: int = 240) -> None:
    placement = Placement.objects.get(inmate__personnel_number=number)
    record_attendance(
        actor=pay.master,
        days=[AttendedDay(placement.pk, day, minutes)],
        at=AFTERNOON,
        correction=WHY,
    )


def page(client: Client, run: PayrollRun, who: object) -> str:
    client.force_login(who)
    with time_machine.travel(AFTERNOON + timedelta(minutes=5), tick=False):
        return text(client.get(f"/payroll/runs/{run.pk}/"))


def test_a_run_without_corrections_says_nothing(client: Client, pay: Cast, run: PayrollRun) -> None:
    assert changes_after(run) == (0, [])
    assert "после расчёта" not in page(client, run, pay.accountant)


def test_another_input_edited_after_the_run_is_told_before_anybody_approves(
    client: Client, pay: Cast, run: PayrollRun
) -> None:
    """A rate shows in no shift: the head would press approve and read of differences."""
    assert edited_after(run) is None
    rate = NewRate(
        payer_id=pay.enterprise.pk, amount=Decimal("640.00"), unit="hour", on=date(2026, 10, 1),
        post_id=pay.joiners.pk,
    )  # fmt: skip
    enter_pay_rate(actor=pay.accountant, rate=rate, at=AFTERNOON)
    assert edited_after(run) == AFTERNOON
    for who in (pay.accountant, pay.head):
        html = page(client, run, who)
        assert "уже после расчёта" in html
        assert "09.11.2026" in html
        assert "Табельные номера" not in html
    PayrollRun.objects.filter(pk=run.pk).update(calculated_at=AFTERNOON)
    run.refresh_from_db()
    assert edited_after(run) is None


def test_corrections_after_the_run_are_counted_and_named_by_number(
    client: Client, pay: Cast, run: PayrollRun
) -> None:
    corrected(pay, "1648")
    corrected(pay, "1648", MONDAY + timedelta(days=1))
    corrected(pay, "1649")
    assert changes_after(run) == (3, ["1648", "1649"])
    html = page(client, run, pay.accountant)
    assert "После расчёта дни этого месяца менялись" in html
    assert "1648, 1649" in html
    assert "Рассчитайте заново" in html
    # The main act of the page is now to calculate again.
    assert 'class="btn btn-primary">Рассчитать заново' in html


def test_why_somebody_was_absent_stays_with_the_institution(
    client: Client, pay: Cast, run: PayrollRun
) -> None:
    sick = a_reason("sick", letter="Б")
    placement = Placement.objects.get(inmate__personnel_number="1648")
    record_attendance(
        actor=pay.master, days=[AttendedDay(placement.pk, MONDAY, 0, sick.pk)], at=AFTERNOON,
        correction=WHY,
    )  # fmt: skip
    html = page(client, run, pay.accountant)
    assert "1648" in html
    assert WHY not in html
    assert "Болезнь" not in html


def test_who_may_not_calculate_is_told_who_does(client: Client, pay: Cast, run: PayrollRun) -> None:
    corrected(pay, "1648")
    html = page(client, run, pay.head)
    assert "Рассчитайте заново" not in html


def test_after_calculating_again_the_run_knows_everything(
    client: Client, pay: Cast, run: PayrollRun
) -> None:
    corrected(pay, "1648")
    later = AFTERNOON + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        again = started(pay, at=later)
        calculate_payroll_run(task_run=str(again.task_run_id))
    again.refresh_from_db()
    assert (again.pk, again.status) == (run.pk, "calculated")
    assert changes_after(again) == (0, [])
    assert again.payslips.get(inmate__personnel_number="1648").minutes_worked == 19 * 480 + 240


def test_a_run_being_calculated_has_no_later_changes(pay: Cast, run: PayrollRun) -> None:
    corrected(pay, "1648")
    again = started(pay, at=AFTERNOON)
    assert changes_after(again) == (0, [])


@pytest.mark.parametrize("what", ["month", "payer", "before"])
def test_other_months_payers_and_earlier_corrections_are_not_counted(
    pay: Cast, run: PayrollRun, what: str
) -> None:
    if what == "month":
        corrected(pay, "1648", date(2026, 9, 30))
    elif what == "payer":
        inmate = an_inmate(pay, "1700")
        a_consent(inmate, pay.entrepreneur)
        placement = a_placement(pay, inmate, employer=pay.entrepreneur, payer=pay.entrepreneur)
        an_hourly_rate(pay, payer=pay.entrepreneur)
        record_attendance(
            actor=pay.master, days=[AttendedDay(placement.pk, MONDAY, 480)], at=AFTERNOON,
            correction=WHY,
        )  # fmt: skip
        assert ShiftChange.objects.exists()
    else:
        PayrollRun.objects.filter(pk=run.pk).update(calculated_at=AFTERNOON)
        run.refresh_from_db()
        corrected(pay, "1648")
    assert changes_after(run) == (0, [])


def test_the_question_is_one_query_however_many_changes(pay: Cast, run: PayrollRun) -> None:
    corrected(pay, "1648")
    for day in range(1, 4):
        corrected(pay, "1649", MONDAY + timedelta(days=day))
    with CaptureQueriesContext(connection) as captured:
        assert changes_after(run)[0] == 4
    assert len(captured) == 1


def test_many_numbers_are_not_all_written(client: Client, pay: Cast, run: PayrollRun) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(13):
            inmate = an_inmate(pay, f"18{number:02d}")
            placement = a_placement(pay, inmate)
            record_attendance(
                actor=pay.master, days=[AttendedDay(placement.pk, MONDAY, 480)], at=AFTERNOON,
                correction=WHY,
            )  # fmt: skip
    html = page(client, run, pay.accountant)
    assert "1811…" in html
    assert "1812" not in html
