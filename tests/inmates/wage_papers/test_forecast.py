"""The settlement forecast: what the engine gives at the release, before anything of it is known."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from inmates.models import CalendarDay, CustodyStay, Inmate, PayParameter, PayRate, Payslip
from inmates.presenters.leaving import forecast_facts, refusal_words
from inmates.presenters.leaving_papers import settlement_document
from inmates.selectors.leaving_forecast import Forecast, forecast
from portal.kernel.periods import Month
from portal.kernel.text import money as shown_money
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


# --- once the month of release is approved ---
AFTER = date(2026, 11, 2)
PARTS = ("gross", "opv", "vosms", "ipn", "net", "withheld_by_writs", "to_account")


def two_alike(pay: Cast, *, is_debtor: bool = False) -> tuple[Inmate, Inmate]:
    """Of two people with the same September one has an approved October: as much as is forecast
    for the other."""
    first, second = a_worker(pay, "1648", days=21), a_worker(pay, "1700", days=0)
    run = a_run(pay, SEPTEMBER)
    for inmate in (first, second):
        a_slip(run, inmate, OF_SEPTEMBER, 22)
        if is_debtor:
            a_writ(inmate, f"ИЛ-{inmate.pk}", share_numerator=1, share_denominator=4)
    closed(pay, run, "ПП № 9")
    return first, second


def approved_october(pay: Cast, inmate: Inmate, *, paid_by: str = "") -> Payslip:
    """As the engine calculates it for who works on."""
    run = calculated(pay, OCTOBER)
    closed(pay, run, paid_by)
    return run.payslips.get(inmate=inmate)


@pytest.mark.parametrize("paid_by", ["", "ПП № 10"], ids=["approved", "paid"])
@pytest.mark.parametrize("is_debtor", [False, True], ids=["no writ", "writ"])
def test_approved_wages_of_the_month_are_not_forecast_again(
    pay: Cast, paid_by: str, *, is_debtor: bool
) -> None:
    first, second = two_alike(pay, is_debtor=is_debtor)
    whole = forecast_of(pay, second)
    slip = approved_october(pay, first, paid_by=paid_by)
    assert slip.gross == OF_OCTOBER
    found = forecast_of(pay, first, on=AFTER)
    assert found.like is None
    assert whole.slip is not None
    assert found.slip is not None
    assert found.slip.result.gross == found.leave_amount == whole.leave_amount > 0
    for name in PARTS:
        more = getattr(found.slip.result, name)
        assert getattr(slip, name) + more == getattr(whole.slip.result, name), name
    unpaid = money("0.00") if paid_by else slip.to_account
    assert found.unpaid == unpaid
    assert found.to_account == unpaid + found.slip.result.to_account


def test_when_the_leave_is_approved_too_nothing_more_is_to_come(pay: Cast) -> None:
    first, _second = two_alike(pay)
    leaves(first)
    slip = approved_october(pay, first)
    assert slip.lines.filter(code="leave_compensation").exists()
    found = forecast_of(pay, first, on=AFTER)
    assert (found.slip, found.leave_amount) == (None, 0)
    assert found.to_account == found.unpaid == slip.to_account
    with translation.override("ru"):
        assert refusal_words(found) == "Больше ничего не ожидается: зарплата утверждена."
        facts = [one["label"] for one in forecast_facts(found)]
    assert facts == ["Утверждено, ещё не выплачено", "Ожидается на счёт"]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_what_is_unpaid_stands_on_paper_beside_a_refusal(pay: Cast, language: str) -> None:
    first_signature(pay)
    inmate = a_worker(pay)
    slip = posted(pay).payslips.get()
    CalendarDay.objects.filter(day__gte=date(2026, 11, 1)).delete()
    found = forecast_of(pay, inmate, date(2026, 12, 1), date(2026, 11, 20))
    assert found.slip is None
    assert found.unpaid == slip.to_account > 0
    stay = CustodyStay.objects.get(inmate=inmate)
    stay.release_on = date(2026, 12, 1)  # type: ignore[attr-defined]  # as the list annotates it
    with translation.override(language):
        paper = settlement_document(stay, [found], [], {}, None, printed_on=THEN)
        why = refusal_words(found)
    (table, _writs) = paper["tables"]
    with translation.override(language):
        assert [row[1] for row in table["rows"]] == [shown_money(found.unpaid)]
    assert why in paper["notes"][0]


# --- what was reversed ---
def reversed_september(pay: Cast, inmate: Inmate, *, paid_by: str) -> tuple[Payslip, Payslip]:
    """September and its mirror, the one paid where a document is named."""
    run = a_run(pay, SEPTEMBER)
    slip = a_slip(run, inmate, OF_SEPTEMBER, 22)
    closed(pay, run, paid_by)
    mirror = a_run(pay, SEPTEMBER, kind="reversal", reverses=run, reason="ошибка", sequence=2)
    owed = slip.to_account if paid_by else money("0.00")
    back = a_slip(
        mirror, inmate, f"-{OF_SEPTEMBER}", -22, is_difference=True, corrects=slip, settlement=owed
    )
    closed(pay, mirror)
    type(run).objects.filter(pk=run.pk).update(is_reversed=True)
    return slip, back


def test_reversed_and_never_paid_comes_to_nothing(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    reversed_september(pay, inmate, paid_by="")
    found = forecast_of(pay, inmate)
    assert (found.unpaid, found.overpaid, found.like) == (0, 0, None)
    assert found.slip is not None
    assert found.to_account == found.slip.result.to_account
    assert found.slip.result.gross == found.leave_amount


def test_reversed_and_paid_is_owed_once(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    slip, _back = reversed_september(pay, inmate, paid_by="ПП № 9")
    found = forecast_of(pay, inmate)
    assert (found.unpaid, found.overpaid, found.like) == (0, slip.to_account, None)


def test_the_last_month_is_one_that_stands(pay: Cast) -> None:
    """August stands, September was reversed: August goes on."""
    inmate = a_worker(pay, days=0)
    run = a_run(pay, SEPTEMBER.previous())
    a_slip(run, inmate, "84000.00", 21)
    closed(pay, run, "ПП № 8")
    reversed_september(pay, inmate, paid_by="")
    found = forecast_of(pay, inmate)
    assert found.like == SEPTEMBER.previous()
    assert found.slip is not None
    # 21 working days of August, 21 of October.
    assert found.slip.result.gross - found.leave_amount == money("84000.00")


# --- leave that was paid out before ---
def compensated(pay: Cast, inmate: Inmate, amount: str, last_day: date, **fields: Any) -> Payslip:
    run = a_run(pay, Month.of(last_day), **fields)
    slip = a_slip(run, inmate, "0.00", 0)
    slip.lines.create(
        sequence=2, kind="earning", code="leave_compensation", amount=money(amount),
        explanation="earning.time", arguments={"last_day": last_day.isoformat()},
    )  # fmt: skip
    closed(pay, run, "ПП № 3")
    return slip


def placed_of(found: Forecast) -> int:
    assert found.slip is not None
    line = next(one for one in found.slip.lines if one.code == "leave_compensation")
    return int(line.arguments["placed"])


def test_leave_that_was_paid_out_is_counted_from_there(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    last_day = date(2026, 3, 31)
    compensated(pay, inmate, "5000.00", last_day)
    assert placed_of(forecast_of(pay, inmate)) == (RELEASE - timedelta(days=1) - last_day).days


def test_a_compensation_that_was_taken_back_is_none(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    whole = placed_of(forecast_of(pay, inmate))
    compensated(pay, inmate, "5000.00", date(2026, 3, 31))
    compensated(
        pay, inmate, "-5000.00", date(2026, 3, 31), kind="error", reason="ошибка", sequence=2
    )
    assert placed_of(forecast_of(pay, inmate)) == whole == 303


def test_leave_taken_before_it_was_paid_out_is_not_taken_again(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    placement, reason = inmate.placements.get(), paid_reason("leave")
    march = date(2026, 3, 31)
    for day in (*days_of(Month(2026, 2), 10), *days_of(SEPTEMBER, 2)):
        placement.attendance.create(worked_on=day, minutes=0, reason=reason, recorded_at=NOW)
    compensated(pay, inmate, "5000.00", march)
    found = forecast_of(pay, inmate)
    assert found.slip is not None
    line = next(one for one in found.slip.lines if one.code == "leave_compensation")
    # 24 × 213 ÷ 365 = 14 calendar days, less 2 × 7 ÷ 5 = 3: eleven, seven of them working days.
    assert (line.arguments["placed"], line.quantity) == (213, 7)
