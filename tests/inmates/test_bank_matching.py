"""Which line of the bank paid which payment order, and what is told of the others."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.enums import StatementProblem
from inmates.transfers import matching
from inmates.transfers.lines import BankLine
from inmates.transfers.matching import Books, Matched, OpenOrder, match_lines

TODAY = date(2026, 11, 23)
PENSION, OTHER = "KZ12009NPS0413609816", "KZ949990000000000001"
CODES = ("010", "012")


def order(pk: int = 1, amount: str = "28800.00", **fields: Any) -> OpenOrder:
    values = {"register": f"2026-{pk:05d}", "knp": "010", "payee_account": PENSION} | fields
    return OpenOrder(pk, amount=Decimal(amount), **values)


def line(row: int = 1, amount: str = "28800.00", **fields: Any) -> BankLine:
    values = {"on": TODAY, "document": str(row), "knp": "010", "payee_account": PENSION} | fields
    return BankLine(row, amount=Decimal(amount), **values)


def matched(
    lines: list[BankLine], orders: list[OpenOrder], *, known: Any = (), chosen: Any = None
) -> list[Matched]:
    return match_lines(lines, Books(orders, known, CODES), today=TODAY, chosen=chosen)


def paid(found: list[Matched]) -> dict[int, int]:
    return {one.line.row: one.order.order_id for one in found if one.order}


def problems(found: list[Matched]) -> dict[int, str]:
    return {one.line.row: one.problem for one in found if one.problem}


def test_the_words_of_problems_are_those_of_the_database() -> None:
    words = {
        matching.AMOUNT, matching.SEVERAL, matching.NO_ORDER, matching.KNOWN, matching.FUTURE,
        matching.EARLY, matching.OTHER_REGISTER,
    }  # fmt: skip
    assert words == set(StatementProblem.values)


def test_code_and_sum_find_the_order() -> None:
    assert paid(matched([line()], [order()])) == {1: 1}


@pytest.mark.parametrize(
    "fields",
    [
        {"payee_account": ""},
        {"knp": "", "payee_account": PENSION},
        {"knp": "", "payee_account": "", "purpose": "по реестру 2026-00001 за октябрь"},
    ],
)
def test_what_a_bank_leaves_out_is_made_up_for(fields: dict[str, str]) -> None:
    assert paid(matched([line(**fields)], [order()])) == {1: 1}


@pytest.mark.parametrize(
    "fields", [{"knp": "012"}, {"payee_account": OTHER}, {"knp": "", "payee_account": ""}]
)
def test_another_code_or_account_is_not_the_order(fields: dict[str, str]) -> None:
    assert paid(matched([line(**fields)], [order()])) == {}


def test_the_number_of_the_register_decides_between_like_sums() -> None:
    lines = [line(1, purpose="реестр № 2026-00002"), line(2, purpose="реестр № 2026-00001")]
    assert paid(matched(lines, [order(1), order(2)])) == {1: 2, 2: 1}


def test_a_number_inside_a_longer_one_does_not_count() -> None:
    found = matched([line(purpose="договор 12026-000019")], [order(1), order(2)])
    assert problems(found) == {1: matching.SEVERAL}


def test_a_named_order_is_not_taken_by_a_line_before_it() -> None:
    lines = [line(1), line(2, purpose="реестр № 2026-00001")]
    assert paid(matched(lines, [order(1), order(2)])) == {1: 2, 2: 1}


def test_of_several_like_orders_a_person_chooses() -> None:
    orders = [order(1), order(2)]
    found = matched([line()], orders)
    assert problems(found) == {1: matching.SEVERAL}
    assert [one.order_id for one in found[0].near] == [1, 2]
    assert paid(matched([line()], orders, chosen={1: 2})) == {1: 2}


def test_a_choice_that_does_not_fit_is_not_taken() -> None:
    orders = [order(1), order(2), order(3, "1.00")]
    for chosen in ({1: 3}, {1: 99}, {7: 1}):
        assert problems(matched([line()], orders, chosen=chosen)) == {1: matching.SEVERAL}


def test_no_order_is_paid_twice() -> None:
    found = matched([line(1), line(2)], [order()])
    assert paid(found) == {1: 1}
    assert problems(found) == {2: matching.NO_ORDER}


def test_another_sum_comes_near_to_the_only_order() -> None:
    (found,) = matched([line(amount="28000.00")], [order()])
    assert (found.problem, found.near[0].order_id) == (matching.AMOUNT, 1)


def test_another_sum_near_to_two_orders_is_of_the_named_one() -> None:
    orders = [order(1), order(2)]
    (found,) = matched([line(amount="1.00", purpose="реестр 2026-00002")], orders)
    assert (found.problem, found.near[0].order_id) == (matching.AMOUNT, 2)
    (found,) = matched([line(amount="1.00")], orders)
    assert (found.problem, found.near) == (matching.NO_ORDER, ())


def test_a_line_of_wages_without_a_register_is_told() -> None:
    assert problems(matched([line(knp="012", amount="5.00")], [order()])) == {1: matching.NO_ORDER}


def test_what_is_not_about_wages_is_left_out() -> None:
    other = line(knp="710", payee_account="KZ1", purpose="за дерево")
    assert matched([other], [order()]) == []


def test_a_transfer_that_is_entered_is_known() -> None:
    known = {(TODAY, "1", Decimal("28800.00"))}
    assert problems(matched([line()], [order()], known=known)) == {1: matching.KNOWN}


def test_a_day_ahead_is_told() -> None:
    found = matched([line(on=date(2026, 11, 24))], [order()])
    assert problems(found) == {1: matching.FUTURE}


def test_taxes_are_told_apart_by_the_code_of_the_budget() -> None:
    income = order(1, "500.00", knp="911", kbk="101201", payee_account="")
    social = order(2, "500.00", knp="911", kbk="103101", payee_account="")
    lines = [
        line(1, "500.00", knp="911", purpose="КБК 103101 социальный налог"),
        line(2, "500.00", knp="911", purpose="КБК 101201 ИПН"),
    ]
    assert paid(matched(lines, [income, social])) == {1: 2, 2: 1}


def test_another_tax_of_the_payer_is_nobodys_business() -> None:
    income = order(1, "500.00", knp="911", kbk="101201", payee_account="")
    vat = line(1, "900000.00", knp="911", purpose="НДС КБК 105101")
    assert matched([vat], [income]) == []


def test_a_tax_of_the_right_sum_is_paid_without_a_budget_code() -> None:
    income = order(1, "500.00", knp="911", kbk="101201", payee_account="")
    assert paid(matched([line(1, "500.00", knp="911")], [income])) == {1: 1}


def test_a_creditor_is_found_by_account_where_there_is_no_code() -> None:
    creditor = order(1, "16200.00", knp="", payee_account=OTHER)
    paying = line(1, "16200.00", knp="342", payee_account=OTHER)
    assert paid(matched([paying], [creditor])) == {1: 1}


amounts = st.sampled_from(["1.00", "2.00", "3.00"])
purposes = st.sampled_from(["", "реестр № 2026-00001", "реестр № 2026-00003", "за дерево"])
accounts = st.sampled_from(["", PENSION, OTHER])
codes = st.sampled_from(["", "010", "012", "911", "710"])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(amounts, codes, accounts, purposes), max_size=8),
    st.lists(st.tuples(amounts, codes, accounts), max_size=6),
    st.dictionaries(st.integers(0, 8), st.integers(0, 6), max_size=4),
)
def test_whatever_comes_an_order_is_paid_once_and_by_its_sum(
    lines: list[tuple[str, ...]], orders: list[tuple[str, ...]], chosen: dict[int, int]
) -> None:
    given_lines = [
        line(row, amount, knp=knp, payee_account=account, purpose=purpose)
        for row, (amount, knp, account, purpose) in enumerate(lines)
    ]
    given_orders = [
        order(pk, amount, knp=knp, payee_account=account)
        for pk, (amount, knp, account) in enumerate(orders)
    ]
    found = matched(given_lines, given_orders, chosen=chosen)
    taken = [one.order.order_id for one in found if one.order]
    assert len(taken) == len(set(taken))
    assert [one.line.row for one in found] == sorted(one.line.row for one in found)
    for one in found:
        assert bool(one.order) != bool(one.problem)
        if one.order:
            assert one.order.amount == one.line.amount


# --- rows that a person was asked about ---
TWO = [order(1), order(2)]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        # Nobody was asked: neither is paid.
        ({}, {}),
        # One is chosen for one row; the row left at "none of them" does not take the other.
        ({1: 1, 2: None}, {1: 1}),
        ({1: None, 2: 1}, {2: 1}),
        ({1: 1, 2: 2}, {1: 1, 2: 2}),
        ({1: 2, 2: 1}, {1: 2, 2: 1}),
        # Both mean the same order: the second pays nothing.
        ({1: 1, 2: 1}, {1: 1}),
        ({1: None, 2: None}, {}),
        # Of a row that nobody was asked about, the one order left is meant.
        ({1: 1}, {1: 1, 2: 2}),
    ],
)
def test_a_row_pays_what_was_chosen_for_it(chosen: Any, expected: dict[int, int]) -> None:
    assert paid(matched([line(1), line(2)], TWO, chosen=chosen)) == expected


def test_a_row_left_open_is_told_as_such() -> None:
    found = matched([line(1), line(2)], TWO, chosen={1: 1, 2: None})
    assert problems(found) == {2: matching.SEVERAL}
    assert [one.order_id for one in found[1].near] == [2]


def test_an_order_chosen_and_gone_meanwhile_is_not_replaced_by_another() -> None:
    found = matched([line(1)], [order(2)], chosen={1: 1})
    assert paid(found) == {}
    assert problems(found) == {1: matching.SEVERAL}


def test_a_row_left_open_lets_a_named_row_pass() -> None:
    named = line(2, purpose="по реестру 2026-00002")
    found = matched([line(1), named], TWO, chosen={1: None})
    assert paid(found) == {2: 2}


@given(
    chosen=st.dictionaries(st.integers(1, 3), st.one_of(st.none(), st.integers(1, 4)), max_size=3)
)
@settings(max_examples=60)
def test_a_row_that_was_asked_about_never_pays_another_order(chosen: Any) -> None:
    found = matched([line(1), line(2), line(3)], [order(1), order(2), order(3)], chosen=chosen)
    for row, order_id in paid(found).items():
        assert row not in chosen or chosen[row] == order_id
    assert len(set(paid(found).values())) == len(paid(found))


# --- days before the wages were posted ---
POSTED = date(2026, 11, 5)
BEFORE = date(2026, 11, 4)


def test_a_line_before_the_posting_pays_no_order() -> None:
    found = matched([line(on=BEFORE)], [order(since=POSTED)])
    assert paid(found) == {}
    assert problems(found) == {1: matching.EARLY}
    assert [one.order_id for one in found[0].near] == [1]


def test_a_line_on_the_day_of_the_posting_pays_it() -> None:
    assert paid(matched([line(on=POSTED)], [order(since=POSTED)])) == {1: 1}


def test_of_two_orders_the_one_that_could_be_paid_is() -> None:
    found = matched([line(on=BEFORE)], [order(1, since=POSTED), order(2, since=date(2026, 10, 5))])
    assert paid(found) == {1: 2}


def test_an_early_line_leaves_the_others_alone() -> None:
    lines = [line(1, on=BEFORE), line(2, amount="9.00", knp="012", payee_account="")]
    found = matched(lines, [order(1, since=POSTED), order(2, "9.00", knp="012", payee_account="")])
    assert paid(found) == {2: 2}
    assert problems(found) == {1: matching.EARLY}


def test_of_several_orders_of_a_later_day_none_is_near() -> None:
    found = matched([line(on=BEFORE)], [order(1, since=POSTED), order(2, since=POSTED)])
    assert (problems(found), found[0].near) == ({1: matching.EARLY}, ())


# --- lines that name another register ---
@pytest.mark.parametrize(
    "purpose",
    [
        "реестр № 2026-00099", "по реестру 2026\N{EN DASH}00099", "тізілім 2026 - 00099",
        "register 2025-00001.", "реестр 2026-00002", "реестр-2026-00099", "ОПВ - 2026-00099 - итог",
    ],
)  # fmt: skip
@pytest.mark.parametrize("fields", [{}, {"kbk": "101201", "knp": "911", "payee_account": ""}])
def test_a_line_that_names_another_register_is_left_to_a_person(
    purpose: str, fields: dict[str, str]
) -> None:
    knp = {"knp": fields.get("knp", "010")}
    lines, orders = [line(purpose=purpose, **knp)], [order(**fields), order(2, "1.00")]
    found = matched(lines, orders)
    assert paid(found) == {}
    assert problems(found) == {1: matching.OTHER_REGISTER}
    assert [one.order_id for one in found[0].near] == [1]
    assert matching.is_asked(found[0])
    assert problems(matched(lines, orders, chosen={1: None})) == {1: matching.OTHER_REGISTER}
    assert paid(matched(lines, orders, chosen={1: 1})) == {1: 1}


@pytest.mark.parametrize(
    "purpose",
    ["реестры 2026-00001, 2026-00099", "реестр № 2026\N{EN DASH}00001", "№-2026-00001",
     "взносы за 10-2026", "договор 12026-000019", "лист 2026-0099/12"],
)  # fmt: skip
def test_its_own_register_or_no_register_pays(purpose: str) -> None:
    assert paid(matched([line(purpose=purpose)], [order(1)])) == {1: 1}


def test_a_line_of_another_register_leaves_the_order_to_the_next() -> None:
    lines = [line(1, purpose="реестр № 2026-00099"), line(2)]
    found = matched(lines, [order(1)])
    assert paid(found) == {2: 1}
    assert set(problems(found)) == {1}


def test_only_what_a_person_can_decide_is_asked() -> None:
    (early,) = matched([line(on=BEFORE)], [order(since=POSTED)])
    (several,) = matched([line()], TWO)
    assert (matching.is_asked(early), matching.is_asked(several)) == (False, True)
