"""Notices to bailiffs in words: the list with its clock, and the paper in ru or kk."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from inmates.models import BailiffNotice
from inmates.papers.clocks import days_left
from inmates.papers.enums import NoticeCause, NoticeStatus
from inmates.presenters.writs import asks_text
from inmates.selectors.people import Identity
from inmates.selectors.writs import Balance
from portal.kernel.text import DASH, date_long, date_short, money, number


def tabs(chosen: str) -> list[dict[str, Any]]:
    """The two parts of the list as links."""
    labels = {"waiting": _("To be sent"), "settled": _("Settled")}
    return [
        {"code": code, "label": label, "is_chosen": code == chosen}
        for code, label in labels.items()
    ]


def notice_rows(notices: Iterable[BailiffNotice], on: date) -> list[dict[str, Any]]:
    """One row a notice: whom it is about by number, what happened, until when, with whom."""
    return [notice_row(one, on) for one in notices]


def notice_row(notice: BailiffNotice, on: date) -> dict[str, Any]:
    """A line of the list."""
    tone, clock = _clock(notice, on)
    return {
        "pk": notice.pk,
        "person": notice.inmate.personnel_number,
        "writ": notice.writ.number,
        # Never the creditor: the head, who reads this too, is not told of families.
        "bailiff": notice.writ.bailiff or DASH,
        "cause": notice.get_cause_display(),
        "happened": date_short(notice.happened_on),
        "due": date_short(notice.due_on),
        "payer": notice.payer.name,
        "place": notice.institution.organisation.name,
        "tone": tone,
        "clock": clock,
        "is_waiting": notice.status == NoticeStatus.WAITING,
        "raised": date_short(notice.raised_at) if notice.raised_at else "",
    }


def _clock(notice: BailiffNotice, on: date) -> tuple[str, str]:
    """How the clock stands, in words."""
    if notice.status == NoticeStatus.CANCELLED:
        return "quiet", notice.get_status_display()
    if notice.sent_on is not None:
        words = _("sent %(day)s, № %(number)s") % {
            "day": date_short(notice.sent_on), "number": notice.outgoing_number,
        }  # fmt: skip
        late = days_left(notice.due_on, notice.sent_on)
        return ("ok", words) if late >= 0 else ("warn", f"{words}; {_late(-late)}")
    left = days_left(notice.due_on, on)
    if left < 0:
        return "bad", _late(-left)
    if left == 0:
        return "warn", _("today is the last day")
    words = ngettext("%(count)s day left", "%(count)s days left", left)
    return "warn", words % {"count": number(left)}


def _late(days: int) -> str:
    return ngettext("late by %(count)s day", "late by %(count)s days", days) % {
        "count": number(days)
    }


def notice_facts(
    notice: BailiffNotice, row: dict[str, Any], owners: Iterable[str]
) -> list[dict[str, str]]:
    """What stands on the page of one notice; `owners`: who answers for it at the payer."""
    return [
        {"label": _("Personnel number"), "value": row["person"]},
        {"label": _("What happened"), "value": row["cause"], "note": row["happened"]},
        {"label": _("Writ of execution"), "value": f"№ {row['writ']}",
         "note": asks_text(notice.writ)},
        {"label": _("Bailiff"), "value": row["bailiff"]},
        {"label": _("Payer"), "value": row["payer"], "note": row["place"]},
        {"label": _("To be sent by"), "value": row["due"], "note": row["clock"]},
        {"label": _("Answers for the notices"), "value": ", ".join(owners) or DASH},
    ]  # fmt: skip


def notice_document(
    notice: BailiffNotice,
    balance: Balance,
    who: Identity | None,
    *,
    by_us: Decimal,
    on: date,
    stamp: dict[str, Any],
) -> dict[str, Any]:
    """Plain data for templates/documents/bailiff_notice.typ, in the present language.

    `by_us`: what this payer withheld, of all that was; `on`: the day by which the sums stand.
    """
    writ = notice.writ
    facts = [
        (_("Debtor"), who.full_name if who else DASH),
        (_("IIN"), (who.iin if who else None) or DASH),
        (_("Executive document"), f"№ {writ.number}"),
        (_("In favour of"), writ.payee),
        (_("Asks for"), asks_text(writ)),
        (_("Withheld by us"), money(by_us)),
    ]
    if writ.order_number:
        order = f"№ {writ.order_number}"
        day = f", {date_short(writ.ordered_on)}" if writ.ordered_on else ""
        facts.insert(3, (_("Bailiff's order"), order + day))
    if balance.debt_left is not None:
        facts.append((_("Left of the debt"), money(balance.debt_left)))
    if balance.arrears:
        facts.append((_("Alimony in arrears"), money(balance.arrears)))
    return {
        "language": (get_language() or "ru").split("-")[0],
        "title": _("Notice to the bailiff"),
        "to": writ.bailiff or _("To the bailiff"),
        "from": notice.payer.name,
        "bin": _("BIN or IIN %(number)s") % {"number": notice.payer.bin},
        "number": notice.outgoing_number or "________",
        "day": date_short(notice.sent_on) if notice.sent_on else "________",
        "labels": {
            "number": _("Outgoing №"),
            "day": _("Date"),
            "from": pgettext("letter", "From"),
            "to": _("To"),
        },
        "opening": _opening(notice),
        "facts": [{"label": label, "value": value} for label, value in facts],
        "closing": _closing(notice, on),
        "signs": [_("Head"), _("Accountant")],
        "stamp": stamp,
    }


def _opening(notice: BailiffNotice) -> str:
    """What happened, in a sentence of its own for each cause."""
    day = date_long(notice.happened_on)
    if notice.cause == NoticeCause.RELEASE:
        words = _("We inform you that the debtor left custody; the first day out is %(day)s.")
    elif notice.cause == NoticeCause.TRANSFER:
        words = _("We inform you that the debtor is held in another institution from %(day)s.")
    else:
        words = _("We inform you that the debtor no longer works for us from %(day)s.")
    return words % {"day": day}


def _closing(notice: BailiffNotice, on: date) -> str:
    """What the sums are of, and what is still withheld: the last wages are paid afterwards."""
    words = _(
        "The sums are of the wages approved by %(on)s, by the order of the bailiff, without "
        "penalties. From the wages for the days before %(day)s that are approved later, and from "
        "the compensation of leave, we withhold as before."
    )
    return words % {"on": date_short(on), "day": date_short(notice.happened_on)}
