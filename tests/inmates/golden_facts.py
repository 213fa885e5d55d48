"""Golden months: a person's records and the expected state of each day, read from pictures.

A file of `data/golden_facts` tells what is on record, line by line, and below it the month as
rows of letters, one letter a day, made by hand:

    custody    A or B: the institution (16, 22); every row has a dot outside of custody
    ability    a able, u unable, ? not known          subject    s yes, - no, ? not known
    available  + yes, - no, ? not known               employed   e yes, n no, ? not known
    employer   s state, i institution, p private      time       F full, P part
    worked     W P A U N of `Worked`                  (dots where there is no placement)
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from inmates.models import Attendance, CustodyStay, Inmate, LabourState, Placement, Reason
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from tests.inmates.fact_days import FactDay
from tests.people import NOW, Cast, a_consent, a_placement
from workshops.models import Institution

FOLDER = Path(__file__).parent / "data" / "golden_facts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
ROWS = ("custody", "ability", "subject", "available", "employed", "employer", "time", "worked")
# Whether a reason counts as available; the group follows from its use.
REASONS = {
    "sick": ("attendance", False),
    "refusal": ("attendance", False),
    "no_power": ("attendance", True),
    "no_place": ("not_working", True),
    "refused": ("not_working", False),
    "quarantine": ("not_working", False),
    "disability": ("not_working", False),
}
LETTERS: dict[str, dict[Any, str]] = {
    "ability": {"able": "a", "unable": "u", "unknown": "?"},
    "subject": {True: "s", False: "-", None: "?"},
    "available": {"available": "+", "unavailable": "-", "unknown": "?"},
    "employed": {"employed": "e", "not_employed": "n", "unknown": "?"},
    "employer": {"state": "s", "institution": "i", "private": "p", "": "."},
    "time": {True: "F", False: "P", None: "."},
}


@dataclass
class Golden:
    """One file: the month, the records as words, the rows of the picture."""

    name: str
    month: Month
    records: list[list[str]] = field(default_factory=list)
    picture: dict[str, str] = field(default_factory=dict)


def read_golden(name: str) -> Golden:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    month = Month.parse(words[0][1])
    golden = Golden(name, month)
    for row in words[1:]:
        if row[0] in ROWS:
            golden.picture[row[0]] = row[1]
        elif row[0] != "day":
            golden.records.append(row)
    assert set(golden.picture) == set(ROWS)
    assert {len(row) for row in golden.picture.values()} == {month.last_day.day}
    return golden


@dataclass
class Ground:
    """Institutions by number, and the reasons, which all golden people share."""

    cast: Cast
    places: dict[str, Institution]
    reasons: dict[str, Reason]


def golden_reasons() -> dict[str, Reason]:
    return {
        code: Reason.objects.create(
            code=code, group=group, name_ru=code, name_kk=code, counts_as_available=counts
        )
        for code, (group, counts) in REASONS.items()
    }


def store_golden(golden: Golden, ground: Ground, number: str) -> Inmate:
    """The records of the file as rows."""
    inmate = Inmate.objects.create(personnel_number=number, born_on=date(1990, 5, 17))
    jobs: dict[str, Placement] = {}
    for kind, *words in golden.records:
        if kind == "stay":
            CustodyStay.objects.create(
                inmate=inmate, institution=ground.places[words[0]], **_dates(words[1:])
            )
        elif kind == "state":
            LabourState.objects.create(
                inmate=inmate,
                ability=words[0],
                is_subject_to_labour=words[1] == "subject",
                reason=ground.reasons.get(words[2]),
                **_dates(words[3:]),
            )
        elif kind == "job":
            jobs[words[0]] = _job(inmate, ground, words[1], words[2], words[3:])
        else:
            assert kind == "sheet", kind
            _sheets(jobs[words[0]], ground, words[1:])
    return inmate


def _dates(words: list[str]) -> dict[str, date | None]:
    begin, end = (None if word == "-" else date.fromisoformat(word) for word in words)
    return {"effective_from": begin, "effective_to": end}


def _job(inmate: Inmate, ground: Ground, kind: str, time: str, words: list[str]) -> Placement:
    cast = ground.cast
    employer = {
        "state": cast.enterprise, "institution": cast.colony, "private": cast.entrepreneur
    }[kind]  # fmt: skip
    if kind == "private":
        a_consent(inmate, employer)
    return a_placement(
        cast,
        inmate,
        employer=employer,
        payer=employer,
        is_full_time=time == "full",
        **_dates(words),
    )


def _sheets(placement: Placement, ground: Ground, words: list[str]) -> None:
    minutes, reason, which, begin, end = words
    day, last = date.fromisoformat(begin), date.fromisoformat(end)
    while day < last:
        if which == "days" or is_workday(day):
            Attendance.objects.create(
                placement=placement,
                worked_on=day,
                minutes=int(minutes),
                reason=ground.reasons.get(reason),
                recorded_at=NOW,
            )
        day += timedelta(days=1)


def picture_of(days: dict[date, FactDay], month: Month, ground: Ground) -> dict[str, str]:
    """The same rows of letters, drawn from facts."""
    letters = {place.pk: letter for place, letter in zip(ground.places.values(), "AB", strict=True)}
    rows = dict.fromkeys(ROWS, "")
    for day in month.days():
        fact = days.get(day)
        values = dict.fromkeys(ROWS, ".") if fact is None else _letters(fact, letters)
        for row in ROWS:
            rows[row] += values[row]
    return rows


def _letters(fact: FactDay, places: dict[int, str]) -> dict[str, str]:
    return {
        "custody": places[fact.institution],
        "ability": LETTERS["ability"][fact.ability],
        "subject": LETTERS["subject"][fact.is_subject],
        "available": LETTERS["available"][fact.availability],
        "employed": LETTERS["employed"][fact.employment],
        "employer": LETTERS["employer"][fact.employer_kind],
        "time": LETTERS["time"][fact.is_full_time],
        "worked": fact.worked or ".",
    }
