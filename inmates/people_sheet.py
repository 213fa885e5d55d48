"""A spreadsheet of people and placements as values: which column is which, what each cell says.

Pure: cells and what is known go in, people, placements and every problem by row and column come
out. A row with a name is a new person; one without is a placement of somebody known.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from inmates.people_heads import (
    ABILITIES,
    ABILITY,
    ARRIVED,
    BASIS,
    BORN,
    EMPLOYER,
    FROM,
    HEAD_KEYS,
    HOURS,
    IIN,
    JOB_COLUMNS,
    NAME,
    NEEDED_OF_JOB,
    NEEDED_OF_PERSON,
    NUMBER,
    PAY_FORM,
    PAY_FORMS,
    PERSON_COLUMNS,
    PERSONNEL_NUMBER,
    POST,
    UNKNOWN,
    UNTIL,
    WORKSHOP,
    folded,
)

Cell = str | Decimal | date | None

MOST_MINUTES = 24 * 60
IIN_LENGTH = 12
OLDEST = date(1920, 1, 1)
# Written for “without an end”; the day after the last one of the calendar is no day.
FURTHEST = date(2100, 1, 1)
HOURS_TYPED = re.compile(r"[0-9]{1,4}([.,][0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell; `column` is empty where the whole row is meant."""

    row: int
    column: str
    code: str
    typed: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A new person of a row."""

    row: int
    number: str
    full_name: str
    iin: str | None
    born_on: date
    arrived_on: date
    ability: str


@dataclass(frozen=True, slots=True)
class Job:
    """A placement of a row by what is written there; `until` is the first day without it."""

    row: int
    number: str
    workshop: str
    post: str
    employer: str
    pay_form: str
    minutes: int | None
    basis: str
    since: date
    until: date | None


@dataclass(slots=True)
class Sheet:
    """What a spreadsheet says, as far as it can be read."""

    people: list[Person] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # New people with a mistake: their placements are looked through all the same.
    unread: set[str] = field(default_factory=set)
    # Rows with a mistake as far as they can be read: what else is wrong there is told at once.
    doubtful_people: list[Person] = field(default_factory=list)
    doubtful_jobs: list[Job] = field(default_factory=list)


def read_sheet(
    rows: Sequence[tuple[int, Sequence[Cell]]], *, check_iin: Callable[[str], str]
) -> Sheet:
    """People and placements of the rows; `check_iin` says what is wrong with an IIN, or nothing.

    The first row holds the heads. Problems of the heads are told alone: with a column that nobody
    understands every row would be wrong.
    """
    sheet = Sheet()
    if not rows:
        sheet.problems.append(Problem(1, "", "empty"))
        return sheet
    keys, sheet.problems = _keys_of(rows[0])
    if sheet.problems:
        return sheet
    if len(rows) == 1:
        sheet.problems.append(Problem(rows[0][0], "", "no_rows"))
    for number, cells in rows[1:]:
        _Row(number, keys, cells, sheet, check_iin).read()
    _find_twins(sheet)
    return sheet


def _keys_of(head: tuple[int, Sequence[Cell]]) -> tuple[dict[str, int], list[Problem]]:
    row, cells = head
    keys: dict[str, int] = {}
    problems = []
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        key = HEAD_KEYS.get(folded(str(cell)))
        if key is None:
            problems.append(Problem(row, str(place), "head_unknown", str(cell)))
        elif key in keys:
            problems.append(Problem(row, key, "head_twice", str(cell)))
        else:
            keys[key] = place
    if NUMBER not in keys:
        problems.append(Problem(row, NUMBER, "head_missing"))
    return keys, problems


class _Row:
    """One row being read; whatever is wrong goes to the problems of the sheet."""

    def __init__(
        self,
        row: int,
        keys: dict[str, int],
        cells: Sequence[Cell],
        sheet: Sheet,
        check_iin: Callable[[str], str],
    ) -> None:
        self.row = row
        self.sheet = sheet
        self.check_iin = check_iin
        self.cells = {key: cells[place] if place < len(cells) else None
                      for key, place in keys.items()}  # fmt: skip
        self.is_sound = True

    def read(self) -> None:
        number = self.text(NUMBER, most=12)
        if not number:
            self.wrong(NUMBER, "needed")
            return
        if PERSONNEL_NUMBER.fullmatch(number) is None:
            self.wrong(NUMBER, "number_unusable")
        has_person = any(self.cells.get(key) is not None for key in PERSON_COLUMNS)
        has_job = any(self.cells.get(key) is not None for key in JOB_COLUMNS)
        if not has_person and not has_job:
            self.wrong("", "nothing_said")
        person = self.person(number) if has_person else None
        if person and self.is_sound:
            self.sheet.people.append(person)
        elif has_person:
            self.sheet.unread.add(number)
            self.sheet.doubtful_people += [person] if person else []
        self.is_sound = True
        job = self.job(number) if has_job else None
        if job and self.is_sound:
            self.sheet.jobs.append(job)
        elif job:
            self.sheet.doubtful_jobs.append(job)

    def wrong(self, column: str, code: str, **arguments: str) -> None:
        self.is_sound = False
        typed = shown(self.cells.get(column))
        self.sheet.problems.append(Problem(self.row, column, code, typed, arguments))

    def person(self, number: str) -> Person | None:
        self.need(NEEDED_OF_PERSON)
        name = self.text(NAME, most=200)
        foreign = foreign_letter(name)
        if foreign:
            self.wrong(NAME, "mixed_alphabets", letter=foreign)
        born, arrived = self.day(BORN), self.day(ARRIVED)
        if born and born < OLDEST:
            self.wrong(BORN, "too_long_ago")
        if born and arrived and arrived <= born:
            self.wrong(ARRIVED, "before_birth")
        iin = self.iin()
        ability = self.word(ABILITY, ABILITIES) or UNKNOWN
        if born is None or arrived is None:
            return None
        return Person(self.row, number, name, iin, born, arrived, ability)

    def job(self, number: str) -> Job | None:
        self.need(NEEDED_OF_JOB)
        since, last = self.day(FROM), self.day(UNTIL)
        if since and last and last < since:
            self.wrong(UNTIL, "ends_before_it_begins")
        minutes = self.minutes()
        form = self.word(PAY_FORM, PAY_FORMS)
        if since is None or (last and last < since):
            return None
        return Job(
            row=self.row,
            number=number,
            workshop=self.text(WORKSHOP),
            post=self.text(POST),
            employer=_digits(self.cells.get(EMPLOYER)),
            pay_form=form,
            minutes=minutes,
            basis=self.text(BASIS, most=120),
            since=since,
            until=last + timedelta(days=1) if last else None,
        )

    # --- Cells ---
    def need(self, keys: Sequence[str]) -> None:
        for key in keys:
            if self.cells.get(key) is None:
                self.wrong(key, "needed")

    def text(self, key: str, most: int = 120) -> str:
        text = shown(self.cells.get(key))
        if len(text) > most:
            self.wrong(key, "too_long", most=str(most))
        return text

    def word(self, key: str, words: Mapping[str, str]) -> str:
        cell = self.cells.get(key)
        if cell is None:
            return ""
        found = words.get(folded(shown(cell)), "")
        if not found:
            self.wrong(key, "word_unknown")
        return found

    def day(self, key: str) -> date | None:
        cell = self.cells.get(key)
        if cell is None:
            return None
        found = day_of_text(cell) if isinstance(cell, str) else cell
        if not isinstance(found, date):
            self.wrong(key, "no_such_day")
            return None
        if found >= FURTHEST:
            self.wrong(key, "day_too_far")
            return None
        return found

    def iin(self) -> str | None:
        cell = self.cells.get(IIN)
        if cell is None:
            return None
        digits = _digits(cell)
        problem = self.check_iin(digits)
        if problem:
            self.wrong(IIN, "iin_wrong", why=problem)
        return digits

    def minutes(self) -> int | None:
        cell = self.cells.get(HOURS)
        if cell is None:
            return None
        text = shown(cell)
        # Never more digits than a day has: “1e999999” is a number too, and no machine holds it.
        typed = Decimal(text.replace(",", ".")) if HOURS_TYPED.fullmatch(text) else Decimal(0)
        minutes = typed * 60
        if minutes != int(minutes) or not 0 < minutes <= MOST_MINUTES:
            self.wrong(HOURS, "no_such_hours")
            return None
        return int(minutes)


def shown(cell: Cell) -> str:
    """A cell as the person who typed it sees it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return str(cell) if isinstance(cell, str) else f"{cell.normalize():f}"


def _digits(cell: Cell) -> str:
    """An identifier; the zeros at the front, which a spreadsheet drops from a number, are back."""
    text = "".join(shown(cell).split())
    return text.zfill(IIN_LENGTH) if isinstance(cell, Decimal) else text.replace("-", "")


def day_of_text(text: str) -> date | None:
    """A day written as 22.11.2026 or 2026-11-22, and in no other way."""
    parts = text.split(".")
    if len(parts) == 3:
        parts = parts[::-1]
    elif len(parts) == 1:
        parts = text.split("-")
    if len(parts) != 3 or len(parts[0]) != 4 or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def foreign_letter(name: str) -> str:
    """The first letter of the alphabet that is in the minority of a name, or nothing.

    A Latin letter in a Cyrillic name looks the same and is found by no search.
    """
    letters = {"CYRILLIC": "", "LATIN": ""}
    for sign in name:
        kind = unicodedata.name(sign, "").partition(" ")[0]
        if kind in letters:
            letters[kind] += sign
    fewer = min(letters.values(), key=len)
    return fewer[:1]


def _find_twins(sheet: Sheet) -> None:
    """The same number or IIN on two new people of one file."""
    for column, code in ((NUMBER, "number_twice"), (IIN, "iin_twice")):
        seen: dict[str, int] = {}
        for person in sheet.people:
            value = person.number if column == NUMBER else person.iin
            if value is None:
                continue
            if value in seen:
                sheet.problems.append(
                    Problem(person.row, column, code, value, {"row": str(seen[value])})
                )
            seen.setdefault(value, person.row)
