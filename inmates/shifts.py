"""A shift as values: what is proposed, until when it can be changed, whose entry stands.

Pure: no database, no clock. Called by the services that save a day and by the page that shows it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Mark:
    """What is entered for one person on one day: minutes worked, or why not.

    `night` and `overtime` are minutes among those worked, paid higher.
    """

    minutes: int
    reason_id: int | None = None
    note: str = ""
    night: int = 0
    overtime: int = 0

    def as_row(self) -> list[int | str | None]:
        """Ready for JSON; `mark_of_row` reads it."""
        return [self.minutes, self.reason_id, self.note, self.night, self.overtime]


def mark_of_row(row: Any) -> Mark | None:
    """A mark that `as_row` wrote, or None for anything else; a page of before has three values."""
    match row:
        case [int(minutes), int() | None as reason, str(note)]:
            return Mark(minutes, reason, note)
        case [int(minutes), int() | None as reason, str(note), int(night), int(overtime)]:
            return Mark(minutes, reason, note, night, overtime)
    return None


class Excess(Enum):
    """Why minutes of night or overtime cannot stand beside a day."""

    NIGHT = "night"  # more than were worked
    OVERTIME = "overtime"  # more than were worked
    DAY_OFF = "day_off"  # overtime of a day off: the whole day is paid higher already


def excess_of(mark: Mark, *, is_workday: bool) -> Excess | None:
    """What is wrong with the night and overtime of a mark, if anything."""
    if mark.night > mark.minutes:
        return Excess.NIGHT
    if mark.overtime > mark.minutes:
        return Excess.OVERTIME
    return Excess.DAY_OFF if mark.overtime and not is_workday else None


Value = TypeVar("Value")


class Outcome(Enum):
    """What becomes of one entry when the form comes back."""

    NOTHING = "nothing"  # it is stored already
    WRITE = "write"
    THEIRS = "theirs"  # changed by somebody else and not touched here: theirs stands
    CONFLICT = "conflict"  # changed by somebody else and here, differently


def outcome(
    *, shown: Value | None, was_entered: bool, mine: Value | None, theirs: Value | None
) -> Outcome:
    """Compare what the page showed, what came back and what is stored now.

    `was_entered`: the page showed something stored, not a proposal. None is "nothing entered".
    """
    if mine == theirs:
        return Outcome.NOTHING
    if theirs == (shown if was_entered else None):
        return Outcome.WRITE
    if mine == shown:
        return Outcome.THEIRS
    # Somebody else stored just what the page proposed: mine is a correction of that.
    return Outcome.WRITE if theirs == shown else Outcome.CONFLICT


def last_day_of_correction(day: date, days: int) -> date:
    """The last day, counted in full, on which a shift can still be changed."""
    return day + timedelta(days=days)


DAY_MINUTES = 24 * 60
LEAST_LETTERS, MOST_CHARACTERS = 5, 300


def is_explanation(text: str) -> bool:
    """Whether something is written there: dots and dashes explain nothing."""
    return sum(char.isalpha() for char in text) >= LEAST_LETTERS


LETTER_CODE = re.compile(r"[А-ЯЁӘҒҚҢӨҰҮҺІ]([А-ЯЁӘҒҚҢӨҰҮҺІ/]{0,2})")


def is_letter_code(text: str) -> bool:
    """One to three letters of the Russian or Kazakh alphabet, as a timesheet writes them.

    A Latin С looks like a Russian one and would never be found by its key.
    """
    return LETTER_CODE.fullmatch(text) is not None


HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2})|:([0-5]\d))", re.ASCII)


def minutes_of_hours(text: str) -> int | None:
    """ "7,5", "7.5" or "7:30" in minutes; None where that is no hours, or no whole minutes."""
    match = HOURS.fullmatch(text.strip())
    if match is None:
        return None
    hours, part, minutes = match.groups()
    if minutes is not None:
        return int(hours) * 60 + int(minutes)
    hundredths = int(part.ljust(2, "0")) * 60
    return None if hundredths % 100 else int(hours) * 60 + hundredths // 100


def full_minutes(norm: dict[str, int], disability_group: int | None) -> int:
    """A full shift by the parameter `full_shift_minutes`: shorter for groups 1 and 2."""
    return norm["disabled_1_2" if disability_group in (1, 2) else "general"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last day entered for a person, and the minutes of the last full one (None: none)."""

    day: date
    mark: Mark
    is_lasting: bool = False
    full_minutes: int | None = None


def proposal(
    earlier: Earlier | None, *, norm: int | None, is_workday: bool, copied: date | None = None
) -> Mark | None:
    """What the form begins with: present as on the last day, or the reason that still lasts.

    `norm` is the full shift where nothing is known (None for part time: nobody can say). With
    `copied` the entry of that very day is taken as it is. On a day off nobody is expected.
    """
    if copied is not None:
        return earlier.mark if earlier is not None and earlier.day == copied else None
    if not is_workday:
        return None
    if earlier is not None and earlier.is_lasting:
        return earlier.mark
    known = earlier.full_minutes if earlier is not None else None
    minutes = known if known is not None else norm
    return Mark(minutes) if minutes else None
