"""Months whose wages are in registers, and statements of a bank, for the tests of both."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from inmates.enums import RegisterCode
from inmates.models import Inmate, PaymentOrder, PaymentRegister, PayrollRun, Transfer
from inmates.services.payment_codes import load_payment_codes
from inmates.services.registers import issue_register
from inmates.services.transfers import record_transfer
from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.identifiers import make_check_digit
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.months import OCTOBER, a_worker, a_writ, an_identity
from tests.people import Cast

OWN_ACCOUNT = "KZ86125KZT5004100100"
CREDITOR = "KZ949990000000000001"
SURNAMES = {"1648": "Тестов Ерлан Пробович", "1649": "Сеитова Әсел", "1650": "Безиинов Али"}


def an_iin(number: int) -> str:
    """An invented IIN of somebody born on 17 May 1990, with a right check digit."""
    for tail in range(number * 7 % 9900, number * 7 % 9900 + 10):
        first11 = f"9005173{tail:04d}"
        digit = make_check_digit(first11)
        if digit is not None:
            return f"{first11}{digit}"
    raise AssertionError("no IIN in ten tries")


def a_named_worker(cast: Cast, number: str, *, has_iin: bool = True, **fields: Any) -> Inmate:
    inmate = a_worker(cast, number, **fields)
    iin = an_iin(int(number)) if has_iin else None
    an_identity(inmate, full_name=SURNAMES.get(number, f"Тестов {number}"), iin=iin)
    return inmate


def paid_october(cast: Cast) -> PayrollRun:
    """October of three people, one with alimony, one without an IIN, posted and paid."""
    load_payment_codes()
    first_signature(cast)
    Organisation.objects.filter(pk=cast.enterprise.pk).update(iban=OWN_ACCOUNT)
    debtor = a_named_worker(cast, "1648")
    a_writ(
        debtor, "AL-77", share_numerator=1, share_denominator=4, payee="Тестова А.",
        payee_account=CREDITOR,
    )  # fmt: skip
    a_named_worker(cast, "1649", days=10)
    a_named_worker(cast, "1650", days=15, has_iin=False)
    return paid(cast, posted(cast))


def issued(
    cast: Cast, code: str = RegisterCode.OPV, month: Month = OCTOBER, **fields: Any
) -> PaymentRegister:
    values = {
        "actor": cast.accountant,
        "payer_id": cast.enterprise.pk,
        "institution_id": cast.institution.pk,
        "at": clock.now(),
    } | fields
    return issue_register(month=month, code=code, **values)


def transferred(
    cast: Cast, order: PaymentOrder, *, on: date | None = None, document: str = "17",
    at: datetime | None = None,
) -> Transfer:  # fmt: skip
    return record_transfer(
        actor=cast.accountant, order_id=order.pk, transferred_on=on or clock.today(),
        document=document, at=at or clock.now(),
    )  # fmt: skip


def a_line(order: PaymentOrder, **fields: Any) -> dict[str, Any]:
    """A line of the bank that pays an order; `fields` change it."""
    line = {
        "on": clock.today(),
        "document": "17",
        "amount": order.amount,
        "knp": order.knp,
        "payee": order.payee,
        "payee_account": order.payee_account,
        "purpose": order.purpose,
    }
    return line | fields


def onec_file(*lines: dict[str, Any], encoding: str = "cp1251", end: bool = True) -> bytes:
    """The file of a bank in Kazakhstan for 1C."""
    today = f"{clock.today():%d.%m.%Y}"
    rows = [
        "1CClientBankExchange", "ВерсияФормата=2.00", "Кодировка=Windows",
        f"ДатаНачала={today}", f"ДатаКонца={today}", f"РасчСчет={OWN_ACCOUNT}",
    ]  # fmt: skip
    for line in lines:
        rows += [
            "СекцияДокумент=выписка",
            f"НомерДокумента={line['document']}",
            f"ДатаОперации={line['on']:%d.%m.%Y}",
            f"ПолучательНаименование={line['payee']}",
            f"ПолучательИИК={line['payee_account']}",
            f"ПлательщикИИК={OWN_ACCOUNT}",
            f"СуммаРасход={line['amount']}",
            f"НазначениеПлатежа={line['purpose']}",
            f"КодНазначенияПлатежа={line['knp']}",
            "КонецДокумента",
        ]
    if end:
        rows.append("КонецФайла")
    return "\r\n".join(rows).encode(encoding, "replace")


def csv_file(*lines: dict[str, Any]) -> bytes:
    heads = "Дата операции;№ документа;Дебет, тенге;Кредит, тенге;КНП;Получатель;ИИК получателя;Назначение платежа"  # noqa: E501 - one row of a table
    rows = [heads]
    for line in lines:
        amount = str(Decimal(line["amount"])).replace(".", ",")
        rows.append(
            f"{line['on']:%d.%m.%Y};{line['document']};{amount};;{line['knp']};{line['payee']};"
            f"{line['payee_account']};{line['purpose']}"
        )
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()
