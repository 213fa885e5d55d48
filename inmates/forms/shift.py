"""The sheet of attendance as a form: it cleans and types what was entered, and never saves.

Written for hundreds of short fields in a table, which the page draws itself; every refused line
keeps what was typed.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.models import Reason
from inmates.presenters.shift import Line, mark_words, told
from inmates.selectors.shift import Entered
from inmates.selectors.shift_day import ShiftDay
from inmates.services.attendance import MarkEdit
from inmates.shifts import Excess, Mark, excess_of, mark_of_row, minutes_of_hours
from portal.kernel.forms import WholeNumberField
from portal.kernel.text import number

DIGITS = {"invalid": gettext_lazy("Enter a whole number in digits.")}
MINUTES = WholeNumberField(min_value=0, max_value=24 * 60, required=False, error_messages=DIGITS)
# The field a refusal of a line is about, where it is not the reason.
FAULTS = {"no_text": "note", "max_length": "note", "supplement": "night"}
# The fields of the minutes that are paid higher, in the order of a mark.
SUPPLEMENTS = ("night", "overtime")
EXCESS_WORDS = {
    Excess.NIGHT: gettext_lazy("No more minutes at night than were worked."),
    Excess.OVERTIME: gettext_lazy("No more minutes of overtime than were worked."),
    Excess.DAY_OFF: gettext_lazy(
        "On a day off all minutes are paid higher as such: leave the overtime empty."
    ),
}
NOTE = forms.CharField(max_length=200, required=False)


def read_seen(text: str) -> dict[str, Any]:
    """What the page showed when it was opened; nonsense is as if it had shown nothing."""
    try:
        seen = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return seen if isinstance(seen, dict) else {}


def clean_minutes(text: str) -> int:
    """Minutes in digits; hours and letters are refused with what was probably meant."""
    hours = text.strip()
    minutes = minutes_of_hours(hours)
    if minutes is not None:
        raise forms.ValidationError(
            _(
                "Minutes are whole numbers. %(hours)s hours are %(minutes)s minutes: "
                "enter %(minutes)s."
            ),
            params={"hours": hours, "minutes": number(minutes)},
        )
    if any(char.isdigit() for char in hours) and any(char.isalpha() for char in hours):
        raise forms.ValidationError(
            _("“%(text)s” has a letter among its digits. Type it again in digits."),
            params={"text": hours[:20]},
        )
    return MINUTES.clean(text) or 0


def _mark(row: Any) -> tuple[Mark | None, bool]:
    """A line of `seen`: the mark it showed and whether that was stored."""
    match row:
        case [None, *_rest, bool(was_entered)]:
            return None, was_entered
        case [*mark, bool(was_entered)] if (found := mark_of_row(mark)) is not None:
            return found, was_entered
    return None, False


def _was_typed(data: Mapping[str, str], key: str, shown: Mark | None) -> bool:
    """Whether a line came back with something else than the page showed."""
    minutes = "".join(filter(str.isdecimal, data[f"minutes-{key}"]))
    typed = (data.get(f"reason-{key}", ""), minutes, data.get(f"note-{key}", ""))
    extra = [data.get(f"{name}-{key}", "").strip() for name in SUPPLEMENTS]
    if shown is None:
        return any((*typed, *extra))
    told = [str(shown.night or ""), str(shown.overtime or "")]
    if extra != told and any(f"{name}-{key}" in data for name in SUPPLEMENTS):
        return True
    return typed != (str(shown.reason_id or ""), str(shown.minutes or ""), shown.note)


class AttendanceForm:
    """The sheet of attendance: a reason, minutes and a note for each line."""

    def __init__(self, shift: ShiftDay, lines: list[Line]) -> None:
        self.shift = shift
        self.lines = lines
        self.reasons: dict[str, Reason] = {str(one.pk): one for one in shift.reasons}
        self.edits: list[MarkEdit] = []
        self.problem = ""

    @property
    def seen(self) -> str:
        """The hidden field: what each line shows now, to be compared when it comes back."""
        rows = {}
        for line in self.lines:
            row = line.base.as_row() if line.base else [None, None, "", 0, 0]
            rows[str(line.pk)] = [*row, line.was_entered]
        # In ASCII: what came back may hold half a character, which no page can be written with.
        return json.dumps(rows, separators=(",", ":"))

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.errors]

    def read(self, data: Mapping[str, str]) -> bool:
        """Take what was typed into the lines; False when something of it cannot be."""
        seen = read_seen(data.get("seen", ""))
        for line in self.lines:
            if f"minutes-{line.pk}" not in data:
                # Expected only since the page was opened: nobody has seen this line yet.
                continue
            line.reason = data.get(f"reason-{line.pk}", "")
            line.minutes = data[f"minutes-{line.pk}"]
            line.note = data.get(f"note-{line.pk}", "")
            shown, was_entered = _mark(seen.get(str(line.pk)))
            # A form of before the fields, or one without them, leaves what stood.
            told = {
                "night": shown.night if shown else 0,
                "overtime": shown.overtime if shown else 0,
            }
            line.night, line.overtime = (
                data.get(f"{name}-{line.pk}", str(told[name] or "")) for name in SUPPLEMENTS
            )
            line.base, line.was_entered = shown, was_entered
            try:
                mine = self._with_supplements(line, self._clean(line, shown), shown)
            except forms.ValidationError as error:
                line.errors += error.messages
                line.fault = FAULTS.get(error.error_list[0].code, "")
                continue
            self.edits.append(MarkEdit(line.pk, shown, was_entered, mine))
            if mine == shown and line.entered and line.entered.value != shown:
                # Not touched here and changed by somebody else: theirs is what stands.
                line.fill(line.entered.value)
                self._tell(line, line.entered)
        if self._has_more(data, seen):
            self.problem = _(
                "Nothing is saved: somebody whose day you changed is no longer on this sheet. "
                "Look at who is on it, then save again."
            )
        return not self.wrong and not self.problem

    def _has_more(self, data: Mapping[str, str], seen: Mapping[str, Any]) -> bool:
        """Something was typed in a line that is gone: its placement was ended meanwhile."""
        known = {line.key for line in self.lines}
        gone = [
            name.removeprefix("minutes-")
            for name in data
            if name.startswith("minutes-") and name.removeprefix("minutes-") not in known
        ]
        return any(_was_typed(data, key, _mark(seen.get(key))[0]) for key in gone)

    def _clean(self, line: Line, shown: Mark | None) -> Mark | None:
        minutes = clean_minutes(line.minutes)
        note = NOTE.clean(line.note)
        if not line.reason:
            if minutes:
                return Mark(minutes, None, note)
            if self.shift.is_workday:
                raise forms.ValidationError(_("Enter the minutes worked or choose a reason."))
            return None
        reason = self.reasons.get(line.reason)
        if reason is None:
            raise forms.ValidationError(_("Choose a reason from the list."))
        if reason.needs_text and not note:
            raise forms.ValidationError(_("Write what the reason is."), code="no_text")
        if reason.is_worked:
            return self._part_of_a_shift(Mark(minutes, reason.pk, note), shown)
        if minutes and minutes not in (shown.minutes if shown else 0, line.full):
            raise forms.ValidationError(
                _("Who was absent has no minutes. Choose a short day, or take the minutes away.")
            )
        # Minutes left as the page proposed them were not typed by anybody.
        return Mark(0, reason.pk, note)

    def _part_of_a_shift(self, mark: Mark, shown: Mark | None) -> Mark:
        if not mark.minutes:
            raise forms.ValidationError(_("Enter how many minutes were worked."))
        full = self.shift.rules.norm["general"]
        # What stands already is not asked again: the sheet is sent whole.
        if mark != shown and mark.minutes >= full:
            raise forms.ValidationError(
                _(
                    "With this reason less than a full shift is worked: "
                    "fewer than %(full)s minutes."
                ),
                params={"full": number(full)},
            )
        return mark

    def _with_supplements(self, line: Line, mark: Mark | None, shown: Mark | None) -> Mark | None:
        """Night and overtime beside the minutes; of who turned out absent what stood is dropped."""
        try:
            night, overtime = clean_minutes(line.night), clean_minutes(line.overtime)
        except forms.ValidationError as error:
            raise forms.ValidationError(" ".join(error.messages), code="supplement") from error
        is_dropped = (night, overtime) == ((shown.night, shown.overtime) if shown else (0, 0))
        if mark is None or (not mark.minutes and is_dropped):
            if mark is None and (night or overtime) and not is_dropped:
                raise forms.ValidationError(EXCESS_WORDS[Excess.NIGHT], code="supplement")
            return mark
        found = replace(mark, night=night, overtime=overtime)
        excess = excess_of(found, is_workday=self.shift.is_workday)
        if excess is not None:
            raise forms.ValidationError(EXCESS_WORDS[excess], code="supplement")
        return found

    @property
    def has_supplements(self) -> bool:
        """Their fields are open: somebody has some, or some are wrong."""
        return any(line.has_supplements or line.fault == "night" for line in self.lines)

    def mark_problems(self, problems: Mapping[Any, Any]) -> None:
        """Sentences of a service at the lines they are about."""
        for line in self.lines:
            if line.pk in problems:
                line.errors.append(str(problems[line.pk]))

    def mark_theirs(self, theirs: Mapping[Any, Entered]) -> None:
        """What others stored meanwhile, beside what was typed; the next save compares with it."""
        for line in self.lines:
            if line.pk in theirs:
                self._tell(line, theirs[line.pk])

    def _tell(self, line: Line, entered: Entered) -> None:
        reasons = {reason.pk: reason for reason in self.shift.reasons}
        line.theirs = told(entered, mark_words(entered.value, reasons))
        line.base, line.was_entered = entered.value, True
