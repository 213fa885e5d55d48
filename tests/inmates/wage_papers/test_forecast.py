"""The settlement forecast: what the engine gives at the release, before anything of it is known."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from inmates.models import CalendarDay, CustodyStay, Inmate, PayParameter, PayRate, Payslip
from inmates.presenters.leaving import forecast_facts, refusal_words
from inmates.selectors.leaving_forecast import Forecast, forecast
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, posted
from tests.inmates.histories import paid_reason
from tests.inmates.months import a_worker, a_writ, attended, calculated, days_of
from tests.inmates.wage_papers.quarters import (
    OCTOBER,
    SEPTEMBER,
    a_run,
    a_slip,
    closed,
    money,
)
from tests.people import NOW, Cast, an_inmate

RELEASE = date(2026, 10, 31)
THEN = date(2026, 10, 20)
# Twenty-two working days of September and twenty-one of October, eight hours of 600 each.
OF_SEPTEMBER, OF_OCTOBER = "105600.00", money("100800.00")


def of_september(cast: Cast, inmate: Inmate, **fields: Any) -> Payslip:
    """An approved and paid September of the person."""
    run = a_run(cast, SEPTEMBER)
    slip = a_slip(run, inmate, OF_SEPTEMBER, 22, **fields)
    closed(cast, run, "ПП № 9")
    return slip


@pytest.fixture
def worker(pay: Cast) -> Inmate:
    """October in full up to the day before the release, after a September."""
    inmate = a_worker(pay, days=21)
    of_september(pay, inmate)
    return inmate


def forecast_of(cast: Cast, inmate: Inmate, release: date = RELEASE, on: date = THEN) -> Forecast:
    return forecast(cast.enterprise, inmate, release, on)


def leaves(inmate: Inmate, on: date = RELEASE) -> None:
    """What a release writes, on a day of the past."""
    inmate.placements.update(effective_to=on)
    CustodyStay.objects.filter(inmate=inmate).update(effective_to=on)


def real(cast: Cast, inmate: Inmate) -> Payslip:
    leaves(inmate)
    return calculated(cast, OCTOBER).payslips.get(inmate=inmate)


SAME = ("gross", "opv", "vosms", "ipn", "net", "withheld_by_writs", "to_account", "taxable")


def agrees(found: Forecast, slip: Payslip) -> None:
    assert found.slip is not None
    for name in SAME:
        assert getattr(found.slip.result, name) == getattr(slip, name), name


def test_the_forecast_is_what_the_last_run_gives(pay: Cast, worker: Inmate) -> None:
    found = forecast_of(pay, worker)
    slip = real(pay, worker)
    agrees(found, slip)
    line = slip.lines.get(code="leave_compensation")
    assert (found.leave_amount, found.leave_days) == (line.amount, line.quantity)
    assert found.leave_amount > 0


@pytest.mark.parametrize(
    "writ",
    [
        {"share_numerator": 1, "share_denominator": 4},
        {"share_numerator": 1, "share_denominator": 1},
        {"amount": money("20000.00")},
        {"kind": "claim", "queue": 5, "debt": money("900000.00")},
        {"kind": "claim", "queue": 2, "debt": money("1000.00"), "fee": money("500.00")},
    ],
    ids=["share", "more than the cap", "fixed", "large claim", "small claim with a fee"],
)
def test_so_it_is_with_a_writ(pay: Cast, worker: Inmate, writ: dict[str, Any]) -> None:
    a_writ(worker, "ИЛ-1", **writ)
    found = forecast_of(pay, worker)
    agrees(found, real(pay, worker))


@pytest.mark.parametrize("days", [1, 3, 7])
def test_leave_that_was_taken_is_not_paid_again(pay: Cast, worker: Inmate, days: int) -> None:
    reason = paid_reason("leave")
    placement = worker.placements.get()
    for day in days_of(SEPTEMBER, days):
        placement.attendance.create(worked_on=day, minutes=0, reason=reason, recorded_at=NOW)
    found = forecast_of(pay, worker)
    slip = real(pay, worker)
    line = slip.lines.get(code="leave_compensation")
    assert (found.leave_amount, found.leave_days) == (line.amount, line.quantity)


def test_disability_and_pension_are_the_persons(pay: Cast) -> None:
    inmate = a_worker(pay, days=21, disability_group=2, pension="age")
    of_september(pay, inmate)
    found = forecast_of(pay, inmate)
    slip = real(pay, inmate)
    assert found.slip is not None
    assert found.slip.result.opv == slip.opv == 0
    assert found.slip.result.ipn == slip.ipn


def test_a_newcomer_without_a_month_has_leave_by_the_rate(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    found = forecast_of(pay, inmate)
    assert found.like is None
    assert found.slip is not None
    assert found.slip.result.gross == found.leave_amount
    # 303 days in work: 24 × 303 ÷ 365 = 19 calendar days, of them 13 working ones.
    assert found.leave_days == 13
    assert found.leave_amount == Decimal(13) * 8 * 600


def test_a_salary_is_spread_over_the_working_days(pay: Cast) -> None:
    PayRate.objects.update(amount=money("210000.00"), unit="month")
    inmate = a_worker(pay, days=0)
    found = forecast_of(pay, inmate)
    # October has 21 working days: a day is 10 000.
    assert found.leave_amount == money("10000.00") * found.leave_days


def test_a_release_in_the_middle_takes_part_of_the_month(pay: Cast, worker: Inmate) -> None:
    found = forecast_of(pay, worker, date(2026, 10, 16))
    assert found.slip is not None
    # Eleven working days before 16 October.
    expected = (money(OF_SEPTEMBER) * 11 / 22).quantize(Decimal("0.01"))
    assert found.slip.result.gross - found.leave_amount == expected


def test_one_off_sums_are_not_expected_again(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    run = a_run(pay, SEPTEMBER)
    slip = a_slip(run, inmate, OF_SEPTEMBER, 22)
    slip.lines.create(
        sequence=2, kind="earning", code="bonus", subject="extra:1", amount=money("50000.00"),
        explanation="earning.time", arguments={},
    )  # fmt: skip
    closed(pay, run)
    found = forecast_of(pay, inmate)
    assert found.slip is not None
    assert found.slip.result.gross - found.leave_amount == OF_OCTOBER


def test_what_is_approved_and_not_paid_is_added(pay: Cast) -> None:
    first_signature(pay)
    inmate = a_worker(pay)
    run = posted(pay)
    found = forecast_of(pay, inmate, date(2026, 12, 1), date(2026, 11, 20))
    slip = run.payslips.get()
    assert found.unpaid == slip.to_account
    assert found.slip is not None
    assert found.to_account == found.slip.result.to_account + slip.to_account


def test_what_was_paid_too_much_is_taken_off(pay: Cast, worker: Inmate) -> None:
    first = worker.payslips.get()
    run = a_run(pay, SEPTEMBER, kind="error", reason="лишнее", sequence=2)
    a_slip(
        run, worker, "-1000.00", 0, is_difference=True, corrects=first, settlement=money("900.00")
    )
    closed(pay, run)
    found = forecast_of(pay, worker)
    assert found.overpaid == money("900.00")
    assert found.slip is not None
    assert found.to_account == found.slip.result.to_account + found.unpaid - money("900.00")


# --- What cannot be forecast, and by which law ---
def test_without_a_rate_the_forecast_says_what_is_missing(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    PayRate.objects.all().delete()
    found = forecast_of(pay, inmate)
    assert found.slip is None
    assert found.missing is not None
    with translation.override("ru"):
        assert "Столяр" in refusal_words(found)


def test_a_calendar_that_ends_is_named(pay: Cast, worker: Inmate) -> None:
    CalendarDay.objects.filter(day__gte=date(2026, 11, 1)).delete()
    found = forecast_of(pay, worker)
    with translation.override("ru"):
        assert "календар" in refusal_words(found)


def test_while_the_law_of_that_month_is_not_there_the_present_one_holds(
    pay: Cast, worker: Inmate
) -> None:
    newer = date(2027, 1, 1)
    PayParameter.objects.filter(effective_from__gte=newer).delete()
    PayParameter.objects.filter(effective_to=None).update(effective_to=newer)
    found = forecast_of(pay, worker, date(2027, 1, 20), date(2026, 11, 23))
    assert found.slip is not None
    assert found.law == Month(2026, 11)


def test_nobody_who_never_worked_for_the_payer_has_a_forecast(pay: Cast) -> None:
    found = forecast_of(pay, an_inmate(pay))
    assert (found.slip, found.to_account) == (None, 0)
    with translation.override("ru"):
        assert refusal_words(found).startswith("Выплат не ожидается")


def test_nothing_is_stored(pay: Cast, worker: Inmate) -> None:
    slips = Payslip.objects.count()
    forecast_of(pay, worker)
    assert Payslip.objects.count() == slips


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_forecast_in_words_adds_up(pay: Cast, worker: Inmate, language: str) -> None:
    a_writ(worker, "ИЛ-1", share_numerator=1, share_denominator=4)
    found = forecast_of(pay, worker)
    with translation.override(language):
        facts = forecast_facts(found)
    sums = [_number(one["value"]) for one in facts]
    assert sum(sums[:-1]) == sums[-1] == found.to_account


def _number(text: str) -> Decimal:
    plain = text.replace("\N{NO-BREAK SPACE}", "").replace("₸", "").replace(",", ".")
    return Decimal(plain.replace("\N{MINUS SIGN}", "-"))


def test_placements_one_after_another_count_each_day_once(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    placement = inmate.placements.get()
    placement.effective_to = date(2026, 6, 1)
    placement.save()
    second = inmate.placements.create(
        post=placement.post, employer=placement.employer, payer=placement.payer,
        pay_form="time", basis="договор № 2", effective_from=date(2026, 7, 1),
    )  # fmt: skip
    attended(second, days_of(OCTOBER, 1))
    found = forecast_of(pay, inmate)
    leaves_on = RELEASE - timedelta(days=1)
    placed = (date(2026, 6, 1) - date(2026, 1, 1)).days + (
        leaves_on - date(2026, 7, 1)
    ).days + 1  # fmt: skip
    assert found.slip is not None
    line = next(one for one in found.slip.lines if one.code == "leave_compensation")
    assert line.arguments["placed"] == placed
