"""Writs over months and payers, the whole way through the database and the books.

Each story is computed by hand. Twenty days of eight hours at 600,00: gross 96 000, ОПВ 9 600, no
income tax with the application, net 86 400; its half is 43 200, over the living minimum of 50 851
stand 35 549.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inmates.explanations import explain
from inmates.models import (
    ExtraPay,
    Inmate,
    PayParameter,
    PayrollRun,
    Payslip,
    PayslipLine,
    WritOfExecution,
    WritSuspension,
)
from inmates.selectors.writs import arrears_by_number, balances, months_of_writs
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, posted
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    a_writ,
    attended,
    calculated,
    days_of,
)
from tests.inmates.test_two_payers import for_a_second_payer, started_by_the_second, worked_off
from tests.people import NOW, Cast

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
ARREARS = "writ.arrears"


@pytest.fixture(autouse=True)
def _the_second_calculation_agrees(pay: Cast) -> Iterator[None]:
    """Every run of every story, when it was calculated."""
    yield
    assert set(PayrollRun.objects.values_list("difference_count", flat=True)) == {0}


def money(amount: str) -> Decimal:
    return Decimal(amount)


def over_months(cast: Cast, *months: Month, days: int = 20) -> Inmate:
    """A person who worked so many days in each of these months and in October."""
    inmate = a_worker(cast, days=days)
    for month in months:
        attended(inmate.placements.get(), days_of(month, days))
    return inmate


def slip_of(run: PayrollRun) -> Payslip:
    return Payslip.objects.get(run=run)


def lines_of(slip: Payslip) -> list[PayslipLine]:
    return list(slip.lines.filter(kind="writ").order_by("sequence"))


def taken(run: PayrollRun) -> dict[tuple[str, str], Decimal]:
    """What was withheld by the number of the writ and the code of the line."""
    return {(line.writ.number, line.code): line.amount for line in lines_of(slip_of(run))}


def claims(run: PayrollRun) -> list[tuple[str, Decimal]]:
    return [(line.writ.number, line.amount) for line in lines_of(slip_of(run))]


def why(line: PayslipLine) -> list[str]:
    """The codes of all sentences of a line."""
    return [line.explanation, *[one[0] for one in line.arguments.get("then", ())]]


def owed(number: str) -> Decimal:
    """Alimony in arrears as the register tells it."""
    terms = list(WritOfExecution.objects.filter(number=number))
    found = balances(terms, months_of_writs([one.pk for one in terms]))
    return arrears_by_number(terms, found)[number]


def balance(writ: WritOfExecution) -> Any:
    return balances([writ], months_of_writs([writ.pk]))[writ.pk]


# --- several creditors in one queue -------------------------------------------------------------
def test_two_victims_a_tax_office_and_a_bank_are_served_in_their_order(pay: Cast) -> None:
    inmate = a_worker(pay)
    for number, queue, debt in (
        ("БАНК", 5, "70000.00"),
        ("НАЛОГ", 4, "30000.00"),
        ("ВРЕД-1", 2, "10000.00"),
        ("ВРЕД-2", 2, "5000.50"),
    ):
        a_writ(inmate, number, queue=queue, kind="claim", debt=money(debt))
    run = calculated(pay)
    # Queue 2 fits 35 549 with its tiyn; 20 548,50 are left for the tax office, cut down to whole
    # tenge; half a tenge is left for the bank: nothing.
    assert claims(run) == [
        ("ВРЕД-1", money("10000.00")),
        ("ВРЕД-2", money("5000.50")),
        ("НАЛОГ", money("20548.00")),
        ("БАНК", money("0.00")),
    ]
    assert slip_of(run).to_account == money("50851.50")
    assert why(lines_of(slip_of(run))[3]) == ["writ.debt", "writ.none_left_floor"]


def test_three_banks_share_what_is_left_in_proportion_to_their_debts(pay: Cast) -> None:
    inmate = a_worker(pay)
    for number, debt in (("Б-1", "100000.00"), ("Б-2", "50000.00"), ("Б-3", "30000.00")):
        a_writ(inmate, number, queue=5, kind="claim", debt=money(debt))
    # 35 549 × 10/18 = 19 749,44; × 5/18 = 9 874,72; × 3/18 = 5 924,83: the two tenge that are
    # left go to the two larger remainders.
    assert claims(calculated(pay)) == [
        ("Б-1", money("19749.00")), ("Б-2", money("9875.00")), ("Б-3", money("5925.00")),
    ]  # fmt: skip


def test_of_two_equal_debts_the_earlier_writ_gets_the_odd_tenge(pay: Cast) -> None:
    inmate = a_worker(pay)
    for number in ("Б-1", "Б-2"):
        a_writ(inmate, number, queue=5, kind="claim", debt=money("100000.00"))
    found = calculated(pay)
    assert claims(found) == [("Б-1", money("17775.00")), ("Б-2", money("17774.00"))]
    assert all("writ.shared" in why(line) for line in lines_of(slip_of(found)))


# --- two payers of one month --------------------------------------------------------------------
# At the enterprise ten days: 48 000 less 4 800 is 43 200. At the entrepreneur ten half days: 24 000
# less ОПВ 2 400 and, without an application, ИПН 2 160 is 19 440. Together 62 640, half 31 320.
def at_two_payers(cast: Cast) -> Inmate:
    inmate = a_worker(cast, days=10)
    for_a_second_payer(cast, inmate)
    return inmate


def both(cast: Cast, *, is_enterprise_first: bool) -> tuple[Payslip, Payslip]:
    """The slips of the enterprise and of the entrepreneur, calculated in either order."""
    if is_enterprise_first:
        first = slip_of(calculated(cast))
        return first, worked_off(started_by_the_second(cast))
    second = worked_off(started_by_the_second(cast))
    return slip_of(calculated(cast)), second


@pytest.mark.parametrize("is_enterprise_first", [True, False])
def test_a_large_debt_takes_the_half_of_both_in_any_order(
    pay: Cast, is_enterprise_first: bool
) -> None:
    a_writ(at_two_payers(pay), "ВРЕД", queue=1, kind="claim", debt=money("900000.00"))
    first, second = both(pay, is_enterprise_first=is_enterprise_first)
    assert (first.net, second.net) == (money("43200.00"), money("19440.00"))
    assert (first.withheld_by_writs, second.withheld_by_writs) == (
        money("21600.00"), money("9720.00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("is_enterprise_first", "at_first", "at_second"),
    [(True, "21600.00", "8400.00"), (False, "20280.00", "9720.00")],
)
def test_a_fixed_sum_is_met_by_both_together(
    pay: Cast, is_enterprise_first: bool, at_first: str, at_second: str
) -> None:
    """30 000: who comes first takes its half, the other one the rest of the sum."""
    writ = a_writ(at_two_payers(pay), "АЛ-1", amount=money("30000.00"))
    first, second = both(pay, is_enterprise_first=is_enterprise_first)
    assert first.withheld_by_writs == money(at_first)
    assert second.withheld_by_writs == money(at_second)
    of_writ = PayslipLine.objects.filter(writ=writ)
    assert sum(line.amount for line in of_writ) == money("30000.00")


def test_the_second_slip_takes_what_the_first_left_of_the_cap(pay: Cast) -> None:
    """A quarter at the first took 10 800 of 31 320: 20 520 are left, more than there is at the
    second, whose 19 440 are a quarter for the child and the rest for the victim."""
    inmate = at_two_payers(pay)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    first = slip_of(calculated(pay))
    assert first.withheld_by_writs == money("10800.00")
    a_writ(inmate, "ВРЕД", queue=1, kind="claim", debt=money("900000.00"))
    second = worked_off(started_by_the_second(pay))
    assert [line.amount for line in lines_of(second)] == [money("4860.00"), money("14580.00")]
    assert second.to_account == money("0.00")
    together = first.withheld_by_writs + second.withheld_by_writs
    assert together <= (first.net + second.net) / 2


def test_the_slip_of_a_private_payer_does_not_tell_what_the_other_one_pays(pay: Cast) -> None:
    a_writ(at_two_payers(pay), "ВРЕД", queue=1, kind="claim", debt=money("900000.00"))
    _first, second = both(pay, is_enterprise_first=True)
    (line,) = lines_of(second)
    assert why(line) == ["writ.debt", "writ.cap_of_all"]
    told = explain(line.explanation, line.arguments, is_discreet=True)
    openly = explain(line.explanation, line.arguments)
    assert "62 640,00" in openly.replace("\N{NO-BREAK SPACE}", " ")
    assert "62 640,00" not in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "21 600,00" not in told.replace("\N{NO-BREAK SPACE}", " ")


# --- suspended and ended ------------------------------------------------------------------------
def test_a_suspended_writ_has_a_line_of_nought_with_its_reason(pay: Cast) -> None:
    inmate = a_worker(pay)
    writ = a_writ(inmate, "БАНК", queue=5, kind="claim", debt=money("20000.00"), fee=money("9.00"))
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    WritSuspension.objects.create(
        writ=writ, effective_from=date(2026, 10, 15), basis="определение суда № 7"
    )
    run = calculated(pay)
    assert taken(run) == {
        ("АЛ-1", "alimony"): money("21600.00"), ("БАНК", "claim"): money("0.00"),
    }  # fmt: skip
    line = lines_of(slip_of(run))[1]
    assert (line.explanation, line.demanded) == ("writ.suspended", money("0.00"))
    assert "определение суда № 7" in explain(line.explanation, line.arguments)
    assert "15.10.2026" in explain(line.explanation, line.arguments)


def test_resumed_before_the_last_day_it_is_served_again(pay: Cast) -> None:
    writ = a_writ(a_worker(pay), "БАНК", queue=5, kind="claim", debt=money("20000.00"))
    WritSuspension.objects.create(
        writ=writ, effective_from=date(2026, 10, 1), effective_to=date(2026, 10, 31), basis="суд"
    )
    assert taken(calculated(pay)) == {("БАНК", "claim"): money("20000.00")}


def test_a_suspended_month_leaves_no_arrears(pay: Cast) -> None:
    first_signature(pay)
    inmate = over_months(pay, SEPTEMBER)
    writ = a_writ(inmate, "АЛ-1", amount=money("50000.00"))
    WritSuspension.objects.create(
        writ=writ, effective_from=date(2026, 9, 1), effective_to=date(2026, 10, 1), basis="суд"
    )
    posted(pay, SEPTEMBER)
    assert owed("АЛ-1") == money("0.00")
    posted(pay)
    assert owed("АЛ-1") == money("6800.00")


def test_a_writ_that_ended_is_not_served_nor_its_fee(pay: Cast) -> None:
    inmate = a_worker(pay)
    ended = {"effective_to": date(2026, 10, 31), "fee": money("100.00")}
    a_writ(inmate, "БАНК", queue=5, kind="claim", debt=money("20000.00"), **ended)
    assert taken(calculated(pay)) == {}


def test_terms_that_follow_each_other_are_served_one_at_a_time(pay: Cast) -> None:
    """One child until the middle of the month, two from then on: the last day decides."""
    inmate = a_worker(pay)
    middle = date(2026, 10, 15)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4, effective_to=middle)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=3, effective_from=middle)
    assert taken(calculated(pay)) == {("АЛ-1", "alimony"): money("28800.00")}


# --- a debt that comes to its end ---------------------------------------------------------------
def test_the_last_instalment_and_the_fee_keep_their_tiyn_and_are_gone(pay: Cast) -> None:
    first_signature(pay)
    inmate = over_months(pay, AUGUST, SEPTEMBER)
    terms = {"queue": 5, "kind": "claim", "debt": money("50000.75"), "fee": money("5000.08")}
    writ = a_writ(inmate, "БАНК", **terms)
    # 35 549 are split 50 000,75 : 5 000,08, which is 32 317,27 and 3 231,73.
    assert taken(posted(pay, AUGUST)) == {
        ("БАНК", "claim"): money("32317.00"), ("БАНК", "bailiff_fee"): money("3232.00"),
    }  # fmt: skip
    left = balance(writ)
    assert (left.debt_left, left.fee_left) == (money("17683.75"), money("1768.08"))
    assert taken(posted(pay, SEPTEMBER)) == {
        ("БАНК", "claim"): money("17683.75"), ("БАНК", "bailiff_fee"): money("1768.08"),
    }  # fmt: skip
    assert (balance(writ).debt_left, balance(writ).fee_left) == (0, 0)
    assert taken(calculated(pay)) == {}


def test_a_paid_debt_leaves_the_fee(pay: Cast) -> None:
    first_signature(pay)
    inmate = over_months(pay, SEPTEMBER)
    # 35 000 and 1 000 do not fit 35 549: 34 561,53 and 987,47 of it.
    a_writ(inmate, "БАНК", queue=5, kind="claim", debt=money("35000.00"), fee=money("1000.00"))
    assert taken(posted(pay, SEPTEMBER)) == {
        ("БАНК", "claim"): money("34562.00"), ("БАНК", "bailiff_fee"): money("987.00"),
    }  # fmt: skip
    assert taken(calculated(pay)) == {
        ("БАНК", "claim"): money("438.00"), ("БАНК", "bailiff_fee"): money("13.00"),
    }  # fmt: skip


def test_the_fee_of_alimony_goes_on_when_the_sum_of_the_month_is_met(pay: Cast) -> None:
    """Met at the enterprise: at the entrepreneur only the fee has a line."""
    inmate = at_two_payers(pay)
    a_writ(inmate, "АЛ-1", amount=money("15000.00"), fee=money("60000.00"))
    first, second = both(pay, is_enterprise_first=True)
    # 43 200 − 15 000 is under the living minimum: nothing for the fee.
    assert [(line.code, line.amount) for line in lines_of(first)] == [
        ("alimony", money("15000.00")), ("bailiff_fee", money("0.00")),
    ]  # fmt: skip
    # 62 640 − 15 000 − 50 851 is under nought here too.
    assert [(line.code, line.amount) for line in lines_of(second)] == [
        ("bailiff_fee", money("0.00"))
    ]


def test_a_debt_that_was_overpaid_by_hand_asks_for_nothing(pay: Cast) -> None:
    """The debt is entered anew as less than what is withheld: it never falls below nought."""
    first_signature(pay)
    writ = a_writ(
        over_months(pay, SEPTEMBER), "БАНК", queue=5, kind="claim", debt=money("30000.00")
    )
    posted(pay, SEPTEMBER)
    WritOfExecution.objects.filter(pk=writ.pk).update(debt=money("20000.00"))
    writ.refresh_from_db()
    assert taken(calculated(pay)) == {}
    assert balance(writ).debt_left == money("0.00")


def test_the_queue_of_the_fee_follows_its_parameter(pay: Cast) -> None:
    """In queue 1 it is served beside the victim, and the living minimum does not bind."""
    PayParameter.objects.filter(code="bailiff_fee_queue").update(value=1)
    inmate = a_worker(pay)
    a_writ(inmate, "ВРЕД", queue=1, kind="claim", debt=money("90000.00"), fee=money("10000.00"))
    assert taken(calculated(pay)) == {
        ("ВРЕД", "claim"): money("38880.00"), ("ВРЕД", "bailiff_fee"): money("4320.00"),
    }  # fmt: skip


# --- arrears ------------------------------------------------------------------------------------
def test_alimony_that_the_cap_left_unmet_adds_up_over_three_months(pay: Cast) -> None:
    """50 000 a month of a cap of 43 200: 6 800 are left unmet each time, and never collected."""
    first_signature(pay)
    inmate = over_months(pay, AUGUST, SEPTEMBER)
    a_writ(inmate, "АЛ-1", amount=money("50000.00"))
    for count, month in enumerate((AUGUST, SEPTEMBER, OCTOBER), start=1):
        run = posted(pay, month)
        assert taken(run) == {("АЛ-1", "alimony"): money("43200.00")}
        (line,) = lines_of(slip_of(run))
        assert line.demanded == money("50000.00")
        assert why(line) == ["writ.fixed", "writ.cap", ARREARS]
        assert owed("АЛ-1") == count * money("6800.00")


def test_two_families_of_shares_each_keep_their_own_arrears(pay: Cast) -> None:
    first_signature(pay)
    inmate = a_worker(pay)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=2)
    a_writ(inmate, "АЛ-2", share_numerator=1, share_denominator=3)
    # 43 200 and 28 800 are asked for; 43 200 are split 3 : 2.
    assert taken(posted(pay)) == {
        ("АЛ-1", "alimony"): money("25920.00"), ("АЛ-2", "alimony"): money("17280.00"),
    }  # fmt: skip
    assert (owed("АЛ-1"), owed("АЛ-2")) == (money("17280.00"), money("11520.00"))


def test_what_is_not_approved_is_no_arrears_yet(pay: Cast) -> None:
    inmate = a_worker(pay)
    writ = a_writ(inmate, "АЛ-1", amount=money("50000.00"))
    calculated(pay)
    assert owed("АЛ-1") == money("0.00")
    assert (balance(writ).withheld, balance(writ).waiting) == (0, money("43200.00"))


def test_arrears_are_collected_by_an_order_of_the_bailiff_as_a_claim_of_queue_one(
    pay: Cast,
) -> None:
    """A quarter is 21 600; of the cap 21 600 are left for the arrears of 30 000."""
    inmate = a_worker(pay)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    a_writ(inmate, "АЛ-1-З", queue=1, kind="claim", debt=money("30000.00"))
    assert taken(calculated(pay)) == {
        ("АЛ-1", "alimony"): money("21600.00"), ("АЛ-1-З", "claim"): money("21600.00"),
    }  # fmt: skip


# --- what writs may not look at, and the tax above the year's threshold --------------------------
def test_compensation_of_harm_is_not_looked_at(pay: Cast) -> None:
    """40 000 beside a wage of 96 000: net 126 400, attachable 86 400, cap 43 200."""
    inmate = a_worker(pay)
    ExtraPay.objects.create(
        inmate=inmate, payer=pay.enterprise, institution=pay.institution,
        month=OCTOBER.first_day, kind="harm_compensation", amount=money("40000.00"),
        basis="приказ № 5", recorded_by=pay.accountant, recorded_at=NOW,
    )  # fmt: skip
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    a_writ(inmate, "ВРЕД", queue=1, kind="claim", debt=money("900000.00"))
    slip = slip_of(calculated(pay))
    assert (slip.net, slip.attachable) == (money("126400.00"), money("86400.00"))
    assert [line.amount for line in lines_of(slip)] == [money("21600.00"), money("21600.00")]
    assert lines_of(slip)[0].base == money("86400.00")
    assert why(lines_of(slip)[0]) == ["writ.share", "writ.not_attachable"]


def test_income_above_the_threshold_of_the_year_is_taxed_at_fifteen_percent(pay: Cast) -> None:
    """8 500 МРП are 36 762 500: 20 000 of October are under it, 66 400 above."""
    inmate = over_months(pay, SEPTEMBER)
    inmate.tax_applications.all().delete()
    calculated(pay, SEPTEMBER)
    Payslip.objects.update(taxable=money("36742500.00"))
    slip = slip_of(calculated(pay))
    assert slip.taxable == money("86400.00")
    assert slip.ipn == money("2000.00") + money("9960.00")


def test_the_year_begins_anew_in_january(pay: Cast) -> None:
    inmate = a_worker(pay)
    inmate.tax_applications.all().delete()
    inmate.placements.update(effective_from=date(2025, 1, 1))
    december = Month(2025, 12)
    attended(inmate.placements.get(), days_of(december, 20))
    calculated(pay, december)
    Payslip.objects.update(taxable=money("40000000.00"))
    assert slip_of(calculated(pay)).ipn == money("8640.00")
