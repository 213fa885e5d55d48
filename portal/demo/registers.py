"""Registers of the paid month before last, and the bank's statement that pays most of them.

Through the services of the accountant: what is transferred stands in the books and on the payslips
of the next month. One payment order waits, and one line of the bank differs, to be looked at.
"""

from datetime import date, datetime, timedelta
from typing import Any

from inmates.enums import RegisterCode, RunStatus
from inmates.models import PaymentOrder, PayrollRun
from inmates.register_refusals import NothingToRegister
from inmates.services.bank import apply_bank_statement, receive_bank_statement
from inmates.services.payment_codes import load_payment_codes
from inmates.services.registers import issue_register
from portal.accounts.models import User
from portal.demo.orders import moment
from portal.demo.payroll import ACCOUNTANTS
from portal.demo.rates import calculated_month
from portal.kernel.periods import Month

# The whole register of the month before last is transferred, but for this payment.
WAITS = RegisterCode.OOSMS
# Days after the payment of the wages.
ISSUED_AFTER, TRANSFERRED_AFTER = 1, 3
FIRST_DOCUMENT = 501
FILE_NAME = "vypiska-demo.txt"


def make_registers(organisations: dict[str, Any], users: dict[str, User], today: date) -> None:
    """Every payment of the paid month before last has its register; the bank has carried most out.

    The newest paid runs of the last month wait, to be issued by hand.
    """
    load_payment_codes()
    month = calculated_month(today).previous()
    for code, user in ACCOUNTANTS.items():
        runs = PayrollRun.objects.filter(
            payer=organisations[code], month=month.first_day, status=RunStatus.PAID
        )
        for run in runs.order_by("id"):
            _issue_and_transfer(run, users[user], month, today)


def _issue_and_transfer(run: PayrollRun, accountant: User, month: Month, today: date) -> None:
    paid_on = run.paid_on or today
    at = _at(paid_on + timedelta(days=ISSUED_AFTER), today, 10)
    orders: list[PaymentOrder] = []
    for code in RegisterCode.values:
        try:
            register = issue_register(
                actor=accountant, payer_id=run.payer_id, institution_id=run.institution_id,
                month=month, code=code, at=at,
            )  # fmt: skip
        except NothingToRegister:
            continue
        if code not in (WAITS, RegisterCode.BAILIFF_FEE):
            orders += register.orders.order_by("sequence")
    if orders:
        on = min(paid_on + timedelta(days=TRANSFERRED_AFTER), today)
        _transfer(run, accountant, orders, on, _at(on, today, 17))


def _transfer(
    run: PayrollRun, accountant: User, orders: list[PaymentOrder], on: date, at: datetime
) -> None:
    content = statement_file(orders, run.payer.iban, on)
    row = receive_bank_statement(
        actor=accountant, payer_id=run.payer_id, file_name=FILE_NAME, content=content, at=at
    )
    apply_bank_statement(actor=accountant, statement_id=row.pk, at=at)


def _at(day: date, today: date, hour: int) -> datetime:
    return moment(min(day, today), hour, 20)


def statement_file(orders: list[PaymentOrder], account: str, on: date) -> bytes:
    """The text file of an invented bank; the last line pays one tenge too little."""
    rows = ["1CClientBankExchange", "Кодировка=UTF-8", f"ДатаНачала={on:%d.%m.%Y}",
            f"ДатаКонца={on:%d.%m.%Y}", f"РасчСчет={account}"]  # fmt: skip
    for number, order in enumerate(orders, start=FIRST_DOCUMENT):
        is_last = number == FIRST_DOCUMENT + len(orders) - 1 and len(orders) > 1
        rows += [
            "СекцияДокумент=выписка",
            f"НомерДокумента={number}",
            f"ДатаОперации={on:%d.%m.%Y}",
            f"ПлательщикИИК={account}",
            f"ПолучательНаименование={order.payee}",
            f"ПолучательИИК={order.payee_account}",
            f"СуммаРасход={order.amount - is_last}",
            f"НазначениеПлатежа={order.purpose}",
            f"КодНазначенияПлатежа={order.knp}",
            "КонецДокумента",
        ]
    rows += [
        "СекцияДокумент=выписка", "НомерДокумента=499", f"ДатаОперации={on:%d.%m.%Y}",
        f"ПлательщикИИК={account}", "ПолучательНаименование=ТОО «Пиломатериалы» (демо)",
        "СуммаРасход=148000.00", "НазначениеПлатежа=Доска обрезная (демо)",
        "КодНазначенияПлатежа=710", "КонецДокумента", "КонецФайла",
    ]  # fmt: skip
    return "\r\n".join(rows).encode()
