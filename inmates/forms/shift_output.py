"""The sheet of output as a form: pieces of people and operations; it never saves.

Its fields are drawn by the page; every refused cell keeps what was typed.
"""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inmates.forms.shift import DIGITS, read_seen
from inmates.presenters.shift import told
from inmates.presenters.shift_output import Sheet, sheet_words
from inmates.selectors.shift import Entered
from inmates.services.output import CellEdit
from portal.kernel.forms import WholeNumberField
from portal.kernel.text import number

PIECES = WholeNumberField(min_value=0, max_value=100_000, required=False, error_messages=DIGITS)


def plain_digits(text: str) -> str:
    """Digits of every script as those of ours: a spreadsheet may bring ٣ or ３."""
    return "".join(
        str(unicodedata.digit(char)) if char.isdecimal() and not char.isascii() else char
        for char in text
    )


def clean_pieces(text: str) -> int:
    """A count in digits; a letter among them, as the О of another keyboard, is shown."""
    if any(char.isalpha() for char in text):
        raise forms.ValidationError(
            _("“%(text)s” is no quantity; write digits."), params={"text": text.strip()[:20]}
        )
    return PIECES.clean(text) or 0


class OutputForm:
    """The sheet of output: a quantity for each person and operation of one work order."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.edits: list[CellEdit] = []
        self.problem = ""

    @property
    def order(self) -> str:
        """The hidden field: which work order the sheet is of."""
        return str(self.sheet.order.pk)

    @property
    def words(self) -> str:
        return sheet_words()

    @property
    def seen(self) -> str:
        cells = {cell.key: cell.base for cell in self.sheet.cells() if cell.base}
        return json.dumps(cells, separators=(",", ":"))

    @property
    def wrong(self) -> list[Any]:
        return [cell for cell in self.sheet.cells() if cell.error]

    def read(self, data: Mapping[str, str]) -> bool:
        """Take what was typed into the cells; False when something of it is no quantity."""
        seen = read_seen(data.get("seen", ""))
        for cell in self.sheet.cells():
            if f"q-{cell.key}" not in data:
                continue
            cell.typed = plain_digits(data[f"q-{cell.key}"])
            shown = seen.get(cell.key, 0)
            shown = shown if isinstance(shown, int) else 0
            try:
                mine = clean_pieces(cell.typed)
            except forms.ValidationError as error:
                cell.error = " ".join(error.messages)
                continue
            if mine == shown:
                # Not touched here: what stands now is shown, whoever entered it.
                cell.typed = number(cell.quantity) if cell.quantity else ""
                continue
            cell.base = shown
            self.edits.append(CellEdit(cell.placement_id, cell.operation_id, shown, mine))
        if self._has_more(data, seen):
            self.problem = _(
                "Nothing is saved: somebody for whom you entered output is no longer on this "
                "sheet. Look at the attendance, then save again."
            )
        return not self.wrong and not self.problem

    def _has_more(self, data: Mapping[str, str], seen: Mapping[str, Any]) -> bool:
        """Something was typed in a cell that is gone: its person was marked absent meanwhile."""
        known = {f"q-{cell.key}" for cell in self.sheet.cells()}
        return any(
            data[name].strip() not in ("", str(seen.get(name[2:], "")))
            for name in data
            if name.startswith("q-") and name not in known
        )

    def mark_problems(self, problems: Mapping[Any, Any]) -> None:
        for cell in self.sheet.cells():
            if (cell.placement_id, cell.operation_id) in problems:
                cell.error = str(problems[cell.placement_id, cell.operation_id])

    def mark_theirs(self, theirs: Mapping[Any, Entered]) -> None:
        for cell in self.sheet.cells():
            entered = theirs.get((cell.placement_id, cell.operation_id))
            if entered is not None:
                cell.theirs = told(entered, _("%(count)s pcs") % {"count": number(entered.value)})
                cell.base = entered.value
