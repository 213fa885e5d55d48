"""The timesheets of workshops: their states for the gate before a write, and for the pages."""

from collections.abc import Iterable
from datetime import date

from inmates.models import Timesheet
from portal.kernel.periods import Month


def timesheet_states(
    workshop_ids: Iterable[int], months: Iterable[Month | date]
) -> dict[tuple[int, date], str]:
    """The status by workshop and first day of the month; who has no row is open, and not here.

    One query. Who decides a write by it holds the placements concerned locked: a submission and a
    lock take the same locks first, so the status does not move under the writer.
    """
    first_days = {one.first_day if isinstance(one, Month) else one.replace(day=1) for one in months}
    rows = Timesheet.objects.filter(workshop__in=set(workshop_ids), month__in=first_days)
    return {
        (workshop_id, month): status
        for workshop_id, month, status in rows.values_list("workshop_id", "month", "status")
    }
