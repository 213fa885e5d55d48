"""A payslip in the reader's language: for the page, and as plain data for the printed document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.average import LEAVE_COMPENSATION
from inmates.enums import FINAL_RUNS, LineKind, WritKind
from inmates.explanations import explain
from inmates.models import Payslip, PayslipLine
from inmates.pay_values import BAILIFF_FEE
from inmates.presenters.discretion import days_paid, discreet_lines, title_without_work
from inmates.presenters.earning_titles import work_quantity, work_rate, work_title
from inmates.presenters.question_note import question_notes
from inmates.presenters.run_kinds import signed
from inmates.presenters.slip_differences import (
    difference_why,
    has_settlement_line,
    is_difference_line,
    is_mirror,
    paid_by,
    settlement_row,
    shown_settlement,
    slip_title,
)
from inmates.presenters.transfer_notes import transfer_note
from inmates.selectors.transfers import Transferred
from portal.accounts.enums import PRIVATE_KINDS
from portal.documents.words import amount_in_words
from portal.kernel.text import hours, money, month_name, number, sum_text

TAKEN = (LineKind.WITHHELD, LineKind.WRIT, LineKind.SETTLEMENT)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: what it is, why, and the sum with its sign."""

    text: str
    why: str
    amount: str
    quantity: str = ""
    rate: str = ""
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class ShownSlip:
    """The lines by kind."""

    earned: list[ShownLine]
    withheld: list[ShownLine]
    employer: list[ShownLine]


def shown_slip(slip: Payslip, lines: Iterable[PayslipLine]) -> ShownSlip:
    """The stored lines explained in the present language, to a private payer discreetly."""
    is_discreet = slip.run.payer.kind in PRIVATE_KINDS
    shown = ShownSlip([], [], [])
    places = {LineKind.EARNING: shown.earned, LineKind.EMPLOYER: shown.employer}
    stored = list(lines)
    for line in discreet_lines(stored) if is_discreet else stored:
        told = (
            _difference(line, mirror=is_mirror(slip))
            if is_difference_line(line)
            else _shown(line, is_discreet=is_discreet)
        )
        places.get(LineKind(line.kind), shown.withheld).append(told)
    settled = None if has_settlement_line(stored) else settlement_row(slip)
    if settled is not None:
        shown.withheld.append(ShownLine(*settled, signed(shown_settlement(slip))))
    return shown


def _difference(line: PayslipLine, *, mirror: bool) -> ShownLine:
    """How much more or less, and of what; the quantity and rate are those of the whole month."""
    is_taken = line.kind in TAKEN
    return ShownLine(
        text=line_title(line),
        why=difference_why(line, mirror=mirror),
        amount=signed(-line.amount if is_taken else line.amount),
        parameter=line.parameter.code if line.parameter else "",
    )


def _shown(line: PayslipLine, *, is_discreet: bool) -> ShownLine:
    is_taken = line.kind in TAKEN
    return ShownLine(
        text=line_title(line),
        why=_why(line, is_discreet=is_discreet),
        amount=sum_text(-line.amount if is_taken else line.amount),
        quantity=days_paid(line) or work_quantity(line),
        rate=work_rate(line),
        parameter=line.parameter.code if line.parameter else "",
    )


def line_title(line: PayslipLine) -> str:
    """What the line is, in the reader's language."""
    if title := title_without_work(line):
        return title
    if line.kind == LineKind.EARNING:
        return work_title(line)
    if line.code == BAILIFF_FEE and line.writ:
        return _("Bailiff's fee, writ № %(number)s") % {"number": line.writ.number}
    if line.kind == LineKind.WRIT and line.writ:
        return _("Writ of execution № %(number)s, queue %(queue)s") % {
            "number": line.writ.number,
            "queue": line.writ.queue,
        }
    if line.kind == LineKind.SETTLEMENT:
        return _("Withheld of what was paid too much earlier")
    return payment_title(line.code)


def payment_title(code: str) -> str:
    """The name of a payment the law asks for."""
    titles = {
        "opv": _("Pension contribution (OPV)"),
        "vosms": _("Health contribution (VOSMS)"),
        "ipn": _("Income tax (IPN)"),
        "so": _("Social insurance (SO)"),
        "oosms": _("Health contribution of the employer (OOSMS)"),
        "opvr": _("Pension contribution of the employer (OPVR)"),
        "social_tax": _("Social tax"),
    }
    return titles.get(code, code)


def _why(line: PayslipLine, *, is_discreet: bool) -> str:
    # Leave not taken is no absence: its average is told to everybody.
    is_discreet = is_discreet and line.code != LEAVE_COMPENSATION
    why = explain(line.explanation, line.arguments, is_discreet=is_discreet)
    # Of a share the base is the wage it is a share of.
    if line.code in (WritKind.CLAIM, BAILIFF_FEE) and line.base is not None:
        left = money(line.base - line.amount)
        return f"{why}; " + _("debt left: %(left)s") % {"left": left}
    return why


def account_reason(slip: Payslip) -> str:
    """Why what is left goes to the account; of a difference its lines tell."""
    if slip.is_difference or slip.settlement:
        return ""
    return explain(
        "to_account.convict",
        {
            "net": str(slip.net),
            "withheld": str(slip.withheld_by_writs),
            "article": "penal_code_122",
        },
    )


def worked_text(slip: Payslip) -> str:
    """Days and hours of attendance."""
    return _("%(days)s days, %(hours)s h") % {
        "days": number(slip.days_worked),
        "hours": hours(slip.minutes_worked),
    }


def slip_facts(slip: Payslip, full_name: str, places: list[str]) -> list[dict[str, str]]:
    """Who, where, for whom; the name only where it may be read."""
    name = [{"label": _("Name"), "value": full_name}] if full_name else []
    # Piece pay needs no attendance: nothing is said where none is entered.
    worked = [{"label": _("Worked"), "value": worked_text(slip)}] if slip.minutes_worked else []
    return [
        *name,
        {"label": _("Personnel number"), "value": slip.inmate.personnel_number},
        {"label": _("Payer"), "value": slip.run.payer.name},
        {"label": _("Institution"), "value": slip.run.institution.organisation.name},
        {"label": _("Place of work"), "value": "; ".join(places)},
        *worked,
    ]


def slip_document(
    slip: Payslip,
    lines: Iterable[PayslipLine],
    *,
    full_name: str,
    places: list[str],
    year: Mapping[str, Decimal],
    transfers: Iterable[Transferred] | None = None,
    stamp: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Plain data for templates/documents/payslip.typ, in the present language.

    `stamp` is its number, check code and QR code (portal.documents.stamp); a draft has none, and
    nobody signs for it.
    """
    language = (get_language() or "ru").split("-")[0]
    shown = shown_slip(slip, lines)
    paid = paid_by(slip)
    return {
        "language": language,
        "title": slip_title(slip),
        "draft": draft_words(slip),
        "period": month_name(slip.run.month),
        "number": slip.inmate.personnel_number,
        "person": full_name or slip.inmate.personnel_number,
        "employer": slip.run.payer.name,
        "workplace": "; ".join(places),
        "institution": slip.run.institution.organisation.name,
        "earned": [_printed(line) for line in shown.earned],
        "withheld": [_printed(line) for line in shown.withheld],
        "employer_pays": [_printed(line) for line in shown.employer],
        "totals": {
            "gross": sum_text(slip.gross),
            "withheld": sum_text(paid - slip.gross),
            "to_account": sum_text(paid),
            "in_words": paid_in_words(slip, language),
        },
        "notes": slip_notes(slip, year, transfers),
        "questions": questions(),
        "labels": document_labels(),
        "stamp": stamp,
    }


def _printed(line: ShownLine) -> dict[str, str]:
    # Quantity and rate have columns of their own on paper; without a rate the sum needs its words.
    return {
        "text": line.text,
        "why": "" if line.rate else line.why,
        "quantity": line.quantity,
        "rate": line.rate,
        "amount": line.amount,
    }


def draft_words(slip: Payslip) -> str:
    """Why the paper does not hold; empty where it does."""
    if slip.run.is_reversed:
        return _("Reversed: it no longer holds")
    return "" if slip.run.status in FINAL_RUNS else _("Draft: not approved")


def paid_in_words(slip: Payslip, language: str) -> str:
    """What is paid, in words; a mirror of what was never paid says nothing."""
    paid = paid_by(slip)
    return amount_in_words(paid, language) if paid >= 0 else ""


def slip_notes(
    slip: Payslip, year: Mapping[str, Decimal], transfers: Iterable[Transferred] | None = None
) -> list[dict[str, str]]:
    """What the month and the year came to, below the sums; what of the month before was sent on.

    Without wages in the month before (`transfers` is None) nothing is said of it.
    """
    worked = [{"text": _("Worked in the month"), "value": worked_text(slip)}]
    return [
        *(worked if slip.minutes_worked else []),
        {"text": _("Earned since the beginning of the year"), "value": money(year["gross"])},
        {"text": _("Pension contributions withheld since the beginning of the year"),
         "value": money(year["opv"])},
        *([] if transfers is None else [transfer_note(slip, transfers)]),
        *question_notes(slip),
    ]  # fmt: skip


def questions() -> str:
    """Where to ask."""
    return _("Questions: ask the accounts department of the payer.")


def document_labels() -> dict[str, str]:
    """The words of the printed form."""
    return {
        "number": _("Personnel number"),
        "person": _("Name"),
        "employer": _("Payer"),
        "workplace": _("Place of work"),
        "institution": _("Institution"),
        "earned": _("Earned"),
        "withheld": _("Withheld"),
        "employer_pays": _("Paid by the employer on top"),
        "quantity": _("Quantity"),
        "rate": _("Rate"),
        "amount": _("Sum, ₸"),
        "gross": _("Earned in total"),
        "total_withheld": _("Withheld in total"),
        "to_account": _("To the cash control account"),
        "received": _("Received"),
        "date": _("Date"),
    }
