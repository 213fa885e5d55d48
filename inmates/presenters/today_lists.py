"""The list behind a number of today: a title, the heads and the rows of its table."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.models import Reason
from inmates.presenters.shift import mark_words
from inmates.selectors.shift import attendance_reasons
from inmates.selectors.today import Today
from inmates.selectors.today_lists import (
    operations_without_people,
    orders_due,
    people_today,
    posts_today,
    stopped_now,
)
from inmates.shifts import Mark
from portal.kernel.clock import ALMATY
from portal.kernel.text import date_short, number
from workshops.models import WorkOrder

Table = dict[str, Any]


def today_list(state: Today, name: str, on: date) -> Table | None:
    """The list of this name, or None where there is no such list."""
    make = LISTS.get(name)
    if make is None:
        return None
    table = make(state, on)
    for row in table["rows"]:
        # On a telephone each cell stands alone: it carries the head of its column.
        row["cells"] = list(zip(table["heads"][1:], row["cells"], strict=True))
    return table


def _people(title: str | Promise, wanted: Callable[[Any], bool]) -> Callable[[Today, date], Table]:
    def make(state: Today, on: date) -> Table:
        reasons: dict[int, Reason] = {one.pk: one for one in attendance_reasons(on)}
        return {
            "title": title,
            "heads": [_("Personnel №"), _("Post"), _("Attendance")],
            "rows": [
                {
                    "cells": [one.post.name, _attendance(one, reasons)],
                    "head": one.inmate.personnel_number,
                    "url": reverse("inmates:shift", args=[state.workshop.code, on.isoformat()]),
                }
                for one in people_today(state.workshop, on)
                if wanted(one)
            ],
        }

    return make


def _attendance(one: Any, reasons: dict[int, Reason]) -> str:
    if one.entry is None:
        return _("nothing entered")
    return mark_words(Mark(one.minutes, one.reason_id), reasons)


def _orders(title: str | Promise, *, overdue: bool) -> Callable[[Today, date], Table]:
    def make(state: Today, on: date) -> Table:
        return {
            "title": title,
            "heads": [_("Work order"), _("What is made"), _("Made"), _("Due")],
            "rows": [
                {
                    "head": order.number,
                    "url": _output_url(state, on, order),
                    "cells": [
                        order.title,
                        _("%(made)s of %(whole)s")
                        % {"made": number(order.made or 0), "whole": number(order.quantity)},
                        date_short(order.due_on) if order.due_on else "—",
                    ],
                }
                for order in orders_due(state.workshop, on, overdue=overdue)
            ],
        }

    return make


def _output_url(state: Today, on: date, order: WorkOrder) -> str:
    here = reverse("inmates:shift_output", args=[state.workshop.code, on.isoformat()])
    return f"{here}?order={order.pk}"


def _seats(state: Today, on: date) -> Table:
    return {
        "title": _("Seats and people"),
        "heads": [_("Post"), _("Trade"), _("Seats"), _("Placed"), _("Present")],
        "rows": [
            {
                "head": post.name,
                "url": "",
                "cells": [
                    post.trade.name,
                    number(post.seats),
                    number(post.placed),
                    number(post.present) if state.entered else _("no data"),
                ],
            }
            for post in posts_today(state.workshop, on)
        ],
    }


def _trades(state: Today, on: date) -> Table:
    return {
        "title": _("Operations for which nobody is here"),
        "heads": [_("Operation"), _("Trade"), _("Work order"), _("Left"), _("Due")],
        "rows": [
            {
                "head": row.operation.name,
                "url": _output_url(state, on, row.work_order),
                "cells": [
                    row.operation.trade.name,
                    f"{row.work_order.number} · {row.work_order.title}",
                    number(row.quantity - row.done),
                    date_short(row.work_order.due_on) if row.work_order.due_on else "—",
                ],
            }
            for row in operations_without_people(state.workshop, state.lacking or {})
        ],
    }


def _stopped(state: Today, on: date) -> Table:
    return {
        "title": _("What stands still now"),
        "heads": [_("What"), _("Why"), _("Since")],
        "rows": [
            {
                "head": _thing(row),
                "url": "",
                "cells": [
                    " · ".join(filter(None, [row.reason.name, row.note])),
                    f"{row.began_at.astimezone(ALMATY):%d.%m, %H:%M}",
                ],
            }
            for row in stopped_now(state.workshop)
        ],
    }


def _thing(row: Any) -> str:
    thing = row.post or row.equipment
    return thing.name if thing else _("the whole workshop")


LISTS: dict[str, Callable[[Today, date], Table]] = {
    "expected": _people(gettext_lazy("Expected today"), lambda one: True),
    "present": _people(gettext_lazy("Present today"), lambda one: bool(one.minutes)),
    "unentered": _people(gettext_lazy("Not entered yet"), lambda one: one.entry is None),
    "due": _orders(gettext_lazy("Due within a week"), overdue=False),
    "overdue": _orders(gettext_lazy("Overdue"), overdue=True),
    "seats": _seats,
    "trades": _trades,
    "stopped": _stopped,
}
