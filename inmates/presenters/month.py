"""The month of a workshop as its pages show it: rows of cells, the head, what is worth a look.

The page is readable without its script; presenters/month_script.py is what that works with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.enums import TimesheetStatus as Status
from inmates.models import Placement
from inmates.month_cells import (
    DAY_OFF,
    PRESENT,
    hours_text,
    oddities_of,
    short_text,
)
from inmates.month_refusals import Gap, MonthNotOver
from inmates.presenters.month_words import (
    cell_name,
    oddity_words,
)
from inmates.presenters.shift import supplement_words
from inmates.selectors.month import Cell, MonthSheet
from inmates.selectors.timesheets import in_force, last_day_ahead
from inmates.shifts import Mark
from portal.kernel.collation import sort_key_kk, sort_key_ru
from portal.kernel.text import date_short, month_name, number
from portal.kernel.workdays import is_workday

WEEKDAYS = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "kk": ("дс", "сс", "ср", "бс", "жм", "сн", "жс"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One day of one person as it is seen."""

    day: date
    key: str
    text: str
    kinds: tuple[str, ...]
    title: str = ""


@dataclass(slots=True)
class MonthRow:
    """One placement: who, and the days of the month."""

    placement: Placement
    name: str
    cells: list[MonthCell] = field(default_factory=list)
    minutes: int = 0
    days_worked: int = 0

    @property
    def number(self) -> str:
        return self.placement.inmate.personnel_number

    @property
    def key(self) -> str:
        """For ids: a template would print a number as people read it."""
        return str(self.placement.pk)

    @property
    def hours(self) -> str:
        return hours_text(self.minutes) if self.minutes else ""


def weekday(day: date) -> str:
    """чт: the day of the week in two letters, in the reader's language."""
    return WEEKDAYS.get((get_language() or "ru")[:2], WEEKDAYS["ru"])[day.weekday()]


def day_heads(sheet: MonthSheet) -> list[dict[str, Any]]:
    """The head of each column; a day that has come leads to its shift."""
    return [
        {
            "day": day,
            "number": day.day,
            "weekday": weekday(day),
            "is_off": not is_workday(day),
            "url": reverse("inmates:shift", args=[sheet.workshop.code, day.isoformat()])
            if day <= sheet.on
            else "",
        }
        for day in sheet.days
    ]


def rows_of(
    sheet: MonthSheet,
    names: Mapping[int, str],
    typed: Mapping[Cell, Any] | None = None,
    *,
    masked: frozenset[int] = frozenset(),
) -> list[MonthRow]:
    """The sheet by name, with what was typed over it. Of `masked` payers no reason is shown."""
    letters = {one.pk: one.letter for one in sheet.reasons}
    paid = {one.pk for one in sheet.reasons if one.is_paid}
    rows = []
    for placement in sheet.placements:
        row = MonthRow(placement, names.get(placement.inmate_id, ""))
        is_masked = placement.payer_id in masked
        for day in sheet.days:
            entered = sheet.entered.get((placement.pk, day))
            mark = entered.value if entered else None
            one = typed.get((placement.pk, day)) if typed else None
            text = one.text if one else short_text(mark, letters)
            if is_masked and mark is not None and mark.reason_id:
                text = absence_sign(mark, paid)
            row.cells.append(_cell(sheet, placement, day, text, mark, one, is_masked=is_masked))
            row.minutes += mark.minutes if mark else 0
            row.days_worked += bool(mark and mark.minutes)
        rows.append(row)
    sort_key = sort_key_kk if get_language() == "kk" else sort_key_ru
    return sorted(
        rows, key=lambda row: (not row.name, sort_key(row.name), row.number, row.placement.pk)
    )


def absence_sign(mark: Mark, paid: set[int]) -> str:
    """What a private employer sees of an absence: hours, or whether it is paid, never why."""
    if mark.minutes:
        return hours_text(mark.minutes)
    return "+" if mark.reason_id in paid else "−"


def _cell(
    sheet: MonthSheet,
    placement: Placement,
    day: date,
    text: str,
    mark: Mark | None,
    typed: Any,
    *,
    is_masked: bool,
) -> MonthCell:
    kinds = [] if is_workday(day) else ["off"]
    if not in_force(placement, day):
        kinds.append("outside")
    elif day > sheet.on:
        kinds.append("ahead")
    elif mark is None and not kinds and not text:
        kinds.append("gap")
    if mark is not None and (mark.night or mark.overtime):
        kinds.append("extra")
    if typed is not None:
        kinds += ["changed", *(["wrong"] if typed.error or typed.theirs else [])]
    elif _oddities(sheet, placement, day, mark):
        kinds.append("odd")
    return MonthCell(
        day,
        f"{placement.pk}-{day.isoformat()}",
        text,
        tuple(kinds),
        _told(mark, is_masked=is_masked) if mark else "",
    )


def _told(mark: Mark, *, is_masked: bool) -> str:
    """What a cell says when it is pointed at: night and overtime, the note."""
    return ". ".join(filter(None, [supplement_words(mark), "" if is_masked else mark.note]))


def _oddities(sheet: MonthSheet, placement: Placement, day: date, mark: Mark | None) -> list[Any]:
    if mark is None and (placement.pk, day) not in sheet.output:
        return []
    here = sum(
        other.value.minutes
        for one in sheet.placements
        if one.inmate_id == placement.inmate_id and one.pk != placement.pk
        if (other := sheet.entered.get((one.pk, day)))
    ) if placement.inmate_id in sheet.twice else 0  # fmt: skip
    return oddities_of(
        mark,
        full=sheet.full(placement, day),
        is_workday=is_workday(day),
        elsewhere=sheet.elsewhere.get((placement.inmate_id, day), 0) + here,
        output=sheet.output.get((placement.pk, day), 0),
    )


def odd_rows(sheet: MonthSheet) -> list[dict[str, str]]:
    """What is stored and worth a look, by person and day."""
    words = oddity_words()
    return [
        {
            "cell": f"{placement.pk}-{day.isoformat()}",
            "label": cell_name(placement.inmate.personnel_number, day),
            "text": "; ".join(words[one.value] for one in found),
        }
        for placement in sheet.placements
        for day in sheet.days
        if (
            found := _oddities(
                sheet,
                placement,
                day,
                entered.value if (entered := sheet.entered.get((placement.pk, day))) else None,
            )
        )
    ]


def gap_rows(sheet: MonthSheet, gaps: Iterable[Gap]) -> list[dict[str, str]]:
    """What is not entered, each leading to the shift of its day."""
    return [
        {
            "label": cell_name(one.number, one.day),
            "url": reverse("inmates:shift", args=[sheet.workshop.code, one.day.isoformat()]),
        }
        for one in gaps
    ]


def legend(sheet: MonthSheet) -> list[dict[str, str]]:
    """Every letter of the sheet with what it stands for."""
    return [
        {"letter": PRESENT, "name": _("a full day by the norm of the person")},
        {"letter": DAY_OFF, "name": _("day off: the cell is left empty")},
        *({"letter": one.letter, "name": one.name} for one in sheet.reasons if one.letter),
        {"letter": "(н2 с1)", "name": _("of the hours: 2 at night, 1 of overtime")},
    ]


def month_head(sheet: MonthSheet, gaps: int, base: str, above: dict[str, str]) -> dict[str, Any]:
    """Name, state, whose turn it is, and the months beside this one; `base` names their view."""
    ahead = last_day_ahead(sheet.placements, sheet.month, sheet.on)

    def url(when: Any) -> str:
        return reverse(base, args=[sheet.workshop.code, str(when)])

    following = sheet.month.next()
    return {
        "title": sheet.workshop.name,
        "month": month_name(sheet.month).capitalize(),
        "crumbs": [
            above,
            {"label": sheet.workshop.institution.organisation.name},
            {"label": sheet.workshop.name},
        ],
        "status": sheet.timesheet.status,
        "label": sheet.timesheet.get_status_display(),
        "turn": turn_words(sheet.timesheet, gaps, ahead),
        "ahead": str(MonthNotOver(day=date_short(ahead))) if ahead else "",
        "earlier_url": url(sheet.month.previous()),
        "later_url": url(following) if following.first_day <= sheet.on else "",
        "figures": [
            {"label": _("People"), "value": number(len({p.inmate_id for p in sheet.placements}))},
            {"label": _("Working days"), "value": number(sum(map(is_workday, sheet.days)))},
            {
                "label": _("Hours entered"),
                "value": hours_text(sum(one.value.minutes for one in sheet.entered.values())),
            },
            {
                "label": _("Working days not entered"),
                "value": number(gaps),
                "tone": "warn" if gaps else "",
            },
        ],
    }


def turn_words(timesheet: Any, gaps: int, ahead: date | None) -> str:
    """Whose turn it is, in one sentence; `ahead` is the last day of the sheet until it comes."""
    if timesheet.status == Status.SUBMITTED:
        return _("%(who)s submitted it on %(day)s. The accountant checks it now.") % {
            "who": timesheet.submitted_by.get_full_name(),
            "day": date_short(timesheet.submitted_at),
        }
    if timesheet.status == Status.LOCKED:
        return _("%(who)s locked it on %(day)s: wages are calculated from it.") % {
            "who": timesheet.locked_by.get_full_name(),
            "day": date_short(timesheet.locked_at),
        }
    if timesheet.status == Status.RETURNED:
        return _("Returned to the master: correct it and submit it again.")
    if gaps:
        return _("The master's turn: enter every working day, then submit the sheet.")
    if ahead is not None:
        return _(
            "Everything up to today is entered. The sheet is submitted on %(day)s or afterwards."
        ) % {"day": date_short(ahead)}
    return _("Everything is entered: the master submits the sheet.")
