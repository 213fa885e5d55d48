"""Two payslips of one payer in one month: limits of bases are the month's, not each payslip's."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.pay_values import Bases, Joint, PayResult, Worker
from tests.inmates.pay_builders import codes_of, pay

ON_THE_MONTH = ("opv", "vosms", "so", "oosms", "opvr", "social_tax")


def money(amount: str) -> Decimal:
    return Decimal(amount)


def after(first: PayResult, *, state_pays: bool = True) -> Joint:
    """What the first payslip, all of which counts for everything, leaves to the second."""
    gross = first.gross
    return Joint(
        opv_base=gross,
        so_base=gross,
        osms_base=gross,
        vosms_base=money("0.00") if state_pays else gross,
        social_tax_base=gross,
        **{name: getattr(first, name) for name in ON_THE_MONTH},
    )


def payments(result: PayResult) -> dict[str, str]:
    return {name: str(getattr(result, name)) for name in ON_THE_MONTH}


def test_half_a_month_at_each_place_pays_the_lowest_bases_once() -> None:
    """50 000 and 50 000: the first is held to a lowest base, both together are above it."""
    first = pay("50000.00")
    assert payments(first) == {
        "opv": "5000.00",
        "vosms": "0.00",
        "so": "4250.00",  # 5 % of 85 000
        "oosms": "1500.00",
        "opvr": "2975.00",  # 3,5 % of 85 000
        "social_tax": "3633.00",  # 6 % of 60 550
    }
    second = pay("50000.00", joint=after(first))
    assert payments(second) == {
        "opv": "5000.00",
        "vosms": "0.00",
        "so": "250.00",  # 5 % of 90 000 is 4 500
        "oosms": "1500.00",
        "opvr": "525.00",  # 3,5 % of 100 000 is 3 500
        "social_tax": "1767.00",  # 6 % of 90 000 is 5 400
    }
    assert "joint.paid" in codes_of(second, "so")


def test_the_highest_base_is_reached_once() -> None:
    """400 000 and 400 000: of social insurance 7 minimum wages are the most, 595 000."""
    first = pay("400000.00")
    second = pay("400000.00", joint=after(first))
    assert (first.so, second.so) == (money("18000.00"), money("11750.00"))
    assert first.so + second.so == money("29750.00")


def test_what_the_first_paid_too_much_is_not_given_back() -> None:
    joint = Joint(opv_base=money("1000.00"), opv=money("90000.00"))
    assert pay("50000.00", joint=joint).opv == money("0.00")


def test_less_than_was_withheld_counts_for_social_tax_of_the_month_as_a_whole() -> None:
    """Of the second 1 000 counts and 10 000 is withheld: those 9 000 lessen the first's 180 000."""
    whole = money("100000.00")
    bases = Bases(whole, whole, whole, whole, money("1000.00"), whole)
    joint = Joint(
        opv_base=money("200000.00"),
        opv=money("20000.00"),
        social_tax_base=money("200000.00"),
        social_tax=money("10000.00"),
    )
    second = pay("100000.00", bases=bases, joint=joint)
    assert second.opv == money("10000.00")
    # 6 % of 171 000 is 10 260.
    assert second.social_tax == money("260.00")


@settings(max_examples=60, deadline=None)
@given(
    here=st.integers(1, 500_000_000),
    there=st.integers(1, 500_000_000),
    category=st.sampled_from(["convict", "convict_minimum_security"]),
)
def test_two_payslips_pay_together_what_one_would(here: int, there: int, category: str) -> None:
    one, other = (str(Decimal(tiyn).scaleb(-2)) for tiyn in (here, there))
    worker = Worker(category=category, born_on=date(1990, 5, 17))
    first = pay(one, worker=worker)
    joint = after(first, state_pays=category == "convict")
    second = pay(other, worker=worker, joint=joint)
    whole = pay(str(Decimal(here + there).scaleb(-2)), worker=worker)
    for name in ON_THE_MONTH:
        assert getattr(first, name) + getattr(second, name) == getattr(whole, name), name
