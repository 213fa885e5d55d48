"""The directory of reasons as its page shows it: a table for each group, flags in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmates.enums import ReasonGroup
from inmates.models import Reason
from portal.kernel.text import DASH, date_short


def reason_groups(reasons: Iterable[Reason], on: date) -> list[dict[str, Any]]:
    """The groups in the order of the enumeration; retired reasons come last and muted."""
    by_group: dict[str, list[dict[str, Any]]] = {}
    for reason in sorted(reasons, key=lambda one: _is_retired(one, on)):
        by_group.setdefault(reason.group, []).append(_row(reason, on))
    return [
        {"title": group.label, "code": group.value, "rows": by_group[group.value]}
        for group in ReasonGroup
        if group.value in by_group
    ]


def _is_retired(reason: Reason, on: date) -> bool:
    return reason.retired_on is not None and reason.retired_on <= on


def _row(reason: Reason, on: date) -> dict[str, Any]:
    return {
        "id": str(reason.pk),
        "letter": reason.letter,
        "name": reason.name,
        "source": reason.source,
        "flags": ", ".join(_flags(reason)) or _nothing(reason),
        "offered": _offered(reason),
        "is_retired": _is_retired(reason, on),
        "may_retire": reason.retired_on is None and reason.group != ReasonGroup.MARK,
    }


def _flags(reason: Reason) -> list[str]:
    words = {
        "is_worked": _("worked"),
        "is_paid": _("paid"),
        "counts_as_available": _("counts as available"),
        "needs_text": _("needs a text"),
        "is_lasting": _("goes on the next day"),
        "is_refusal": _("own will: not for a private employer"),
    }
    if reason.pay_kind:
        words["is_paid"] = str(reason.get_pay_kind_display())
    return [word for flag, word in words.items() if getattr(reason, flag)]


def _nothing(reason: Reason) -> str:
    """Only a day of attendance could have been paid or worked."""
    is_day = reason.group in (ReasonGroup.ATTENDANCE, ReasonGroup.MARK)
    return _("neither paid nor worked") if is_day else DASH


def _offered(reason: Reason) -> str:
    begin, end = reason.offered_from, reason.retired_on
    if begin and end:
        return _("%(begin)s to %(end)s, not included") % {
            "begin": date_short(begin),
            "end": date_short(end),
        }
    if end:
        return _("until %(end)s, not included") % {"end": date_short(end)}
    return _("from %(begin)s") % {"begin": date_short(begin)} if begin else _("always")
