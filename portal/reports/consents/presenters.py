"""Withdrawals as a table: the code of the person, the day, and whether a place is offered."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmates.presenters.consents import clock_words
from portal.kernel.text import date_short
from portal.reports.consents.selectors import Withdrawal


def withdrawal_rows(found: Iterable[Withdrawal], on: date) -> list[dict[str, Any]]:
    return [_row(one, on) for one in found]


def _row(one: Withdrawal, on: date) -> dict[str, Any]:
    tone, words, note = _state(one, on)
    return {
        "number": one.number,
        "institution": one.institution.organisation.name,
        "day": date_short(one.withdrawn_on),
        "tone": tone,
        "words": words,
        "note": note,
    }


def _state(one: Withdrawal, on: date) -> tuple[str, str, str]:
    if one.due_by is None:
        return "quiet", _("no place was lost"), ""
    if one.offered_on is not None:
        note = _("works again") if one.works_again else ""
        if one.is_declined and not one.works_again:
            note = _("declined; nothing else is recorded")
        day = date_short(one.offered_on)
        return "ok", _("offered on %(day)s") % {"day": day}, note
    if one.works_again:
        return "ok", _("works again"), ""
    tone, clock = clock_words(one.due_by, on)
    return tone, _("not offered yet"), clock
