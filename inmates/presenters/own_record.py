"""The person's own wages in plain words: three numbers, each line with what it means and its why.

Read by the pages of the terminals and by the paper of the same. It is the person who reads:
nothing is left out for the sake of discretion.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.enums import LineKind, RunKind, VisitEnd
from inmates.explanations import explain
from inmates.models import Payslip, PayslipLine, TerminalVisit
from inmates.pay_values import ALIMONY
from inmates.presenters.looks import PURPOSES
from inmates.presenters.payslip import line_title
from inmates.presenters.run_kinds import kind_name
from inmates.presenters.slip_differences import difference_why, is_difference_line, is_mirror
from inmates.presenters.writs import asks_text
from inmates.selectors.own_record import Credit, Look, OwnDebt, OwnMonth
from portal.accounts.models import Organisation
from portal.kernel.text import DASH, date_short, moment, money, month_name

# What a line is, for who has never read a payslip; the law's reason stands below it.
MEANINGS = {
    "time": gettext_lazy("Your pay for the hours you worked."),
    "salary": gettext_lazy("Your salary for the part of the month you worked."),
    "piece": gettext_lazy("Your pay for what you made."),
    "piece_team": gettext_lazy("Your share of what your team made."),
    "night": gettext_lazy("More for hours at night."),
    "overtime": gettext_lazy("More for hours above the norm."),
    "holiday": gettext_lazy("More for work on days off."),
    "minimum_top_up": gettext_lazy("Added so that you get no less than the minimum wage."),
    "leave": gettext_lazy("Your pay while you were on leave."),
    "sick": gettext_lazy("Your pay while you were ill."),
    "idle": gettext_lazy("Your pay while there was no work, through no fault of yours."),
    "average_pay": gettext_lazy("Your average pay for days when the law keeps it."),
    "leave_compensation": gettext_lazy("Money for leave you had no time to take."),
    "opv": gettext_lazy("Your savings for a pension. They stay yours."),
    "vosms": gettext_lazy("Your share of the medical insurance."),
    "ipn": gettext_lazy("The tax of everybody who earns; it goes to the budget."),
    "alimony": gettext_lazy("For children, by a court's decision."),
    "claim": gettext_lazy("A debt by a court's decision. What is withheld makes it less."),
    "bailiff_fee": gettext_lazy("The fee of the bailiff who collects the debt."),
    "so": gettext_lazy("Insurance in case you lose work or health. Nothing is taken from you."),
    "oosms": gettext_lazy("Medical insurance. Nothing is taken from you."),
    "opvr": gettext_lazy("More for your pension. Nothing is taken from you."),
    "social_tax": gettext_lazy("A tax of the employer. Nothing is taken from you."),
    "overpayment_recovered": gettext_lazy("Paid to you by mistake earlier, now taken back."),
}
OF_PINS = {
    "pin_letter_printed": gettext_lazy("A letter with a new PIN for you was printed"),
    "pin_locked": gettext_lazy("Your PIN was locked after five wrong attempts"),
    "iin_looked_up": gettext_lazy("You were looked up by IIN"),
}
TAKEN = (LineKind.WITHHELD, LineKind.WRIT, LineKind.SETTLEMENT)


def three_numbers(month: OwnMonth) -> list[dict[str, Any]]:
    """Earned, withheld, to the account: what a person asks first."""
    return [
        {"label": _("Earned"), "value": money(month.gross)},
        {"label": _("Withheld"), "value": money(month.withheld)},
        {"label": _("To your account"), "value": money(month.to_account), "is_main": True},
    ]


def settled_words(month: OwnMonth) -> str:
    """What of the month's sum went towards an earlier overpayment, or is still carried over."""
    if month.settlement < 0:
        return _("Of this %(kept)s stays back for what was overpaid earlier: %(paid)s is sent.") % {
            "kept": money(-month.settlement),
            "paid": money(month.to_account + month.settlement),
        }
    if month.settlement > 0:
        return _("%(amount)s of it was overpaid and is withheld from later wages.") % {
            "amount": money(month.settlement)
        }
    return ""


def month_rows(months: Iterable[OwnMonth]) -> list[dict[str, Any]]:
    """Each month with its sums; its name leads to its lines."""
    return [
        {
            "name": month_name(one.month).capitalize(),
            "url": reverse("inmates:terminal_month", args=[str(one.month)]),
            "gross": money(one.gross),
            "withheld": money(one.withheld),
            "to_account": money(one.to_account),
            "is_changed": any(slip.is_difference for slip in one.slips),
        }
        for one in months
    ]


def year_rows(year: OwnMonth) -> list[dict[str, str]]:
    """The year so far: what was earned, where it went, what reached the account."""
    rows = [
        (_("Earned"), "gross"),
        (_("Pension savings"), "opv"),
        (_("Medical insurance"), "vosms"),
        (_("Income tax"), "ipn"),
        (_("By writs of execution"), "withheld_by_writs"),
        (_("To your account"), "to_account"),
    ]
    return [{"label": label, "value": money(year.total(column))} for label, column in rows]


def owed_rows(owed: Iterable[tuple[Organisation, Decimal]]) -> list[str]:
    """What is still to be taken back of an overpayment."""
    sentence = _("%(payer)s: %(amount)s was overpaid and is withheld from later wages in part.")
    return [sentence % {"payer": payer.name, "amount": money(amount)} for payer, amount in owed]


def slip_blocks(month: OwnMonth) -> list[dict[str, Any]]:
    """The slips of a month one by one, each with its three groups of lines."""
    return [slip_block(slip) for slip in month.slips]


def slip_block(slip: Payslip) -> dict[str, Any]:
    """One slip: which it is, why it was made, its lines."""
    groups: dict[str, list[dict[str, str]]] = {"earned": [], "withheld": [], "employer": []}
    for line in slip.lines.all():
        group = "withheld" if line.kind in TAKEN else "employer"
        group = "earned" if line.kind == LineKind.EARNING else group
        groups[group].append(_line(line, slip))
    run = slip.run
    is_regular = run.kind == RunKind.REGULAR
    return groups | {
        "title": _("Payslip") if is_regular else f"{_('Payslip')}: {kind_name(run)}",
        "number": slip.number,
        "payer": run.payer.name,
        "why": _why_made(slip),
        "gross": money(slip.gross),
        "taken": money(slip.to_account - slip.gross),
        "to_account": money(slip.to_account),
    }


def _why_made(slip: Payslip) -> str:
    run = slip.run
    if run.kind == RunKind.CORRECTION and run.settled_with is not None:
        return _(
            "The month was changed later. The difference came with the wages of %(month)s."
        ) % {"month": month_name(run.settled_with.month)}
    return run.reason


def _line(line: PayslipLine, slip: Payslip) -> dict[str, str]:
    if is_difference_line(line):
        why = difference_why(line, mirror=is_mirror(slip))
    else:
        why = explain(line.explanation, line.arguments)
    return {
        "what": line_title(line) if line.kind != LineKind.SETTLEMENT else _("Overpaid earlier"),
        "means": str(MEANINGS.get(line.code, "")),
        "why": why,
        "amount": money(-line.amount if line.kind in TAKEN else line.amount),
    }


def debt_rows(debts: Iterable[OwnDebt]) -> list[dict[str, Any]]:
    """Each writ: what it asks, what is left by which paper, and when that ends."""
    return [_debt(one) for one in debts]


def _debt(one: OwnDebt) -> dict[str, Any]:
    writ, balance = one.writ, one.balance
    order = writ.ordered_on or writ.effective_from
    return {
        "title": _("Writ of execution № %(number)s") % {"number": writ.number},
        "asks": asks_text(writ),
        "payee": writ.payee,
        "left": money(balance.debt_left) if balance.debt_left is not None else "",
        "by": _("by the order of %(day)s, without penalties and the bailiff's fee")
        % {"day": date_short(order)},
        "withheld": money(balance.withheld),
        "fee": money(balance.fee_left) if balance.fee_left else "",
        "arrears": money(one.arrears) if one.arrears else "",
        "ends": _ends(one),
    }


def _ends(one: OwnDebt) -> str:
    if one.is_suspended:
        return _("Nothing is withheld now: the writ is suspended.")
    if one.writ.kind == ALIMONY:
        return _("Alimony has no last payment that can be counted: it ends by law or by a court.")
    if one.balance.debt_left is not None and not one.balance.debt_left:
        return _("Paid off.")
    if one.ends is None:
        return _("At such pay no end can be counted.")
    return _("At such pay it is paid off in: %(month)s.") % {"month": month_name(one.ends)}


def credit_rows(credits: Iterable[Credit]) -> list[dict[str, str]]:
    """What was sent, when and by which document."""
    return [
        {
            "day": date_short(one.paid_on),
            "document": one.document,
            "payer": one.payer,
            "months": ", ".join(month_name(month) for month in one.months),
            "amount": money(one.amount),
        }
        for one in credits
    ]


def look_rows(looks: Iterable[Look]) -> list[dict[str, str]]:
    """When, in which role, what for; alone or on a list of how many. Never a name."""
    return [
        {
            "when": moment(one.at),
            "who": "; ".join(f"{role}, {place}" for role, place in one.as_whom) or _nobody(one),
            "what": _purpose(one),
        }
        for one in looks
    ]


def _nobody(one: Look) -> str:
    return DASH if one.action == "pin_locked" else _("the portal itself")


def _purpose(one: Look) -> str:
    if one.action in OF_PINS:
        return str(OF_PINS[one.action])
    purpose = str(PURPOSES.get(one.purpose, _("Name and IIN")))
    return purpose if one.people == 1 else _("%(what)s, a list of people") % {"what": purpose}


def visit_rows(visits: Iterable[TerminalVisit]) -> list[dict[str, str]]:
    """When the person's PIN was used, where, and how it ended."""
    return [
        {
            "when": moment(one.began_at),
            "place": one.terminal.place,
            "how": str(VisitEnd(one.ended_as).label) if one.ended_as else _("now"),
        }
        for one in visits
    ]
