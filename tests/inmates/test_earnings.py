"""Time pay and piece pay: exact, rounded once, with what the slip needs to tell."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.earnings import piece_pay, time_pay

rates = st.decimals(min_value=0, max_value=1000000, places=4)


def test_time_pay_for_whole_hours():
    assert time_pay(minutes=168 * 60, hourly_rate=Decimal("505.95")).amount == Decimal("84999.60")


def test_time_pay_for_minutes_is_exact():
    assert time_pay(minutes=1, hourly_rate=Decimal("100.00")).amount == Decimal("1.67")
    assert time_pay(minutes=7, hourly_rate=Decimal("100.00")).amount == Decimal("11.67")


def test_time_pay_rounds_half_up():
    assert time_pay(minutes=3, hourly_rate=Decimal("0.10")).amount == Decimal("0.01")  # 0.005


def test_piece_pay_for_single_pieces():
    earning = piece_pay(pieces=120, rate=Decimal("350.00"))

    assert (earning.amount, earning.per) == (Decimal("42000.00"), 1)
    assert earning.explanation.code == "earning.piece"


def test_piece_pay_per_hundred_is_exact():
    earning = piece_pay(pieces=12345, rate=Decimal("33.33"), per_pieces=100)

    assert earning.amount == Decimal("4114.59")  # 4 114.5885
    assert earning.explanation.code == "earning.piece_per"


def test_piece_pay_per_three_rounds_once():
    assert piece_pay(pieces=3, rate=Decimal("10.00"), per_pieces=3).amount == 10
    assert piece_pay(pieces=2, rate=Decimal("10.00"), per_pieces=3).amount == Decimal("6.67")


def test_nothing_done_earns_nothing():
    assert time_pay(minutes=0, hourly_rate=Decimal("500.00")).amount == 0
    assert piece_pay(pieces=0, rate=Decimal("500.00")).amount == 0


def test_a_line_tells_how_it_came_about():
    earning = time_pay(minutes=125, hourly_rate=Decimal("500.00"))

    assert earning.explanation.arguments == {
        "hours": 2, "minutes": 5, "unit_rate": "500.00", "article": "penal_code_120",
    }  # fmt: skip
    assert (earning.kind, earning.quantity, earning.rate) == ("time", 125, 500)


@pytest.mark.parametrize(
    ("pieces", "rate", "per_pieces"), [(-1, "1.00", 1), (1, "-1.00", 1), (1, "1.00", 0)]
)
def test_nonsense_is_refused(pieces, rate, per_pieces):
    with pytest.raises(ValueError, match=r"negative|one piece"):
        piece_pay(pieces=pieces, rate=Decimal(rate), per_pieces=per_pieces)


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        time_pay(minutes=60, hourly_rate=500.0)


@given(st.integers(0, 44640), rates)
def test_time_pay_is_within_half_a_tiyn(minutes, rate):
    exact = Fraction(rate) * minutes / 60

    assert abs(Fraction(time_pay(minutes=minutes, hourly_rate=rate).amount) - exact) <= Fraction(
        1, 200
    )


@given(st.integers(0, 1000000), rates, st.integers(1, 1000))
def test_whole_bundles_are_never_rounded(bundles, rate, per):
    rate = rate.quantize(Decimal("0.01"))

    earning = piece_pay(pieces=bundles * per, rate=rate, per_pieces=per)

    assert earning.amount == rate * bundles
