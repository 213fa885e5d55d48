"""The floor of a shift as its pages show it: tables of downtime, defects and material.

Each row has its cells, what is to be said about it, and what can be done with it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.selectors.shift_day import ShiftDay
from portal.kernel.clock import ALMATY
from portal.kernel.text import date_short, number
from workshops.models import Defect, Downtime, MaterialIssue

Row = dict[str, Any]


def _cell(label: str, value: str, *, is_number: bool = False) -> Row:
    return {"label": label, "value": value, "is_number": is_number}


def _table(heads: list[tuple[str, bool]], rows: list[Row], empty: str) -> Row:
    return {
        "heads": [{"label": label, "is_number": is_number} for label, is_number in heads],
        "rows": rows,
        "empty": empty,
    }


def _act(shift: ShiftDay, kind: str, pk: int, act: str, label: str) -> Row:
    args = [shift.workshop.code, shift.day.isoformat(), kind, pk, act]
    return {"label": label, "url": reverse("inmates:floor_act", args=args)}


def _withdrawn(row: Downtime | Defect) -> str:
    if row.withdrawn_at is None or row.withdrawn_by is None:
        return ""
    return _("Withdrawn %(day)s by %(who)s: %(why)s") % {
        "day": date_short(row.withdrawn_at),
        "who": row.withdrawn_by.get_full_name() or "—",
        "why": row.withdrawn_why,
    }


def _late(text: str) -> str:
    return _("Entered late: %(why)s") % {"why": text} if text else ""


def thing_of(row: Downtime) -> str:
    """What stands still."""
    if row.post is not None:
        return str(row.post.name)
    if row.equipment is not None:
        return f"{row.equipment.name}, {row.equipment.inventory_number}"
    return _("The whole workshop")


def span_of(row: Downtime) -> str:
    """From when to when, with the day where it is another."""
    begin = row.began_at.astimezone(ALMATY)
    if row.ended_at is None:
        return _("since %(time)s") % {"time": _time(begin)}
    end = row.ended_at.astimezone(ALMATY)
    if begin.date() == end.date():
        return f"{date_short(begin)}, {begin:%H:%M}–{end:%H:%M}"
    return f"{_time(begin)} – {_time(end)}"


def _time(moment: datetime) -> str:
    return f"{date_short(moment)}, {moment:%H:%M}"


def minutes_of(row: Downtime, now: datetime) -> int:
    """How long it stood, up to now where it still does."""
    return int(((row.ended_at or now) - row.began_at).total_seconds() // 60)


def downtime_table(shift: ShiftDay, found: Iterable[Downtime], now: datetime) -> Row:
    """Downtime that touches the day; one longer than a shift is asked about."""
    full = shift.rules.norm["general"]
    heads = [(_("What"), False), (_("When"), False), (_("Minutes"), True), (_("Reason"), False)]
    rows = []
    for row in found:
        minutes = minutes_of(row, now)
        is_live = row.withdrawn_at is None
        acts = []
        if is_live and row.ended_at is None:
            acts.append(_act(shift, "downtime", row.pk, "end", _("It works again")))
        if is_live:
            acts.append(_act(shift, "downtime", row.pk, "withdraw", _("Withdraw")))
        warning = ""
        if is_live and minutes > full:
            warning = _("Longer than a shift of %(full)s minutes: is it right?") % {
                "full": number(full)
            }
        cells = [
            _cell(heads[1][0], span_of(row)),
            _cell(heads[2][0], number(minutes), is_number=True),
            _cell(heads[3][0], row.reason.name),
        ]
        notes = [row.note, _late(row.late_why), _withdrawn(row)]
        rows.append(_row(thing_of(row), cells, notes, acts, is_live=is_live, warning=warning,
                         is_open=is_live and row.ended_at is None))  # fmt: skip
    return _table(heads, rows, _("Nothing stood still on this day."))


def _row(head: str, cells: list[Row], notes: list[str], acts: list[Row], **flags: Any) -> Row:
    return {"head": head, "cells": cells, "notes": list(filter(None, notes)), "acts": acts, **flags}


def defect_table(shift: ShiftDay, found: Iterable[Defect]) -> Row:
    """Pieces that failed, by operation."""
    heads = [(_("Operation"), False), (_("Work order"), False), (_("Quantity"), True),
             (_("What becomes of them"), False), (_("Reason"), False)]  # fmt: skip
    rows = []
    for row in found:
        operation = row.work_order_operation
        is_live = row.withdrawn_at is None
        cells = [
            _cell(heads[1][0], f"{operation.work_order.title}, {operation.work_order.number}"),
            _cell(heads[2][0], number(row.quantity), is_number=True),
            _cell(heads[3][0], str(row.get_outcome_display())),
            _cell(heads[4][0], row.reason.name),
        ]
        acts = [_act(shift, "defects", row.pk, "withdraw", _("Withdraw"))] if is_live else []
        notes = [row.note, _late(row.late_why), _withdrawn(row)]
        rows.append(_row(operation.operation.name, cells, notes, acts, is_live=is_live))
    return _table(heads, rows, _("No piece failed on this day."))


def issue_table(shift: ShiftDay, found: Iterable[MaterialIssue]) -> Row:
    """Material issued and taken back, by work order."""
    heads = [(_("Material"), False), (_("Work order"), False), (_("Quantity"), True)]
    rows = []
    for row in found:
        came_back = row.came_back or 0  # type: ignore[attr-defined]  # annotated by the selector
        is_out = row.returns_id is None and row.quantity + came_back > 0
        acts = [_act(shift, "materials", row.pk, "back", _("Return some"))] if is_out else []
        words = f"{number(row.quantity)} {row.get_unit_display()}"
        cells = [
            _cell(heads[1][0], f"{row.work_order.title}, {row.work_order.number}"),
            _cell(heads[2][0], words, is_number=True),
        ]
        returned = ""
        if came_back:
            returned = _("came back: %(count)s") % {"count": number(-came_back)}
        notes = [_("Taken back: %(why)s") % {"why": row.why} if row.returns_id else "",
                 returned, _late(row.late_why)]  # fmt: skip
        rows.append(_row(row.material, cells, notes, acts, is_live=True))
    return _table(heads, rows, _("No material was issued on this day."))
