"""A value of the law as a person types it and as the table keeps it.

Pure. The present value tells the shape of the new one: a share is typed in percent, a sum with
its spaces, a switch as yes or no, a day, a number, or, where it is none of these, as JSON.
"""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from inmates.earning_law import READERS as EARNING_READERS
from inmates.law_desk.other_codes import READERS as OTHER_READERS
from inmates.law_desk.problems import said
from inmates.law_desk.refusals import ValueUnusable
from inmates.parameters import READERS as PAY_READERS

SHARE, MONEY, NUMBER, FLAG, DAY, STRUCTURE, WORD = (
    "share", "money", "number", "flag", "day", "structure", "word"
)  # fmt: skip
READERS = {**PAY_READERS, **EARNING_READERS, **OTHER_READERS}
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


def shape_of(value: Any, unit: str) -> str:
    """How a value of this kind is typed; `unit` is that of the row."""
    if isinstance(value, bool):
        return FLAG
    if value is None or isinstance(value, dict | list):
        return STRUCTURE
    text = str(value)
    if PLAIN_NUMBER.fullmatch(text):
        if unit.startswith("share"):
            return SHARE
        return MONEY if unit.startswith("KZT") else NUMBER
    return DAY if ISO_DAY.fullmatch(text) else WORD


def to_typed(value: Any, shape: str) -> Any:
    """What a form shows of a stored value; the field of the shape takes it back."""
    if shape == SHARE:
        return Decimal(_plain(Decimal(str(value)) * 100))
    if shape in (MONEY, NUMBER):
        return Decimal(str(value))
    if shape == FLAG:
        return "yes" if value else "no"
    if shape == DAY:
        return date.fromisoformat(value)
    return value if shape == WORD else json.dumps(value, ensure_ascii=False, indent=2)


def to_stored(typed: Any, shape: str, like: Any = None) -> Any:
    """The value as the table keeps it; JSON that cannot be read raises `ValueUnusable`.

    A number that is kept as text (`like` is such a one) stays text.
    """
    if shape == SHARE:
        return _plain(typed / 100)
    if shape in (MONEY, NUMBER):
        is_text = isinstance(like, str) or typed != int(typed)
        return _plain(typed) if is_text else int(typed)
    if shape == FLAG:
        return typed == "yes"
    if shape == DAY:
        return typed.isoformat()
    return typed.strip() if shape == WORD else _read_json(typed)


def is_same(one: Any, other: Any) -> bool:
    """Whether two stored values say the same: 0.1 and 0.10 do."""
    texts = [str(value) for value in (one, other)]
    if all(PLAIN_NUMBER.fullmatch(text) for text in texts):
        return Decimal(texts[0]) == Decimal(texts[1])
    return bool(one == other)


def check_value(code: str, value: Any) -> None:
    """What the engine or a page could not read is refused before anything goes by it."""
    reader = READERS.get(code)
    if reader is None:
        return
    try:
        reader(value)
    except (TypeError, ValueError, KeyError, IndexError, ArithmeticError) as wrong:
        raise ValueUnusable(problem=said(wrong, code)) from wrong


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _read_json(typed: str) -> Any:
    try:
        # A float has lost digits already: numbers with places are kept as their text.
        value = json.loads(typed, parse_float=str, parse_constant=_no_number)
        _check_texts(value)
    except (ValueError, RecursionError) as wrong:
        raise ValueUnusable(problem=said(wrong)) from wrong
    return value


def _check_texts(value: Any) -> None:
    """No sign that the database cannot keep: that of nought, half a pair."""
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise ValueError("a sign that cannot be stored")
    elif isinstance(value, list | dict):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            _check_texts(part)


def _no_number(word: str) -> None:
    """NaN and the infinities: Python reads them, JSON and the table do not know them."""
    raise ValueError(f"{word} is no number")
