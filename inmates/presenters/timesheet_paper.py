"""The timesheet as paper, form 421: plain data for templates/documents/timesheet.typ."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inmates.enums import TimesheetStatus as Status
from inmates.models import Reason
from inmates.month_cells import DAY_OFF, PRESENT, hours_text
from inmates.presenters.month import absence_sign, rows_of
from inmates.selectors.month import MonthSheet
from inmates.selectors.timesheets import in_force
from inmates.shifts import Mark
from portal.kernel.text import date_short, month_name, number
from portal.kernel.workdays import is_workday

HALF = 15
OUTSIDE = "×"


def timesheet_document(
    sheet: MonthSheet,
    names: Mapping[int, str],
    *,
    language: str,
    masked: frozenset[int] = frozenset(),
) -> dict[str, Any]:
    """What stands on the paper, formatted, in the present language.

    A day is a code over hours, as the form has it. Of `masked` payers (private ones) an absence is
    paid or unpaid, and the reason is nowhere on the sheet.
    """
    reasons = {one.pk: one for one in sheet.reasons}
    used = {
        entered.value.reason_id
        for placement in sheet.placements
        if placement.payer_id not in masked
        for (pk, _day), entered in sheet.entered.items()
        if pk == placement.pk
    }
    return {
        "language": language,
        "title": _("Timesheet of working time"),
        "form": _("Form No. 421"),
        "period": month_name(sheet.month),
        "institution": sheet.workshop.institution.organisation.name,
        "workshop": sheet.workshop.name,
        "workdays": number(sum(map(is_workday, sheet.days))),
        "state": _state(sheet),
        "days": [{"number": str(day.day), "off": not is_workday(day)} for day in sheet.days],
        "rows": _rows(sheet, names, reasons, masked),
        "totals": {"hours": _hours(one.value.minutes for one in sheet.entered.values())},
        "legend": _legend(sheet, used, has_masked=bool(masked)),
        "labels": _labels(),
        "has_names": bool(names),
    }


def _rows(
    sheet: MonthSheet,
    names: Mapping[int, str],
    reasons: Mapping[int, Reason],
    masked: frozenset[int],
) -> list[dict[str, Any]]:
    paid = {pk for pk, one in reasons.items() if one.is_paid}
    found = []
    for place, row in enumerate(rows_of(sheet, names), start=1):
        placement = row.placement
        is_masked = placement.payer_id in masked
        marks = {
            day: entered.value
            for day in sheet.days
            if (entered := sheet.entered.get((placement.pk, day)))
        }
        norm = {day: sheet.full(placement, day) for day in marks}
        over = sum(
            max(mark.minutes - (norm[day] or mark.minutes), 0) for day, mark in marks.items()
        )
        found.append(
            {
                "place": str(place),
                "number": row.number,
                "name": row.name,
                "post": placement.post.name,
                "days": [
                    _day(day, marks.get(day), reasons, paid, is_masked=is_masked)
                    if in_force(placement, day)
                    else [OUTSIDE, ""]
                    for day in sheet.days
                ],
                "half": _hours(mark.minutes for day, mark in marks.items() if day.day <= HALF),
                "days_worked": str(row.days_worked),
                "hours": _hours([row.minutes]),
                "over": hours_text(over) if over else "",
                "night": _hours(mark.night for mark in marks.values()),
                "overtime": _hours(mark.overtime for mark in marks.values()),
                "holiday": _hours(
                    mark.minutes for day, mark in marks.items() if not is_workday(day)
                ),
                "absent": _absences(marks.values(), reasons, paid, is_masked=is_masked),
            }
        )
    return found


def _day(
    day: date,
    mark: Mark | None,
    reasons: Mapping[int, Reason],
    paid: set[int],
    *,
    is_masked: bool,
) -> list[str]:
    """The code, and under it the hours; a working day that is not entered stays empty."""
    if mark is None:
        return ["" if is_workday(day) else DAY_OFF, ""]
    hours = hours_text(mark.minutes) if mark.minutes else ""
    if mark.reason_id is None:
        return [PRESENT, hours]
    if is_masked:
        return [PRESENT, hours] if mark.minutes else [absence_sign(mark, paid), ""]
    reason = reasons.get(mark.reason_id)
    return [reason.letter if reason else "", hours]


def _absences(
    marks: Iterable[Mark], reasons: Mapping[int, Reason], paid: set[int], *, is_masked: bool
) -> str:
    """Б 3, СВ 1: days of absence by reason."""
    counts: dict[str, int] = {}
    for mark in marks:
        if mark.reason_id and not mark.minutes:
            reason = reasons.get(mark.reason_id)
            letter = reason.letter if reason else ""
            key = absence_sign(mark, paid) if is_masked else letter
            counts[key] = counts.get(key, 0) + 1
    return ", ".join(f"{letter} {count}" for letter, count in sorted(counts.items()))


def _legend(sheet: MonthSheet, used: set[int | None], *, has_masked: bool) -> list[dict[str, str]]:
    """From the directory: what stands on this sheet first, then the others it offers."""
    letters = [
        {"letter": PRESENT, "name": pgettext("timesheet", "present")},
        {"letter": DAY_OFF, "name": _("day off")},
        {"letter": OUTSIDE, "name": _("not placed here on the day")},
    ]
    if has_masked:
        letters += [
            {"letter": "+", "name": _("absent, paid")},
            {"letter": "−", "name": _("absent, unpaid")},
        ]
    shown = [one for one in sheet.reasons if one.letter and (not has_masked or one.pk in used)]
    return letters + [{"letter": one.letter, "name": one.name} for one in shown]


def _state(sheet: MonthSheet) -> str:
    """Whether it is a draft, and who vouches for it."""
    stored = sheet.timesheet
    if stored.status == Status.LOCKED:
        return _("Submitted by %(first)s on %(day)s, locked by %(second)s on %(end)s.") % {
            "first": stored.submitted_by.get_full_name(),
            "day": date_short(stored.submitted_at),
            "second": stored.locked_by.get_full_name(),
            "end": date_short(stored.locked_at),
        }
    if stored.status == Status.SUBMITTED:
        return _("Draft: submitted by %(first)s on %(day)s, not locked.") % {
            "first": stored.submitted_by.get_full_name(),
            "day": date_short(stored.submitted_at),
        }
    return _("Draft: not submitted.")


def _hours(minutes: Iterable[int]) -> str:
    total = sum(minutes)
    return hours_text(total) if total else ""


def _labels() -> dict[str, str]:
    """The words of the printed form."""
    return {
        "institution": _("Institution"),
        "workshop": _("Workshop"),
        "workdays": _("Working days in the month"),
        "legend": _("Signs"),
        "place": _("No."),
        "person": _("Name"),
        "number": _("Pers. No."),
        "post": _("Post"),
        "half": _("Hours, days 1–15"),
        "days": _("Days worked"),
        "hours": _("Hours"),
        "over": _("Above the norm"),
        "night": _("At night"),
        "overtime": _("Overtime"),
        "holiday": _("On days off"),
        "absent": _("Absence, days"),
        "total": _("Total"),
        "keeper": _("Responsible for the timesheet"),
        "head": _("Head of the workshop"),
        "accountant": _("Accountant"),
        "sheet": _("Sheet"),
    }
