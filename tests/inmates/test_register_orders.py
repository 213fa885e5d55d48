"""Payment orders of creditors, and rows that are transferred otherwise than posted."""

from decimal import Decimal
from typing import Any

from django.utils import translation

from inmates.models import PaymentCode, PaymentOrder, PaymentRegister, RegisterRow
from inmates.presenters.register_files import register_csv
from inmates.presenters.register_sheets import RegisterSheet, register_sheet
from inmates.selectors.registers import orders_of, register_rows, waiting_by_code
from inmates.services.payment_codes import load_payment_codes
from inmates.services.registers import _purpose
from portal.accounts.models import Organisation
from portal.kernel import clock
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.corrected import SEPTEMBER, changed, october, paid_september
from tests.inmates.months import OCTOBER, a_writ, an_identity
from tests.inmates.off_cycle import reversed_and_posted
from tests.inmates.registers import CREDITOR, a_named_worker, an_iin, issued
from tests.people import Cast, an_inmate

ZERO = Decimal("0.00")
SAME = "Тестова Анна Пробовна"


def two_debtors(cast: Cast, first: str, second: str, **fields: Any) -> None:
    """October of two people who owe to creditors of one name, with these accounts."""
    load_payment_codes()
    first_signature(cast)
    for number, account in (("1648", first), ("1649", second)):
        a_writ(
            a_named_worker(cast, number), f"ИЛ-{number}", share_numerator=1, share_denominator=4,
            payee=SAME, payee_account=account, **fields,
        )  # fmt: skip
    paid(cast, posted(cast))


# --- creditors ---
def test_two_creditors_of_one_name_without_an_account_have_an_order_each(pay: Cast) -> None:
    two_debtors(pay, "", "")
    register = issued(pay, "writs")
    orders = list(orders_of(register))
    assert [(one.payee, one.payee_account, one.people) for one in orders] == [(SAME, "", 1)] * 2
    assert [one.purpose.rpartition("; ")[2] for one in orders] == ["ИД № ИЛ-1648", "ИД № ИЛ-1649"]
    assert sum(one.amount for one in orders) == register.payable
    assert check_books() == []


def test_two_writs_of_one_account_are_one_order_that_names_both(pay: Cast) -> None:
    two_debtors(pay, CREDITOR, CREDITOR)
    register = issued(pay, "writs")
    order = register.orders.get()
    assert (order.people, order.amount) == (2, register.payable)
    assert order.purpose.endswith(f"реестр № {register.number}; ИД № ИЛ-1648, № ИЛ-1649")


def test_one_name_with_two_accounts_is_two_orders(pay: Cast) -> None:
    two_debtors(pay, CREDITOR, "KZ949990000000000002")
    accounts = [one.payee_account for one in orders_of(issued(pay, "writs"))]
    assert accounts == [CREDITOR, "KZ949990000000000002"]


def test_the_purpose_of_a_contribution_names_no_writ(pay: Cast) -> None:
    two_debtors(pay, "", "")
    assert "ИД" not in issued(pay, "opv").orders.get().purpose


def test_many_writs_are_cut_and_the_register_stays_named(pay: Cast) -> None:
    two_debtors(pay, CREDITOR, CREDITOR)
    register = issued(pay, "writs")
    words = _purpose(
        register, register.payment_code, {OCTOBER.first_day}, [f"ИЛ-{n:05d}" for n in range(99)]
    )
    assert len(words) == 300
    assert register.number in words


# --- rows that stand apart ---
def sheet_of(register: PaymentRegister) -> RegisterSheet:
    with translation.override("ru"):
        return register_sheet(register, orders_of(register), register_rows(register), {})


def apart(sheet: RegisterSheet) -> dict[str, list[Any]]:
    return {section.title: section.rows for section in sheet.apart}


def test_a_month_that_gave_to_another_says_why(pay: Cast) -> None:
    load_payment_codes()
    story = paid_september(pay)
    for inmate in (story.over, story.under, story.other):
        an_identity(inmate, iin=an_iin(int(inmate.personnel_number)))
    issued(pay, "opv", SEPTEMBER)
    changed(story)
    october(story)
    register = issued(pay, "opv", OCTOBER)
    own = register.rows.get(inmate=story.over, period=OCTOBER.first_day)
    told = apart(sheet_of(register))
    rows = told["Перечислено не так, как проведено"]
    number = story.over.personnel_number
    ((_number, _name, period, was, now, why),) = [row for row in rows if row[0] == number]
    assert (period, was, now) == ("10.2026", own.posted, own.payable)
    assert "зачтено в счёт переплаты" in why
    assert "Меньше нуля: раньше перечислено лишнее" in told
    with translation.override("ru"):
        text = register_csv(sheet_of(register)).decode("utf-8-sig")
    assert "зачтено в счёт переплаты" in text


def planted(cast: Cast, *sums: str) -> PaymentRegister:
    """A register of a tax whose rows are these; nothing is stored."""
    code = PaymentCode(
        code="ipn", name_ru="ИПН", knp="911", kbk="101201", is_set_off_in_total=True
    )  # fmt: skip
    register = PaymentRegister(
        payer=cast.enterprise, institution=cast.institution, month=OCTOBER.first_day, code="ipn",
        payment_code=code, number="2026-00001", total=sum(map(Decimal, sums), ZERO), payable=ZERO,
        sha256="x", made_at=clock.now(),
    )  # fmt: skip
    rows = [
        RegisterRow(
            pk=at, register=register, order=None, inmate=an_inmate(cast, str(1700 + at)),
            period=OCTOBER.first_day, has_iin=True, posted=Decimal(amount), brought=ZERO,
            set_off=ZERO, carried=ZERO, payable=Decimal(amount),
        )
        for at, amount in enumerate(sums)
    ]  # fmt: skip
    register.planted = rows  # type: ignore[attr-defined]  # of this test
    return register


def test_taxes_that_balance_in_total_stand_on_the_paper(cast: Cast) -> None:
    register = planted(cast, "700.00", "-700.00")
    orders: list[PaymentOrder] = []
    with translation.override("ru"):
        sheet = register_sheet(register, orders, register.planted, {})  # type: ignore[attr-defined]
    (section,) = sheet.apart
    assert section.title == "Сошлось в итоге: ничего не перечисляется"
    assert section.note == "2 человека"
    assert [(row[0], row[3], row[4]) for row in section.rows] == [
        ("1700", Decimal("700.00"), Decimal("700.00")),
        ("1701", Decimal("-700.00"), Decimal("-700.00")),
    ]
    assert section.total == 0


def test_every_row_of_a_register_stands_somewhere(pay: Cast) -> None:
    load_payment_codes()
    story = paid_september(pay)
    an_identity(story.under, iin=an_iin(1649))
    issued(pay, "opv", SEPTEMBER)
    changed(story)
    october(story)
    register = issued(pay, "opv", OCTOBER)
    sheet = sheet_of(register)
    stood = {row[1] for one in sheet.orders for row in one.rows}
    stood |= {row[0] for one in sheet.apart for row in one.rows}
    everybody = register.rows.values_list("inmate__personnel_number", flat=True)
    assert stood == set(everybody)


# --- what waits ---
def test_wages_and_their_reversal_wait_for_no_register(pay: Cast) -> None:
    load_payment_codes()
    first_signature(pay)
    a_named_worker(pay, "1648")
    run = posted(pay)
    place = (pay.enterprise.pk, pay.institution.pk, OCTOBER)
    assert waiting_by_code(*place)["opv"].people == 1
    reversed_and_posted(pay, run)
    assert "opv" not in waiting_by_code(*place)
    again = posted(pay)
    waiting = waiting_by_code(*place)["opv"]
    assert (waiting.people, waiting.amount) == (1, again.payslips.get().opv)
    assert issued(pay).payable == waiting.amount


def test_what_waits_for_two_people_is_counted_by_who_has_something(pay: Cast) -> None:
    load_payment_codes()
    first_signature(pay)
    a_named_worker(pay, "1648")
    a_named_worker(pay, "1649", days=10)
    Organisation.objects.filter(pk=pay.enterprise.pk).update(iban="")
    run = posted(pay)
    found = waiting_by_code(pay.enterprise.pk, pay.institution.pk, OCTOBER)
    for code in ("opv", "so", "ipn"):
        owed = [slip for slip in run.payslips.all() if getattr(slip, code)]
        if owed:
            assert found[code].people == len(owed)
            assert found[code].amount == sum(getattr(slip, code) for slip in owed)
