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
from inmates.services.timesheets import lock_timesheet, submit_timesheet
from portal.kernel.clock import ALMATY
from portal.kernel.periods import Month
from workshops.models import Workshop

# Who submits in each institution, and who locks: by the codes of the accounts.
SUBMITTERS = ("master", "labour13", "labour22", "labour30")
CHECKERS = ("accountant", "accountant2")


def make_timesheets(users: Mapping[str, Any], today: date) -> None:
    """All of both months are locked but the last month of the last institution.

    There all are submitted and wait for their accountant, whose account is printed: that one
    alone can go on to its wages. The present month is open.
    """
    last = Month.of(today).previous()
    submitters = [users[one] for one in SUBMITTERS if one in users]
    for month in (last.previous(), last):
        checkers = _checkers(users, today, month)
        for submitter in submitters:
            sheets = [one for one in shift_workshops(submitter, today) if one.pk in checkers]
            waits = month == last and submitter == submitters[-1]
            for workshop in sheets:
                _make(submitter, None if waits else checkers[workshop.pk], workshop, month)


def _checkers(users: Mapping[str, Any], today: date, month: Month) -> dict[int, Any]:
    """Which accountant locks the sheet of each workshop in which somebody is paid."""
    found: dict[int, Any] = {}
    for code in CHECKERS:
        if code in users:
            for workshop in workshops_checked_by(users[code], today, month):
                found.setdefault(workshop.pk, users[code])
    return found


def _make(submitter: Any, checker: Any, workshop: Workshop, month: Month) -> None:
    """Submitted, and locked where somebody has checked it."""
    at = datetime.combine(month.last_day + timedelta(days=1), time(9), ALMATY)
    with suppress(TimesheetGaps, NobodyInMonth):
        sheet = submit_timesheet(actor=submitter, workshop_id=workshop.pk, month=month, at=at)
        if checker is not None:
            lock_timesheet(actor=checker, timesheet_id=sheet.pk, at=at + timedelta(hours=3))
