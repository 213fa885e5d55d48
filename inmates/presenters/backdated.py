"""Changes of approved months as their page shows them: what, whose, since when, by whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.enums import BackdatedCause
from inmates.presenters.discretion import earning_name
from inmates.presenters.parameter_words import TITLES
from inmates.selectors.backdated import Change
from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel.text import DASH, date_short, moment, month_name, number


def change_rows(changes: Iterable[Change], *, own: set[int]) -> list[dict[str, Any]]:
    """A row for each act; the run that answered it is a link where the reader may open it."""
    return [_row(one, own) for one in changes]


def _row(one: Change, own: set[int]) -> dict[str, Any]:
    more = one.people - len(one.numbers)
    run = one.run
    return {
        "what": BackdatedCause(one.cause).label,
        "note": _subject(one),
        "payer": one.payer.name,
        "place": one.institution.organisation.name,
        "since": date_short(one.since),
        "month": month_name(one.since),
        "people": number(one.people),
        "numbers": ", ".join(one.numbers)
        + (" " + _("and %(count)s more") % {"count": number(more)} if more else ""),
        "at": moment(one.at),
        "by": one.by.get_full_name() if one.by else DASH,
        "reason": one.reason,
        "run": _("with the wages of %(month)s") % {"month": month_name(run.month)} if run else "",
        "url": reverse("inmates:payroll_run", args=[run.pk]) if run and run.pk in own else "",
    }


def _subject(one: Change) -> str:
    """What exactly, where the cause does not say it all; of an absence nothing is told."""
    if one.what == "parameter":
        return str(TITLES.get(one.key, one.key))
    if one.what == "calendar":
        return date_short(date.fromisoformat(one.key))
    if one.what == "stay":
        return _("arrival or release")
    name = one.titles.get(get_language() or "ru") or one.titles.get("ru", "")
    if one.what in ("kind", "extra"):
        is_discreet = one.payer.kind in PRIVATE_KINDS
        return str(earning_name(one.key, name or one.key, is_discreet=is_discreet))
    return name
