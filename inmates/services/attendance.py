"""Attendance as the master enters it: a whole list at once, or nothing of it.

Called by the master's page. `services.output` is its sister for the pieces made.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction

from inmates.models import Attendance, Reason, ShiftChange
from inmates.refusals import (
    ChangedMeanwhile,
    DayTwice,
    MinutesBesideAbsence,
    NightOverWorked,
    OvertimeOnDayOff,
    OvertimeOverWorked,
)
from inmates.selectors.calendar import workdays_among
from inmates.selectors.shift import Entered, marks_on
from inmates.services.day_output import require_output_fits
from inmates.services.open_days import Trace, lock_open_days, require_right
from inmates.services.two_places import require_hours_of_a_day
from inmates.shifts import Excess, Mark, Outcome, excess_of, outcome
from portal.kernel.copying import TO_JSON, JsonText, copy_rows, update_rows
from portal.kernel.errors import readable_refusals
from portal.kernel.text import date_short

Day = tuple[int, date]
StoredMark = tuple[int, Mark]  # the primary key and what stands
OF_MARK = ("minutes", "reason_id", "note", "night_minutes", "overtime_minutes")
WRITTEN = (*OF_MARK, "recorded_by_id", "recorded_at")
NOTHING = JsonText("{}")
EXCESSES = {
    Excess.NIGHT: NightOverWorked,
    Excess.OVERTIME: OvertimeOverWorked,
    Excess.DAY_OFF: OvertimeOnDayOff,
}


@dataclass(frozen=True, slots=True)
class AttendedDay:
    """One person's day: minutes worked, or the reason of absence."""

    placement_id: int
    worked_on: date
    minutes: int
    reason_id: int | None = None
    note: str = ""
    night: int = 0
    overtime: int = 0

    @property
    def mark(self) -> Mark:
        return Mark(self.minutes, self.reason_id, self.note, self.night, self.overtime)

    @classmethod
    def of(cls, placement_id: int, day: date, mark: Mark) -> "AttendedDay":
        return cls(
            placement_id, day, mark.minutes, mark.reason_id, mark.note, mark.night, mark.overtime
        )


@dataclass(frozen=True, slots=True)
class MarkEdit:
    """One line of the page: what it showed, whether that was stored, and what came back."""

    placement_id: int
    shown: Mark | None
    was_entered: bool
    mine: Mark | None


@dataclass(frozen=True, slots=True)
class Saved:
    """How many entries were written, and those of others that were left as they are."""

    written: int
    theirs: dict[Any, Entered]


def save_attendance(
    *, actor: Any, day: date, edits: Sequence[MarkEdit], at: datetime, correction: str = ""
) -> Saved:
    """The day of these people is as the page says; what others entered meanwhile is not lost.

    Refused as a whole like `record_attendance`, and with `ChangedMeanwhile` where somebody else
    entered something different since the page was opened. Where only they changed a person, theirs
    stands and is named in the result. Twice is harmless: the second finds nothing to write.
    """
    with readable_refusals(), transaction.atomic():
        touched = {(edit.placement_id, day) for edit in edits}
        lock_open_days(touched, at=at, correction=correction, actor=actor)
        stored = marks_on([edit.placement_id for edit in edits], day)
        sorted_out: dict[Outcome, list[MarkEdit]] = {kind: [] for kind in Outcome}
        for edit in edits:
            theirs = stored.get(edit.placement_id)
            kind = outcome(
                shown=edit.shown,
                was_entered=edit.was_entered,
                mine=edit.mine,
                theirs=theirs.value if theirs else None,
            )
            sorted_out[kind].append(edit)
        if sorted_out[Outcome.CONFLICT]:
            raise ChangedMeanwhile(_stored(stored, sorted_out[Outcome.CONFLICT]))
        wanted = sorted_out[Outcome.WRITE]
        written = record_attendance(
            actor=actor,
            days=[
                AttendedDay.of(edit.placement_id, day, mark)
                for edit in wanted
                if (mark := edit.mine) is not None
            ],
            cleared=[(edit.placement_id, day) for edit in wanted if edit.mine is None],
            at=at,
            correction=correction,
        )
    return Saved(written, _stored(stored, sorted_out[Outcome.THEIRS]))


def _stored(stored: dict[int, Entered], edits: Sequence[MarkEdit]) -> dict[Any, Entered]:
    found = {edit.placement_id: stored.get(edit.placement_id) for edit in edits}
    return {placement_id: entered for placement_id, entered in found.items() if entered}


def record_attendance(
    *,
    actor: Any,
    days: Sequence[AttendedDay],
    at: datetime,
    cleared: Collection[Day] = (),
    correction: str = "",
) -> int:
    """The days are as given, the cleared ones are empty; a correction leaves its trace. How many.

    A day past the window, of a timesheet that is handed in or of a calculated month is written
    with a `correction` of five letters or more, which is kept for a first entry too. Refused as a
    whole: for whoever is neither master nor labour officer of each institution, a closed day
    without such a text, a day ahead, a month that is being calculated, a day outside the
    placement, a day with neither minutes nor reason, a reason not offered for that day, minutes
    beside a reason that is no work, night or overtime above them, overtime of a day off, an
    absence or an empty day with output, more than a day has hours at all places of a person
    together, a day that stands twice. Twice is harmless: what stands already is not written again.
    """
    wanted = wanted_days(days, cleared)
    require_right(actor, {placement_id for placement_id, _day in wanted}, at)
    with readable_refusals(), transaction.atomic():
        closed = lock_open_days(wanted, at=at, correction=correction, actor=actor)
        return write_days(Trace(actor, at, correction, closed), wanted)


def wanted_days(
    days: Sequence[AttendedDay], cleared: Collection[Day] = ()
) -> dict[Day, Mark | None]:
    """Each day once, with its mark or None; refused when it stands twice or contradicts itself."""
    _require_no_work_in_absence(days)
    _require_supplements_within(days)
    wanted: dict[Day, Mark | None] = dict.fromkeys(cleared)
    for one in days:
        key = (one.placement_id, one.worked_on)
        if key in wanted:
            raise DayTwice(day=date_short(one.worked_on))
        wanted[key] = one.mark
    return wanted


def write_days(trace: Trace, wanted: dict[Day, Mark | None]) -> int:
    """The days as wanted, by whoever has the right and has locked them. How many were changed."""
    require_output_fits(wanted)
    stored = _stored_marks(wanted)
    changed = {
        key: mark
        for key, mark in wanted.items()
        if mark != (stored[key][1] if key in stored else None)
    }
    require_hours_of_a_day(changed)
    _keep_trace(trace, changed, stored)
    _write(trace, changed, stored)
    return len(changed)


def _stored_marks(wanted: Collection[Day]) -> dict[Day, StoredMark]:
    rows = Attendance.objects.filter(
        placement__in={key[0] for key in wanted}, worked_on__in={key[1] for key in wanted}
    ).values_list("placement_id", "worked_on", "pk", *OF_MARK)
    return {
        (placement_id, day): (pk, Mark(*mark))
        for placement_id, day, pk, *mark in rows
        if (placement_id, day) in wanted
    }


def _write(trace: Trace, changed: dict[Day, Mark | None], stored: dict[Day, StoredMark]) -> None:
    """Three statements at most, however many days: the sheet of a month is two thousand."""
    gone = [stored[key][0] for key, mark in changed.items() if mark is None]
    if gone:
        Attendance.objects.filter(pk__in=gone).delete()
    rows = [
        (key, (*mark.as_row(), trace.actor.pk, trace.at))
        for key, mark in changed.items()
        if mark is not None
    ]
    kept = [(stored[key][0], *values) for key, values in rows if key in stored]
    update_rows(Attendance, WRITTEN, kept)
    new = [(*key, *values) for key, values in rows if key not in stored]
    copy_rows(Attendance, ("placement_id", "worked_on", *WRITTEN), new)


def _keep_trace(
    trace: Trace, changed: dict[Day, Mark | None], stored: dict[Day, StoredMark]
) -> None:
    """What stood before each correction; the reason by its code, which no later edit moves."""
    before = {key: stored[key][1] if key in stored else None for key in changed}
    told = {key: mark for key, mark in changed.items() if key in stored or key in trace.closed}
    marks = [*told.values(), *(before[key] for key in told)]
    reasons = {mark.reason_id for mark in marks if mark} - {None}
    codes = dict(Reason.objects.filter(pk__in=reasons).values_list("pk", "code"))

    @cache  # a sheet of two thousand cells has a handful of marks
    def side(mark: Mark | None) -> JsonText:
        if mark is None:
            return NOTHING
        code = codes.get(mark.reason_id, "")
        told: dict[str, Any] = {"minutes": mark.minutes, "reason": code, "note": mark.note}
        # Written where there is some: what stands in the trace already has none.
        told |= {"night": mark.night} if mark.night else {}
        told |= {"overtime": mark.overtime} if mark.overtime else {}
        return JsonText(TO_JSON(told))

    copy_rows(
        ShiftChange,
        trace.COLUMNS,
        (trace.row(key, side(before[key]), side(mark)) for key, mark in told.items()),
    )


def _require_supplements_within(days: Sequence[AttendedDay]) -> None:
    """Night and overtime are part of the minutes; of a day off the whole is paid higher.

    What is a day off, the stored calendar says, by which the month is paid.
    """
    extra = [one for one in days if one.mark.night or one.mark.overtime]
    workdays = workdays_among([one.worked_on for one in extra]) if extra else set()
    for one in extra:
        kind = excess_of(one.mark, is_workday=one.worked_on in workdays)
        if kind is not None:
            raise EXCESSES[kind](day=date_short(one.worked_on))


def _require_no_work_in_absence(days: Sequence[AttendedDay]) -> None:
    reasons = {day.reason_id for day in days if day.minutes and day.reason_id}
    if Reason.objects.filter(pk__in=reasons, is_worked=False).exists():
        raise MinutesBesideAbsence
