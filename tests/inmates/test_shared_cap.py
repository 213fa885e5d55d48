"""Several payers of one month share one cap; earnings writs may not look at; the bailiff's fee.

Each story is computed by hand; below them what holds for any two payslips of a month.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.pay_values import BAILIFF_FEE, Bases, Elsewhere, Writ
from inmates.withholding import shared_cap, withhold
from tests.inmates.pay_builders import (
    OCTOBER_2026,
    alimony,
    claim,
    codes_of,
    explanations_of,
    fixed_alimony,
    law_of,
    pay,
)

HALF = Decimal("0.50")
LIVING_MINIMUM = Decimal("50851.00")


def money(amount):
    return Decimal(amount)


def elsewhere(net, withheld, attachable=None):
    return Elsewhere(money(net), money(attachable or net), money(withheld))


def fee(name, remaining, queue=5):
    return Writ(id=f"{name}:fee", queue=queue, kind=BAILIFF_FEE, remaining=money(remaining))


def withheld(net, *writs, **changes):
    result = withhold(money(net), writs, "convict", law_of(OCTOBER_2026), **changes)
    return [str(one.withheld) for one in result.writs]


def reasons(net, *writs, **changes):
    result = withhold(money(net), writs, "convict", law_of(OCTOBER_2026), **changes)
    return [one.reason for one in result.writs]


# The cap.


@pytest.mark.parametrize(
    ("attachable", "other", "taken", "cap"),
    [
        ("100000.00", "0.00", "0.00", "50000.00"),
        # 75 000 of both; 20 000 are gone.
        ("100000.00", "50000.00", "20000.00", "55000.00"),
        # What the first did not use may be taken here, yet never more than there is.
        ("20000.00", "100000.00", "0.00", "20000.00"),
        # Exactly used up, and overdrawn by a month that was computed otherwise.
        ("60000.00", "40000.00", "50000.00", "0.00"),
        ("60000.00", "40000.00", "61000.00", "0.00"),
        ("0.00", "40000.00", "0.00", "0.00"),
        ("0.01", "0.00", "0.00", "0.0050"),
    ],
)
def test_the_cap_of_a_slip(attachable, other, taken, cap):
    found = shared_cap(money(attachable), elsewhere(other, taken), HALF)

    assert found == money(cap)


# Two payers, in both orders: net 100 000 at one, 60 000 at the other, a debt larger than all.


def test_the_first_slip_takes_its_half_and_the_second_its_own():
    debt = claim("health", "900000.00", 1)

    assert withheld("100000.00", debt) == ["50000.00"]
    assert withheld("60000.00", debt, elsewhere=elsewhere("100000.00", "50000.00")) == ["30000.00"]


def test_in_the_other_order_it_is_the_same():
    debt = claim("health", "900000.00", 1)

    assert withheld("60000.00", debt) == ["30000.00"]
    assert withheld("100000.00", debt, elsewhere=elsewhere("60000.00", "30000.00")) == ["50000.00"]


def test_what_the_first_did_not_need_the_second_may_take():
    """1/4 of 100 000 took 25 000; the cap of both is 80 000, so 55 000 are left at the second."""
    child, debt = alimony("child", "1/4"), claim("health", "900000.00", 1)
    other = elsewhere("100000.00", "25000.00")

    # 1/4 of 60 000 is 15 000; the debt takes the other 40 000.
    assert withheld("60000.00", child, debt, elsewhere=other) == ["15000.00", "40000.00"]


def test_nothing_is_left_of_the_cap_after_the_other_payer():
    other = elsewhere("60000.00", "60000.00")

    assert withheld("50000.00", alimony("child", "1/4"), elsewhere=other) == ["0.00"]
    assert reasons("50000.00", alimony("child", "1/4"), elsewhere=other) == ["none_left_cap"]


def test_the_living_minimum_is_left_once():
    """30 000 here and 40 000 kept elsewhere: 70 000 less 50 851 leaves 19 149, over half of it."""
    debt = claim("bank", "900000.00", 5)

    assert withheld("30000.00", debt) == ["0.00"]
    assert withheld("30000.00", debt, elsewhere=elsewhere("40000.00", "0.00")) == ["19149.00"]


def test_what_the_other_payer_withheld_is_not_kept():
    """40 000 − 20 000 are kept there: 30 000 + 20 000 is under the living minimum."""
    debt = claim("bank", "900000.00", 5)

    assert withheld("30000.00", debt, elsewhere=elsewhere("40000.00", "20000.00")) == ["0.00"]


def test_the_slip_names_the_cap_of_all_payers():
    result = pay(
        "85000.00",
        writs=(claim("health", "900000.00", 1),),
        elsewhere=elsewhere("60000.00", "30000.00"),
    )

    assert codes_of(result, "writ") == ["writ.debt", "writ.cap_of_all"]
    limit = explanations_of(result, "writ")[1].arguments
    assert (limit["net"], limit["withheld"]) == ("136500.00", "30000.00")


# Earnings writs may not look at (law 261-IV, 98).


def test_the_cap_and_a_share_are_of_what_is_attachable():
    """Net 100 000, of it 40 000 for damage to health: cap 30 000, a quarter is 15 000."""
    child, debt = alimony("child", "1/4"), claim("health", "900000.00", 1)
    found = withheld("100000.00", child, debt, attachable=money("60000.00"))

    assert found == ["15000.00", "15000.00"]


def test_the_living_minimum_looks_at_all_of_net():
    """60 000 attachable of 100 000: the cap of 30 000 binds, and 70 000 are left."""
    debt = claim("bank", "900000.00", 5)

    assert withheld("100000.00", debt, attachable=money("60000.00")) == ["30000.00"]
    assert withheld("60000.00", debt, attachable=money("60000.00")) == ["9149.00"]


def test_where_nothing_is_attachable_nothing_is_taken_and_it_is_said():
    result = withhold(
        money("30000.00"),
        [alimony("child", "1/4"), claim("debt", "10.00")],
        "convict",
        law_of(OCTOBER_2026),
        attachable=money("0.00"),
    )

    assert [one.withheld for one in result.writs] == [0, 0]
    assert {one.reason for one in result.writs} == {"none_attachable"}
    assert {one.code for one in result.explanations} == {"writ.not_attachable"}


def test_attachable_is_net_less_what_writs_may_not_see():
    """Gross 100 000, of it 20 000 not attachable: net 90 000, writs look at 70 000."""
    full = money("100000.00")
    bases = Bases(
        opv=full, so=full, osms=full, ipn=full, social_tax=full, attachable=money("80000.00")
    )
    result = pay("100000.00", bases=bases, writs=(alimony("child", "1/2"),))

    assert (result.net, result.attachable) == (money("90000.00"), money("70000.00"))
    assert result.withheld_by_writs == money("35000.00")
    assert codes_of(result, "writ") == ["writ.share", "writ.not_attachable"]


def test_attachable_is_never_below_nothing():
    full, nothing = money("100000.00"), money("0.00")
    bases = Bases(opv=full, so=full, osms=full, ipn=full, social_tax=full, attachable=nothing)

    assert pay("100000.00", bases=bases).attachable == nothing


def test_a_cut_of_an_attachable_part_says_so():
    full = money("100000.00")
    bases = Bases(
        opv=full, so=full, osms=full, ipn=full, social_tax=full, attachable=money("80000.00")
    )
    result = pay("100000.00", bases=bases, writs=(claim("health", "900000.00", 1),))

    codes = codes_of(result, "writ")
    assert codes == ["writ.debt", "writ.cap", "writ.not_attachable"]
    assert explanations_of(result, "writ")[2].arguments["exempt"] == "20000.00"


# The bailiff's fee.


def test_a_fee_that_fits_is_taken_with_its_tiyn():
    assert withheld("100000.00", claim("debt", "5000.00", 5), fee("debt", "500.55")) == [
        "5000.00", "500.55",
    ]  # fmt: skip


def test_a_fee_shares_the_room_of_its_queue_in_proportion():
    """Net 60 000: 9 149 over the living minimum; debt 90 000 and fee 10 000 get 9 : 1 of it."""
    found = withheld("60000.00", claim("debt", "90000.00", 5), fee("debt", "10000.00"))

    # 8 234,1 and 914,9: the tenge that is left goes to the larger remainder.
    assert found == ["8234.00", "915.00"]


def test_the_queue_of_the_fee_is_a_parameter():
    """In queue 1 the floor does not bind: 30 000 in proportion 9 : 1."""
    found = withheld("60000.00", claim("debt", "90000.00", 1), fee("debt", "10000.00", queue=1))

    assert found == ["27000.00", "3000.00"]


def test_the_fee_of_alimony_waits_for_the_later_queues():
    """Net 76 500: 19 125 for the child, 6 524 over the living minimum for the fee of 7 650."""
    found = withheld("76500.00", alimony("child", "1/4"), fee("child", "7650.00"))

    assert found == ["19125.00", "6524.00"]


def test_a_fee_explains_itself():
    result = pay("85000.00", writs=(fee("debt", "500.00"),))

    assert codes_of(result, "writ") == ["writ.fee"]
    assert explanations_of(result, "writ")[0].arguments["demanded"] == "500.00"


# What holds for any two payslips of a month.

nets = st.decimals(min_value=0, max_value=400000, places=2)
sums = st.decimals(min_value=0, max_value=300000, places=2)
any_writ = st.one_of(
    st.builds(alimony, st.just("x"), st.sampled_from(["1/4", "1/3", "1/2", "2/7"])),
    st.builds(fixed_alimony, st.just("x"), sums.map(str)),
    st.builds(claim, st.just("x"), sums.map(str), st.integers(1, 5)),
    st.builds(fee, st.just("x"), sums.map(str)),
)
many_writs = st.lists(any_writ, max_size=6).map(
    lambda writs: [replace(writ, id=f"w{place}") for place, writ in enumerate(writs)]
)
parts = st.fractions(min_value=0, max_value=1, max_denominator=20)


def attachable_of(net, part):
    return (net * part.numerator / part.denominator).quantize(Decimal("0.01"), "ROUND_FLOOR")


def taken(net, attachable, writs, other=None):
    result = withhold(
        net,
        writs,
        "convict",
        law_of(OCTOBER_2026),
        attachable=attachable,
        elsewhere=other or Elsewhere(),
    )
    assert result.total == sum((one.withheld for one in result.writs), Decimal(0))
    return result


@settings(max_examples=150, deadline=None)
@given(nets, nets, parts, parts, many_writs)
def test_two_payers_together_never_take_more_than_half(first, second, part, other_part, writs):
    seen, other_seen = attachable_of(first, part), attachable_of(second, other_part)
    one = taken(first, seen, writs).total
    two = taken(second, other_seen, writs, Elsewhere(first, seen, one)).total
    again = taken(first, seen, writs, Elsewhere(second, other_seen, two)).total

    assert one * 2 <= seen
    assert (one + two) * 2 <= seen + other_seen
    # The first is calculated again, now that the second is there.
    assert (again + two) * 2 <= seen + other_seen


@settings(max_examples=150, deadline=None)
@given(nets, nets, parts, many_writs)
def test_nothing_is_taken_of_what_is_not_attachable(net, other, part, writs):
    seen = attachable_of(net, part)
    result = taken(net, seen, writs, Elsewhere(other, other, Decimal("0.00")))

    assert result.total <= seen


@settings(max_examples=150, deadline=None)
@given(nets, nets, many_writs)
def test_later_queues_leave_the_living_minimum_of_both_slips(first, second, writs):
    one = taken(first, first, writs).total
    result = taken(second, second, writs, Elsewhere(first, first, one))

    later = sum(
        (got.withheld for got, writ in zip(result.writs, writs, strict=True) if writ.queue > 1),
        Decimal(0),
    )
    kept = first + second - one - result.total
    assert later == 0 or kept >= LIVING_MINIMUM


@settings(max_examples=150, deadline=None)
@given(nets, many_writs)
def test_a_later_queue_gets_something_only_when_the_earlier_have_theirs(net, writs):
    """Unless the living minimum is the limit, which does not bind the first queue."""
    got = taken(net, net, writs).writs
    unmet = [
        writ.queue
        for one, writ in zip(got, writs, strict=True)
        if one.demanded - one.withheld >= 1 + len(writs)
    ]
    for one, writ in zip(got, writs, strict=True):
        if unmet and writ.queue > min(unmet):
            assert one.withheld < 1 + len(writs)


@settings(max_examples=150, deadline=None)
@given(nets, st.decimals(min_value=0, max_value=50000, places=2), many_writs)
def test_a_larger_wage_never_leaves_creditors_with_less(net, more, writs):
    """But for the tenge that cutting down may cost in each of the six groups."""
    before, after = taken(net, net, writs).total, taken(net + more, net + more, writs).total

    assert after > before - 6


@settings(max_examples=150, deadline=None)
@given(nets, nets, st.decimals(min_value=0, max_value=100000, places=2), many_writs)
def test_the_more_was_withheld_elsewhere_the_less_here(net, other, withheld_there, writs):
    free = taken(net, net, writs, Elsewhere(other, other, Decimal("0.00"))).total
    bound = taken(net, net, writs, Elsewhere(other, other, withheld_there)).total

    assert bound < free + 6


@settings(max_examples=200, deadline=None)
@given(nets, many_writs)
def test_without_other_payslips_it_is_the_half_of_this_one(net, writs):
    plain = withhold(net, writs, "convict", law_of(OCTOBER_2026))
    same = taken(net, net, writs)

    assert plain == same
    assert Fraction(plain.total) * 2 <= Fraction(net)
