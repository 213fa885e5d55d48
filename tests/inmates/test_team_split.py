"""The wage of a team, split to the tiyn: stories with their numbers, and properties."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.explanations import explain
from inmates.team_split import Member, split_team_pay, team_earning, team_value

D = Decimal


def test_two_who_worked_alike_share_alike() -> None:
    """120 pieces at 45.00 are 5 400.00: 2 700.00 each."""
    value = team_value(pieces=120, rate=D("45.00"), per_pieces=1)
    assert value == D("5400.00")
    parts = split_team_pay(value, [Member(1, 480), Member(2, 480)])
    assert parts == {1: D("2700.00"), 2: D("2700.00")}


def test_who_came_for_half_a_day_has_half() -> None:
    """480 and 240 minutes of 5 400.00: two thirds and one third."""
    parts = split_team_pay(D("5400.00"), [Member(1, 480), Member(2, 240)])
    assert parts == {1: D("3600.00"), 2: D("1800.00")}


def test_a_foreman_has_more_by_the_coefficient() -> None:
    """480 × 1.25 against 480 × 1 of 4 500.00: five ninths are 2 500.00."""
    parts = split_team_pay(D("4500.00"), [Member(1, 480, D("1.25")), Member(2, 480, D("1.00"))])
    assert parts == {1: D("2500.00"), 2: D("2000.00")}


def test_the_last_tiyn_goes_to_the_smaller_key_where_all_remainders_are_alike() -> None:
    """100.00 in three: 33.33 each and one tiyn over, whatever order they are named in."""
    members = [Member(9, 480), Member(3, 480), Member(5, 480)]
    assert split_team_pay(D("100.00"), members) == {9: D("33.33"), 3: D("33.34"), 5: D("33.33")}
    assert split_team_pay(D("100.00"), members[::-1]) == split_team_pay(D("100.00"), members)


def test_the_largest_remainder_has_the_tiyn() -> None:
    """0.10 over 100 and 280 minutes: 2.63 and 7.37 tiyn, so the first is rounded up."""
    assert split_team_pay(D("0.10"), [Member(1, 280), Member(2, 100)]) == {
        1: D("0.07"),
        2: D("0.03"),
    }


def test_a_rate_per_pieces_is_rounded_once_before_the_split() -> None:
    """7 pieces at 100.00 for 12 are 58.3333…: 58.33, which is what is shared."""
    value = team_value(pieces=7, rate=D("100.00"), per_pieces=12)
    assert value == D("58.33")
    parts = split_team_pay(value, [Member(1, 10), Member(2, 10)])
    assert sorted(parts.values()) == [D("29.16"), D("29.17")]
    assert parts[1] == D("29.17")


def test_half_a_tiyn_is_rounded_up() -> None:
    assert team_value(pieces=1, rate=D("0.01"), per_pieces=2) == D("0.01")


@pytest.mark.parametrize(
    ("value", "members"),
    [
        (D("-1.00"), [Member(1, 10)]),
        (D("1.001"), [Member(1, 10)]),
        (D("1.00"), []),
        (D("1.00"), [Member(1, 0)]),
        (D("1.00"), [Member(1, 10), Member(1, 20)]),
        (D("1.00"), [Member(1, 10, D(0))]),
        (D("1.00"), [Member(1, 10, D("-0.5"))]),
    ],
)
def test_nonsense_is_refused(value: Decimal, members: list[Member]) -> None:
    with pytest.raises(ValueError, match=r"team|member"):
        split_team_pay(value, members)


def test_a_float_is_no_coefficient() -> None:
    with pytest.raises(TypeError):
        split_team_pay(D("1.00"), [Member(1, 10, 1.5), Member(2, 10)])  # type: ignore[arg-type] # on purpose


@pytest.mark.parametrize(("pieces", "rate", "per"), [(-1, "1", 1), (1, "-1", 1), (1, "1", 0)])
def test_a_value_of_nonsense_is_refused(pieces: int, rate: str, per: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        team_value(pieces=pieces, rate=D(rate), per_pieces=per)


MEMBERS = st.lists(
    st.tuples(st.integers(1, 1440), st.decimals("0.01", "99.99", places=2, allow_nan=False)),
    min_size=1,
    max_size=12,
)


@given(st.integers(0, 10**9), MEMBERS)
def test_the_parts_are_the_whole_and_none_is_a_tiyn_off(tiyn: int, pairs: list) -> None:
    value = D(tiyn).scaleb(-2)
    members = [Member(key, *pair) for key, pair in enumerate(pairs)]
    parts = split_team_pay(value, members)
    assert sum(parts.values()) == value
    whole = sum(one.minutes * Fraction(one.coefficient) for one in members)
    for one in members:
        exact = Fraction(value) * one.minutes * Fraction(one.coefficient) / whole
        assert abs(Fraction(parts[one.key]) - exact) < Fraction(1, 100)


@given(st.integers(0, 10**8), MEMBERS, st.integers(2, 9))
def test_only_the_proportion_counts(tiyn: int, pairs: list, times: int) -> None:
    """Ten hours against five is the same as two against one."""
    value = D(tiyn).scaleb(-2)
    members = [Member(key, *pair) for key, pair in enumerate(pairs)]
    more = [Member(one.key, one.minutes * times, one.coefficient) for one in members]
    assert split_team_pay(value, members) == split_team_pay(value, more)


def test_a_line_of_a_payslip_says_how_it_came_about() -> None:
    line = team_earning(pieces=240, rate=D("45.00"), per_pieces=1, amount=D("3600.00"), entries=2)
    assert (line.kind, line.quantity, line.amount) == ("piece_team", 240, D("3600.00"))
    sentence = explain(line.explanation.code, line.explanation.arguments)
    plain = sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert "240" in plain
    assert "45,00 ₸" in plain
    assert "3 600,00 ₸" in plain


def test_coefficients_of_different_lengths_weigh_as_they_are() -> None:
    """480 × 1,25 and 480 × 1: five ninths and four ninths of 900,00; none said is 1."""
    members = [Member(1, 480, Decimal("1.25")), Member(2, 480)]
    assert split_team_pay(Decimal("900.00"), members) == {
        1: Decimal("500.00"),
        2: Decimal("400.00"),
    }
