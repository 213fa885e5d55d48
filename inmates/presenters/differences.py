"""Differences between the two calculations for their page: line, both sides, by how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmates.average import PAID_ABSENCES
from inmates.enums import LineKind
from inmates.models import PayrollDifference
from inmates.presenters.discretion import PAID_ABSENCE, earning_name
from inmates.presenters.payslip import payment_title
from inmates.selectors.differences import Subjects
from portal.kernel.text import DASH, month_name, number, sum_text

TOTALS = {
    "gross": gettext_lazy("Earned"),
    "opv": gettext_lazy("Pension contribution (OPV)"),
    "vosms": gettext_lazy("Health contribution (VOSMS)"),
    "ipn": gettext_lazy("Income tax (IPN)"),
    "net": gettext_lazy("Net"),
    "attachable": gettext_lazy("What writs may look at"),
    "withheld": gettext_lazy("Withheld by writs"),
    "to_account": gettext_lazy("To the account"),
    "so": gettext_lazy("Social insurance (SO)"),
    "oosms": gettext_lazy("Health contribution of the employer (OOSMS)"),
    "opvr": gettext_lazy("Pension contribution of the employer (OPVR)"),
    "social_tax": gettext_lazy("Social tax"),
    "taxable": gettext_lazy("Taxable income"),
    "deduction_used": gettext_lazy("Basic deduction used"),
    "settlement": gettext_lazy("Settled with an overpayment"),
    "is_difference": gettext_lazy("Difference of an approved payslip"),
    "has_basic_deduction": gettext_lazy("Application for the basic deduction"),
    "days_worked": gettext_lazy("Days worked"),
    "minutes_worked": gettext_lazy("Minutes worked"),
}
COUNTS = {"days_worked", "minutes_worked"}
ANSWERS = {"has_basic_deduction", "is_difference"}
REASONS = {
    "rate_missing": gettext_lazy("The second calculation finds no rate for a day"),
    "kind_missing": gettext_lazy("The second calculation finds no row of a kind of earnings"),
    "calendar_missing": gettext_lazy("The second calculation finds days without a calendar"),
    "leave_unknown": gettext_lazy("The second calculation cannot count the leave not taken"),
    "regime_missing": gettext_lazy("The second calculation finds no tax regime of the payer"),
    "parameter_missing": gettext_lazy("The second calculation finds a parameter missing"),
}


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """One row: whose, which line, what each side says and by how much they are apart."""

    personnel_number: str
    is_first_of_person: bool
    line: str
    about: str
    first: str
    second: str
    apart: str


def difference_rows(
    differences: Iterable[PayrollDifference], subjects: Subjects, *, is_discreet: bool
) -> list[ShownDifference]:
    """The rows in their order; a private payer reads of an absence that it is paid, not why."""
    rows: list[ShownDifference] = []
    person = None
    for one in _discreet(differences) if is_discreet else differences:
        rows.append(
            ShownDifference(
                personnel_number=one.inmate.personnel_number,
                is_first_of_person=one.inmate_id != person,
                line=_line(one, subjects),
                about=_about(one, subjects),
                first=_value(one, one.first),
                second=_value(one, one.second),
                apart=_apart(one),
            )
        )
        person = one.inmate_id
    return rows


def _discreet(differences: Iterable[PayrollDifference]) -> list[PayrollDifference]:
    """A person's paid absences as one row, as on the payslip: how many kinds there were is untold.

    The rows made here are shown and never saved.
    """
    shown: list[PayrollDifference] = []
    absences: dict[int, PayrollDifference] = {}
    for one in differences:
        if one.kind != LineKind.EARNING or one.code not in PAID_ABSENCES:
            shown.append(one)
        elif (absence := absences.get(one.inmate_id)) is None:
            absence = PayrollDifference(
                run_id=one.run_id,
                inmate=one.inmate,
                kind=one.kind,
                code=PAID_ABSENCE,
                first=one.first,
                second=one.second,
            )
            absences[one.inmate_id] = absence
            shown.append(absence)
        else:
            absence.first = _together(absence.first, one.first)
            absence.second = _together(absence.second, one.second)
    return shown


def _together(sum_so_far: Decimal | None, more: Decimal | None) -> Decimal | None:
    """Both, and nothing where neither side has a line."""
    if sum_so_far is None or more is None:
        return more if sum_so_far is None else sum_so_far
    return sum_so_far + more


def _line(one: PayrollDifference, subjects: Subjects) -> str:
    if one.kind == LineKind.EARNING:
        return earning_name(one.code, subjects.kinds.get(one.code, one.code), is_discreet=False)
    if one.kind == "total":
        return _("On the payslip: %(name)s") % {"name": TOTALS.get(one.code, one.code)}
    if one.kind == "person":
        return str(REASONS.get(one.code, one.code))
    if one.kind == "demanded":
        return _("Asked for by the writ")
    if one.kind == LineKind.SETTLEMENT:
        return _("Overpayment withheld")
    if one.kind == LineKind.WRIT:
        return _("Bailiff's fee") if one.code == "bailiff_fee" else _("Withheld by writ")
    return payment_title(one.code)


def _about(one: PayrollDifference, subjects: Subjects) -> str:
    """Post, operation or document of the line, and its rate."""
    title = subjects.titles.get(one.subject)
    parts = [title.get(get_language() or "ru") or title["ru"]] if title else []
    word = subjects.words.get(one.subject)
    if word:
        parts.append(f"№ {word}" if one.subject.startswith("writ:") else word)
    month = subjects.months.get(one.subject)
    if month:
        parts.append(_("differences of %(month)s") % {"month": month_name(month)})
    if one.rate is not None:
        parts.append(_("rate %(rate)s") % {"rate": sum_text(one.rate)})
    return ", ".join(parts)


def _value(one: PayrollDifference, amount: Decimal | None) -> str:
    if amount is None:
        return DASH
    if one.kind == "total" and one.code in ANSWERS:
        return _("yes") if amount else _("no")
    if one.kind == "total" and one.code in COUNTS:
        return number(amount)
    return sum_text(amount)


def _apart(one: PayrollDifference) -> str:
    """What the second side has more; nothing where it could not be computed."""
    if one.kind == "person" or (one.kind == "total" and one.code in ANSWERS):
        return ""
    apart = (one.second or Decimal(0)) - (one.first or Decimal(0))
    text = number(apart) if one.kind == "total" and one.code in COUNTS else sum_text(apart)
    return f"+{text}" if apart > 0 else text
