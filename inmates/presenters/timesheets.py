"""The timesheets of a month as the accountant sees them, and the story of one."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inmates.enums import TimesheetStatus as Status
from inmates.presenters.month import turn_words
from inmates.selectors.timesheets import SheetState
from portal.kernel.models import StateChange
from portal.kernel.periods import Month
from portal.kernel.text import date_short, month_name, number


def action_words() -> dict[str, str]:
    """What was done with a timesheet."""
    return {
        "submit": pgettext("timesheet", "Submitted"),
        "return": pgettext("timesheet", "Returned"),
        "lock": pgettext("timesheet", "Locked"),
        "reopen": pgettext("timesheet", "Opened again"),
    }


def sheet_timeline(history: Iterable[StateChange]) -> list[dict[str, Any]]:
    """The moves of a timesheet, the newest first."""
    words = action_words()
    rows = [
        {
            "at": one.at,
            "text": words.get(one.action, one.action),
            "status": one.to_status,
            "who": one.actor.get_full_name() if one.actor else "",
            "reason": one.reason,
        }
        for one in history
    ]
    return rows[::-1]


def state_rows(states: Iterable[SheetState], month: Month) -> list[dict[str, Any]]:
    """A line for each workshop: state, who has the turn, what is missing."""
    return [
        {
            "name": one.workshop.name,
            "place": one.workshop.institution.organisation.name,
            "url": reverse("inmates:timesheet", args=[one.workshop.code, str(month)]),
            "status": one.status,
            "label": one.timesheet.get_status_display(),
            "turn": turn_words(one.timesheet, one.gaps, one.ahead),
            "people": number(one.people),
            "gaps": number(one.gaps),
            "has_gaps": bool(one.gaps),
            "is_waiting": one.waits_for_check,
            "is_paid": one.is_paid,
        }
        for one in states
    ]


def month_links(month: Month, present: Month, back: int) -> list[dict[str, Any]]:
    """The months to choose from, the present one first."""
    return [
        {
            "label": month_name(one).capitalize(),
            "url": f"{reverse('inmates:timesheets')}?month={one}",
            "is_here": one == month,
        }
        for one in (present.plus(-step) for step in range(back))
    ]


def sheet_facts(state: SheetState) -> list[dict[str, str]]:
    """Who vouches for the sheet, and what is missing of it."""
    sheet = state.timesheet
    facts = [
        {"label": _("People"), "value": number(state.people)},
        {"label": _("Working days not entered"), "value": number(state.gaps)},
    ]
    if sheet.submitted_by and sheet.status in (Status.SUBMITTED, Status.LOCKED):
        facts.append(
            {
                "label": pgettext("timesheet", "Submitted"),
                "value": sheet.submitted_by.get_full_name(),
                "note": date_short(sheet.submitted_at),
            }
        )
    if sheet.locked_by:
        facts.append(
            {
                "label": pgettext("timesheet", "Locked"),
                "value": sheet.locked_by.get_full_name(),
                "note": date_short(sheet.locked_at),
            }
        )
    return facts
