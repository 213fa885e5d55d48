"""The pay of an apprentice: worked examples as stories, and what holds for every month."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.apprentices import apprentice_piece_pay
from inmates.earning_law import earning_law_in_force
from inmates.earnings import Earning, piece_pay
from inmates.explanations import explain
from inmates.minimum_wage import PaidTime, hour_floor, minimum_top_up
from inmates.models import PayParameter, PayrollRun, Payslip, PayslipLine, Placement
from inmates.refusals import ParameterMissing, ParameterUnusable
from inmates.run_refusals import InputsMissing
from inmates.shipped_parameters import read_shipped_parameters
from portal.kernel.periods import Period
from portal.kernel.workdays import is_workday
from tests.inmates.months import (
    OCTOBER,
    a_piece_rate,
    a_worker,
    attended,
    calculated,
    days_of,
    made,
    started,
)
from tests.inmates.safety import an_apprenticeship
from tests.inmates.test_two_payers import at_two_institutions, worked_off
from tests.people import Cast, a_placement, a_work_order, an_hourly_rate, an_inmate
from workshops.models import Operation, Trade

MZP, HOURS = Decimal("85000"), Decimal("164.67")
# A norm so long that the month by itself lifts nobody: what is left is the test by the hour.
NEVER = Fraction(10**12)


def pay_of(pieces: int, rate: str, coefficient: str, per: int = 1) -> Decimal:
    return apprentice_piece_pay(
        pieces=pieces, rate=Decimal(rate), per_pieces=per, coefficient=Decimal(coefficient)
    ).amount


def top_up_of(minutes: int, basic: Decimal, mzp: Decimal, hours: Decimal) -> Earning | None:
    """As an apprentice is tested: the whole month by the hour."""
    month = PaidTime(minutes, basic)
    return minimum_top_up(month=month, hourly=month, mzp=mzp, norm=NEVER, average_hours=hours)


# --- stories ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pieces", "rate", "coefficient", "per", "amount"),
    [
        # Six tenths of the norm: a piece of 650,00 is paid 1 083,3333…, thirty of them 32 500,00.
        (30, "650.00", "0.6", 1, "32500.00"),
        # The line rounds once: 3 × 100 ÷ 0,7 = 428,5714…; three rounded pieces would be 428,58.
        (3, "100.00", "0.7", 1, "428.57"),
        # 650,00 for 3 pieces, 7 made, 0,85 of the norm: 1 784,3137…
        (7, "650.00", "0.85", 3, "1784.31"),
        # Half a tiyn goes up: 1 × 0,01 ÷ 0,8 = 0,0125; 3 × 0,01 ÷ 0,8 = 0,0375; 1 ÷ 0,08 × 0,01.
        (1, "0.01", "0.8", 1, "0.01"),
        (3, "0.01", "0.8", 1, "0.04"),
        (1, "0.01", "0.08", 1, "0.13"),
        # The whole norm is nobody's advantage.
        (30, "650.00", "1", 1, "19500.00"),
        (0, "650.00", "0.6", 1, "0.00"),
    ],
)
def test_pieces_are_paid_rate_by_coefficient_exactly(
    pieces: int, rate: str, coefficient: str, per: int, amount: str
) -> None:
    assert pay_of(pieces, rate, coefficient, per) == Decimal(amount)


@pytest.mark.parametrize("coefficient", ["0", "-0.5", "1.0001"])
def test_a_coefficient_is_above_nought_and_at_most_one(coefficient: str) -> None:
    with pytest.raises(ValueError, match="coefficient"):
        pay_of(1, "650.00", coefficient)


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        apprentice_piece_pay(pieces=1, rate=Decimal(1), per_pieces=1, coefficient=0.5)


def test_a_whole_norm_reads_like_anybody_s() -> None:
    whole = apprentice_piece_pay(
        pieces=3, rate=Decimal("650.00"), per_pieces=1, coefficient=Decimal("1.0000")
    )
    assert whole == piece_pay(pieces=3, rate=Decimal("650.00"))


def test_the_floor_of_a_full_average_month_is_the_minimum_wage() -> None:
    assert hour_floor(minutes=9600, mzp=MZP, average_hours=Decimal(160)) == MZP


def test_the_floor_of_160_hours_by_hand() -> None:
    # 85 000 ÷ 164,67 × 160 = 82 589,4212…
    assert hour_floor(minutes=9600, mzp=MZP, average_hours=HOURS) == Decimal("82589.42")
    assert hour_floor(minutes=0, mzp=MZP, average_hours=HOURS) == Decimal("0.00")


def test_what_is_lacking_is_topped_up_and_no_more() -> None:
    pay = top_up_of(9600, Decimal("32500.00"), MZP, HOURS)
    assert pay is not None
    assert pay.amount == Decimal("50089.42")
    assert top_up_of(9600, Decimal("82589.42"), MZP, HOURS) is None


def test_hours_of_nought_and_a_negative_time_are_refused() -> None:
    with pytest.raises(ValueError, match="hours"):
        hour_floor(minutes=60, mzp=MZP, average_hours=Decimal(0))
    with pytest.raises(ValueError, match="time"):
        hour_floor(minutes=-1, mzp=MZP, average_hours=HOURS)


# --- what holds always ------------------------------------------------------------------------
counts = st.integers(0, 5000)
rates = st.decimals("0.01", "5000.00", places=2)
coefficients = st.decimals("0.0001", "1", places=4)
times = st.integers(0, 31 * 24 * 60)
wages = st.decimals("1000", "200000", places=0)
months = st.decimals("100.00", "200.00", places=2)


@settings(max_examples=300, deadline=None)
@given(counts, rates, coefficients, st.integers(1, 1000))
def test_a_line_is_the_exact_quotient_rounded_once(pieces, rate, coefficient, per) -> None:
    exact = Fraction(rate) * pieces / per / Fraction(coefficient)
    amount = pay_of(pieces, str(rate), str(coefficient), per)
    assert abs(Fraction(amount) - exact) <= Fraction(1, 200)


@settings(max_examples=200, deadline=None)
@given(counts, counts, rates, coefficients, coefficients)
def test_more_pieces_or_a_lower_norm_never_pay_less(few, more, rate, low, high) -> None:
    low, high = sorted((low, high))
    few, more = sorted((few, more))
    assert pay_of(few, str(rate), str(high)) <= pay_of(more, str(rate), str(high))
    assert pay_of(more, str(rate), str(high)) <= pay_of(more, str(rate), str(low))
    assert pay_of(few, str(rate), str(high)) >= pay_of(few, str(rate), "1")


def month_pay(minutes, basic, mzp, hours) -> Decimal:
    top_up = top_up_of(minutes, basic, mzp, hours)
    return basic + (top_up.amount if top_up else Decimal(0))


basics = st.decimals("0", "300000", places=2)


@settings(max_examples=300, deadline=None)
@given(times, basics, wages, months)
def test_a_month_is_never_under_the_floor_and_never_less_than_earned(
    minutes, basic, mzp, hours
) -> None:
    paid = month_pay(minutes, basic, mzp, hours)
    exact = Fraction(mzp) * minutes / (60 * Fraction(hours))
    assert Fraction(paid) >= exact - Fraction(1, 200)
    assert paid >= basic
    assert paid == max(basic, hour_floor(minutes=minutes, mzp=mzp, average_hours=hours))


@settings(max_examples=200, deadline=None)
@given(times, times, basics, basics, wages, months)
def test_more_time_or_more_work_never_pays_less(short, long, few, many, mzp, hours) -> None:
    short, long = sorted((short, long))
    few, many = sorted((few, many))
    assert month_pay(short, few, mzp, hours) <= month_pay(long, few, mzp, hours)
    assert month_pay(short, few, mzp, hours) <= month_pay(short, many, mzp, hours)


# --- the parameter ----------------------------------------------------------------------------
def test_the_shipped_hours_of_each_year_are_the_calendar_s() -> None:
    """Working days of the year × 8 ÷ 12, counted once more."""
    rows = read_shipped_parameters()
    for year in (2024, 2025, 2026):
        days = Period(date(year, 1, 1), date(year + 1, 1, 1)).days()
        exact = Fraction(sum(map(is_workday, days)) * 8, 12)
        shipped = earning_law_in_force(rows, date(year, 7, 1)).average_monthly_hours
        assert abs(Fraction(shipped) - exact) <= Fraction(1, 200)
    with pytest.raises(ParameterMissing, match="average_monthly_hours"):
        earning_law_in_force(rows, date(2027, 7, 1))


@pytest.mark.parametrize("value", ["0", "-1", 164.67, None, "many"])
def test_a_wrong_value_is_refused_and_never_a_guess(value: object) -> None:
    code = "average_monthly_hours"
    others = [row for row in read_shipped_parameters() if row["code"] != code]
    row = {"code": code, "effective_from": "2026-01-01", "effective_to": None, "value": value}
    with pytest.raises(ParameterUnusable):
        earning_law_in_force([*others, row], date(2026, 7, 1))


# --- in a run ---------------------------------------------------------------------------------
def a_piece_worker(cast: Cast, number: str = "1648", pieces: int = 30, days: int = 20) -> Placement:
    """By piece, twenty days of eight hours in October, so many pieces of the cutting."""
    placement = a_placement(cast, an_inmate(cast, number), pay_form="piece")
    attended(placement, days_of(OCTOBER, days))
    order = a_work_order(cast, 500)
    made(placement, order.operations.get(operation=cast.cutting), OCTOBER.first_day, pieces)
    return placement


def lines_of(run: PayrollRun, placement: Placement) -> list[PayslipLine]:
    rows = PayslipLine.objects.filter(payslip__run=run, payslip__inmate=placement.inmate)
    return list(rows.filter(kind="earning").order_by("sequence"))


def test_an_apprentice_s_month(pay: Cast) -> None:
    """160 hours, 30 pieces of 650,00 at six tenths of the norm: 32 500,00 and 50 089,42 on top."""
    a_piece_rate(pay)
    placement = a_piece_worker(pay)
    an_apprenticeship(pay, placement.inmate)
    run = calculated(pay)
    piece, top_up = lines_of(run, placement)
    assert (piece.code, piece.quantity, piece.rate, piece.amount) == (
        "piece", 30, Decimal("650"), Decimal("32500.00"),
    )  # fmt: skip
    assert (top_up.code, top_up.quantity, top_up.base, top_up.amount) == (
        "minimum_top_up", 9600, Decimal("32500.00"), Decimal("50089.42"),
    )  # fmt: skip
    assert top_up.parameter == PayParameter.objects.get(code="mzp", effective_from="2026-01-01")
    assert Payslip.objects.get(run=run).gross == Decimal("82589.42")


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ["ученика", "0,6"]), ("kk", ["шәкірт", "0,6"]), ("en", ["apprentice", "0,6"])],
)
def test_each_line_says_why(pay: Cast, language: str, words: list[str]) -> None:
    a_piece_rate(pay)
    placement = a_piece_worker(pay)
    an_apprenticeship(pay, placement.inmate)
    piece, top_up = lines_of(calculated(pay), placement)
    with override(language):
        sentence = explain(piece.explanation, piece.arguments)
        why = explain(top_up.explanation, top_up.arguments).replace("\N{NO-BREAK SPACE}", " ")
    assert all(word in sentence for word in words)
    for part in ("85 000,00", "164,67", "160", "82 589,42", "32 500,00", "104"):
        assert part in why


def test_who_learns_nothing_is_paid_the_same_beside_an_apprentice(pay: Cast) -> None:
    """The neighbour of an apprentice: the same slip to the tenge, with or without apprentices."""
    a_piece_rate(pay)
    neighbour = a_piece_worker(pay, "1650")
    by_time = a_worker(pay, "1651")
    before = slips_of(calculated(pay))
    an_apprenticeship(pay, a_piece_worker(pay, "1648").inmate)
    PayrollRun.objects.all().delete()
    after = slips_of(calculated(pay))
    for inmate in (neighbour.inmate, by_time):
        assert after[inmate.pk] == before[inmate.pk]


def slips_of(run: PayrollRun) -> dict[int, tuple]:
    rows = Payslip.objects.filter(run=run)
    return {
        row.inmate_id: (
            row.gross, row.opv, row.ipn, row.to_account, row.so, row.social_tax,
            tuple(row.lines.order_by("sequence").values_list("code", "amount", "explanation")),
        )
        for row in rows
    }  # fmt: skip


def test_an_apprentice_who_earns_enough_has_no_top_up(pay: Cast) -> None:
    a_piece_rate(pay)
    placement = a_piece_worker(pay, pieces=100)
    an_apprenticeship(pay, placement.inmate)
    (line,) = lines_of(calculated(pay), placement)
    assert line.amount == Decimal("108333.33")


def test_an_apprentice_who_made_nothing_yet_is_paid_the_floor(pay: Cast) -> None:
    placement = a_placement(pay, an_inmate(pay, "1648"), pay_form="piece")
    attended(placement, days_of(OCTOBER, 2))
    an_apprenticeship(pay, placement.inmate)
    (line,) = lines_of(calculated(pay), placement)
    # 85 000 ÷ 164,67 × 16 h = 8 258,9421…
    assert (line.code, line.amount) == ("minimum_top_up", Decimal("8258.94"))


def test_an_apprentice_by_time_is_topped_up_too(pay: Cast) -> None:
    worker = a_worker(pay, days=10)
    an_hourly_rate_of(pay, "300.00")
    placement = worker.placements.get()
    an_apprenticeship(pay, worker)
    time, top_up = lines_of(calculated(pay), placement)
    # 80 h × 300,00 = 24 000,00; the floor of 80 h is 41 294,71.
    assert (time.amount, top_up.amount) == (Decimal("24000.00"), Decimal("17294.71"))


def an_hourly_rate_of(pay: Cast, amount: str) -> None:
    pay.joiners.rates.all().delete()
    an_hourly_rate(pay, amount)


def test_pieces_before_the_training_and_of_another_trade_are_paid_in_full_norm(pay: Cast) -> None:
    painter = Trade.objects.create(code="painter", name_ru="Маляр", name_kk="Сырлаушы")
    Operation.objects.filter(pk=pay.painting.pk).update(trade=painter)
    a_piece_rate(pay)
    a_piece_rate(pay, "1000.00", operation=pay.painting)
    placement = a_piece_worker(pay, pieces=10)
    order = a_work_order(pay, 500)
    cutting = order.operations.get(operation=pay.cutting)
    made(placement, cutting, date(2026, 10, 12), 10)
    made(placement, order.operations.get(operation=pay.painting), date(2026, 10, 12), 4)
    an_apprenticeship(pay, placement.inmate, effective_from=date(2026, 10, 12))
    amounts = [
        (line.explanation, line.amount)
        for line in lines_of(calculated(pay), placement)
        if line.code == "piece"
    ]
    assert amounts == [
        ("earning.piece", Decimal("6500.00")),
        ("earning.piece_apprentice", Decimal("10833.33")),
        ("earning.piece", Decimal("4000.00")),
    ]


def test_each_run_tops_up_the_time_worked_in_it(pay: Cast) -> None:
    """80 hours at 400,00 are under the floor of 41 294,71; 80 at 600,00 elsewhere are above it."""
    an_hourly_rate_of(pay, "400.00")
    inmate, institution = at_two_institutions(pay)
    an_apprenticeship(pay, inmate)
    here = lines_of(calculated(pay), inmate.placements.earliest("effective_from"))
    assert [(line.code, line.amount) for line in here] == [
        ("time", Decimal("32000.00")), ("minimum_top_up", Decimal("9294.71")),
    ]  # fmt: skip
    there = worked_off(started(pay, institution_id=institution.pk))
    earned = there.lines.filter(kind="earning")
    assert [(line.code, line.amount) for line in earned] == [("time", Decimal("48000.00"))]


def test_a_training_that_ended_before_the_month_changes_nothing(pay: Cast) -> None:
    a_piece_rate(pay)
    placement = a_piece_worker(pay)
    an_apprenticeship(
        pay, placement.inmate,
        effective_from=date(2026, 8, 1), effective_to=date(2026, 10, 1), status="discontinued",
    )  # fmt: skip
    piece, top_up = lines_of(calculated(pay), placement)
    assert piece.amount == Decimal("19500.00")
    # As anybody: 85 000 × 160 ÷ 168 = 80 952,38, not the hourly floor of 82 589,42.
    assert (top_up.explanation, top_up.amount) == ("earning.top_up_month", Decimal("61452.38"))


def test_without_the_hours_of_the_year_nothing_is_calculated(pay: Cast) -> None:
    """Everybody's hours are tested against the floor: there is no month without it."""
    PayParameter.objects.filter(code="average_monthly_hours").delete()
    a_worker(pay)
    with pytest.raises((ParameterMissing, InputsMissing)):
        calculated(pay)
    assert not Payslip.objects.exists()
