"""A month less its earlier payslips, and what is settled of overpayments; values in, values out."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.differences.settle import (
    RECOVERED,
    Debt,
    carried,
    recover,
    recovery_line,
    set_off,
    settled,
)
from inmates.differences.subtract import (
    NOTHING,
    SUMS,
    Earlier,
    EarlierLine,
    Words,
    key_of,
    make_difference,
)
from inmates.explanations import explain
from inmates.services.slip_store import RESULT_COLUMNS
from inmates.slip_lines import SlipLine
from inmates.slips import Slip
from portal.kernel.money import NBSP


def money(amount: str) -> Decimal:
    return Decimal(amount)


def a_line(amount: str, **fields: Any) -> SlipLine:
    values: dict[str, Any] = {
        "kind": "earning", "code": "time", "subject": "post:3", "rate": money("600.0000"),
        "title": {"ru": "Столяр"}, "explanation": "earning.time", "arguments": {"hours": 8},
        "quantity": 480, "parameter_id": None,
    }  # fmt: skip
    return SlipLine(amount=money(amount), **(values | fields))


def a_slip(*lines: SlipLine, days: int = 1, **sums: str) -> Slip:
    result = replace(NOTHING, **{name: money(amount) for name, amount in sums.items()})
    return Slip(7, days, days * 480, result, has_basic_deduction=True, lines=lines)


def earlier_of(*slips: Slip) -> Earlier:
    """What the payslips would be read back as."""
    totals = tuple(
        sum((getattr(slip.result, name) for slip in slips), money("0.00")) for name in SUMS
    )
    days = sum(slip.days_worked for slip in slips)
    minutes = sum(slip.minutes_worked for slip in slips)
    earlier = Earlier(50, days, minutes, totals)
    for number, line in enumerate((line for slip in slips for line in slip.lines), 100):
        rest = (number, line.amount, line.quantity, line.demanded)
        if key_of(line) in earlier.lines:
            earlier.lines[key_of(line)].add(*rest)
        else:
            earlier.lines[key_of(line)] = EarlierLine(*rest)
    return earlier


def words(earlier: Earlier) -> dict[int, Words]:
    return {
        line.id: Words({"ru": "Сварщик"}, "earning.time", {"hours": 8}, rate, None, 9)
        for (_kind, _code, _subject, rate), line in earlier.lines.items()
    }


def difference(full: Slip | None, *before: Slip, why: tuple[str, ...] = ()) -> Slip | None:
    earlier = earlier_of(*before)
    return make_difference(full, earlier, 7, words=words(earlier), why=why)


def test_the_sums_that_are_subtracted_are_those_that_are_stored() -> None:
    assert SUMS == RESULT_COLUMNS


def test_a_month_that_did_not_change_has_no_difference() -> None:
    slip = a_slip(a_line("4800.00"), gross="4800.00", net="4320.00")
    assert difference(slip, slip) is None


def test_a_difference_is_signed_and_points_at_what_it_corrects() -> None:
    before = a_slip(a_line("4800.00"), gross="4800.00", to_account="4320.00")
    now = a_slip(a_line("3000.00", quantity=300), gross="3000.00", to_account="2700.00")
    slip = difference(now, before, why=("output", "attendance"))
    assert slip is not None
    assert (slip.is_difference, slip.corrects_id) == (True, 50)
    assert (slip.days_worked, slip.minutes_worked) == (0, 0)
    assert (slip.result.gross, slip.result.to_account) == (money("-1800.00"), money("-1620.00"))
    (line,) = slip.lines
    assert (line.amount, line.quantity, line.corrects_id) == (money("-1800.00"), -180, 100)
    assert line.arguments == {
        "hours": 8, "was": "4800.00", "now": "3000.00", "why": ["attendance", "output"],
    }  # fmt: skip


def test_lines_that_did_not_change_are_left_out() -> None:
    tax = a_line("480.00", kind="withheld", code="opv", subject="", rate=None, quantity=None)
    before = a_slip(a_line("4800.00"), tax, gross="4800.00")
    now = a_slip(a_line("4900.00"), tax, gross="4900.00")
    slip = difference(now, before)
    assert slip is not None
    assert [line.code for line in slip.lines] == ["time"]


def test_under_another_rate_one_line_is_taken_back_and_another_made() -> None:
    before = a_slip(a_line("4800.00"), gross="4800.00")
    now = a_slip(a_line("5600.00", rate=money("700.00")), gross="5600.00")
    slip = difference(now, before)
    assert slip is not None
    assert [(line.amount, line.corrects_id) for line in slip.lines] == [
        (money("5600.00"), None), (money("-4800.00"), 100),
    ]  # fmt: skip
    gone = slip.lines[1]
    assert (gone.title, gone.rate, gone.parameter_id) == ({"ru": "Сварщик"}, money("600.0000"), 9)
    assert (gone.arguments["was"], gone.arguments["now"]) == ("4800.00", "0.00")


def test_the_rate_of_a_tax_is_no_key() -> None:
    """A tax under another rate is the same line, more or less."""
    values = {"kind": "withheld", "code": "ipn", "subject": "", "quantity": None}
    before = a_slip(a_line("100.00", rate=money("0.1000"), **values))
    now = a_slip(a_line("150.00", rate=money("0.1500"), **values))
    slip = difference(now, before)
    assert slip is not None
    (line,) = slip.lines
    assert (line.amount, line.rate) == (money("50.00"), money("0.1500"))


def test_nothing_earned_any_more_takes_the_month_back() -> None:
    before = a_slip(a_line("4800.00"), gross="4800.00", days=1)
    slip = difference(None, before)
    assert slip is not None
    assert (slip.result.gross, slip.days_worked) == (money("-4800.00"), -1)
    assert slip.has_basic_deduction is False


def test_a_line_that_adds_up_to_nothing_is_not_taken_back() -> None:
    before = a_slip(a_line("4800.00"), gross="4800.00")
    back = a_slip(a_line("-4800.00", quantity=-480), days=-1, gross="-4800.00")
    assert earlier_of(before, back).lost(None) == []
    assert difference(None, before, back) is None


def test_lines_of_one_key_are_added_up_on_both_sides() -> None:
    before = a_slip(a_line("100.00"), a_line("50.00"), gross="150.00")
    now = a_slip(a_line("90.00"), a_line("80.00"), gross="170.00")
    slip = difference(now, before)
    assert slip is not None
    (line,) = slip.lines
    assert (line.amount, line.corrects_id) == (money("20.00"), 101)


def test_what_was_asked_by_a_writ_differs_though_nothing_more_is_withheld() -> None:
    values = {"kind": "writ", "code": "claim", "subject": "writ:4", "rate": None, "quantity": None}
    before = a_slip(a_line("100.00", demanded=money("500.00"), **values))
    now = a_slip(a_line("100.00", demanded=money("900.00"), **values))
    slip = difference(now, before)
    assert slip is not None
    assert (slip.lines[0].amount, slip.lines[0].demanded) == (money("0.00"), money("400.00"))


def test_lines_stand_in_the_order_of_a_payslip() -> None:
    kinds = ("employer", "writ", "withheld", "earning")
    lines = [a_line("1.00", kind=kind, code=kind, rate=None) for kind in kinds]
    slip = difference(a_slip(*lines), a_slip(days=0))
    assert slip is not None
    assert [line.kind for line in slip.lines] == ["earning", "withheld", "writ", "employer"]


AMOUNTS = st.integers(-(10**6), 10**6).map(lambda number: Decimal(number).scaleb(-2))
LINES = st.lists(
    st.builds(
        lambda code, rate, amount, quantity: a_line(
            str(amount), code=code, rate=rate, quantity=quantity
        ),
        st.sampled_from(("time", "piece", "night")),
        st.sampled_from((None, money("600.00"), money("700.00"))),
        AMOUNTS,
        st.one_of(st.none(), st.integers(-500, 500)),
    ),
    max_size=6,
)


def added_up(*slips: Slip | None) -> dict[Any, Decimal]:
    found: dict[Any, Decimal] = {}
    for slip in slips:
        for line in slip.lines if slip else ():
            key = key_of(line)
            found[key] = found.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in found.items() if amount}


@given(first=LINES, second=LINES, third=LINES)
def test_originals_and_differences_are_the_month_as_it_is_now(
    first: list[SlipLine], second: list[SlipLine], third: list[SlipLine]
) -> None:
    """After a change, and after a change of the change."""
    months = [
        a_slip(*lines, gross=str(sum((line.amount for line in lines), money("0.00"))))
        for lines in (first, second, third)
    ]
    slips: list[Slip] = [months[0]]
    for now in months[1:]:
        found = difference(now, *slips)
        slips += [found] if found else []
        assert added_up(*slips) == added_up(now)
        assert sum(slip.result.gross for slip in slips) == now.result.gross


# --- settling ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("debt", "due", "expected"),
    [
        ("0.00", ["500.00"], ["0.00"]),
        ("300.00", ["500.00"], ["-300.00"]),
        ("700.00", ["500.00", "400.00"], ["-500.00", "-200.00"]),
        ("700.00", ["-100.00", "400.00"], ["0.00", "-400.00"]),
        ("-5.00", ["400.00"], ["0.00"]),
        ("700.00", [], []),
    ],
)
def test_differences_in_favour_pay_what_is_owed_first(
    debt: str, due: list[str], expected: list[str]
) -> None:
    assert set_off(money(debt), [money(one) for one in due]) == [money(one) for one in expected]


@pytest.mark.parametrize(
    ("debt", "to_account", "attachable", "withheld", "room", "taken"),
    [
        ("4320.00", "43200.00", "43200.00", "0.00", "21600.00", "4320.00"),
        ("50000.00", "43200.00", "43200.00", "0.00", "21600.00", "21600.00"),
        ("50000.00", "32400.00", "43200.00", "10800.00", "10800.00", "10800.00"),
        ("50000.00", "21600.00", "43200.00", "21600.00", "0.00", "0.00"),
        # More than half is withheld by alimony already: nothing is left, and nothing below nought.
        ("50000.00", "1000.00", "43200.00", "30000.00", "0.00", "0.00"),
        # Half of an odd sum is cut down to tiyn.
        ("50000.00", "100.01", "100.01", "0.00", "50.00", "50.00"),
        # Much of net is attachable to nobody: never more than there is to be paid.
        ("50000.00", "10.00", "43200.00", "0.00", "10.00", "10.00"),
    ],
)
def test_a_payslip_withholds_within_the_limit(
    debt: str, to_account: str, attachable: str, withheld: str, room: str, taken: str
) -> None:
    found = recover(
        money(debt),
        to_account=money(to_account),
        attachable=money(attachable),
        withheld=money(withheld),
        share=money("0.5"),
    )
    assert (found.room, found.recovered) == (money(room), money(taken))
    assert found.left == money(debt) - money(taken)


def own_slip(to_account: str) -> Slip:
    return a_slip(a_line("1.00"), to_account=to_account, attachable=to_account, net=to_account)


def test_the_line_tells_the_debt_the_limit_and_the_rest() -> None:
    slip = settled(own_slip("43200.00"), Debt(money("50000.00")), money("0.5"), 12)
    line = slip.lines[-1]
    assert (line.kind, line.code, line.amount) == ("settlement", RECOVERED, money("21600.00"))
    assert (line.base, line.parameter_id) == (money("50000.00"), 12)
    assert slip.settlement == money("-21600.00")
    sentence = explain(line.explanation, line.arguments).replace(NBSP, " ")
    for part in ("50 000,00", "50 %", "21 600,00", "28 400,00", "115"):
        assert part in sentence


def test_a_debt_that_is_paid_off_says_so() -> None:
    found = recover(
        money("100.00"), to_account=money("1000.00"), attachable=money("1000.00"),
        withheld=money("0.00"), share=money("0.5"),
    )  # fmt: skip
    line = recovery_line(found, money("0.5"), None)
    assert line.explanation == "settlement.recovered"
    assert "100,00" in explain(line.explanation, line.arguments)


def test_without_a_debt_a_payslip_is_as_it_was() -> None:
    slip = own_slip("43200.00")
    assert settled(slip, Debt(money("0.00")), money("0.5"), None) is slip


def test_a_payslip_below_nought_is_owed_and_withholds_nothing() -> None:
    slip = settled(own_slip("-700.00"), Debt(money("50.00")), money("0.5"), None)
    assert slip.settlement == money("700.00")
    assert all(line.kind != "settlement" for line in slip.lines)
    assert (carried(money("-3.00")), carried(money("3.00"))) == (money("3.00"), money("0.00"))


@pytest.mark.parametrize(
    ("debt", "same", "is_wage", "taken"),
    [
        # Paid in cash for the month itself: all of it; nothing is left for the share.
        ("43200.00", "43200.00", True, "43200.00"),
        ("40000.00", "40000.00", True, "40000.00"),
        # Of other months the rest within half of net, and within what there is still to be paid.
        ("90000.00", "10000.00", True, "31600.00"),
        ("90000.00", "30000.00", True, "43200.00"),
        ("50000.00", "0.00", True, "21600.00"),
        # What other wages have withheld already is not taken twice.
        ("5000.00", "43200.00", True, "5000.00"),
        # Payslips of the month that settled more than they left owe nothing of it.
        ("50000.00", "-100.00", True, "21600.00"),
        # A run outside the order takes what is of its month, and nothing else.
        ("90000.00", "10000.00", False, "10000.00"),
        ("90000.00", "0.00", False, "0.00"),
    ],
)
def test_what_was_paid_for_the_month_is_set_off_in_full(
    debt: str, same: str, is_wage: bool, taken: str
) -> None:
    slip = replace(own_slip("43200.00"), is_difference=True)
    owed = Debt(money(debt), money(same))
    found = settled(slip, owed, money("0.5"), None, is_wage=is_wage)
    assert found.settlement == -money(taken)
    assert sum(line.amount for line in found.lines if line.kind == "settlement") == money(taken)
    # A first payslip of its month has nothing of the kind.
    first = settled(replace(slip, is_difference=False), owed, money("0.5"), None, is_wage=is_wage)
    assert first.settlement == (-min(money(debt), money("21600.00")) if is_wage else 0)


@given(
    debt=st.integers(0, 10**8), pay=st.integers(0, 10**7), writs=st.integers(0, 10**7),
    free=st.integers(0, 10**7),
)  # fmt: skip
def test_writs_and_recovery_stay_within_the_share(
    debt: int, pay: int, writs: int, free: int
) -> None:
    """Whatever is owed: together at most the share, the person is never paid below nought."""
    attachable, withheld = Decimal(pay).scaleb(-2), Decimal(min(writs, pay // 2)).scaleb(-2)
    to_account = attachable - withheld + Decimal(free).scaleb(-2)
    found = recover(
        Decimal(debt).scaleb(-2), to_account=to_account, attachable=attachable,
        withheld=withheld, share=money("0.5"),
    )  # fmt: skip
    assert found.recovered >= 0
    assert found.recovered + withheld <= attachable / 2 + Decimal("0.005")
    assert found.recovered <= to_account
    assert found.left >= 0
