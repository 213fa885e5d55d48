"""A payment register as a table of plain values, for its three files: XLSX, CSV and PDF.

Called by the view that hands the file out, in the language of the file, with the identities it has
read. What is not transferred stands apart and is never dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from inmates.enums import RegisterCode
from inmates.models import PaymentOrder, PaymentRegister, RegisterRow
from inmates.presenters.registers import codes_text, people_text, row_reason
from inmates.selectors.people import Identity
from portal.kernel.text import date_short, month_name

Value = str | int | Decimal | date
BY_WRIT = (RegisterCode.WRITS, RegisterCode.BAILIFF_FEE)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Column:
    """A head and how its cells are written: text, count, day or sum; its share of the width."""

    title: str
    kind: str = "text"
    width: int = 12


@dataclass(slots=True)
class Section:
    """Rows under a title with their sum: a payment order, or those who stand apart."""

    title: str
    rows: list[Sequence[Value]] = field(default_factory=list)
    total: Decimal = ZERO
    note: str = ""


@dataclass(slots=True)
class RegisterSheet:
    """The register: its head, its columns, what is transferred and what stands apart."""

    title: str
    facts: list[tuple[str, str]]
    columns: list[Column]
    orders: list[Section]
    apart: list[Section]
    total: Decimal
    controls: list[tuple[str, Value]]


class _Apart:
    """Rows that are not transferred as they were posted, each under its reason."""

    def __init__(self, register: PaymentRegister) -> None:
        self.needs_iin = register.payment_code.needs_iin
        self.without_iin = Section(
            _("Without an IIN: not in the list to be sent")
            if self.needs_iin
            else _("Without an IIN: already included above, not to be paid again")
        )
        self.held = Section(_("Below nought: paid too much earlier"))
        self.level = Section(_("Balanced in total: nothing is transferred"))
        self.changed = Section(_("Transferred otherwise than posted"))

    def take(self, row: RegisterRow, person: Identity | None) -> None:
        if not row.has_iin and (self.needs_iin or row.order_id):
            _stand_apart(self.without_iin, row, person)
        elif row.payable and row.order_id is None:
            # Taxes of all together: what one paid too much is what another owes.
            _stand_apart(self.level, row, person)
        elif row.posted < 0 or row.carried < 0:
            _stand_apart(self.held, row, person)
        elif row_reason(row):
            _stand_apart(self.changed, row, person)

    def sections(self) -> list[Section]:
        """Those with rows, each with how many people it is of."""
        found = [self.without_iin, self.held, self.level, self.changed]
        for section in found:
            section.note = people_text(len({cells[0] for cells in section.rows}))
        return [section for section in found if section.rows]


def register_sheet(
    register: PaymentRegister,
    orders: Iterable[PaymentOrder],
    rows: Iterable[RegisterRow],
    identities: Mapping[int, Identity],
) -> RegisterSheet:
    """Everything of the register in the present language; `rows` as the selector orders them."""
    by_order = {order.pk: Section(_order_title(order), note=order.purpose) for order in orders}
    apart = _Apart(register)
    is_by_writ = register.code in BY_WRIT
    count = 0
    for row in rows:
        person = identities.get(row.inmate_id)
        if row.payable and row.order_id in by_order:
            count += 1
            section = by_order[row.order_id]
            section.rows.append(_cells(count, row, person, is_by_writ=is_by_writ))
            section.total += row.payable
        apart.take(row, person)
    return RegisterSheet(
        title=_("Register № %(number)s: %(payment)s")
        % {"number": register.number, "payment": register.payment_code.name},
        facts=_facts(register),
        columns=_columns(is_by_writ=is_by_writ),
        orders=list(by_order.values()),
        apart=apart.sections(),
        total=register.payable,
        controls=[
            (_("Rows"), count),
            (_("Posted in the books, ₸"), register.total),
            (_("To transfer, ₸"), register.payable),
            (_("Digest of the rows"), register.sha256),
        ],
    )


def _order_title(order: PaymentOrder) -> str:
    return ", ".join(filter(None, [order.payee, order.payee_bin, order.payee_account]))


def _facts(register: PaymentRegister) -> list[tuple[str, str]]:
    payer, payment = register.payer, register.payment_code
    facts = [
        (_("Payer"), f"{payer.name}, {payer.bin}"),
        (_("Account, bank, code of the payer"),
         ", ".join(filter(None, [payer.iban, payer.bik, payer.kbe]))),
        (_("Institution"), register.institution.organisation.name),
        (_("Wages up to"), month_name(register.month)),
        (_("Register issued"), date_short(register.made_at)),
    ]  # fmt: skip
    if codes_text(payment):
        facts.append((_("Codes"), codes_text(payment)))
    if payment.recipient:
        told = [payment.recipient, payment.recipient_bin, payment.recipient_account,
                payment.recipient_bik, payment.recipient_kbe]  # fmt: skip
        facts.append((_("Recipient"), ", ".join(filter(None, map(str, told)))))
    return facts


def _columns(*, is_by_writ: bool) -> list[Column]:
    person = [
        Column("№", "count", 8),
        Column(_("Personnel №"), width=11),
        Column(_("IIN"), width=15),
        Column(_("Surname"), width=22),
        Column(_("Given name"), width=17),
        Column(_("Patronymic"), width=20),
        Column(_("Born on"), "day", 12),
    ]
    writ = [Column(_("Writ №"), width=20)] if is_by_writ else []
    return [*person, *writ, Column(_("Period"), width=9), Column(_("Sum, ₸"), "sum", 14)]


def _cells(
    count: int, row: RegisterRow, person: Identity | None, *, is_by_writ: bool
) -> list[Value]:
    surname, given, patronymic = name_parts(person)
    iin = (person.iin or "") if person else ""
    writ = [row.writ.number if row.writ else ""] if is_by_writ else []
    return [
        count, row.inmate.personnel_number, iin, surname, given, patronymic,
        row.inmate.born_on, *writ, f"{row.period:%m.%Y}", row.payable,
    ]  # fmt: skip


def name_parts(person: Identity | None) -> tuple[str, str, str]:
    """Surname, given name and whatever follows; a single word is the surname."""
    words = (person.full_name if person else "").split(maxsplit=2)
    return (*words, *[""] * (3 - len(words)))  # type: ignore[return-value]  # three words


def _stand_apart(section: Section, row: RegisterRow, person: Identity | None) -> None:
    section.rows.append(
        [
            row.inmate.personnel_number, person.full_name if person else "",
            f"{row.period:%m.%Y}", row.posted, row.payable, row_reason(row),
        ]
    )  # fmt: skip
    section.total += row.posted


def apart_columns() -> list[Column]:
    """Of those who stand apart."""
    return [
        Column(_("Personnel №"), width=12),
        Column(_("Surname, given name, patronymic"), width=34),
        Column(_("Period"), width=9),
        Column(_("Posted, ₸"), "sum", 14),
        Column(_("To transfer, ₸"), "sum", 14),
        Column(_("Why"), width=52),
    ]
