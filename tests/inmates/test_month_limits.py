"""Two payslips of one payer in a month: sick pay has one limit, the relief of 2025 one gross."""

from decimal import Decimal

import pytest
from django.utils import translation

from inmates.average import SICK, History, absence_pay
from inmates.earning_law import EarningLaw, earning_law_in_force
from inmates.explanations import explain, explain_line
from inmates.models import Inmate, PayParameter, PayrollRun, PayslipLine, TaxApplication
from inmates.pay_values import Joint
from inmates.shipped_parameters import read_shipped_parameters
from portal.kernel.money import NBSP
from portal.kernel.periods import Month
from tests.inmates.histories import a_history, absent
from tests.inmates.months import OCTOBER, a_worker, calculated
from tests.inmates.pay_builders import codes_of
from tests.inmates.pay_builders import pay as paid
from tests.inmates.test_two_payers import at_two_institutions, for_a_second_payer
from tests.people import Cast

MRP = Decimal(4325)
LIMIT = Decimal("108125.00")
MONTH_2025 = Month(2025, 10)


def money(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.fixture
def law() -> EarningLaw:
    return earning_law_in_force(read_shipped_parameters(), OCTOBER.last_day)


def sick(law: EarningLaw, days: int, before: str) -> object:
    return absence_pay(
        SICK, days=days, history=History(money("300000.00"), 10), by_rate=[], law=law, mrp=MRP,
        sick_paid=money(before),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "before", "amount"),
    [
        (3, "0.00", "90000.00"),
        (3, "18125.00", "90000.00"),  # to the tiyn what was left
        (3, "18125.01", "89999.99"),
        (3, "90000.00", "18125.00"),
        (4, "0.00", "108125.00"),
    ],
)
def test_the_second_slip_gets_what_the_first_left(
    law: EarningLaw, days: int, before: str, amount: str
) -> None:
    line = sick(law, days, before)
    assert line is not None
    assert line.amount == money(amount)


@pytest.mark.parametrize("before", ["108125.00", "200000.00"])
def test_nothing_left_makes_no_line(law: EarningLaw, before: str) -> None:
    assert sick(law, 1, before) is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "из них 90 000,00 ₸ — в расчётном листке другого учреждения"),
        ("kk", "оның 90 000,00 ₸ сомасы басқа мекеменің есеп айырысу парағында"),
    ],
)
def test_the_sentence_tells_what_stands_elsewhere(
    law: EarningLaw, language: str, words: str
) -> None:
    line = sick(law, 3, "90000.00")
    assert line is not None
    with translation.override(language):
        assert words in explain_line(line.explanations).replace(NBSP, " ")
        assert explain("average.sick_paid", {"paid": "1.00"}, is_discreet=True) == ""


def of_sickness(run: PayrollRun) -> list[Decimal]:
    lines = PayslipLine.objects.filter(payslip__run=run, code="sick")
    return list(lines.values_list("amount", flat=True))


def test_sick_pay_of_two_institutions_has_one_limit(pay: Cast) -> None:
    """30 000,00 a day: three days in one place are 90 000,00, of three in the other 18 125,00."""
    inmate, institution = at_two_institutions(pay, days=5)
    a_history(pay, inmate, "300000.00", 10)
    here, there = inmate.placements.order_by("effective_from")
    absent(here, "sick", 8, 9, 12)
    absent(there, "sick", 27, 28, 29)
    runs = [calculated(pay), calculated(pay, institution_id=institution.pk)]
    assert [of_sickness(run) for run in runs] == [[money("90000.00")], [money("18125.00")]]
    assert [run.difference_count for run in runs] == [0, 0]


def test_a_limit_used_up_leaves_no_line_on_either_side(pay: Cast) -> None:
    inmate, institution = at_two_institutions(pay, days=5)
    a_history(pay, inmate, "300000.00", 2)
    here, there = inmate.placements.order_by("effective_from")
    absent(here, "sick", 8)
    absent(there, "sick", 27)
    runs = [calculated(pay), calculated(pay, institution_id=institution.pk)]
    assert [of_sickness(run) for run in runs] == [[LIMIT], []]
    assert [run.difference_count for run in runs] == [0, 0]


def test_another_payer_has_a_limit_of_its_own(pay: Cast) -> None:
    """Sickness is paid by the payer; two payers are strangers in it."""
    inmate: Inmate = a_worker(pay, days=5)
    for_a_second_payer(pay, inmate)
    a_history(pay, inmate, "300000.00", 2)
    absent(inmate.placements.get(payer=pay.enterprise), "sick", 27)
    absent(inmate.placements.get(payer=pay.entrepreneur), "sick", 28)
    first = calculated(pay)
    second = calculated(pay, actor=pay.private_accountant, payer_id=pay.entrepreneur.pk)
    assert of_sickness(first) == [LIMIT]
    assert of_sickness(second) == [money("4800.00")]
    assert [first.difference_count, second.difference_count] == [0, 0]


# --- the relief of 2024-2025 ------------------------------------------------------------------
def test_the_relief_of_2025_goes_by_gross_of_both_slips() -> None:
    """25 МРП of 2025 are 98 300,00: 60 000 alone are under it, with 60 000 before they are not."""
    values = {"period": MONTH_2025.first_day, "basic_deduction": False}
    alone = paid("60000.00", **values)
    second = paid("60000.00", joint=Joint(gross=money("60000.00")), **values)
    assert "ipn.relief" in codes_of(alone, "ipn")
    assert "ipn.relief" not in codes_of(second, "ipn")
    assert (alone.ipn, second.ipn) == (money("540.00"), money("5400.00"))


def test_at_the_limit_itself_the_relief_is_given() -> None:
    values = {"period": MONTH_2025.first_day, "basic_deduction": False}
    at = paid("60000.00", joint=Joint(gross=money("38300.00")), **values)
    above = paid("60000.00", joint=Joint(gross=money("38300.01")), **values)
    assert "ipn.relief" in codes_of(at, "ipn")
    assert "ipn.relief" not in codes_of(above, "ipn")


def test_both_calculations_ask_the_gross_of_both_slips(pay: Cast) -> None:
    """October 2025: ten days of 4 800,00 in each place are 48 000 and 96 000; the limit is moved
    between them."""
    inmate, institution = at_two_institutions(pay)
    TaxApplication.objects.filter(inmate=inmate).delete()
    rows = PayParameter.objects.filter(code="ipn_low_wage_relief", effective_to=None)
    rows.update(value={"income_up_to": 60000, "income_up_to_mrp": 25, "taxable_multiplier": "0.1"})
    runs = [calculated(pay), calculated(pay, institution_id=institution.pk)]
    assert [run.payslips.get().gross for run in runs] == [money("48000.00")] * 2
    assert [run.difference_count for run in runs] == [0, 0]
    first, second = (run.payslips.get().ipn for run in runs)
    assert first * 10 == second
