"""Rates of pay as their page shows them: a row for each post or operation, with its history."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.enums import RateUnit
from inmates.models import PayRate
from portal.accounts.models import Organisation
from portal.kernel.periods import Period
from portal.kernel.text import DASH, date_short, sum_text
from workshops.models import Operation, Post

POST, OPERATION = "post", "operation"


def rate_groups(rates: Iterable[PayRate], on: date, *, may_enter: bool) -> list[dict[str, Any]]:
    """Posts of each payer, then its operations; the rates come in the order of the selector."""
    groups: dict[tuple[int, str], dict[str, Any]] = {}
    for subject, found in groupby(rates, key=_subject):
        history = list(found)
        first = history[0]
        kind = POST if first.post_id else OPERATION
        group = groups.setdefault((first.payer_id, kind), _group(first.payer, kind))
        group["rows"].append(_row(subject, history, on, may_enter=may_enter))
    return sorted(groups.values(), key=lambda group: (group["payer_id"], group["kind"] != POST))


def _subject(rate: PayRate) -> tuple[int, str, int]:
    kind, key = (POST, rate.post_id) if rate.post_id else (OPERATION, rate.operation_id)
    return rate.payer_id, kind, key or 0


def _group(payer: Organisation, kind: str) -> dict[str, Any]:
    title = _("Posts") if kind == POST else _("Operations")
    return {"payer_id": payer.pk, "payer": payer.name, "kind": kind, "title": title, "rows": []}


def _row(
    subject: tuple[int, str, int], history: list[PayRate], on: date, *, may_enter: bool
) -> dict[str, Any]:
    payer_id, kind, key = subject
    present = next((rate for rate in history if _is_in_force(rate, on)), None)
    first = history[0]
    return {
        "name": post_name(first.post) if first.post else operation_name(first.operation),
        "place": place_name(first.post) if first.post else "",
        "rate": rate_text(present) if present else _("none in force"),
        "since": date_short(present.effective_from) if present else DASH,
        "history": [
            {"rate": rate_text(rate), "period": _period(rate), "is_ahead": rate.effective_from > on}
            for rate in history
        ],
        "url": enter_address(kind, key, payer_id) if may_enter else "",
    }


def _is_in_force(rate: PayRate, on: date) -> bool:
    return Period(rate.effective_from, rate.effective_to).contains(on)


def _period(rate: PayRate) -> str:
    begin = date_short(rate.effective_from)
    if rate.effective_to is None:
        return _("from %(begin)s") % {"begin": begin}
    end = date_short(rate.effective_to)
    return _("%(begin)s to %(end)s, not included") % {"begin": begin, "end": end}


def rate_text(rate: PayRate) -> str:
    """A rate with what it is for: 610,00 an hour; 650,00 for 10 pieces."""
    amount = sum_text(rate.amount)
    if rate.unit == RateUnit.HOUR:
        return _("%(amount)s ₸ an hour") % {"amount": amount}
    if rate.unit == RateUnit.MONTH:
        return _("%(amount)s ₸ a month") % {"amount": amount}
    if rate.per_pieces == 1:
        return _("%(amount)s ₸ a piece") % {"amount": amount}
    return _("%(amount)s ₸ for %(count)s pieces") % {"amount": amount, "count": rate.per_pieces}


def enter_address(kind: str, key: int, payer_id: int) -> str:
    """The form for a new rate of one post or operation."""
    return f"{reverse('inmates:pay_rate_enter')}?{kind}={key}&payer={payer_id}"


def post_name(post: Post) -> str:
    """The workshop and the post."""
    return f"{post.workshop.name}: {post.name}"


def place_name(post: Post) -> str:
    """The institution: workshops of two of them have the same name."""
    return str(post.workshop.institution.organisation.name)


def operation_name(operation: Any) -> str:
    """What is made, and the step of it."""
    subject = operation.subject
    title = subject.title if operation.part_id else subject.name
    return f"{title}: {operation.name}"


def subject_choices(posts: Iterable[Post], operations: Iterable[Operation]) -> list[Any]:
    """What a rate may be entered for, as the groups of a list."""
    of_places = [
        # The name of the place once more: a closed list shows what is chosen without its group.
        (place, [(f"{POST}-{one.pk}", f"{post_name(one)} ({place})") for one in here])
        for place, here in groupby(posts, key=place_name)
    ]
    return [
        ("", _("Choose a post or an operation")),
        *of_places,
        (_("Operations"), [(f"{OPERATION}-{one.pk}", operation_name(one)) for one in operations]),
    ]
