"""Today as its page shows it: for each workshop its numbers, whose turn it is, what comes next."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inmates.selectors.today import Today
from portal.kernel.periods import Month
from portal.kernel.text import date_short, month_name, number
from portal.kernel.workdays import is_workday


def today_boxes(states: list[Today], on: date) -> list[dict[str, Any]]:
    """A box for each workshop; the first that waits has the main act of the page."""
    boxes = [_box(state, on) for state in states]
    first = next((box for box in boxes if box["act"]), None)
    if first:
        first["is_main"] = True
    return boxes


def _box(state: Today, on: date) -> dict[str, Any]:
    code = state.workshop.code
    sheet = reverse("inmates:shift", args=[code, on.isoformat()])
    return {
        "code": code,
        "name": state.workshop.name,
        "place": state.workshop.institution.organisation.name,
        "url": sheet,
        "tag": _tag(state, on),
        "act": _act(state, on, sheet),
        "is_main": False,
        "turns": _turns(state),
        "rows": [
            {"label": "", "figures": _linked(code, _figures(state, on))},
            {"label": _("What is lacking"), "figures": _linked(code, _lacks(state))},
        ],
    }


def _linked(code: str, figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**one, "url": f"?workshop={code}&list={one['list']}#list" if one["list"] else ""}
        for one in figures
    ]


def _tag(state: Today, on: date) -> dict[str, str]:
    if not state.expected:
        return {"tone": "quiet", "label": _("Nobody is expected")}
    if state.entered < state.expected and is_workday(on):
        if not state.entered:
            return {"tone": "warn", "label": _("Attendance is not entered")}
        words = {"part": number(state.entered), "whole": number(state.expected)}
        return {"tone": "warn", "label": _("Entered for %(part)s of %(whole)s") % words}
    if not state.entered:
        return {"tone": "quiet", "label": _("Day off by the calendar")}
    return {"tone": "ok", "label": _("Attendance is entered")}


def _act(state: Today, on: date, sheet: str) -> dict[str, str] | None:
    """What comes next in this workshop, or nothing."""
    if not state.expected:
        return None
    if state.entered < state.expected and is_workday(on):
        return {"label": _("Enter attendance"), "url": sheet}
    if state.entered and state.asked_trades:
        return {
            "label": _("Enter output"),
            "url": reverse("inmates:shift_output", args=[state.workshop.code, on.isoformat()]),
        }
    return None


def _turns(state: Today) -> list[dict[str, str]]:
    """What else waits for the master: an earlier day, a timesheet that came back."""
    turns = []
    if state.missed_on:
        day = state.missed_on
        turns.append(
            {
                "text": _("%(day)s is not entered for everybody") % {"day": date_short(day)},
                "url": reverse("inmates:shift", args=[state.workshop.code, day.isoformat()]),
            }
        )
    for sheet in state.returned:
        words = {"month": month_name(sheet.month), "reason": sheet.returned_reason}
        turns.append(
            {
                "text": _("The timesheet of %(month)s came back: %(reason)s") % words,
                "url": reverse(
                    "inmates:month", args=[state.workshop.code, str(Month.of(sheet.month))]
                ),
            }
        )
    return turns


def _figures(state: Today, on: date) -> list[dict[str, Any]]:
    """The numbers; `list` names what opens behind one, `None` is written as no data."""
    expects = bool(state.expected)
    missing = state.expected - state.entered if is_workday(on) else 0
    return [
        _figure(_("Expected"), state.expected, "expected"),
        _figure(_("Present"), state.present if expects else 0, "present"),
        _figure(_("Not entered"), missing, "unentered", "warn"),
        _figure(_("Due within a week"), state.due, "due"),
        _figure(_("Overdue"), state.overdue, "overdue", "bad"),
    ]


def _lacks(state: Today) -> list[dict[str, Any]]:
    lacking = state.lacking
    return [
        _figure(_("Free seats"), state.free_seats, "seats"),
        _figure(
            _("Trades without people"), None if lacking is None else len(lacking), "trades", "warn"
        ),
        _figure(_("Standing still"), state.stopped, "stopped", "warn"),
        # No stock is kept: what is known of material is a stop for want of it.
        _figure(_("Short of material"), state.without_material or None, "stopped", "warn"),
    ]


def _figure(label: str, value: int | None, name: str, tone: str = "") -> dict[str, Any]:
    if value is None:
        return {"label": label, "value": pgettext("figure", "no data"), "list": "", "tone": "none"}
    return {
        "label": label,
        "value": number(value),
        "list": name if value else "",
        "tone": tone if value else "",
    }
