"""A cell of the month: the text people type or paste, and what it means.

Pure: no database, no clock. The forms read what came from the browser with it, the presenters write
the cells; static/js/month.js reads the same texts in the browser.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from inmates.shifts import Excess, Mark, excess_of

# What form 421 writes for a day worked in full and for a day off.
PRESENT, DAY_OFF = "Я", "В"
MOST_MINUTES = 24 * 60
MOST_NOTE = 200
RUSSIAN = frozenset("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
# Letters of other alphabets that cannot be told from a Russian one by the eye.
LOOKALIKES = {
    **dict(zip("ABCEHKMOPTXYË", "АВСЕНКМОРТХУЁ", strict=True)),
    **dict(zip("ΑΒΕΗΚΜΟΡΤΧΥ", "АВЕНКМОРТХУ", strict=True)),
    **dict(zip("ҒҚҢӨҰҮҺӘ", "ГКНОУУНА", strict=True)),
}
WORDS = re.compile(r"(?P<code>[^\W\d_]{1,3})[ ]?(?P<hours>\d[\d.,:]*)?(?:[ ]+(?P<note>.+))?")
FIGURES = re.compile(r"(?P<hours>\d[\d.,:]*)(?:[ ]+(?P<note>.+))?", re.ASCII)
# Of the hours: at night and overtime, in brackets before the note: 8 (н2 с1:30).
SUPPLEMENTS = re.compile(
    r"\((?:н[ ]?(?P<night>\d(?:[\d.,:]*\d)?))?[ ,]*(?:с[ ]?(?P<overtime>\d(?:[\d.,:]*\d)?))?\)"
    r"(?:[ ](?P<note>.+))?",
    re.IGNORECASE,
)
CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
DECIMAL = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Code:
    """A reason as a cell knows it: what its letter stands for, and what must stand beside it."""

    reason_id: int
    is_worked: bool = False
    needs_text: bool = False


class Fault(Enum):
    """Why a text is no entry."""

    FOREIGN = "foreign"  # a letter of another alphabet
    UNKNOWN = "unknown"  # letters that stand for no reason
    UNREADABLE = "unreadable"
    NOT_WHOLE = "not_whole"  # hours that are no whole minutes
    ZERO = "zero"
    TOO_LONG = "too_long"
    NOTE_TOO_LONG = "note_too_long"
    NO_NORM = "no_norm"  # a full day of who has no norm
    WORKDAY = "workday"  # a day off on a working day
    HOURS_MISSING = "hours_missing"
    HOURS_BESIDE_ABSENCE = "hours_beside_absence"
    WHOLE_SHIFT = "whole_shift"  # a short day that is not short
    TEXT_MISSING = "text_missing"
    NIGHT_OVER = "night_over"  # more at night than was worked
    OVERTIME_OVER = "overtime_over"  # more overtime than was worked
    OVERTIME_OFF = "overtime_off"  # overtime of a day off


EXCESSES = {
    Excess.NIGHT: Fault.NIGHT_OVER,
    Excess.OVERTIME: Fault.OVERTIME_OVER,
    Excess.DAY_OFF: Fault.OVERTIME_OFF,
}


class Alphabet(Enum):
    """The alphabets a pasted letter comes from."""

    LATIN = "latin"
    KAZAKH = "kazakh"
    OTHER = "other"


class CellUnreadable(ValueError):
    """`part` is what is wrong of the text, `like` the Russian letter it looks like, if any."""

    def __init__(self, fault: Fault, part: str = "", like: str = "") -> None:
        super().__init__(fault.value, part)
        self.fault, self.part, self.like = fault, part, like


class Oddity(Enum):
    """What is unusual about an entry that is stored all the same."""

    OVER_NORM = "over_norm"
    TWO_PLACES = "two_places"
    DAY_OFF = "day_off"
    ABSENT_WITH_OUTPUT = "absent_with_output"


def read_cell(
    text: str, *, codes: Mapping[str, Code], full: int | None, is_workday: bool
) -> Mark | None:
    """What the text of a cell says; None is an empty cell. Raises `CellUnreadable`.

    `codes` are the reasons offered on that day by their letter, `full` the person's full day in
    minutes (None: nobody can say). A letter of another alphabet is never taken for a similar one.
    """
    bare = " ".join(unicodedata.normalize("NFC", text).split())
    if not bare:
        return None
    figures = FIGURES.fullmatch(bare)
    if figures:
        minutes = _minutes(figures["hours"])
        if not minutes:
            raise CellUnreadable(Fault.ZERO, bare)
        return _with_note(Mark(minutes), figures["note"], is_workday=is_workday)
    words = WORDS.fullmatch(bare)
    if words is None:
        _refuse_foreign(bare, codes)
        raise CellUnreadable(Fault.UNREADABLE, bare)
    letters = words["code"].upper()
    if letters in codes:
        mark = _reason(codes[letters], letters, words["hours"], words["note"] or "", full)
        return _with_note(mark, words["note"], is_workday=is_workday)
    if letters == PRESENT and not words["hours"]:
        if full is None:
            raise CellUnreadable(Fault.NO_NORM, letters)
        return _with_note(Mark(full), words["note"], is_workday=is_workday)
    if letters == DAY_OFF and not words["hours"]:
        if is_workday:
            raise CellUnreadable(Fault.WORKDAY, letters)
        return None
    _refuse_foreign(words["code"], codes)
    raise CellUnreadable(Fault.UNKNOWN, words["code"])


def _reason(code: Code, letters: str, hours: str | None, note: str, full: int | None) -> Mark:
    minutes = _minutes(hours) if hours else 0
    if code.needs_text and not note:
        raise CellUnreadable(Fault.TEXT_MISSING, letters)
    if not code.is_worked:
        if minutes:
            raise CellUnreadable(Fault.HOURS_BESIDE_ABSENCE, letters)
        return Mark(0, code.reason_id)
    if not minutes:
        raise CellUnreadable(Fault.HOURS_MISSING, letters)
    if full is not None and minutes >= full:
        raise CellUnreadable(Fault.WHOLE_SHIFT, letters)
    return Mark(minutes, code.reason_id)


def _with_note(mark: Mark, text: str | None, *, is_workday: bool) -> Mark:
    """The mark with what stands behind its hours: night and overtime in brackets, a note."""
    found = SUPPLEMENTS.fullmatch(text or "")
    if found is None or not (found["night"] or found["overtime"]):
        return replace(mark, note=_note(text))
    night, overtime = (
        _minutes(found[name]) if found[name] else 0 for name in ("night", "overtime")
    )
    whole = replace(mark, note=_note(found["note"]), night=night, overtime=overtime)
    excess = excess_of(whole, is_workday=is_workday)
    if excess is not None:
        raise CellUnreadable(EXCESSES[excess], text or "")
    return whole


def _minutes(hours: str) -> int:
    """8, 7:30, 4,5 and 4.5 as minutes."""
    clock, decimal = CLOCK.fullmatch(hours), DECIMAL.fullmatch(hours)
    if clock:
        minutes = int(clock[1]) * 60 + int(clock[2])
    elif decimal:
        hundredths = int(decimal[1]) * 100 + int((decimal[2] or "0").ljust(2, "0"))
        if hundredths * 60 % 100:
            raise CellUnreadable(Fault.NOT_WHOLE, hours)
        minutes = hundredths * 60 // 100
    else:
        raise CellUnreadable(Fault.UNREADABLE, hours)
    if minutes > MOST_MINUTES:
        raise CellUnreadable(Fault.TOO_LONG, hours)
    return minutes


def _note(text: str | None) -> str:
    if text and len(text) > MOST_NOTE:
        raise CellUnreadable(Fault.NOTE_TOO_LONG)
    return text or ""


def _refuse_foreign(text: str, codes: Mapping[str, Code]) -> None:
    known = RUSSIAN.union(*codes)
    for letter in text:
        capital = letter.upper()
        if letter.isalpha() and capital not in known:
            raise CellUnreadable(Fault.FOREIGN, letter, LOOKALIKES.get(capital, ""))


def alphabet_of(letter: str) -> Alphabet:
    """Whose letter it is; what is Cyrillic and not Russian is Kazakh here."""
    name = unicodedata.name(letter, "")
    if name.startswith("LATIN"):
        return Alphabet.LATIN
    return Alphabet.KAZAKH if name.startswith("CYRILLIC") else Alphabet.OTHER


def hours_text(minutes: int) -> str:
    """8, 7:30: as a cell shows minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}" if rest else str(hours)


def short_text(mark: Mark | None, letters: Mapping[int, str]) -> str:
    """The cell as it is seen: hours, the letter, or both for a short day."""
    if mark is None:
        return ""
    letter = letters.get(mark.reason_id, "") if mark.reason_id else ""
    return letter + (hours_text(mark.minutes) if mark.minutes else "")


def whole_text(mark: Mark | None, letters: Mapping[int, str]) -> str:
    """The cell as it is edited and copied: with its note. `read_cell` reads the same mark."""
    if mark is None:
        return ""
    parts = [short_text(mark, letters), supplements_text(mark), mark.note]
    return " ".join(filter(None, parts))


def supplements_text(mark: Mark) -> str:
    """(н2 с1:30): hours at night and of overtime, as a cell is edited and copied."""
    night = f"н{hours_text(mark.night)}" if mark.night else ""
    overtime = f"с{hours_text(mark.overtime)}" if mark.overtime else ""
    inside = " ".join(filter(None, [night, overtime]))
    return f"({inside})" if inside else ""


def oddities_of(
    mark: Mark | None, *, full: int | None, is_workday: bool, elsewhere: int, output: int
) -> list[Oddity]:
    """What is unusual about an entry; `elsewhere` are the person's minutes at other places that
    day, `output` the pieces made here."""
    minutes = mark.minutes if mark else 0
    found = {
        Oddity.OVER_NORM: full is not None and minutes > full,
        Oddity.TWO_PLACES: bool(minutes and elsewhere),
        Oddity.DAY_OFF: bool(minutes and not is_workday),
        Oddity.ABSENT_WITH_OUTPUT: bool(output and not minutes),
    }
    return [one for one, holds in found.items() if holds]
