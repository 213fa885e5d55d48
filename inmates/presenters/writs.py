"""The register of writs as its pages show it: what each asks for, where it stands, its months."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from inmates.models import WritOfExecution, WritSuspension
from inmates.selectors.writs import Balance, MonthOfWrit
from portal.kernel.text import DASH, date_short, money, month_name, sum_text

STATES = {
    "in_force": gettext_lazy("In force"),
    "planned": gettext_lazy("Not yet in force"),
    "suspended": gettext_lazy("Suspended"),
    "ended": gettext_lazy("Ended"),
}
TABS = (
    ("open", pgettext_lazy("writs", "In force")),
    ("suspended", pgettext_lazy("writs", "Suspended")),
    ("ended", pgettext_lazy("writs", "Ended")),
)
NOTHING = Balance()


def writ_state(writ: Any, on: date) -> str:
    """Where the writ stands on the day; `is_suspended` is annotated by the selector."""
    if writ.effective_to is not None and writ.effective_to <= on:
        return "ended"
    if writ.effective_from > on:
        return "planned"
    return "suspended" if writ.is_suspended else "in_force"


def asks_text(writ: WritOfExecution) -> str:
    """What it asks for in one phrase."""
    if writ.share_numerator is not None:
        share = f"{writ.share_numerator}/{writ.share_denominator}"
        return _("alimony, %(share)s of the wage") % {"share": share}
    if writ.amount is not None:
        return _("alimony, %(amount)s a month") % {"amount": money(writ.amount)}
    return _("debt of %(debt)s") % {"debt": money(writ.debt)} if writ.debt is not None else ""


def tabs(chosen: str) -> list[dict[str, Any]]:
    """The parts of the register as links."""
    return [{"code": code, "label": label, "is_chosen": code == chosen} for code, label in TABS]


def register_rows(
    writs: Iterable[Any], found: Mapping[int, Balance], arrears: Mapping[str, Any], on: date
) -> list[dict[str, Any]]:
    """One row for each document; `arrears` by its number, of all its terms together."""
    return [
        {
            "pk": writ.pk,
            "person": writ.inmate.personnel_number,
            "number": writ.number,
            "queue": writ.queue,
            "asks": asks_text(writ),
            "left": _sum_or_dash(found.get(writ.pk, NOTHING).debt_left),
            "fee_left": _sum_or_dash(found.get(writ.pk, NOTHING).fee_left),
            "arrears": sum_text(arrears[writ.number]) if arrears.get(writ.number) else DASH,
            **_state(writ, on),
        }
        for writ in writs
    ]


def _sum_or_dash(amount: Any) -> str:
    return DASH if amount is None else sum_text(amount)


def _state(writ: Any, on: date) -> dict[str, Any]:
    state = writ_state(writ, on)
    return {"state": state, "state_label": STATES[state]}


def writ_facts(writ: Any, balance: Balance, arrears: Any, name: str) -> list[dict[str, str]]:
    """What the document says and where it stands; the name only where it may be read."""
    own = [
        *([{"label": _("Name"), "value": name}] if name else []),
        {"label": _("Personnel number"), "value": writ.inmate.personnel_number},
        {"label": _("Asks for"), "value": asks_text(writ)},
        {"label": _("Queue"), "value": str(writ.queue)},
        {"label": _("To whom it is paid"), "value": writ.payee, "note": writ.payee_account},
    ]
    return [*own, *_order_facts(writ), *_balance_facts(balance, arrears)]


def _order_facts(writ: Any) -> list[dict[str, str]]:
    facts = []
    if writ.bailiff:
        facts.append({"label": _("Bailiff"), "value": writ.bailiff, "note": writ.bailiff_account})
    if writ.order_number:
        value = f"№ {writ.order_number}"
        if writ.ordered_on:
            value = _("%(number)s of %(day)s") % {
                "number": value, "day": date_short(writ.ordered_on),
            }  # fmt: skip
        facts.append({"label": _("Bailiff's order"), "value": value})
    if writ.received_on:
        facts.append({"label": _("Received"), "value": date_short(writ.received_on)})
    if writ.ended_basis:
        facts.append({"label": _("Ended by"), "value": writ.ended_basis})
    return facts


def _balance_facts(balance: Balance, arrears: Any) -> list[dict[str, str]]:
    """Sums: booked, not booked yet, left, in arrears, each only where it says something."""
    facts = [{"label": _("Withheld by these terms"), "value": money(balance.withheld)}]
    if balance.waiting:
        facts.append(
            {
                "label": _("Calculated, not approved yet"),
                "value": money(balance.waiting),
            }
        )
    if balance.debt_left is not None:
        facts.append({"label": _("Debt left"), "value": money(balance.debt_left)})
    if balance.fee_left is not None:
        facts.append({"label": _("Bailiff's fee left"), "value": money(balance.fee_left)})
    if arrears:
        note = _("Kept, and withheld only by an order of the bailiff.")
        facts.append({"label": _("Alimony in arrears"), "value": money(arrears), "note": note})
    return facts


def month_rows(
    months: Iterable[MonthOfWrit],
    *,
    own: Collection[int],
    shares: Collection[int],
) -> list[dict[str, Any]]:
    """What each run withheld; `own` are the runs the reader may see, `shares` writs of a share.

    Of another payer's run neither who it is nor what was asked is told: from a share and its sum
    one would know what the person earns there.
    """
    return [_own_month(one) if one.run_id in own else _others_month(one, shares) for one in months]


def _own_month(one: MonthOfWrit) -> dict[str, Any]:
    return _month(one) | {
        "payer": one.payer.name,
        "url": reverse("inmates:payroll_run", args=[one.run_id]),
        "demanded": sum_text(one.demanded),
        "withheld": sum_text(one.withheld),
        "unmet": sum_text(one.demanded - one.withheld),
    }


def _others_month(one: MonthOfWrit, shares: Collection[int]) -> dict[str, Any]:
    is_told = one.is_fee or one.writ_id not in shares
    return _month(one) | {
        "payer": _("another payer"),
        "withheld": sum_text(one.withheld) if is_told else "",
    }


def _month(one: MonthOfWrit) -> dict[str, Any]:
    return {
        "month": month_name(one.month),
        "what": _("bailiff's fee") if one.is_fee else _("by the writ"),
        "is_posted": one.is_posted,
    }


def term_rows(rows: Iterable[Any], on: date) -> list[dict[str, Any]]:
    """The terms of a document one after another."""
    return [
        {
            "asks": asks_text(row),
            "queue": row.queue,
            "from": date_short(row.effective_from),
            "to": date_short(row.effective_to) if row.effective_to else "",
            **_state(row, on),
        }
        for row in rows
    ]


def suspension_rows(rows: Iterable[WritSuspension]) -> list[dict[str, str]]:
    """From when to when, and by what paper."""
    return [
        {
            "from": date_short(row.effective_from),
            "to": date_short(row.effective_to) if row.effective_to else "",
            "basis": row.basis,
        }
        for row in rows
    ]
