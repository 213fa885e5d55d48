"""The month of a workshop as its matrix is saved: all the changed cells at once, or none of them.

Called by the page of the month; `services.attendance` is what a single day is saved with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inmates.models import Placement
from inmates.month_refusals import CellsChangedMeanwhile, NotOfThisSheet
from inmates.refusals import SheetRefused
from inmates.selectors.month import Cell, marks_of_month, output_of_month
from inmates.selectors.shift import Entered
from inmates.services.attendance import AttendedDay, wanted_days, write_days
from inmates.services.open_days import Trace, lock_open_days, require_right
from inmates.shifts import Mark, Outcome, outcome
from portal.kernel.errors import readable_refusals
from portal.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One changed cell: what the page showed as stored (None: empty), and what came back."""

    placement_id: int
    day: date
    shown: Mark | None
    mine: Mark | None

    @property
    def cell(self) -> Cell:
        return self.placement_id, self.day


@dataclass(frozen=True, slots=True)
class SavedMonth:
    """How many cells were written, and those of others that were left as they are."""

    written: int
    theirs: dict[Cell, Entered]


def save_month(
    *,
    actor: Any,
    workshop_id: int,
    month: Month,
    edits: Sequence[CellEdit],
    at: datetime,
    correction: str = "",
) -> SavedMonth:
    """The cells of the month are as the page says; what others entered meanwhile is not lost.

    Refused as a whole like `record_attendance` (whose rules of right, window, submitted sheet and
    written explanation are the same); with `CellsChangedMeanwhile` where somebody else entered
    something different since the page was opened; for a cell outside the sheet; with `SheetRefused`
    by cell where somebody without hours has output. A fixed number of statements, whatever the
    size. Nothing happens after commit. Twice is harmless: the second finds nothing to write.
    """
    _require_on_sheet(workshop_id, month, edits)
    require_right(actor, {edit.placement_id for edit in edits}, at)
    with readable_refusals(), transaction.atomic():
        cells, ids = {edit.cell for edit in edits}, {edit.placement_id for edit in edits}
        closed = lock_open_days(cells, at=at, correction=correction, actor=actor)
        stored = marks_of_month(ids, month)
        sorted_out: dict[Outcome, list[CellEdit]] = {kind: [] for kind in Outcome}
        for edit in edits:
            theirs = stored.get(edit.cell)
            kind = outcome(
                shown=edit.shown,
                was_entered=True,
                mine=edit.mine,
                theirs=theirs.value if theirs else None,
            )
            sorted_out[kind].append(edit)
        if sorted_out[Outcome.CONFLICT]:
            raise CellsChangedMeanwhile(
                {edit.cell: stored.get(edit.cell) for edit in sorted_out[Outcome.CONFLICT]}
            )
        wanted = sorted_out[Outcome.WRITE]
        _require_no_output_without_hours(wanted, month)
        days = wanted_days(
            [
                AttendedDay.of(edit.placement_id, edit.day, mark)
                for edit in wanted
                if (mark := edit.mine) is not None
            ],
            [edit.cell for edit in wanted if edit.mine is None],
        )
        written = write_days(Trace(actor, at, correction, closed), days)
    kept = [edit.cell for edit in sorted_out[Outcome.THEIRS]]
    return SavedMonth(written, {cell: stored[cell] for cell in kept if cell in stored})


def _require_on_sheet(workshop_id: int, month: Month, edits: Sequence[CellEdit]) -> None:
    ids = {edit.placement_id for edit in edits}
    known = Placement.objects.filter(pk__in=ids, post__workshop=workshop_id).count()
    if known != len(ids) or any(Month.of(edit.day) != month for edit in edits):
        raise NotOfThisSheet


def _require_no_output_without_hours(edits: Sequence[CellEdit], month: Month) -> None:
    """Said at each cell; `record_attendance` would name the person alone."""
    absent = [edit.cell for edit in edits if edit.mine is None or not edit.mine.minutes]
    made = output_of_month({placement_id for placement_id, _day in absent}, month)
    problems: dict[Any, str | Promise] = {
        cell: _("Output is entered: %(count)s pcs. Take the output away first, or enter the hours.")
        % {"count": made[cell]}
        for cell in absent
        if cell in made
    }
    if problems:
        raise SheetRefused(problems)
