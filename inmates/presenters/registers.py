"""Payment registers in the reader's language: what waits, what is issued, one register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmates.enums import RegisterCode
from inmates.models import PaymentCode, PaymentOrder, PaymentRegister, RegisterRow
from inmates.presenters.parameter_words import CONFIDENCES
from inmates.selectors.registers import Apart, Waiting
from portal.kernel.money import NBSP
from portal.kernel.text import DASH, date_short, moment, money, month_name, number

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One payment of a place: what of it waits, and whether a register can be issued."""

    code: str
    title: str
    note: str
    people: str
    amount: Decimal
    carried: Decimal
    waits: str
    can_issue: bool
    # What the bank will ask for, while it can still be entered; or what the row waits for.
    warning: str


def code_rows(
    codes: Mapping[str, PaymentCode],
    waiting: Mapping[str, Waiting],
    place_account: str,
    *,
    is_unpaid: bool = False,
) -> list[CodeRow]:
    """In the order of the directory; a payment of which nothing waits is told calmly.

    `place_account`: where the institution's wages go. `is_unpaid`: of posted wages the payment is
    not entered; of accounts it is said then why nothing waits.
    """
    return [
        _code_row(payment, waiting.get(code), place_account, is_unpaid=is_unpaid)
        for code, payment in codes.items()
    ]


def _code_row(
    payment: PaymentCode, waiting: Waiting | None, place_account: str, *, is_unpaid: bool
) -> CodeRow:
    has_new = waiting is not None and waiting.since is not None
    is_due = has_new and waiting is not None and bool(waiting.amount or waiting.people)
    can_issue = bool(is_due or (waiting and _is_ripe(waiting, payment)))
    return CodeRow(
        code=payment.code,
        title=str(payment.name),
        note=codes_text(payment),
        people=number(waiting.people) if waiting and has_new else "",
        amount=waiting.amount if waiting and has_new else ZERO,
        carried=waiting.carried if waiting else ZERO,
        waits=months_text(waiting) if waiting and is_due else "",
        can_issue=can_issue,
        warning=(
            _requisites_warning(payment, place_account)
            if can_issue
            else _why_nothing(payment, waiting, is_unpaid=is_unpaid)
        ),
    )


def _is_ripe(waiting: Waiting, payment: PaymentCode) -> bool:
    """Whether a register of what is carried over alone would transfer anything."""
    if payment.is_set_off_in_total:
        return waiting.carried > 0
    return (waiting.ripe if payment.needs_iin else waiting.above) > 0


def _why_nothing(payment: PaymentCode, waiting: Waiting | None, *, is_unpaid: bool) -> str:
    """Why no register can be issued though something stands here, or is expected.

    Wages are in a register after they are paid, all other payments before.
    """
    if waiting and waiting.above and payment.needs_iin:
        return _("What is carried over can be transferred once the IIN of these people is entered.")
    if waiting and waiting.carried < 0:
        return _("Nothing to transfer: what was paid too much is set off against later wages.")
    if is_unpaid and payment.code == RegisterCode.ACCOUNTS:
        return _("Wages come here once their payment is entered on the page of the month.")
    return ""


def _requisites_warning(payment: PaymentCode, place_account: str) -> str:
    """Whose account is missing; creditors and bailiffs have theirs on the writs."""
    if payment.code == RegisterCode.ACCOUNTS:
        if place_account:
            return ""
        return _("The institution's account is not entered: ask the administrator before issuing.")
    if payment.code in (RegisterCode.WRITS, RegisterCode.BAILIFF_FEE):
        return ""
    if payment.recipient_account and payment.recipient:
        return ""
    return _("The recipient's account is not entered: ask the administrator before issuing.")


def orders_warning(without_account: int) -> str:
    """Of an issued register: how many payment orders the bank will not take as they are."""
    if not without_account:
        return ""
    words = ngettext(
        "%(count)s payment order has no account of the recipient: add it by hand in the bank.",
        "%(count)s payment orders have no account of the recipient: add it by hand in the bank.",
        without_account,
    )
    return words % {"count": number(without_account)}


def codes_text(payment: PaymentCode) -> str:
    """КНП 911, КБК 101201; nothing where the directory has none."""
    told = [
        _("payment code %(code)s") % {"code": payment.knp} if payment.knp else "",
        _("budget code %(code)s") % {"code": payment.kbk} if payment.kbk else "",
    ]
    return ", ".join(filter(None, told))


def months_text(waiting: Waiting) -> str:
    """October 2026, or September 2026 – October 2026."""
    if waiting.since is None or waiting.until is None:
        return ""
    first, last = (month_name(month).replace(" ", NBSP) for month in (waiting.since, waiting.until))
    return first if first == last else f"{first} – {last}"


@dataclass(frozen=True, slots=True)
class ListedRegister:
    """A line of the list: what it is, its sums and how far its transfer is."""

    url: str
    number: str
    title: str
    month: str
    payable: Decimal
    status: str
    label: str


def listed_registers(registers: Iterable[PaymentRegister]) -> list[ListedRegister]:
    """As the selector `with_transfers` gives them."""
    rows = []
    for one in registers:
        status, label = transfer_state(one)
        rows.append(
            ListedRegister(
                reverse("inmates:payment_register", args=[one.pk]),
                one.number,
                str(RegisterCode(one.code).label),
                month_name(one.month),
                one.payable,
                status,
                label,
            )
        )
    return rows


def transfer_state(register: Any) -> tuple[str, str]:
    """The code of the tone and the words: nothing to transfer, so many of so many, all."""
    orders, done = register.order_count, register.done_count
    if not orders:
        return "superseded", _("Nothing to transfer")
    if done == orders:
        return "done", _("Transferred")
    if done:
        told = {"done": number(done), "all": number(orders)}
        return "in_progress", _("Transferred %(done)s of %(all)s") % told
    return "waiting", _("Not transferred yet")


def register_title(register: PaymentRegister) -> str:
    """The payment and the number."""
    return _("%(payment)s: register № %(number)s") % {
        "payment": RegisterCode(register.code).label,
        "number": register.number,
    }


def register_facts(register: PaymentRegister) -> list[dict[str, str]]:
    """Of what it is, for whom and by whom; no name of a person whose wages are in it."""
    payment = register.payment_code
    facts = [
        {"label": _("Payer"), "value": register.payer.name, "note": register.payer.bin},
        {"label": _("Institution"), "value": register.institution.organisation.name},
        {"label": _("Wages up to"), "value": month_name(register.month)},
        {
            "label": _("Payment of the register"),
            "value": str(payment.name),
            "note": codes_text(payment),
        },
    ]
    if payment.recipient:
        note = " ".join(filter(None, [payment.recipient_account, payment.recipient_bik]))
        facts.append({"label": _("Recipient"), "value": str(payment.recipient), "note": note})
    return [
        *facts,
        {
            "label": _("Register issued"),
            "value": moment(register.made_at),
            "note": register.made_by.get_full_name(),
        },
        {
            "label": _("Source of the codes"),
            "value": payment.source,
            "note": confidence_text(payment.confidence),
        },
        {"label": _("Digest of the rows"), "value": register.sha256[:16]},
    ]


def confidence_text(confidence: str) -> str:
    """How sure we are of the codes, in the words of the parameters of the law."""
    if confidence == "entered":
        return _("entered by the administrator")
    parts = confidence.split(" + ")
    return ", ".join(str(CONFIDENCES.get(part, part)) for part in parts)


def control_totals(register: PaymentRegister, apart: Apart) -> list[dict[str, str]]:
    """From what the ledger posted to what is transferred; lines of nought are left out."""
    rows = [(_("Posted in the books"), register.total, "")]
    if apart.brought:
        rows.append((_("Carried over by the register before"), apart.brought, ""))
    if apart.carried:
        rows.append((_("Left to the next register"), -apart.carried, ""))
    told = [{"label": label, "value": money(amount), "note": note} for label, amount, note in rows]
    told.append({"label": _("To transfer"), "value": money(register.payable), "note": ""})
    if apart.without_iin:
        told.append(
            {
                "label": _("Without an IIN"),
                "value": people_text(apart.without_iin),
                "note": _without_iin_note(register, apart),
            }
        )
    if apart.negative:
        rows_text = ngettext("%(count)s row", "%(count)s rows", apart.negative) % {
            "count": number(apart.negative)
        }
        note = _("%(sum)s; set off %(set_off)s") % {
            "sum": money(apart.negative_sum),
            "set_off": money(apart.set_off),
        }
        told.append({"label": _("Below nought"), "value": rows_text, "note": note})
    return told


def _without_iin_note(register: PaymentRegister, apart: Apart) -> str:
    """The sum; where no IIN is needed, that it is not to be paid again."""
    told = money(apart.without_iin_sum)
    if register.payment_code.needs_iin:
        return told
    return _("%(sum)s: included already, no IIN is needed") % {"sum": told}


def people_text(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": number(count)}


def order_rows(orders: Iterable[PaymentOrder], *, is_named: bool) -> list[dict[str, Any]]:
    """The payment orders; whom creditors are is for the accountant alone."""
    rows = []
    for order in orders:
        told = list(order.transfers.all())
        taken_back = [one for one in told if hasattr(one, "reversal")]
        transfer = next((one for one in told if one not in taken_back), None)
        rows.append(
            {
                "order": order,
                "payee": order.payee if is_named else DASH,
                "account": order.payee_account if is_named else "",
                "people": number(order.people),
                "amount": order.amount,
                "transfer": transfer_text(transfer) if transfer else "",
                "transfer_id": transfer.pk if transfer else None,
                "taken_back": [taken_back_text(one) for one in taken_back],
            }
        )
    return rows


def transfer_text(transfer: Any) -> str:
    """09.10.2026, payment order № 17."""
    return _("%(day)s, payment order № %(document)s") % {
        "day": date_short(transfer.transferred_on),
        "document": transfer.document,
    }


def taken_back_text(transfer: Any) -> str:
    """What stood there, and why it does no longer."""
    return _("taken back: %(transfer)s: %(reason)s") % {
        "transfer": transfer_text(transfer),
        "reason": transfer.reversal.reason,
    }


def row_rows(rows: Iterable[RegisterRow], *, is_named: bool) -> list[dict[str, Any]]:
    """Person by number, month, what was posted, what is transferred and why not all of it."""
    return [
        {
            "number": row.inmate.personnel_number,
            "period": month_name(row.period),
            "writ": f"№ {row.writ.number}" if row.writ and is_named else "",
            "posted": row.posted,
            "payable": row.payable,
            "why": row_reason(row),
        }
        for row in rows
    ]


def row_reason(row: RegisterRow) -> str:
    """Why a row is not transferred as it was posted; nothing where it is."""
    if row.carried and not row.has_iin and not row.payable:
        return _("no IIN: %(sum)s waits for the next register") % {"sum": money(row.carried)}
    told = []
    if row.payable and row.order_id and not row.has_iin:
        told.append(_("no IIN, none is needed: included in the payment order"))
    if row.brought:
        told.append(_("carried over before: %(sum)s") % {"sum": money(row.brought)})
    if row.set_off < 0:
        told.append(
            _("set off against what was paid too much: %(sum)s") % {"sum": money(row.set_off)}
        )
    if row.set_off > 0:
        told.append(_("set off with another month of the same person"))
    if row.carried < 0:
        told.append(_("left to the next register: %(sum)s") % {"sum": money(row.carried)})
    return "; ".join(told)
