"""Timesheets of the last two full months: locked before, and of the last one each in its state.

Made by the services of the pages; a workshop in which a day was never entered stays open.
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

REASON = "Проверьте 12-е и 13-е: в наряде есть выработка, а часов меньше, чем обычно."


def make_timesheets(users: Mapping[str, Any], today: date) -> None:
    """The month before the last is locked; of the last: one returned, one submitted, the others
    locked. The present one is open."""
    last = Month.of(today).previous()
    master, accountant = users["master"], users["accountant"]
    paid = set(workshops_checked_by(accountant, today, last).values_list("pk", flat=True))
    places = [one for one in shift_workshops(master, today) if one.pk in paid]
    for month in (last.previous(), last):
        at = datetime.combine(month.last_day + timedelta(days=1), time(9), ALMATY)
        for place, workshop in enumerate(places):
            with suppress(TimesheetGaps, NobodyInMonth):
                sheet = submit_timesheet(actor=master, workshop_id=workshop.pk, month=month, at=at)
                later: dict[str, Any] = {
                    "actor": accountant,
                    "timesheet_id": sheet.pk,
                    "at": at + timedelta(hours=3),
                }
                if month == last and place == 0 and len(places) > 1:
                    return_timesheet(reason=REASON, **later)
                elif month != last or place != len(places) - 1:
                    lock_timesheet(**later)
