"""The first signature of an organisation as its page shows it: who signs now, and by date."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.deputies import ONE_DAY
from portal.accounts.models import FirstSignature, Organisation
from portal.kernel.periods import Period
from portal.kernel.text import date_short


def signature_facts(rows: Iterable[FirstSignature], on: date) -> list[dict[str, str]]:
    """Who signs on the day, until when and by what."""
    for row in rows:
        if _is_in_force(row, on):
            return [
                {"label": _("Signs now"), "value": row.holder.get_full_name()},
                {"label": _("Days"), "value": days_of(row)},
                {"label": _("Basis"), "value": row.basis},
            ]
    return []


def signature_rows(rows: Iterable[FirstSignature], on: date) -> list[dict[str, Any]]:
    """Every row by date; an order that is not over leads to where it is ended."""
    return [
        {
            "holder": row.holder.get_full_name(),
            "days": days_of(row),
            "basis": row.basis,
            "given_by": row.given_by.get_full_name() if row.given_by else "",
            "is_now": _is_in_force(row, on),
            "end_url": _end_url(row, on),
        }
        for row in rows
    ]


def organisation_chips(
    organisations: Iterable[Organisation], chosen: Organisation
) -> list[dict[str, Any]]:
    """The organisations one heads, to choose from."""
    return [
        {"label": one.name, "url": page_address(one.pk), "is_here": one == chosen}
        for one in organisations
    ]


def page_address(organisation_id: int) -> str:
    """The page of one organisation."""
    return f"{reverse('accounts:signature')}?organisation={organisation_id}"


def days_of(row: FirstSignature) -> str:
    """From the first day to the last; an open row has no last one."""
    begin = date_short(row.effective_from)
    if row.effective_to is None:
        return _("since %(begin)s") % {"begin": begin}
    last = row.effective_to - ONE_DAY
    if last == row.effective_from:
        return begin
    return f"{begin} – {date_short(last)}"


def _is_in_force(row: FirstSignature, on: date) -> bool:
    return Period(row.effective_from, row.effective_to).contains(on)


def _end_url(row: FirstSignature, on: date) -> str:
    is_over = row.effective_to is None or row.effective_to <= on
    if row.given_by_id is None or is_over:
        return ""
    return reverse("accounts:signature_end", args=[row.pk])
