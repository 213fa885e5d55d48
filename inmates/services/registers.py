"""Issuing registers of payments: what posted wages come to, for one payee's list or for many.

Called by the accountant's page of registers and by the demo.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmates.enums import RegisterCode
from inmates.models import (
    PaymentCode,
    PaymentOrder,
    PaymentRegister,
    PayrollRun,
    RegisterRow,
    RegisterRun,
    WritOfExecution,
)
from inmates.register_refusals import (
    NothingToRegister,
    PaymentCodeMissing,
    RegisterDiffers,
    RegisterMeanwhile,
)
from inmates.rules import can_issue_register
from inmates.selectors.register_sql import differing, rows_of_slips
from inmates.selectors.registers import (
    carried_rows,
    codes_in_force,
    last_register,
    runs_waiting,
    with_iin,
)
from inmates.transfers.settling import Posted, Settled, settle
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.copying import copy_rows, forget_plans
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.numbering import document_number
from portal.kernel.periods import Month
from portal.kernel.text import money
from workshops.models import Institution

ZERO = Decimal("0.00")
SERIES = "payment_register"
BY_WRIT = (RegisterCode.WRITS, RegisterCode.BAILIFF_FEE)
ROW_COLUMNS = (
    "register", "order", "inmate", "writ", "period", "has_iin", "posted", "brought", "set_off",
    "carried", "payable",
)  # fmt: skip
LONGEST_PURPOSE = 300


@dataclass(frozen=True, slots=True)
class Payee:
    """To whom an order goes; those of one name and account are one.

    Without an account a name says too little: then each writ has an order of its own.
    """

    name: str
    bin: str = ""
    account: str = ""
    writ: str = ""


def issue_register(
    *, actor: Any, payer_id: int, institution_id: int, month: Month, code: str, at: datetime
) -> PaymentRegister:
    """Whatever of a payment is posted up to the month, and in no register yet, is in this one.

    Row by row with payment orders; what cannot be transferred is carried over. Refused: for
    whoever is not the payer's accountant there; without a row of the directory; with nothing to
    transfer; where payslips and books differ by a tiyn, by the service and by the database.
    Nothing happens after commit. Twice, at once too: the second is refused.
    """
    on = day_of(at)
    with readable_refusals(), transaction.atomic():
        institution = Institution.objects.select_related("organisation").get(pk=institution_id)
        can_issue_register(actor, payer_id, institution.organisation_id, on).require()
        payment = codes_in_force(on, payer_id).get(code)
        if payment is None:
            raise PaymentCodeMissing
        previous = _last_held(payer_id, institution_id, code)
        runs = lock_rows(runs_waiting(payer_id, institution_id, month, code))
        _require_books(runs, code)
        settled = _settled(runs, payment, previous)
        register = _write_register(
            payment, settled, runs,
            payer_id=payer_id, institution_id=institution_id, month=month.first_day, code=code,
            previous=previous, made_by=actor, made_at=at,
        )  # fmt: skip
        _write_rows(register, settled, _orders(register, settled, institution, payment))
        audit.record(actor=actor, action="payment_register_issued", at=at, subject=register)
    return register


def _last_held(payer_id: int, institution_id: int, code: str) -> PaymentRegister | None:
    """The end of the chain, which stays its end until the new register stands."""
    last = last_register(payer_id, institution_id, code)
    if last is not None:
        lock_row(PaymentRegister, last.pk)
        if last_register(payer_id, institution_id, code) != last:
            raise RegisterMeanwhile
    return last


def _require_books(runs: Sequence[PayrollRun], code: str) -> None:
    """Payslips and ledger agree for everybody, to the tiyn."""
    wrong = differing([run.pk for run in runs], code)
    if not wrong:
        return
    people = ngettext("%(count)s person", "%(count)s people", len({row[0] for row in wrong})) % {
        "count": len({row[0] for row in wrong})
    }
    by = sum((abs(of_slip - booked) for _number, of_slip, booked in wrong), ZERO)
    refused = RegisterDiffers(difference=money(by), people=people)
    refused.details["numbers"] = sorted({row[0] for row in wrong})
    raise refused


def _settled(
    runs: Sequence[PayrollRun], payment: PaymentCode, previous: PaymentRegister | None
) -> list[Settled]:
    """Each person's month with what of it is transferred now."""
    sums: dict[tuple[int, int | None, date], list[Decimal]] = {}
    for inmate_id, writ_id, period, amount in rows_of_slips([run.pk for run in runs], payment.code):
        sums[inmate_id, writ_id, period] = [amount, ZERO]
    for row in carried_rows(previous) if previous else ():
        sums.setdefault((row.inmate_id, row.writ_id, row.period), [ZERO, ZERO])[1] += row.carried
    known = with_iin({key[0] for key in sums})
    rows = [
        Posted(inmate_id, writ_id, period, posted, brought, inmate_id in known)
        for (inmate_id, writ_id, period), (posted, brought) in sums.items()
    ]
    rows.sort(key=lambda row: (row.inmate_id, row.writ_id or 0, row.period))
    settled = settle(rows, needs_iin=payment.needs_iin, in_total=payment.is_set_off_in_total)
    if not any(one.payable or one.row.posted for one in settled):
        raise NothingToRegister
    return settled


def _write_register(
    payment: PaymentCode, settled: Sequence[Settled], runs: Sequence[PayrollRun], **values: Any
) -> PaymentRegister:
    number = document_number(
        series=SERIES, scope=str(values["payer_id"]), year=day_of(values["made_at"]).year
    )
    register = PaymentRegister.objects.create(
        payment_code=payment,
        number=number,
        total=sum((one.row.posted for one in settled), ZERO),
        payable=sum((one.payable for one in settled), ZERO),
        people=len({one.row.inmate_id for one in settled}),
        sha256=digest(settled),
        **values,
    )
    RegisterRun.objects.bulk_create(
        RegisterRun(register=register, run=run, code=payment.code) for run in runs
    )
    return register


def digest(settled: Sequence[Settled]) -> str:
    """Of the rows as they stand, whatever file they are printed in."""
    lines = (
        f"{one.row.inmate_id};{one.row.writ_id or ''};{one.row.period};{one.row.posted};"
        f"{one.row.brought};{one.set_off};{one.carried};{one.payable}\n"
        for one in settled
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _orders(
    register: PaymentRegister,
    settled: Sequence[Settled],
    institution: Institution,
    payment: PaymentCode,
) -> dict[tuple[int, int | None, date], PaymentOrder]:
    """The payment orders, and which of them pays which row."""
    payees = _payees(settled, institution, payment)
    numbers = _writ_numbers(settled)
    rows: dict[Payee, list[Settled]] = {}
    for one in settled:
        if one.payable:
            rows.setdefault(payees[one.row.writ_id], []).append(one)
    orders = {}
    for payee, own in sorted(rows.items(), key=lambda pair: astuple(pair[0])):
        amount = sum((one.payable for one in own), ZERO)
        if not amount:
            continue
        order = PaymentOrder(
            register=register,
            sequence=len({id(made) for made in orders.values()}) + 1,
            payee=payee.name,
            payee_bin=payee.bin,
            payee_account=payee.account,
            knp=payment.knp,
            kbk=payment.kbk,
            purpose=_purpose(
                register,
                payment,
                {one.row.period for one in own},
                sorted({numbers[one.row.writ_id] for one in own if one.row.writ_id}),
            ),
            amount=amount,
            people=len({one.row.inmate_id for one in own}),
        )
        orders |= {(one.row.inmate_id, one.row.writ_id, one.row.period): order for one in own}
    PaymentOrder.objects.bulk_create({id(order): order for order in orders.values()}.values())
    return orders


def _payees(
    settled: Sequence[Settled], institution: Institution, payment: PaymentCode
) -> dict[int | None, Payee]:
    """By writ; of a payment without writs there is one, under None."""
    if payment.code == RegisterCode.ACCOUNTS:
        place = institution.organisation
        return {None: Payee(place.name_ru or place.name, place.bin, place.iban)}  # type: ignore[attr-defined]  # modeltranslation
    if payment.code not in BY_WRIT:
        name = payment.recipient_ru or payment.name_ru  # type: ignore[attr-defined]  # modeltranslation
        return {None: Payee(name, payment.recipient_bin, payment.recipient_account)}
    writs = WritOfExecution.objects.in_bulk({one.row.writ_id for one in settled})
    if payment.code == RegisterCode.WRITS:
        told = {pk: (one.payee, one.payee_account, one.number) for pk, one in writs.items()}
    else:
        told = {
            pk: (one.bailiff or one.payee, one.bailiff_account, one.number)
            for pk, one in writs.items()
        }
    return {
        pk: Payee(name, "", account, "" if account else writ)
        for pk, (name, account, writ) in told.items()
    }


def _writ_numbers(settled: Sequence[Settled]) -> dict[int, str]:
    ids = {one.row.writ_id for one in settled if one.row.writ_id}
    return dict(WritOfExecution.objects.filter(pk__in=ids).values_list("pk", "number"))


def _purpose(
    register: PaymentRegister, payment: PaymentCode, periods: set[date], writs: Sequence[str]
) -> str:
    """What the bank prints, in Russian: the payment, its months, the register and the writs."""
    months = ", ".join(f"{period:%m.%Y}" for period in sorted(periods))
    with translation.override("ru"):
        words = _("%(payment)s for %(months)s, register № %(number)s") % {
            "payment": payment.name_ru,  # type: ignore[attr-defined]  # modeltranslation
            "months": months,
            "number": register.number,
        }
    documents = ", ".join(f"№ {number}" for number in writs)
    told = f"{words}; ИД {documents}" if documents else words
    return told[:LONGEST_PURPOSE]


def _write_rows(
    register: PaymentRegister,
    settled: Sequence[Settled],
    orders: dict[tuple[int, int | None, date], PaymentOrder],
) -> None:
    forget_plans()
    copy_rows(
        RegisterRow,
        [RegisterRow._meta.get_field(name).column for name in ROW_COLUMNS],
        (_row_values(register, one, orders) for one in settled),
    )


def _row_values(
    register: PaymentRegister,
    one: Settled,
    orders: dict[tuple[int, int | None, date], PaymentOrder],
) -> tuple[Any, ...]:
    row = one.row
    order = orders.get((row.inmate_id, row.writ_id, row.period))
    return (
        register.pk, order.pk if order else None, row.inmate_id, row.writ_id, row.period,
        row.has_iin, row.posted, row.brought, one.set_off, one.carried, one.payable,
    )  # fmt: skip
