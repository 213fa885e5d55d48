"""What the script of the month's sheet works with (static/js/month.js), ready for JSON."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from inmates.models import Placement
from inmates.month_cells import DAY_OFF, PRESENT, whole_text
from inmates.presenters.month import MonthRow, weekday
from inmates.presenters.month_words import (
    alphabets,
    fault_templates,
    more_templates,
    oddity_words,
)
from inmates.selectors.month import Cell, MonthSheet
from inmates.selectors.timesheets import in_force
from portal.kernel.workdays import is_workday


def page_data(sheet: MonthSheet, rows: list[MonthRow], form: Any, *, is_open: bool) -> Any:
    """What the script of the page works with, ready for JSON."""
    letters = {one.pk: one.letter for one in sheet.reasons}
    return {
        "open": is_open,
        "present": PRESENT,
        "dayOff": DAY_OFF,
        "days": [
            {
                "day": day.isoformat(),
                "label": f"{day:%d.%m}",
                "weekday": weekday(day),
                "isOff": not is_workday(day),
                "codes": {
                    one.letter: [one.pk, one.is_worked, one.needs_text]
                    for one in sheet.reasons_on(day)
                    if one.letter
                },
            }
            for day in sheet.days
        ],
        "rows": [_row_data(sheet, row.placement, letters) for row in rows],
        "problems": {_key(one.cell): one.error for one in form.wrong},
        "theirs": {
            _key(one.cell): [one.theirs, whole_text(one.base, letters)] for one in form.conflicts
        },
        "words": _script_words(),
    }


def _row_data(sheet: MonthSheet, placement: Placement, letters: Mapping[int, str]) -> Any:
    entered = {
        day.day: [whole_text(one.value, letters), one.value.as_row()]
        for day in sheet.days
        if (one := sheet.entered.get((placement.pk, day)))
    }
    standings = [sheet.standing(placement, day) for day in sheet.days]
    return {
        "id": placement.pk,
        "person": placement.inmate_id,
        "number": placement.inmate.personnel_number,
        "full": [sheet.full(placement, day) for day in sheet.days],
        # 0: cannot be written, 1: open, 2: with a written reason.
        "gates": [
            0
            if one.refusal is not None or not in_force(placement, day)
            else 2 if one.closed is not None else 1
            for day, one in zip(sheet.days, standings, strict=True)
        ],
        "entered": entered,
        "output": {
            day.day: count for day in sheet.days if (count := sheet.output.get((placement.pk, day)))
        },
        "elsewhere": {
            day.day: minutes
            for day in sheet.days
            if (minutes := sheet.elsewhere.get((placement.inmate_id, day)))
        },
    }  # fmt: skip


def _key(cell: Cell) -> str:
    return f"{cell[0]}-{cell[1].isoformat()}"


def _script_words() -> dict[str, Any]:
    return {
        "faults": fault_templates(),
        "more": more_templates(),
        "alphabets": alphabets(),
        "odd": oddity_words(),
        "keepMine": _("Keep mine"),
        "takeTheirs": _("Take theirs"),
        "pasted": _("Pasted: %(count)s. Left out beyond the sheet or on closed cells: %(left)s."),
        "copied": _("Copied: %(count)s."),
        "changed": _("Changed and not saved: %(count)s."),
        "unchanged": _("Nothing is changed."),
        "wrong": _("Correct what is marked, then save: %(count)s."),
        "edit": _("Text of the cell"),
        "night": _("at night %(minutes)s min"),
        "overtime": _("overtime %(minutes)s min"),
        "closed": _("This cell cannot be written: the day has not come, or nobody is placed."),
    }
