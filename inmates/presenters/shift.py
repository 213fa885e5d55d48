"""A shift as its page shows it: the head with its state and a line for each person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inmates.models import Placement, Reason
from inmates.presenters.shift_parts import shift_parts
from inmates.selectors.shift import Entered
from inmates.selectors.shift_day import ShiftDay
from inmates.selectors.two_places import OtherPlace
from inmates.shifts import Earlier, Mark, full_minutes, proposal
from portal.kernel.clock import ALMATY
from portal.kernel.collation import sort_key_kk, sort_key_ru
from portal.kernel.text import date_short, number

# What the timesheet writes for a day that was worked, and for a day off (form № 421).
PRESENT, DAY_OFF = "Я", "В"


@dataclass(slots=True)
class Line:
    """One person on the sheet: who, what the page shows, what was typed, what is wrong with it."""

    placement: Placement
    name: str
    before: str
    before_on: date | None
    shown: Mark | None
    entered: Entered | None
    full: int | None
    reason: str = ""
    minutes: str = ""
    note: str = ""
    # Of the minutes: at night, and beyond the norm.
    night: str = ""
    overtime: str = ""
    errors: list[str] = field(default_factory=list)
    # The field that is wrong, where it is not the reason.
    fault: str = ""
    theirs: str = ""
    reason_shown: Reason | None = None
    # What the next save is compared with: the page's own view of the day.
    base: Mark | None = None
    was_entered: bool = False
    # What this person has at other places on the day; a warning where it is too much together.
    beside: str = ""
    is_too_long: bool = False

    @property
    def pk(self) -> int:
        return self.placement.pk

    @property
    def key(self) -> str:
        """For names and ids of fields: a template would print a number as people read it."""
        return str(self.pk)

    @property
    def number(self) -> str:
        return self.placement.inmate.personnel_number

    @property
    def label(self) -> str:
        """How a field of this line is called for who does not see it."""
        return f"{self.number} {self.name}".strip()

    @property
    def anchor(self) -> str:
        return f"{self.fault or 'reason'}-{self.pk}"

    @property
    def sentence(self) -> str:
        return " ".join(self.errors)

    def fill(self, mark: Mark | None) -> None:
        """Put a mark into the fields."""
        self.reason = str(mark.reason_id) if mark and mark.reason_id else ""
        self.minutes = number(mark.minutes) if mark and mark.minutes else ""
        self.note = mark.note if mark else ""
        self.night = _minutes(mark.night) if mark else ""
        self.overtime = _minutes(mark.overtime) if mark else ""

    @property
    def has_supplements(self) -> bool:
        """Their fields are shown without being asked for."""
        return bool(self.night or self.overtime)

    @property
    def supplements(self) -> str:
        """Night and overtime in words, for a sheet that is only read."""
        return supplement_words(self.entered.value) if self.entered else ""


def lines_of(
    shift: ShiftDay, names: Mapping[int, str], *, copied: date | None = None
) -> list[Line]:
    """The sheet by name: what is entered, else what is proposed."""
    earlier = shift.earlier()
    reasons = {reason.pk: reason for reason in shift.reasons}
    lines = []
    for placement in shift.placements:
        before = earlier.get(placement.pk)
        entered = shift.entered.get(placement.pk)
        full = _full(shift, placement, before)
        proposed = proposal(before, norm=full, is_workday=shift.is_workday, copied=copied)
        shown = entered.value if entered else proposed
        line = Line(
            placement=placement,
            name=names.get(placement.inmate_id, ""),
            before=f"{before.day:%d.%m}: {mark_short(before.mark, reasons)}" if before else "",
            before_on=before.day if before else None,
            shown=shown,
            entered=entered,
            full=before.full_minutes if before and before.full_minutes else full,
            reason_shown=reasons.get(shown.reason_id) if shown else None,
            base=shown,
            was_entered=entered is not None,
        )
        line.fill(shown)
        lines.append(line)
    return sorted(lines, key=lambda line: (*_name_key(line.name), line.number, line.pk))


def warn_of_two_places(shift: ShiftDay, lines: list[Line]) -> None:
    """Nobody is at two places at a time: what is entered elsewhere stands beside the line."""
    elsewhere = shift.other_places()
    for line in lines:
        others = elsewhere.get(line.pk, [])
        together = (line.shown.minutes if line.shown else 0) + sum(o.minutes or 0 for o in others)
        full = full_minutes(shift.rules.norm, line.placement.inmate.disability_group)
        line.is_too_long = bool(others) and together > full
        words = [_place_words(one) for one in others]
        if line.is_too_long:
            words.append(
                _("Together %(minutes)s min, a full shift is %(full)s.")
                % {"minutes": number(together), "full": number(full)}
            )
        line.beside = " ".join(words)


def _place_words(one: OtherPlace) -> str:
    if not one.minutes:
        return _("Also expected at “%(workshop)s”.") % {"workshop": one.workshop}
    words = {"workshop": one.workshop, "minutes": number(one.minutes)}
    return _("Also at “%(workshop)s”: %(minutes)s min.") % words


def _full(shift: ShiftDay, placement: Placement, before: Earlier | None) -> int | None:
    if not placement.is_full_time:
        return placement.daily_minutes
    return full_minutes(shift.rules.norm, placement.inmate.disability_group)


def _name_key(name: str) -> tuple[bool, str]:
    """In the reader's alphabet; who has no name stands last."""
    return not name, (sort_key_kk if get_language() == "kk" else sort_key_ru)(name)


def mark_short(mark: Mark, reasons: Mapping[int, Reason]) -> str:
    """As in a timesheet: minutes, or the letter of the reason; both for a short day."""
    reason = reasons.get(mark.reason_id) if mark.reason_id else None
    return " ".join(filter(None, [reason.letter if reason else "", _minutes(mark.minutes)]))


def mark_words(mark: Mark | None, reasons: Mapping[int, Reason]) -> str:
    """In words: "Sick", "480 min", "Short day, 300 min"."""
    if mark is None:
        return _("nothing entered")
    reason = reasons.get(mark.reason_id) if mark.reason_id else None
    minutes = _("%(minutes)s min") % {"minutes": number(mark.minutes)} if mark.minutes else ""
    parts = [reason.name if reason else "", minutes, supplement_words(mark), mark.note]
    return ", ".join(filter(None, parts))


def supplement_words(mark: Mark) -> str:
    """ "at night 120 min, overtime 60 min": what is paid higher of the day."""
    night = _("at night %(minutes)s min") % {"minutes": number(mark.night)} if mark.night else ""
    overtime = (
        _("overtime %(minutes)s min") % {"minutes": number(mark.overtime)} if mark.overtime else ""
    )
    return ", ".join(filter(None, [night, overtime]))


def _minutes(minutes: int) -> str:
    return number(minutes) if minutes else ""


def options(shift: ShiftDay) -> list[dict[str, Any]]:
    """The choices of a line: present, then the directory of reasons by its letters."""
    first = _("present") if shift.is_workday else _("day off")
    present = {"value": "", "letter": PRESENT if shift.is_workday else DAY_OFF, "name": first}
    return [
        {**present, "is_worked": True, "needs_text": False},
        *(
            {
                "value": str(reason.pk),
                "letter": reason.letter,
                "name": reason.name,
                "is_worked": reason.is_worked,
                "needs_text": reason.needs_text,
            }
            for reason in shift.reasons
        ),
    ]


def told(entered: Entered, words: str) -> str:
    """What somebody else stored, with who and when."""
    return _("Saved at %(time)s by %(who)s: %(what)s") % {
        "time": f"{entered.at.astimezone(ALMATY):%H:%M}",
        "who": entered.by or "—",
        "what": words,
    }


def shift_head(shift: ShiftDay, part: str) -> dict[str, Any]:
    """Name, state, days beside this one, and the parts of the page."""
    code, day = shift.workshop.code, shift.day

    def url(name: str, when: date) -> str:
        return reverse(f"inmates:{name}", args=[code, when.isoformat()])

    here = "shift" if part == "attendance" else f"shift_{part}"
    following = day + timedelta(days=1)
    parts = shift_parts(code, day, here)
    return {
        "title": shift.workshop.name,
        "crumbs": [
            {"label": _("Shift"), "url": reverse("inmates:shifts")},
            {"label": shift.workshop.institution.organisation.name},
            {"label": shift.workshop.name},
        ],
        "state": shift_state(shift),
        "earlier_url": url(here, day - timedelta(days=1)),
        "later_url": url(here, following) if following <= shift.on else "",
        "today_url": url(here, shift.on) if day != shift.on else "",
        "parts": parts,
        "here": next(one["label"] for one in parts if one["is_here"]),
        "report_url": url("shift_report", day),
        "figures": _figures(shift, url("shift_output", day)),
    }


def _figures(shift: ShiftDay, output_url: str) -> list[dict[str, Any]]:
    """The first look of the day; a number of work orders opens their list."""
    due, overdue = shift.due["due"], shift.due["overdue"]
    return [
        {
            "label": _("Expected"),
            "value": number(len(shift.placements)) if shift.is_workday else "—",
        },
        {"label": _("Present"), "value": number(shift.present) if shift.entered else "—"},
        {"label": _("Absent"), "value": number(shift.absent) if shift.entered else "—"},
        {"label": _("Due within a week"), "value": number(due), "url": output_url if due else ""},
        {
            "label": _("Overdue"),
            "value": number(overdue),
            "url": output_url if overdue else "",
            "tone": "bad" if overdue else "",
        },
    ]


def shift_state(shift: ShiftDay) -> dict[str, str]:
    """The tag beside the name: whose turn it is."""
    saved = shift.last_saved
    if not shift.placements:
        return {"tone": "quiet", "label": _("Nobody is expected")}
    if saved is None:
        if not shift.is_workday:
            return {"tone": "quiet", "label": _("Day off by the calendar")}
        return {"tone": "warn", "label": _("Attendance is not entered")}
    if shift.missing and shift.is_workday:
        words = {"part": number(len(shift.entered)), "whole": number(len(shift.placements))}
        return {"tone": "warn", "label": _("Entered for %(part)s of %(whole)s") % words}
    when = saved.at.astimezone(ALMATY)
    words = {"who": saved.by or "—", "time": f"{when:%H:%M}"}
    if when.date() != shift.day:
        words["time"] = f"{date_short(saved.at)}, {words['time']}"
    return {"tone": "ok", "label": _("Saved %(time)s, %(who)s") % words}


def rule_words(shift: ShiftDay) -> str:
    """Where the window of correction is written: the portal's own rule, or somebody's order."""
    if shift.rules.is_own:
        days = shift.rules.correction_days
        words = ngettext(
            "A rule of this portal: %(count)s day after the shift.",
            "A rule of this portal: %(count)s days after the shift.",
            days,
        )
        return words % {"count": days}
    return shift.rules.source
