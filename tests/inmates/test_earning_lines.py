"""Salary, supplements, floors and bases, pure: numbers by hand, and what holds always."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.contributions import social_insurance
from inmates.earning_kinds import FLAGS, Kind, bases_of, basic_pay, kind_of
from inmates.earning_law import READERS, EarningLaw, earning_law_in_force
from inmates.earnings import salary_pay, time_pay
from inmates.minimum_wage import PaidTime, hour_floor, minimum_top_up, month_floor
from inmates.parameters import last_day_of_month
from inmates.pay_values import Bases
from inmates.payroll import calculate
from inmates.refusals import EarningKindMissing, ParameterMissing, ParameterUnusable
from inmates.shipped_kinds import read_shipped_kinds
from inmates.shipped_parameters import read_shipped_parameters
from inmates.supplements import ARTICLES, Extra, piece_supplement, time_supplement
from inmates.wage_codes import EARNING_LAW_CODES
from tests.inmates.pay_builders import OCTOBER_2026, codes_of, law_of, pay, pay_case

MZP, AVERAGE = Decimal("85000"), Decimal("164.67")
NORM = Fraction(21 * 480)  # October 2026
SHORT = Fraction(21 * 432)
HALF = Decimal("0.5")


def october() -> EarningLaw:
    return earning_law_in_force(read_shipped_parameters(), last_day_of_month(OCTOBER_2026))


# --- the law of the month ---------------------------------------------------------------------
def test_the_norm_of_a_day_is_a_fifth_of_the_week() -> None:
    law = october()
    assert law.day_minutes(None) == law.day_minutes(3) == 480
    assert law.day_minutes(1) == law.day_minutes(2) == 432


def test_the_codes_of_the_triggers_are_those_that_are_read() -> None:
    assert tuple(READERS) == EARNING_LAW_CODES


@pytest.mark.parametrize("code", EARNING_LAW_CODES)
def test_a_figure_that_is_missing_is_named(code: str) -> None:
    rows = [row for row in read_shipped_parameters() if row["code"] != code]
    with pytest.raises(ParameterMissing, match=code):
        earning_law_in_force(rows, last_day_of_month(OCTOBER_2026))


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("week_hours", "0"),
        ("full_shift_minutes", {"general": 0}),
        ("full_shift_minutes", 480),
        ("night_supplement", -1),
        ("overtime_supplement", 0.5),
        ("minimum_wage_top_up", 1),
        ("idle_pay_share", "1.5"),
        ("annual_leave_days", "24.5"),
    ],
)
def test_a_figure_of_a_wrong_kind_is_refused(code: str, value: object) -> None:
    rows = [row for row in read_shipped_parameters() if row["code"] != code]
    row = {"code": code, "effective_from": "2024-01-01", "effective_to": None, "value": value}
    with pytest.raises(ParameterUnusable, match=code):
        earning_law_in_force([*rows, row], last_day_of_month(OCTOBER_2026))


# --- salary -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minutes", "norm", "amount"),
    [
        # 168 of 168 hours: the whole salary.
        (10080, NORM, "100000.00"),
        # 160 of 168: 100 000 × 20 ÷ 21 = 95 238,0952…
        (9600, NORM, "95238.10"),
        # Of a 36-hour week 151 h 12 min are the whole month, 144 h are 20 of 21 days.
        (9072, SHORT, "100000.00"),
        (8640, SHORT, "95238.10"),
        # More than the norm is paid in proportion: 176 h.
        (10560, NORM, "104761.90"),
        (0, NORM, "0.00"),
    ],
)
def test_a_salary_is_paid_in_proportion_to_the_norm(
    minutes: int, norm: Fraction, amount: str
) -> None:
    earning = salary_pay(minutes=minutes, monthly_rate=Decimal("100000.00"), norm=norm)
    assert (earning.kind, earning.quantity, earning.amount) == ("salary", minutes, Decimal(amount))


def test_a_salary_says_how_it_was_computed() -> None:
    earning = salary_pay(minutes=8650, monthly_rate=Decimal("100000.00"), norm=SHORT)
    assert earning.explanation.code == "earning.salary"
    assert earning.explanation.arguments == {
        "hours": 144, "minutes": 10, "unit_rate": "100000.00", "norm": "151.20",
        "article": "penal_code_120",
    }  # fmt: skip


def test_a_month_without_a_norm_is_refused() -> None:
    with pytest.raises(ValueError, match="norm"):
        salary_pay(minutes=60, monthly_rate=Decimal(1), norm=Fraction(0))
    with pytest.raises(ValueError, match="negative"):
        salary_pay(minutes=-60, monthly_rate=Decimal(1), norm=NORM)


# --- supplements ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "minutes", "rate", "norm", "amount"),
    [
        # Eight hours at night at 600,00: half of 4 800,00.
        ("night", 480, "600.00", Fraction(60), "2400.00"),
        # 50 minutes of overtime at 610,00: 508,3333… × 0,5 = 254,1666…
        ("overtime", 50, "610.00", Fraction(60), "254.17"),
        # A day off on a salary of 100 000 in October: 100 000 × 480 ÷ 10 080 × 0,5.
        ("holiday", 480, "100000.00", NORM, "2380.95"),
        ("holiday", 432, "100000.00", SHORT, "2380.95"),
        # A tiyn an hour: half of 0,01 goes up.
        ("night", 60, "0.01", Fraction(60), "0.01"),
    ],
)
def test_a_supplement_of_time_is_half_of_what_the_minutes_earn(
    code: str, minutes: int, rate: str, norm: Fraction, amount: str
) -> None:
    earning = time_supplement(code, minutes=minutes, rate=Decimal(rate), share=HALF, norm=norm)
    assert (earning.kind, earning.amount, earning.rate) == (code, Decimal(amount), Decimal(rate))
    suffix = "hour" if norm == 60 else "month"
    assert earning.explanation.code == f"earning.{code}_{suffix}"
    assert earning.explanation.arguments["article"] == ARTICLES[code]
    assert earning.explanation.parameters == (f"{code}_supplement",)


def test_a_supplement_of_pieces_rounds_once() -> None:
    """7 pieces of 100,00 in 480 minutes, 100 of them at night: 145,8333… × 0,5 = 72,9166…"""
    earned = Fraction(700) * 100 / 480
    earning = piece_supplement("night", minutes=100, earned=earned, share=HALF)
    assert (earning.base, earning.amount, earning.rate) == (
        Decimal("145.83"), Decimal("72.92"), None,
    )  # fmt: skip
    assert earning.explanation.code == "earning.night_piece"


def test_nothing_negative_is_a_supplement() -> None:
    with pytest.raises(ValueError, match="negative"):
        time_supplement("night", minutes=-1, rate=Decimal(1), share=HALF)
    with pytest.raises(ValueError, match="negative"):
        piece_supplement("night", minutes=1, earned=Fraction(-1), share=HALF)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 44_640),
    st.decimals("0.01", "5000.00", places=2),
    st.decimals("0", "3", places=4),
)
def test_a_supplement_is_the_exact_product_rounded_once(minutes, rate, share) -> None:
    exact = Fraction(rate) * minutes / 60 * Fraction(share)
    of_time = time_supplement("night", minutes=minutes, rate=rate, share=share)
    of_pieces = piece_supplement(
        "night", minutes=minutes, earned=Fraction(rate) * minutes / 60, share=share
    )
    assert abs(Fraction(of_time.amount) - exact) <= Fraction(1, 200)
    assert of_time.amount == of_pieces.amount


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10080), st.decimals("1000", "900000", places=2))
def test_a_salary_for_the_norm_equals_the_hours_of_the_norm(minutes, salary) -> None:
    """A salary paid by the minute is what an hour of it is worth, to half a tiyn each."""
    of_month = salary_pay(minutes=minutes, monthly_rate=salary, norm=NORM).amount
    an_hour = Fraction(salary) / 168
    assert abs(Fraction(of_month) - an_hour * minutes / 60) <= Fraction(1, 200)
    assert 0 <= of_month <= salary


# --- the floor --------------------------------------------------------------------------------
def top_up(minutes: int, basic: str, hourly: tuple[int, str] = (0, "0.00"), norm=NORM):
    return minimum_top_up(
        month=PaidTime(minutes, Decimal(basic)),
        hourly=PaidTime(hourly[0], Decimal(hourly[1])),
        mzp=MZP,
        norm=norm,
        average_hours=AVERAGE,
    )


def test_a_full_month_by_the_piece_comes_to_exactly_the_minimum_wage() -> None:
    earning = top_up(10080, "32500.00")
    assert earning.amount == Decimal("52500.00")
    assert (earning.base, earning.quantity) == (Decimal("32500.00"), 10080)
    assert earning.explanation.code == "earning.top_up_month"


def test_a_part_of_the_month_is_topped_up_in_proportion() -> None:
    # 85 000 × 80 ÷ 168 = 40 476,1904…
    assert top_up(4800, "30000.00").amount == Decimal("10476.19")


def test_shorter_hours_of_a_disability_are_a_full_month_too() -> None:
    assert month_floor(minutes=9072, mzp=MZP, norm=SHORT) == MZP
    assert top_up(9072, "80000.00", norm=SHORT).amount == Decimal("5000.00")


def test_an_hour_paid_as_such_is_never_under_the_hourly_floor() -> None:
    """168 hours at 510,00 are 85 680,00, above МЗП, and under 168 × 85 000 ÷ 164,67."""
    # 86 718,8923…
    assert hour_floor(minutes=10080, mzp=MZP, average_hours=AVERAGE) == Decimal("86718.89")
    earning = top_up(10080, "85680.00", (10080, "85680.00"))
    assert earning.amount == Decimal("1038.89")
    assert earning.explanation.code == "earning.minimum_top_up"


def test_the_larger_lack_is_topped_up_and_a_tie_is_the_month_s() -> None:
    # The month lacks 5 000,00; 8 hours of it, paid 4 000,00, lack 129,47.
    assert top_up(10080, "80000.00", (480, "4000.00")).amount == Decimal("5000.00")
    # The month lacks nothing, its 8 hours by the hour do.
    earning = top_up(10080, "90000.00", (480, "4000.00"))
    assert (earning.amount, earning.base) == (Decimal("129.47"), Decimal("4000.00"))


@pytest.mark.parametrize("basic", ["85000.00", "85000.01", "120000.00"])
def test_who_earned_the_floor_has_no_top_up(basic: str) -> None:
    assert top_up(10080, basic) is None


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 20_000),
    st.decimals("0", "200000", places=2),
    st.integers(0, 100),
    st.sampled_from([NORM, SHORT]),
)
def test_basic_pay_and_top_up_are_never_under_either_floor(minutes, basic, percent, norm) -> None:
    hourly = PaidTime(minutes * percent // 100, (basic * percent / 100).quantize(Decimal("0.01")))
    month = PaidTime(minutes, basic)
    earning = minimum_top_up(month=month, hourly=hourly, mzp=MZP, norm=norm, average_hours=AVERAGE)
    added = earning.amount if earning else Decimal(0)
    of_month = month_floor(minutes=minutes, mzp=MZP, norm=norm)
    of_hours = hour_floor(minutes=hourly.minutes, mzp=MZP, average_hours=AVERAGE)
    assert basic + added >= of_month
    assert hourly.basic + added >= of_hours
    assert added in {Decimal(0), of_month - basic, of_hours - hourly.basic}


# --- kinds and bases --------------------------------------------------------------------------
def kinds(**changes: Kind) -> dict[str, Kind]:
    names = set(Kind.__dataclass_fields__)
    shipped = {
        row["code"]: Kind(**{name: row[name] for name in names}) for row in read_shipped_kinds()
    }
    return shipped | changes


def line(code: str, amount: str) -> SimpleNamespace:
    return SimpleNamespace(code=code, amount=Decimal(amount))


def test_what_was_worked_for_counts_for_everything() -> None:
    lines = [line("time", "80000.00"), line("night", "2400.00"), line("bonus", "10000.00")]
    assert bases_of(lines, kinds()) == Bases(*[Decimal("92400.00")] * len(FLAGS))
    # Supplements and bonuses are no basic pay.
    assert basic_pay(lines, kinds()) == Decimal("80000.00")


def test_a_compensation_counts_for_nothing() -> None:
    lines = [line("time", "80000.00"), line("harm_compensation", "30000.00")]
    assert bases_of(lines, kinds()) == Bases(*[Decimal("80000.00")] * len(FLAGS))


@pytest.mark.parametrize(("base", "flag"), FLAGS.items())
def test_each_flag_takes_a_kind_out_of_its_base_alone(base: str, flag: str) -> None:
    changed = Kind("bonus", **{flag: False})
    lines = [line("time", "80000.00"), line("bonus", "10000.00")]
    found = bases_of(lines, kinds(bonus=changed))
    for name in FLAGS:
        assert getattr(found, name) == Decimal("80000.00" if name == base else "90000.00")


def test_a_kind_that_is_missing_is_named() -> None:
    with pytest.raises(EarningKindMissing) as refused:
        kind_of("overtime", {})
    assert refused.value.arguments == {"kind": "overtime"}
    with pytest.raises(EarningKindMissing):
        bases_of([line("unheard-of", "1.00")], kinds())


def test_every_computed_kind_is_shipped_and_has_names() -> None:
    rows = read_shipped_kinds()
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes))
    for code in (
        "time", "salary", "piece", "piece_team", "night", "overtime", "holiday", "leave", "sick",
        "idle", "average_pay", "leave_compensation", "minimum_top_up",
    ):  # fmt: skip
        assert code in codes
    basic = {row["code"] for row in rows if row["in_minimum_wage"]}
    assert basic == {"time", "salary", "piece", "piece_team"}
    for row in rows:
        assert all(row[f"name_{language}"] for language in ("ru", "kk", "en"))
        assert row["source"]
        assert len(row["confidence"]) <= 80


# --- payments on bases ------------------------------------------------------------------------
def with_bases(gross: str, **bases: str):
    values = dict.fromkeys(FLAGS, gross) | bases
    return {"bases": Bases(**{name: Decimal(value) for name, value in values.items()})}


def test_bases_that_are_all_of_gross_change_nothing() -> None:
    assert pay("150000.00", **with_bases("150000.00")) == pay("150000.00")


def test_each_payment_is_due_on_its_own_base() -> None:
    """150 000, of which 50 000 are a compensation outside everything: taxes as of 100 000."""
    outside = dict.fromkeys(FLAGS, "100000.00")
    result, plain = pay("150000.00", **with_bases("150000.00", **outside)), pay("100000.00")
    for name in ("opv", "vosms", "ipn", "so", "oosms", "opvr", "social_tax", "taxable"):
        assert getattr(result, name) == getattr(plain, name), name
    assert result.net == plain.net + Decimal("50000.00")
    assert result.attachable == plain.net


def test_a_base_of_nought_asks_for_nothing_and_knows_no_lowest_base() -> None:
    nothing = dict.fromkeys(FLAGS, "0.00")
    result = pay("30000.00", **with_bases("30000.00", **nothing))
    due = (result.opv, result.ipn, result.so, result.oosms, result.opvr, result.social_tax)
    assert set(due) == {Decimal("0.00")}
    assert result.net == result.to_account == Decimal("30000.00")
    for name in ("opv", "ipn", "so", "oosms", "opvr", "social_tax"):
        assert codes_of(result, name) == ["no_base"], name
    # Who is exempt reads that, not that nothing counts.
    assert codes_of(result, "vosms") == ["not_due.state_pays"]


def test_social_insurance_on_a_small_base_keeps_its_lowest() -> None:
    """Base 10 000 of 90 000, ОПВ 9 000: 1 000 is under one МЗП, 5 % of 85 000."""
    case = pay_case("90000.00", **with_bases("90000.00", so="10000.00"))
    line = social_insurance(case, Decimal("9000.00"), law_of(OCTOBER_2026))
    assert line.amount == Decimal("4250.00")


def test_income_tax_never_goes_below_nought() -> None:
    """A base smaller than the contributions of a larger one."""
    result = pay("300000.00", basic_deduction=False, **with_bases("300000.00", ipn="20000.00"))
    assert (result.opv, result.ipn, result.taxable) == (
        Decimal("30000.00"), Decimal("0.00"), Decimal("0.00"),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(FLAGS)), st.integers(0, 100)), max_size=6))
def test_a_smaller_base_never_asks_for_more_of_the_person(shares) -> None:
    gross = Decimal("200000.00")
    values = dict.fromkeys(FLAGS, gross)
    for name, percent in shares:
        values[name] = min(values[name], gross * percent / 100)
    result = calculate(pay_case("200000.00", bases=Bases(**values)), law_of(OCTOBER_2026))
    whole = pay("200000.00")
    assert result.opv <= whole.opv
    assert result.oosms <= whole.oosms
    assert result.so <= max(whole.so, Decimal("9999999"))
    assert 0 <= result.attachable <= result.net
    assert result.net == gross - result.opv - result.vosms - result.ipn


def test_time_pay_is_as_before() -> None:
    assert time_pay(minutes=9600, hourly_rate=Decimal("600.00")).amount == Decimal("96000.00")


def test_a_day_has_no_supplement_unless_it_is_said() -> None:
    assert Extra() == Extra(night=0, overtime=0, holiday=0)
