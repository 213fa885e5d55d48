"""Attendance as the master enters it: a whole list at once, or nothing of it.

Called by the master's page. `services.output` is its sister for the pieces made.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inmates.models import Attendance, Placement, Reason, ShiftChange, WorkEntry
from inmates.refusals import ChangedMeanwhile, DayTwice, MinutesBesideAbsence, SheetRefused
from inmates.selectors.shift import Entered, marks_on
from inmates.services.open_days import Trace, lock_open_days, require_right
from inmates.services.two_places import require_hours_of_a_day
from inmates.shifts import Mark, Outcome, outcome
from portal.kernel.copying import TO_JSON, JsonText, copy_rows, update_rows
from portal.kernel.errors import readable_refusals
from portal.kernel.text import date_short

Day = tuple[int, date]
StoredMark = tuple[int, Mark]  # the primary key and what stands
WRITTEN = ("minutes", "reason_id", "note", "recorded_by_id", "recorded_at")
NOTHING = JsonText("{}")


@dataclass(frozen=True, slots=True)
class AttendedDay:
    """One person's day: minutes worked, or the reason of absence."""

    placement_id: int
    worked_on: date
    minutes: int
    reason_id: int | None = None
    note: str = ""

    @property
    def mark(self) -> Mark:
        return Mark(self.minutes, self.reason_id, self.note)


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
        lock_open_days(touched, at=at, correction=correction)
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
                AttendedDay(edit.placement_id, day, mark.minutes, mark.reason_id, mark.note)
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
    beside a reason that is no work, an absence or an empty day with output, more than a day has
    hours at all places of a person together, a day that stands twice. Twice is harmless: what
    stands already is not written again.
    """
    wanted = wanted_days(days, cleared)
    require_right(actor, {placement_id for placement_id, _day in wanted}, at)
    with readable_refusals(), transaction.atomic():
        closed = lock_open_days(wanted, at=at, correction=correction)
        return write_days(Trace(actor, at, correction, closed), wanted)


def wanted_days(
    days: Sequence[AttendedDay], cleared: Collection[Day] = ()
) -> dict[Day, Mark | None]:
    """Each day once, with its mark or None; refused when it stands twice or contradicts itself."""
    _require_no_work_in_absence(days)
    wanted: dict[Day, Mark | None] = dict.fromkeys(cleared)
    for one in days:
        key = (one.placement_id, one.worked_on)
        if key in wanted:
            raise DayTwice(day=date_short(one.worked_on))
        wanted[key] = one.mark
    return wanted


def write_days(trace: Trace, wanted: dict[Day, Mark | None]) -> int:
    """The days as wanted, by whoever has the right and has locked them. How many were changed."""
    _require_no_output_in_absence(wanted)
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
    ).values_list("placement_id", "worked_on", "pk", "minutes", "reason_id", "note")
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
        (key, (mark.minutes, mark.reason_id, mark.note, trace.actor.pk, trace.at))
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
        return JsonText(TO_JSON({"minutes": mark.minutes, "reason": code, "note": mark.note}))

    copy_rows(
        ShiftChange,
        trace.COLUMNS,
        (trace.row(key, side(before[key]), side(mark)) for key, mark in told.items()),
    )


def _require_no_work_in_absence(days: Sequence[AttendedDay]) -> None:
    reasons = {day.reason_id for day in days if day.minutes and day.reason_id}
    if Reason.objects.filter(pk__in=reasons, is_worked=False).exists():
        raise MinutesBesideAbsence


def _require_no_output_in_absence(wanted: dict[Day, Mark | None]) -> None:
    """Pieces made by somebody who was not there would be paid to a mistake."""
    absent = {key for key, mark in wanted.items() if mark is None or not mark.minutes}
    entries = WorkEntry.objects.filter(
        placement__in={key[0] for key in absent}, worked_on__in={key[1] for key in absent}
    ).values_list("placement_id", "worked_on", "quantity")
    made: dict[Day, int] = {}
    for placement_id, worked_on, quantity in entries:
        if (placement_id, worked_on) in absent:
            made[placement_id, worked_on] = made.get((placement_id, worked_on), 0) + quantity
    if made:
        numbers = dict(
            Placement.objects.filter(pk__in={key[0] for key in made}).values_list(
                "pk", "inmate__personnel_number"
            )
        )
        problems: dict[Any, str | Promise] = {
            key[0]: _(
                "№ %(number)s has output on this day: %(count)s pcs. Take the output away first, "
                "or choose a short day."
            )
            % {"number": numbers[key[0]], "count": count}
            for key, count in sorted(made.items())
        }
        raise SheetRefused(problems)
