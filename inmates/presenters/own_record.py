"""The person's own wages in plain words: three numbers, each line with what it means and its why.

Read by the pages of the terminals and by the paper of the same. It is the person who reads:
nothing is left out for the sake of discretion.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmates.enums import VisitEnd
from inmates.models import TerminalVisit
from inmates.pay_values import ALIMONY
from inmates.presenters.looks import PURPOSES
from inmates.presenters.transfer_notes import transfer_words
from inmates.presenters.writs import asks_text
from inmates.selectors.own_debts import OwnDebt
from inmates.selectors.own_looks import Look
from inmates.selectors.own_record import Credit, OwnMonth
from inmates.selectors.transfers import Transferred
from portal.accounts.models import Organisation
from portal.kernel.text import DASH, date_short, moment, money, month_name, number

WITHOUT_PURPOSE = {
    "pin_letter_printed": gettext_lazy("A letter with a new PIN for you was printed"),
    "pin_locked": gettext_lazy("Your PIN was locked after five wrong attempts"),
    "iin_looked_up": gettext_lazy("You were looked up by IIN"),
    "payslip_seen": gettext_lazy("Payslip, by number without a name"),
}


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
        return _("For this month %(amount)s was overpaid; it is withheld from later wages.") % {
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


def transfer_rows(told: Iterable[tuple[Organisation, list[Transferred]]]) -> list[dict[str, str]]:
    """By which payment orders the contributions of the month went on, of each payer."""
    return [
        {
            "payer": payer.name,
            "what": transfer_words(transfers) or _("shown once the transfer is entered"),
        }
        for payer, transfers in told
    ]


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


def credit_rows(sent: Iterable[Credit]) -> list[dict[str, str]]:
    """What was sent, when and by which document."""
    return [
        {
            "day": date_short(one.paid_on),
            "document": one.document,
            "payer": one.payer,
            "months": ", ".join(month_name(month) for month in one.months),
            "amount": money(one.amount),
        }
        for one in sent
    ]


def look_rows(looks: Iterable[Look]) -> list[dict[str, str]]:
    """When, in which role, what for; alone or on a list, how often on that day. Never a name."""
    return [
        {
            "when": moment(one.at) if one.times == 1 else date_short(one.at),
            "who": "; ".join(f"{role}, {place}" for role, place in one.as_whom) or _nobody(one),
            "what": _often(_purpose(one), one.times),
        }
        for one in looks
    ]


def _nobody(one: Look) -> str:
    if one.action == "pin_locked":
        return DASH
    if one.is_by_somebody:
        return _("somebody whose role has ended")
    return _("the portal itself")


def _often(what: str, times: int) -> str:
    if times == 1:
        return what
    told = ngettext("%(what)s – %(count)s time", "%(what)s – %(count)s times", times)
    return told % {"what": what, "count": number(times)}


def _purpose(one: Look) -> str:
    if one.action in WITHOUT_PURPOSE:
        return str(WITHOUT_PURPOSE[one.action])
    purpose = str(PURPOSES.get(one.purpose, _("Name and IIN")))
    return _("%(what)s, a list of people") % {"what": purpose} if one.is_list else purpose


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
