"""What a register transfers of what is posted: set off within a person, held, carried over."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.transfers.settling import Posted, Settled, settle

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


def posted(
    period: date = OCTOBER,
    amount: str = "0",
    *,
    brought: str = "0",
    person: int = 1,
    writ: int | None = None,
    has_iin: bool = True,
) -> Posted:
    return Posted(person, writ, period, Decimal(amount), Decimal(brought), has_iin)


def settled(*rows: Posted, needs_iin: bool = True, in_total: bool = False) -> list[Settled]:
    return settle(rows, needs_iin=needs_iin, in_total=in_total)


def shown(rows: list[Settled]) -> list[tuple[str, str, str]]:
    return [(str(one.set_off), str(one.carried), str(one.payable)) for one in rows]


def test_an_ordinary_row_is_paid_whole() -> None:
    assert shown(settled(posted(amount="9600.00"))) == [("0.00", "0.00", "9600.00")]


def test_nothing_gives_nothing() -> None:
    assert settled() == []


def test_what_was_paid_too_much_is_taken_from_the_latest_month_of_the_person() -> None:
    rows = settled(
        posted(AUGUST, "1000.00"),
        posted(SEPTEMBER, "-500.00"),
        posted(OCTOBER, "9600.00"),
    )
    assert shown(rows) == [
        ("0.00", "0.00", "1000.00"),
        ("500.00", "0.00", "0.00"),
        ("-500.00", "0.00", "9100.00"),
    ]


def test_more_than_the_latest_month_takes_from_the_one_before() -> None:
    rows = settled(
        posted(AUGUST, "-1200.00"),
        posted(SEPTEMBER, "700.00"),
        posted(OCTOBER, "1000.00"),
    )
    assert shown(rows) == [
        ("1200.00", "0.00", "0.00"),
        ("-200.00", "0.00", "500.00"),
        ("-1000.00", "0.00", "0.00"),
    ]


def test_what_nobody_can_give_is_carried_over() -> None:
    rows = settled(posted(SEPTEMBER, "-800.00"), posted(OCTOBER, "300.00"))
    assert shown(rows) == [("300.00", "-500.00", "0.00"), ("-300.00", "0.00", "0.00")]


def test_a_carried_sum_is_set_off_when_there_is_something_again() -> None:
    rows = settled(posted(SEPTEMBER, brought="-500.00"), posted(OCTOBER, "9600.00"))
    assert shown(rows) == [("500.00", "0.00", "0.00"), ("-500.00", "0.00", "9100.00")]


def test_two_people_do_not_pay_for_each_other() -> None:
    rows = settled(posted(amount="-500.00"), posted(amount="9600.00", person=2))
    assert shown(rows) == [("0.00", "-500.00", "0.00"), ("0.00", "0.00", "9600.00")]


def test_two_writs_of_one_person_do_not_pay_for_each_other() -> None:
    rows = settled(
        posted(amount="-500.00", writ=7), posted(amount="900.00", writ=8), needs_iin=False
    )
    assert [one.carried for one in rows] == [Decimal("-500.00"), 0]
    assert [one.payable for one in rows] == [0, Decimal("900.00")]


def test_without_an_iin_the_whole_row_waits() -> None:
    rows = settled(
        posted(amount="9600.00", has_iin=False), posted(SEPTEMBER, "-1.00", has_iin=False)
    )
    assert shown(rows) == [("0.00", "9600.00", "0.00"), ("0.00", "-1.00", "0.00")]


def test_an_iin_is_not_asked_where_no_list_needs_one() -> None:
    rows = settled(posted(amount="9600.00", has_iin=False), needs_iin=False)
    assert shown(rows) == [("0.00", "0.00", "9600.00")]


def test_an_iin_that_came_pays_what_waited() -> None:
    assert shown(settled(posted(brought="9600.00"))) == [("0.00", "0.00", "9600.00")]


def test_the_debt_to_the_budget_is_one() -> None:
    rows = settled(posted(amount="-500.00"), posted(amount="9600.00", person=2), in_total=True)
    assert shown(rows) == [("0.00", "0.00", "-500.00"), ("0.00", "0.00", "9600.00")]


def test_more_given_back_than_due_to_the_budget_waits_whole() -> None:
    rows = settled(posted(amount="-500.00"), posted(amount="300.00", person=2), in_total=True)
    assert shown(rows) == [("0.00", "-500.00", "0.00"), ("0.00", "300.00", "0.00")]


def test_nought_in_total_is_paid_by_nobody() -> None:
    rows = settled(posted(amount="-500.00"), posted(amount="500.00", person=2), in_total=True)
    assert sum(one.payable for one in rows) == 0
    assert all(one.carried == 0 for one in rows)


sums = st.integers(-500_000, 500_000).map(lambda tiyn: Decimal(tiyn) / 100)
people = st.integers(1, 4)
months = st.sampled_from([AUGUST, SEPTEMBER, OCTOBER])


@st.composite
def rows_of_months(draw: st.DrawFn) -> list[Posted]:
    """Rows as the service makes them: each person, writ and month once; an IIN is the person's."""
    keys = draw(st.sets(st.tuples(people, st.sampled_from([None, 7, 8]), months), max_size=12))
    known = draw(st.sets(people))
    return [
        Posted(person, writ, period, draw(sums), draw(sums), person in known)
        for person, writ, period in sorted(keys, key=str)
    ]


@settings(max_examples=300, deadline=None)
@given(rows_of_months(), st.booleans(), st.booleans())
def test_nothing_is_lost_whatever_is_posted(
    rows: list[Posted], needs_iin: bool, in_total: bool
) -> None:
    found = settle(rows, needs_iin=needs_iin, in_total=in_total)
    assert [one.row for one in found] == rows
    for one in found:
        assert one.payable == one.row.posted + one.row.brought + one.set_off - one.carried
    assert sum(one.set_off for one in found) == 0
    due = sum(row.due for row in rows)
    assert sum(one.payable for one in found) + sum(one.carried for one in found) == due


@settings(max_examples=300, deadline=None)
@given(rows_of_months(), st.booleans())
def test_nobody_is_asked_for_money_and_nobody_pays_for_another(
    rows: list[Posted], needs_iin: bool
) -> None:
    found = settle(rows, needs_iin=needs_iin, in_total=False)
    assert all(one.payable >= 0 for one in found)
    by_person: dict[tuple[int, int | None], list[Settled]] = {}
    for one in found:
        by_person.setdefault((one.row.inmate_id, one.row.writ_id), []).append(one)
    for own in by_person.values():
        due = sum(one.row.due for one in own)
        assert sum(one.set_off for one in own) == 0
        if needs_iin and not own[0].row.has_iin:
            assert all(one.payable == 0 for one in own)
        else:
            assert sum(one.payable for one in own) == max(due, Decimal(0))
            assert sum(one.carried for one in own) == min(due, Decimal(0))


@settings(max_examples=200, deadline=None)
@given(st.lists(rows_of_months(), min_size=1, max_size=4))
def test_a_chain_of_registers_pays_what_all_of_it_came_to(chain: list[list[Posted]]) -> None:
    """Whatever order it comes in, a person with an IIN gets the sum of the postings or nothing."""
    carried: dict[tuple[int, int | None, date], Decimal] = {}
    paid: dict[int, Decimal] = {}
    posted_sum: dict[int, Decimal] = {}
    for rows in chain:
        by_key = {(row.inmate_id, row.writ_id, row.period): row.posted for row in rows}
        for row in rows:
            posted_sum[row.inmate_id] = posted_sum.get(row.inmate_id, Decimal(0)) + row.posted
        keys = sorted({*by_key, *carried}, key=str)
        given_rows = [
            Posted(*key, by_key.get(key, Decimal(0)), carried.get(key, Decimal(0)), has_iin=True)
            for key in keys
        ]
        found = settle(given_rows, needs_iin=True, in_total=False)
        carried = {
            (one.row.inmate_id, one.row.writ_id, one.row.period): one.carried
            for one in found
            if one.carried
        }
        for one in found:
            paid[one.row.inmate_id] = paid.get(one.row.inmate_id, Decimal(0)) + one.payable
    for person, total in posted_sum.items():
        left = sum((amount for key, amount in carried.items() if key[0] == person), Decimal(0))
        assert paid[person] + left == total


@pytest.mark.parametrize("count", [1, 5000])
def test_many_rows_are_settled_in_their_order(count: int) -> None:
    rows = [posted(amount="10.00", person=number) for number in range(count)]
    found = settled(*rows)
    assert [one.row.inmate_id for one in found] == list(range(count))
