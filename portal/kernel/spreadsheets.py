"""Tables people send as XLSX, ODS, XLS or CSV: `read_table` gives the cells of the first sheet.

A stranger's file can be small and unfold without end, so it is read in a process of its own, which
ends when its time or memory does. That process runs this file alone and imports nothing of ours.
"""

import csv
import io
import json
import math
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import python_calamine

CPU_SECONDS = 10
WAIT_SECONDS = 30
MEMORY = 1024**3
MAX_MEGABYTES = 5
MAX_COLUMNS = 100
# All cells together: one long text that many cells share unfolds without end as well.
MAX_SIGNS = 4_000_000
ARCHIVE, OLD_BINARY = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ";\t,"
# How the process says why there are no cells; the sentence is the caller's.
BROKEN, PROTECTED, TOO_LONG, TOO_WIDE = "broken", "protected", "too_long", "too_wide"

Cell = str | Decimal | date | None


class TableUnreadable(Exception):
    """No cells: `reason` is one of the words above, or "endless"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the numbers the spreadsheet shows; empty rows are left out."""

    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_table(content: bytes, *, most_rows: int) -> Table:
    """The cells of the first visible sheet; raises `TableUnreadable`.

    Text comes without spaces around it, a number as an exact Decimal of what is shown, a day as a
    date. Formulas are read as the values that were saved with them.
    """
    limits = [str(number) for number in (CPU_SECONDS, MEMORY, most_rows)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no shell
            [sys.executable, "-I", __file__, *limits],
            input=content,
            capture_output=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TableUnreadable("endless") from error
    if done.returncode != 0:
        raise TableUnreadable("endless" if done.returncode < 0 else BROKEN)
    told = json.loads(done.stdout)
    if "reason" in told:
        raise TableUnreadable(told["reason"])
    return Table(
        tuple((number, tuple(_cell(one) for one in cells)) for number, cells in told["rows"])
    )


def _cell(told: list[str] | None) -> Cell:
    if told is None:
        return None
    kind, value = told
    if kind == "day":
        return date.fromisoformat(value)
    return Decimal(value) if kind == "number" else value


# --- In the process of its own ---
def read(content: bytes, most_rows: int) -> dict[str, Any]:
    """The rows as JSON takes them, or the reason why there are none."""
    try:
        rows = list(_rows(content, most_rows))
    except python_calamine.PasswordError:
        return {"reason": PROTECTED}
    except OverflowError as error:
        return {"reason": str(error)}
    told = [[number, [_told(value) for value in row]] for number, row in rows]
    signs = sum(len(cell[1]) for _number, cells in told for cell in cells if cell)
    if signs > MAX_SIGNS:
        return {"reason": TOO_LONG}
    return {"rows": [[number, cells] for number, cells in told if any(cells)]}


def _rows(content: bytes, most_rows: int) -> Any:
    """Numbered from 1, as the spreadsheet does."""
    if content.startswith((ARCHIVE, OLD_BINARY)):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            number
            for number, sheet in enumerate(book.sheets_metadata)
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        sheet = book.get_sheet_by_index(shown[0])
        rows = sheet.to_python(skip_empty_area=False)
    else:
        rows = _csv_rows(content)
    for number, row in enumerate(rows, start=1):
        if number > most_rows and any(cell not in ("", None) for cell in row):
            raise OverflowError(TOO_LONG)
        if any(cell not in ("", None) for cell in row[MAX_COLUMNS:]):
            raise OverflowError(TOO_WIDE)
        yield number, row[:MAX_COLUMNS]


def _csv_rows(content: bytes) -> Any:
    """Comma, semicolon or tab: the one that stands most often in the first line."""
    if b"\0" in content:
        raise ValueError("not text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _told(value: Any) -> list[str] | None:
    """A cell as its kind and its text; what is empty is None."""
    if isinstance(value, bool):
        return ["text", str(value)]
    if isinstance(value, float) and not math.isfinite(value):
        # A file may hold what is no number; nobody can count with it.
        return ["text", str(value)]
    if isinstance(value, int | float):
        # What the cell shows: fifteen digits, as spreadsheets do.
        return ["number", format(Decimal(f"{value:.15g}"), "f")]
    if isinstance(value, datetime):
        return ["day", value.date().isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    if isinstance(value, time | timedelta):
        return ["text", str(value)]
    # A zero byte is no sign, and a database takes none.
    text = " ".join(str(value).replace("\0", "").split()) if value is not None else ""
    return ["text", text] if text else None


if __name__ == "__main__":
    cpu, memory, most = (int(number) for number in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), most)))
