"""Timesheets of the two full months that have attendance, before the wages of the last.

Made by the services of the pages: submitted by the master or a labour officer of the institution,
locked by the accountant of its payer. A workshop in which a day was never entered stays open.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from inmates.month_refusals import NobodyInMonth, TimesheetGaps
from inmates.selectors.shift import shift_workshops
from inmates.selectors.timesheets import workshops_checked_by
from inmates.services.timesheets import lock_timesheet, return_timesheet, submit_timesheet
from portal.kernel.clock import ALMATY
from portal.kernel.periods import Month
from workshops.models import Workshop

REASON = "Проверьте 12-е и 13-е: в наряде есть выработка, а часов меньше, чем обычно."
# Who submits in each institution, and who locks: by the codes of the accounts.
SUBMITTERS = ("master", "labour13", "labour22", "labour30")
CHECKERS = ("accountant", "accountant2")


def make_timesheets(users: Mapping[str, Any], today: date) -> None:
    """All of both months are locked but the last month of the last institution.

    There one is returned, one submitted and the others locked, so its wages are not calculated
    yet. The present month is open.
    """
    last = Month.of(today).previous()
    submitters = [users[one] for one in SUBMITTERS if one in users]
    for month in (last.previous(), last):
        checkers = _checkers(users, today, month)
        for submitter in submitters:
            sheets = [one for one in shift_workshops(submitter, today) if one.pk in checkers]
            for place, workshop in enumerate(sheets):
                is_example = month == last and submitter == submitters[-1]
                act = _example(place, len(sheets)) if is_example else "lock"
                _make(submitter, checkers[workshop.pk], workshop, month, act)


def _checkers(users: Mapping[str, Any], today: date, month: Month) -> dict[int, Any]:
    """Which accountant locks the sheet of each workshop in which somebody is paid."""
    found: dict[int, Any] = {}
    for code in CHECKERS:
        if code in users:
            for workshop in workshops_checked_by(users[code], today, month):
                found.setdefault(workshop.pk, users[code])
    return found


def _example(place: int, count: int) -> str:
    """The first of several is returned, the last waits for its accountant."""
    if place == count - 1:
        return ""
    return "lock" if place else "return"


def _make(submitter: Any, checker: Any, workshop: Workshop, month: Month, act: str) -> None:
    at = datetime.combine(month.last_day + timedelta(days=1), time(9), ALMATY)
    with suppress(TimesheetGaps, NobodyInMonth):
        sheet = submit_timesheet(actor=submitter, workshop_id=workshop.pk, month=month, at=at)
        later: dict[str, Any] = {
            "actor": checker,
            "timesheet_id": sheet.pk,
            "at": at + timedelta(hours=3),
        }
        if act == "return":
            return_timesheet(reason=REASON, **later)
        elif act == "lock":
            lock_timesheet(**later)
