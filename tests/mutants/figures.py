"""The figures of the law, each changed once: rows of `inmates/data/pay_parameters.json`.

Only codes the engine reads count, and only periods that a test could meet.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests.mutants.changes import Change

MODULE = "inmates.shipped_parameters"
ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "inmates" / "data" / "pay_parameters.json"
Document = dict[str, Any]


def changes_of_figures() -> list[Change]:
    """One change for each figure, flag and date in the rows."""
    return [
        Change(number, 0, f"{row['code']} from {row['effective_from']}", what)
        for number, (row, what, _act) in enumerate(_places(_read()))
    ]


def changed_figures(number: int) -> str:
    """The document with that one figure changed."""
    document = _read()
    _row, _what, act = list(_places(document))[number]
    act()
    return json.dumps(document, ensure_ascii=False)


def _read() -> Document:
    document: Document = json.loads(FIGURES.read_bytes())
    return document


def _places(document: Document) -> Iterator[tuple]:
    from inmates.parameters import PARAMETER_CODES

    for row in document["rows"]:
        if row["code"] in PARAMETER_CODES:
            yield from _values(row, row, "value")


def _values(row: Document, holder: Any, key: Any) -> Iterator[tuple]:
    value = holder[key]
    if isinstance(value, dict):
        # Words beside a figure (a base, a note) are for readers.
        for name in value:
            yield from _values(row, value, name)
    elif isinstance(value, list):
        for position in range(len(value)):
            yield from _values(row, value, position)
    elif (other := another(value)) is not None:
        yield row, f"{value} → {other}", lambda: holder.__setitem__(key, other)


def another(value: Any) -> Any:
    """The nearest other value of the same kind; None for what is no figure."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if not isinstance(value, str):
        return None
    if value.replace(".", "", 1).isdigit():
        return f"{value[:-1]}{(int(value[-1]) + 1) % 10}"
    try:
        return date.fromisoformat(value).replace(day=2).isoformat()
    except ValueError:
        return None
