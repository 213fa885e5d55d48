"""Writs: the limits of each queue, how a limit is split, and what holds for any set of writs."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.pay_values import Writ
from inmates.withholding import exact_demand, rounded_demand, split_limit, withhold
from tests.inmates.pay_builders import (
    OCTOBER_2026,
    alimony,
    claim,
    codes_of,
    fixed_alimony,
    law_of,
    pay,
)

LIVING_MINIMUM = Decimal("50851")


def withheld(net, *writs, category="convict", **changes):
    law = replace(law_of(OCTOBER_2026), **changes)
    result = withhold(Decimal(net), writs, category, law)
    return [str(writ.withheld) for writ in result.writs]


def reasons(net, *writs):
    result = withhold(Decimal(net), writs, "convict", law_of(OCTOBER_2026))
    return [writ.reason for writ in result.writs]


# Demands.


def test_a_share_is_demanded_in_whole_tenge():
    assert rounded_demand(Decimal("100002.00"), alimony("a", "1/4")) == 25001  # 25 000.5
    assert exact_demand(Decimal("100002.00"), alimony("a", "1/4")) == Fraction(50001, 2)


def test_a_third_is_a_third():
    assert rounded_demand(Decimal("999999999999.00"), alimony("a", "1/3")) == 333333333333


@pytest.mark.parametrize(
    ("net", "half"),
    [("100001.00", "50001.00"), ("100000.98", "50000.00"), ("100001.02", "50001.00")],
)
def test_a_share_rounds_half_up(net, half):
    assert str(rounded_demand(Decimal(net), alimony("a", "1/2"))) == half


def test_fixed_sums_and_debts_keep_their_tiyn():
    assert withheld("200000.00", fixed_alimony("a", "10000.55")) == ["10000.55"]
    assert withheld("200000.00", claim("a", "10000.55")) == ["10000.55"]


def test_a_writ_without_a_demand_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="nothing"):
        exact_demand(Decimal(1), Writ(id="a", queue=2, kind="claim"))


# The cap of half of net.


def test_the_cap_binds_alimony_too():
    assert withheld("100000.00", fixed_alimony("a", "80000.00")) == ["50000.00"]


def test_half_of_net_rounded_up_does_not_fit_and_is_cut_down():
    """1/2 of 76 501 demands 38 251, the cap is 38 250.5: 38 250."""
    assert withheld("76501.00", alimony("a", "1/2")) == ["38250.00"]


def test_exactly_the_cap_fits():
    assert withheld("76501.00", fixed_alimony("a", "38250.50")) == ["38250.50"]
    assert withheld("76501.00", fixed_alimony("a", "38250.51")) == ["38250.00"]


def test_alimony_comes_before_the_other_claims_of_its_queue():
    found = withheld("100000.00", claim("debt", "900000.00", 1), alimony("child", "1/4"))

    assert found == ["25000.00", "25000.00"]


def test_claims_of_queue_one_wait_when_alimony_takes_the_cap():
    writs = claim("debt", "900000.00", 1), alimony("child", "1/2")

    assert withheld("100000.00", *writs) == ["0.00", "50000.00"]
    assert reasons("100000.00", *writs) == ["none_left_cap", "in_full"]


def test_the_cap_share_is_a_parameter():
    found = withheld(
        "100000.00", fixed_alimony("a", "90000.00"), writ_cap_share_of_net=Decimal("0.2")
    )

    assert found == ["20000.00"]


# The living minimum.


def test_the_living_minimum_does_not_bind_queue_one():
    assert withheld("60000.00", claim("health", "900000.00", 1)) == ["30000.00"]
    assert withheld("60000.00", alimony("child", "1/2")) == ["30000.00"]


@pytest.mark.parametrize("queue", [2, 3, 4, 5])
def test_the_living_minimum_binds_later_queues(queue):
    assert withheld("60000.00", claim("debt", "900000.00", queue)) == ["9149.00"]
    assert reasons("60000.00", claim("debt", "900000.00", queue)) == ["floor"]


def test_below_the_living_minimum_later_queues_get_nothing():
    assert withheld("50851.00", claim("debt", "900000.00")) == ["0.00"]
    assert withheld("20000.00", claim("debt", "900000.00")) == ["0.00"]
    assert reasons("20000.00", claim("debt", "900000.00")) == ["none_left_floor"]


def test_the_floor_counts_what_alimony_has_taken():
    found = withheld("76500.00", alimony("child", "1/3"), claim("debt", "900000.00"))

    assert found == ["25500.00", "149.00"]


def test_the_floor_is_a_switch_for_convicts_only():
    debt = claim("debt", "900000.00")
    off = {"convict_living_minimum_floor": False}

    assert withheld("60000.00", debt, **off) == ["30000.00"]
    assert withheld("60000.00", debt, category="convict_minimum_security", **off) == ["30000.00"]
    assert withheld("60000.00", debt, category="free", **off) == ["9149.00"]


def test_queues_are_served_in_order_whatever_the_order_of_the_list():
    writs = [claim("5", "50000.00", 5), claim("2", "10000.00", 2), claim("4", "30000.00", 4)]

    assert withheld("150000.00", *writs) == ["35000.00", "10000.00", "30000.00"]
    assert withheld("100000.00", *writs) == ["9149.00", "10000.00", "30000.00"]


# Splitting a limit.


def test_a_tie_goes_to_the_earlier():
    writs = claim("a", "100000.00"), claim("b", "100000.00")

    assert withheld("61852.00", *writs) == ["5501.00", "5500.00"]  # 11 001 to share


def test_equal_alimony_shares_that_round_above_the_cap():
    """1/4 of 134 475 is 33 618.75: two demand 67 238, the cap is 67 237.5."""
    writs = alimony("a", "1/4"), alimony("b", "1/4")

    assert withheld("134475.00", *writs) == ["33619.00", "33618.00"]


def test_fixed_sum_and_share_are_split_by_the_demands_before_rounding():
    writs = alimony("a", "1/3"), fixed_alimony("b", "25000.00")

    assert withheld("76000.00", *writs) == ["19126.00", "18874.00"]  # 38 000 × 76 / 151


def test_nobody_gets_more_than_its_debt():
    """9 149 to share: by the largest remainder alone the small debt would get 1 tenge of 0.60."""
    writs = claim("small", "0.60"), claim("large", "9149.00")

    assert withheld("60000.00", *writs) == ["0.00", "9149.00"]


def test_what_nobody_can_take_stays_with_the_person():
    crumbs = [claim(name, "0.50") for name in "abc"]

    assert withheld("50852.20", *crumbs) == ["0.00", "0.00", "0.00"]


def test_debts_that_fit_together_are_taken_with_their_tiyn():
    writs = claim("a", "4000.25"), claim("b", "5000.75"), claim("c", "0.00")

    assert withheld("60000.00", *writs) == ["4000.25", "5000.75", "0.00"]
    assert reasons("60000.00", *writs) == ["in_full", "in_full", "no_demand"]


def test_a_paid_debt_in_a_split_gets_nothing():
    writs = claim("paid", "0.00"), claim("a", "50000.00")

    assert withheld("60000.00", *writs) == ["0.00", "9149.00"]
    assert reasons("60000.00", *writs) == ["no_demand", "floor"]


def test_nothing_is_withheld_from_nothing():
    writs = alimony("a", "1/2"), claim("b", "10.00")

    assert withheld("0.00", *writs) == ["0.00", "0.00"]
    assert reasons("0.00", *writs) == ["no_income", "no_income"]


def test_no_writs():
    assert withheld("76500.00") == []


# Explanations.


def test_a_writ_tells_its_demand_and_its_limit():
    result = pay("85000.00", writs=(claim("debt", "900000.00"),))

    sentences = [one for one in result.explanations if one.line == "writ"]
    assert [one.code for one in sentences] == ["writ.debt", "writ.floor"]
    assert sentences[1].arguments["floor"] == "50851.00"
    assert {one.arguments["writ"] for one in sentences} == {"debt"}


def test_a_shared_limit_is_told():
    writs = (alimony("a", "1/3"), alimony("b", "1/4"))

    codes = codes_of(pay("85000.00", writs=writs), "writ")

    assert codes == ["writ.share", "writ.cap", "writ.shared"] * 2


# What holds for any writs.

nets = st.decimals(min_value=0, max_value=1000000, places=2)
sums = st.one_of(
    st.decimals(min_value=0, max_value=2, places=2),
    st.decimals(min_value=0, max_value=300000, places=2),
)
shares = st.sampled_from(["1/4", "1/3", "1/2", "1/6", "2/7", "1/1"])
any_writ = st.one_of(
    st.builds(alimony, st.just("x"), shares),
    st.builds(fixed_alimony, st.just("x"), sums.map(str)),
    st.builds(claim, st.just("x"), sums.map(str), st.integers(1, 5)),
)
many_writs = st.lists(any_writ, max_size=7).map(
    lambda writs: [replace(writ, id=f"w{place}") for place, writ in enumerate(writs)]
)
categories = st.sampled_from(["convict", "convict_minimum_security", "free"])


def served(net, writs, category="convict"):
    return withhold(net, writs, category, law_of(OCTOBER_2026))


@settings(max_examples=300, deadline=None)
@given(nets, many_writs, categories)
def test_all_writs_together_take_at_most_half(net, writs, category):
    result = served(net, writs, category)

    assert result.total == sum((writ.withheld for writ in result.writs), Decimal(0))
    assert result.total * 2 <= net
    assert [writ.id for writ in result.writs] == [writ.id for writ in writs]


@settings(max_examples=300, deadline=None)
@given(nets, many_writs)
def test_nobody_gets_less_than_nothing_or_more_than_demanded(net, writs):
    for writ in served(net, writs).writs:
        assert 0 <= writ.withheld <= writ.demanded
        assert writ.withheld.as_tuple().exponent == -2


@settings(max_examples=300, deadline=None)
@given(nets, many_writs)
def test_later_queues_leave_the_living_minimum(net, writs):
    result = served(net, writs)

    later = sum(
        (one.withheld for one, writ in zip(result.writs, writs, strict=True) if writ.queue > 1),
        Decimal(0),
    )
    assert later == 0 or net - result.total >= LIVING_MINIMUM


@settings(max_examples=300, deadline=None)
@given(nets, many_writs, st.integers(2, 5), sums)
def test_a_later_writ_never_changes_what_earlier_queues_get(net, writs, queue, remaining):
    before = {writ.id: writ for writ in served(net, writs).writs}

    after = {
        writ.id: writ for writ in served(net, [*writs, claim("new", str(remaining), queue)]).writs
    }

    for writ in writs:
        if writ.queue < queue:
            assert after[writ.id] == before[writ.id]


@settings(max_examples=200, deadline=None)
@given(nets, many_writs)
def test_a_limit_that_binds_is_used_up_to_less_than_a_tenge_a_writ(net, writs):
    result = served(net, writs)

    if any(writ.reason == "cap" for writ in result.writs):
        assert net / 2 - result.total < 1 + len(writs)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 10**15),
    st.lists(st.integers(1, 10**12), min_size=1, max_size=9),
)
def test_splitting_whole_tenge_loses_nothing(limit, debts):
    demands = [Decimal(debt) for debt in debts]
    limit = Decimal(min(limit, sum(debts)))

    parts = split_limit(limit, [Fraction(debt) for debt in debts], demands)

    assert sum(parts) == limit
    for part, debt in zip(parts, debts, strict=True):
        assert abs(part - limit * debt / sum(debts)) <= 1


@settings(max_examples=200, deadline=None)
@given(nets, many_writs)
def test_taking_and_telling_agree(net, writs):
    result = served(net, writs)

    told = {one.arguments["writ"] for one in result.explanations}
    assert told == {writ.id for writ in writs}
    for writ in result.writs:
        if writ.reason == "in_full":
            assert writ.withheld == writ.demanded > 0
        if writ.reason.startswith("no"):
            assert writ.withheld == 0
