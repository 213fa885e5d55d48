"""Places and their queue as tables: every input with its points."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmates.models import QueueOverride
from inmates.queueing import INPUTS, QueueRules, Ranked, Waiting
from portal.kernel.text import DASH, date_short, number

INPUT_NAMES = {
    "waiting_day": gettext_lazy("Without paid work"),
    "trade": gettext_lazy("Trade of the place"),
    "dependants": gettext_lazy("Dependants paid"),
    "near_release": gettext_lazy("Release is near"),
    "lost_place": gettext_lazy("Place taken back"),
}


def input_heads(rules: QueueRules) -> list[dict[str, str]]:
    """The columns of the queue with what each is worth."""
    worth = {
        "waiting_day": _("%(points)s a day") % {"points": number(rules.weights["waiting_day"], 2)}
    }
    return [
        {"name": str(INPUT_NAMES[name]), "worth": worth.get(name) or number(rules.weights[name])}
        for name in INPUTS
    ]


def queue_rows(queue: Iterable[Ranked], post_id: int) -> list[dict[str, Any]]:
    return [
        {
            "place": row.place,
            "number": row.waiting.number,
            "url": reverse("inmates:person", args=[row.waiting.number]),
            "give_url": reverse("inmates:place_give", args=[post_id, row.waiting.number]),
            "inputs": [
                {
                    "label": str(INPUT_NAMES[name]),
                    "points": number(row.points[name], 2),
                    "what": what,
                }
                for name, what in _inputs(row.waiting).items()
            ],
            "total": number(row.total, 2),
        }
        for row in queue
    ]


def _inputs(waiting: Waiting) -> dict[str, str]:
    """What is known of each input, in words."""
    yes, no = _("yes"), _("no")
    days, left = waiting.days_waiting, waiting.days_to_release
    return {
        "waiting_day": ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)},
        "trade": yes if waiting.has_trade else no,
        "dependants": yes if waiting.has_dependants else no,
        "near_release": _("not known")
        if left is None
        else ngettext("in %(count)s day", "in %(count)s days", left) % {"count": number(left)},
        "lost_place": yes if waiting.lost_place else no,
    }


def override_rows(overrides: Iterable[QueueOverride]) -> list[dict[str, Any]]:
    """Placings out of order, by number and never by name."""
    return [
        {
            "day": date_short(row.decided_at),
            "institution": row.post.workshop.institution.organisation.name,
            "number": row.inmate.personnel_number,
            "post": f"{row.post.workshop.name}, {row.post.name}",
            "place": row.place_in_queue,
            "points": number(row.points, 2),
            "first_points": number(row.first_points, 2),
            "reason": row.reason,
            "who": row.decided_by.full_name or DASH,
        }
        for row in overrides
    ]
