"""The matrix of a month as a form: one hidden field with the changed cells; it never saves.

A line of the field is [placement, day, what the page showed, what stands in the cell now]. Whatever
is refused comes back with every text as it was typed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from inmates.models import Placement, Reason
from inmates.month_cells import CellUnreadable, Code, read_cell, whole_text
from inmates.presenters.month_words import cell_name, fault_sentence, more_templates
from inmates.presenters.shift import mark_words, told
from inmates.refusals import CorrectionNeeded
from inmates.selectors.month import Cell, MonthSheet
from inmates.selectors.shift import Entered
from inmates.selectors.timesheets import in_force
from inmates.services.month import CellEdit
from inmates.shifts import Mark, mark_of_row
from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel.workdays import is_workday

# Of one text: what is longer is no cell, and is not written back into the page.
LONGEST_TEXT = 300


@dataclass(slots=True)
class Typed:
    """One changed cell: what the page showed, what was typed, and what is wrong with it."""

    cell: Cell
    base: Mark | None
    text: str
    error: str = ""
    theirs: str = ""


class MonthForm:
    """The changed cells of a sheet, and the written reason where a closed day asks for one."""

    def __init__(self, sheet: MonthSheet) -> None:
        self.sheet = sheet
        self.placements = {one.pk: one for one in sheet.placements}
        self.letters = {one.pk: one.letter for one in sheet.reasons if one.letter}
        self.typed: dict[Cell, Typed] = {}
        self.edits: list[CellEdit] = []
        self.opened: datetime | None = None
        self.problem = ""
        self.closed: CorrectionNeeded | None = None
        self._codes: dict[date, dict[str, Code]] = {}

    @property
    def cells(self) -> str:
        """The hidden field, as the script writes it too."""
        rows = [
            [
                one.cell[0],
                one.cell[1].isoformat(),
                one.base.as_row() if one.base else None,
                one.text,
            ]
            for one in self.typed.values()
        ]
        # In ASCII: what came back may hold half a character, which no page can be written with.
        return json.dumps(rows, separators=(",", ":")) if rows else ""

    @property
    def wrong(self) -> list[Typed]:
        return [one for one in self.typed.values() if one.error]

    @property
    def conflicts(self) -> list[Typed]:
        return [one for one in self.typed.values() if one.theirs]

    def read(self, data: Mapping[str, str]) -> bool:
        """Take the cells that were typed; False when something of them is no entry."""
        self.opened = _moment(data.get("opened", ""))
        rows = _rows(data.get("cells", ""))
        if rows is None:
            self.problem = _("The sheet did not arrive whole. Open the month again.")
            return False
        for row in rows:
            found = self._typed(row)
            if found is None:
                self.problem = _(
                    "Nothing is saved: somebody for whom you typed is no longer on this sheet."
                )
            elif found.text != whole_text(found.base, self.letters):
                self.typed[found.cell] = found
                self._clean(found)
        return not self.wrong and not self.problem

    def _typed(self, row: Any) -> Typed | None:
        match row:
            case [int(pk), str(day), base, str(text)] if pk in self.placements:
                when = _day(day)
                if when is not None and when in self.sheet.rules and len(text) <= LONGEST_TEXT:
                    return Typed((pk, when), mark_of_row(base), _storable(text))
        return None

    def _clean(self, typed: Typed) -> None:
        placement, day = self.placements[typed.cell[0]], typed.cell[1]
        codes = self.codes(day)
        try:
            mine = read_cell(
                typed.text,
                codes=codes,
                full=self.sheet.full(placement, day),
                is_workday=is_workday(day),
            )
        except CellUnreadable as fault:
            typed.error = fault_sentence(fault, ", ".join(codes))
            return
        if mine is not None and not in_force(placement, day):
            typed.error = more_templates()["outside"]
        elif mine is not None and self._is_refusal_at_private(placement, mine):
            typed.error = more_templates()["private_refusal"]
        else:
            self.edits.append(CellEdit(*typed.cell, typed.base, mine))

    def codes(self, day: date) -> dict[str, Code]:
        """The reasons offered on the day by their letter."""
        if day not in self._codes:
            self._codes[day] = {
                one.letter: Code(one.pk, one.is_worked, one.needs_text)
                for one in self.sheet.reasons_on(day)
                if one.letter
            }
        return self._codes[day]

    def _is_refusal_at_private(self, placement: Placement, mark: Mark) -> bool:
        reason = next((one for one in self.sheet.reasons if one.pk == mark.reason_id), None)
        return reason is not None and reason.is_refusal and placement.employer.kind in PRIVATE_KINDS

    def name(self, typed: Typed) -> str:
        """How a cell is called in a sentence."""
        pk, day = typed.cell
        return cell_name(self.placements[pk].inmate.personnel_number, day)

    def problem_rows(self) -> list[dict[str, str]]:
        """The cells that are wrong, or that somebody else changed, for the list above the sheet."""
        return [
            {
                "key": f"{one.cell[0]}-{one.cell[1].isoformat()}",
                "label": self.name(one),
                "text": one.error or one.theirs,
            }
            for one in self.typed.values()
            if one.error or one.theirs
        ]

    def mark_problems(self, problems: Mapping[Any, Any]) -> None:
        """Sentences of the service at the cells they are about."""
        for cell, sentence in problems.items():
            if cell in self.typed:
                self.typed[cell].error = str(sentence)

    def mark_theirs(self, theirs: Mapping[Any, Entered | None]) -> None:
        """What stands now, beside what was typed; the next save compares with that."""
        reasons: dict[int, Reason] = {one.pk: one for one in self.sheet.reasons}
        for cell, entered in theirs.items():
            typed = self.typed.get(cell)
            if typed is None:
                continue
            typed.base = entered.value if entered else None
            typed.theirs = (
                told(entered, mark_words(entered.value, reasons))
                if entered
                else _("Somebody else emptied this cell.")
            )


def _rows(text: str) -> list[Any] | None:
    try:
        rows = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return None
    return rows if isinstance(rows, list) else None


def _storable(text: str) -> str:
    """Without what no column and no page can hold: JSON brings zero bytes and half characters."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
