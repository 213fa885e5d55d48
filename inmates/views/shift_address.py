"""What the address of a page of a shift names: the workshop, the day, a row; read by its views."""

from datetime import date

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from inmates.refusals import ParameterMissing
from inmates.selectors.open_days import is_before_first
from inmates.selectors.shift import shift_workshops
from inmates.selectors.shift_day import ShiftDay, shift_day
from portal.kernel import clock

# Of a primary key: what is longer is none.
MOST_DIGITS = 18


def visible_shift(request: HttpRequest, code: str, day: str) -> ShiftDay:
    """The shift the reader may see; a day ahead is refused in words."""
    on, when = clock.today(), day_in(day)
    workshop = get_object_or_404(shift_workshops(request.user, on), code=code)
    if when is None:
        raise Http404
    try:
        found = shift_day(workshop, when, on)
    except ParameterMissing as missing:
        # A gap is told to whoever can close it; before the first row the address is mistyped.
        if is_before_first(missing.code, when):
            raise Http404 from missing
        raise
    if when > on and found.refusal is not None:
        raise found.refusal
    return found


def day_in(text: str) -> date | None:
    """A day written as 2026-11-22 and in no other way."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def key_in(text: str) -> int | None:
    """The key of a row, where the text is one."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
