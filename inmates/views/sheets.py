"""What the sheets of a shift and of a month share: the words about closed days, the empty cache."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from inmates.presenters.shift import Line, lines_of
from inmates.presenters.shift_changes import change_rows
from inmates.selectors.people import names_on_list
from inmates.selectors.reasons import reasons_in
from inmates.selectors.shift import changes_on
from inmates.selectors.shift_day import ShiftDay
from inmates.shifts import MOST_CHARACTERS
from portal.kernel import clock


def explanation(request: HttpRequest) -> str:
    """What was written about closed days, in one line."""
    return " ".join(request.POST.get("correction", "").replace("\x00", "").split())


def not_stored(response: HttpResponse) -> HttpResponse:
    """Names are not left in the cache of a shared computer."""
    response["Cache-Control"] = "no-store"
    return response


def changes_of(found: ShiftDay) -> list[dict[str, Any]]:
    """The corrections of the day, with their explanations."""
    changes = changes_on([one.pk for one in found.placements], found.day)
    return change_rows(changes, reasons_in(changes, found.reasons))


def sheet_lines(request: HttpRequest, found: ShiftDay, copied: date | None = None) -> list[Line]:
    """The sheet with names; that they were shown is kept, once for the whole list."""
    names = names_on_list(
        actor=request.user,
        inmates=[one.inmate for one in found.placements],
        purpose="shift",
        at=clock.now(),
        subject=found.workshop,
    )
    return lines_of(found, names, copied=copied)


def gate_of(request: HttpRequest, found: ShiftDay, form: Any) -> dict[str, Any]:
    """Whether the sheet can be written into, and what a closed day asks for.

    What was sent is always shown in its fields again, whatever happened to the day meanwhile.
    """
    is_sent = request.method == "POST"
    closed = getattr(form, "closed", None) or found.closed
    is_correcting = closed is not None and (is_sent or "correct" in request.GET)
    is_open = is_sent or (found.refusal is None and (closed is None or is_correcting))
    return {
        "is_open": is_open,
        "closed": closed,
        "is_correcting": is_correcting,
        "correct_url": address_with(request, correct="1"),
        "correction": explanation(request),
        "most_characters": MOST_CHARACTERS,
    }


def address_with(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path
