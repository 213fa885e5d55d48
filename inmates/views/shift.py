"""The master's pages: the workshops of the day, attendance and output of one shift."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inmates.forms.shift import AttendanceForm, OutputForm
from inmates.presenters.clearances import (
    block_cells,
    post_questions,
    sheet_questions,
    uncleared_people,
)
from inmates.presenters.shift import (
    Line,
    lines_of,
    options,
    rule_words,
    shift_head,
    warn_of_two_places,
)
from inmates.presenters.shift_changes import change_rows
from inmates.presenters.shift_output import Sheet, order_chips, sheet_of
from inmates.presenters.today import today_boxes
from inmates.presenters.today_lists import today_list
from inmates.refusals import ChangedMeanwhile, CorrectionNeeded, SheetRefused
from inmates.rules import SHIFT_PAGES
from inmates.selectors.clearances import lacks_of
from inmates.selectors.floor import norm_minutes_beside
from inmates.selectors.people import names_on_list
from inmates.selectors.reasons import reasons_in
from inmates.selectors.shift import changes_on, output_on, shift_workshops, work_orders_of_shift
from inmates.selectors.shift_day import ShiftDay
from inmates.selectors.today import today_in
from inmates.services.attendance import Saved, save_attendance
from inmates.services.output import save_output
from inmates.shifts import MOST_CHARACTERS
from inmates.views.sheets import explanation, not_stored
from inmates.views.shift_address import day_in, key_in, visible_shift
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.once import once
from workshops.models import BatchCard, WorkOrder
from workshops.selectors.batches import batch_passed, card_of

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(SHIFT_PAGES)
def shifts(request: HttpRequest) -> HttpResponse:
    """Today in each workshop of the reader; a number opens its list under its workshop."""
    on = clock.today()
    states = today_in(shift_workshops(request.user, on), on)
    asked = request.GET.get("workshop", "")
    chosen = next((one for one in states if one.workshop.code == asked), None)
    context = {
        "boxes": today_boxes(states, on),
        "on": on,
        "asked": asked,
        "list": today_list(chosen, request.GET.get("list", ""), on) if chosen else None,
    }
    return render(request, "inmates/shifts.html", context)


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def shift(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """Attendance: everybody present as on the last day, exceptions only; one act saves it."""
    found = visible_shift(request, code, day)
    copied = None if request.method == "POST" else day_in(request.GET.get("as", ""))
    lines = _lines(request, found, copied=copied)
    warn_of_two_places(found, lines)
    form = AttendanceForm(found, lines)
    status = 200
    if request.method == "POST":
        if form.read(request.POST) and _save(request, form, save_attendance, found):
            return redirect(request.path)
        status = 422
    context = {
        "shift": found,
        "head": shift_head(found, "attendance"),
        "form": form,
        "options": options(found),
        "rule": rule_words(found),
        "copied": copied,
        "last_day": None if found.entered else _last_day(form.lines),
        "rows": _changes(found),
        "uncleared": uncleared_people(lines, lacks_of(post_questions(lines, found.day)), found.day),
        **_gate(request, found, form),
    }
    context["is_open"] = context["is_open"] and _is_wanted(request, found)
    return not_stored(render(request, "inmates/shift.html", context, status=status))


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def shift_output(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """Output: pieces by person and operation of one work order; an entry replaces the day's."""
    found = visible_shift(request, code, day)
    card = card_of(request.POST.get("batch") or request.GET.get("batch", ""))
    asked = _asked(request) or (card.work_order_id if card else None)
    orders = work_orders_of_shift(found.workshop, found.day, asked)
    chosen = next((one for one in orders if one.pk == asked), orders[0] if orders else None)
    form, status = None, 200
    if chosen is not None:
        form = OutputForm(_sheet(request, found, chosen, card))
        save = partial(save_output, card_id=form.sheet.card_id)
        if request.method == "POST":
            if form.read(request.POST) and _save(request, form, save, found):
                return redirect(_address(request, correct=None))
            status = 422
    context = {
        "shift": found,
        "head": shift_head(found, "output"),
        "form": form,
        "rule": rule_words(found),
        "chips": order_chips(orders, chosen, found.on),
        "rows": _changes(found),
        **_gate(request, found, form),
    }
    return not_stored(render(request, "inmates/shift_output.html", context, status=status))


def _sheet(
    request: HttpRequest, found: ShiftDay, chosen: WorkOrder, card: BatchCard | None
) -> Sheet:
    """The people of the day on this work order; a card of another work order is not followed."""
    placements = [one.pk for one in found.placements]
    is_its_own = card is not None and card.work_order_id == chosen.pk
    sheet = sheet_of(
        chosen,
        _lines(request, found),
        output_on(placements, found.day),
        everybody=bool(request.GET.get("everybody")),
        beside=norm_minutes_beside(placements, found.day, chosen.pk),
        batch=(card, batch_passed([card.pk])) if card is not None and is_its_own else None,
    )
    block_cells(sheet, lacks_of(sheet_questions(sheet, found.day)), found.day)
    return sheet


def _changes(found: ShiftDay) -> list[dict[str, Any]]:
    """The corrections of the day, with their explanations."""
    changes = changes_on([one.pk for one in found.placements], found.day)
    return change_rows(changes, reasons_in(changes, found.reasons))


def _asked(request: HttpRequest) -> int | None:
    """The work order of the address; of a sheet that comes back the one it was opened for.

    Another may be the first by then: what was typed must not be taken for its cells.
    """
    text = request.POST.get("order") or request.GET.get("order", "")
    return key_in(text)


def _lines(request: HttpRequest, found: ShiftDay, copied: date | None = None) -> list[Line]:
    """The sheet with names; that they were shown is kept, once for the whole list."""
    names = names_on_list(
        actor=request.user,
        inmates=[one.inmate for one in found.placements],
        purpose="shift",
        at=clock.now(),
        subject=found.workshop,
    )
    return lines_of(found, names, copied=copied)


def _gate(request: HttpRequest, found: ShiftDay, form: Any) -> dict[str, Any]:
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
        "correct_url": _address(request, correct="1"),
        "correction": explanation(request),
        "most_characters": MOST_CHARACTERS,
    }


def _address(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _save(request: HttpRequest, form: Any, save: Any, found: ShiftDay) -> bool:
    """One order to the service; what it refuses stands at the lines it is about."""
    order = {"actor": request.user, "day": found.day, "edits": form.edits, "at": clock.now()}
    try:
        saved = save(**order, correction=explanation(request))
    except SheetRefused as refused:
        form.mark_problems(refused.problems)
        form.problem = str(SheetRefused.message)
    except ChangedMeanwhile as changed:
        form.mark_theirs(changed.theirs)
        form.problem = str(changed)
    except CorrectionNeeded as refused:
        # Closed perhaps only since the page was opened: the field is there now.
        form.closed, form.problem = refused, str(refused)
    except PortalError as refused:
        form.problem = str(refused)
    else:
        _tell(request, saved)
        return True
    return False


def _tell(request: HttpRequest, saved: Saved) -> None:
    if saved.written:
        entries = ngettext("Saved: %(count)s entry.", "Saved: %(count)s entries.", saved.written)
        messages.success(request, entries % {"count": saved.written})
    else:
        messages.info(request, _("Nothing has changed since it was last saved."))
    for name in sorted({one.by for one in saved.theirs.values()}):
        count = sum(one.by == name for one in saved.theirs.values())
        stands = ngettext(
            "%(who)s changed %(count)s person while this page was open: that entry stands.",
            "%(who)s changed %(count)s people while this page was open: those entries stand.",
            count,
        )
        messages.warning(request, stands % {"who": name or "—", "count": count})


def _is_wanted(request: HttpRequest, found: ShiftDay) -> bool:
    """On a day off the sheet is offered only to who says that the workshop works."""
    is_asked = "works" in request.GET or "correct" in request.GET
    return bool(found.is_workday or found.entered or is_asked or request.POST)


def _last_day(lines: list[Line]) -> date | None:
    """The last day entered in this workshop, to begin as on it."""
    return max((line.before_on for line in lines if line.before_on), default=None)
