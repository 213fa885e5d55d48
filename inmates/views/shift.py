"""The master's pages: the workshops of the day, attendance and output of one shift."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inmates.forms.shift import AttendanceForm
from inmates.forms.shift_output import OutputForm
from inmates.models import TeamEntry
from inmates.presenters.clearances import (
    block_cells,
    post_questions,
    sheet_questions,
    uncleared_people,
)
from inmates.presenters.shift import (
    Line,
    options,
    rule_words,
    shift_head,
    warn_of_two_places,
)
from inmates.presenters.shift_output import Sheet, order_chips, sheet_of
from inmates.presenters.teams import pieces_of_teams, team_rows
from inmates.presenters.today import today_boxes
from inmates.presenters.today_lists import today_list
from inmates.refusals import ChangedMeanwhile, CorrectionNeeded, SheetRefused
from inmates.rules import SHIFT_PAGES
from inmates.selectors.clearances import lacks_of
from inmates.selectors.floor import norm_minutes_beside
from inmates.selectors.shift import output_on, shift_workshops, work_orders_of_shift
from inmates.selectors.shift_day import ShiftDay
from inmates.selectors.teams import team_norm_minutes, teams_on
from inmates.selectors.today import today_in
from inmates.services.attendance import Saved, save_attendance
from inmates.services.output import save_output
from inmates.views.sheets import (
    address_with,
    changes_of,
    explanation,
    gate_of,
    not_stored,
    sheet_lines,
)
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
    lines = sheet_lines(request, found, copied=copied)
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
        "rows": changes_of(found),
        "uncleared": uncleared_people(lines, lacks_of(post_questions(lines, found.day)), found.day),
        **gate_of(request, found, form),
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
    form, status, teams = None, 200, []
    if chosen is not None:
        teams = teams_on(found.workshop, found.day, chosen.pk)
        form = OutputForm(_sheet(request, found, chosen, card, teams))
        save = partial(save_output, card_id=form.sheet.card_id)
        if request.method == "POST":
            if form.read(request.POST) and _save(request, form, save, found):
                return redirect(address_with(request, correct=None))
            status = 422
    context = {
        "shift": found,
        "head": shift_head(found, "output"),
        "form": form,
        "rule": rule_words(found),
        "chips": order_chips(orders, chosen, found.on),
        "rows": changes_of(found),
        "teams": team_rows(found, teams, f"?batch={card.code}" if card else ""),
        "team_url": _team_url(found, chosen, card),
        **gate_of(request, found, form),
    }
    return not_stored(render(request, "inmates/shift_output.html", context, status=status))


def _sheet(
    request: HttpRequest,
    found: ShiftDay,
    chosen: WorkOrder,
    card: BatchCard | None,
    teams: list[TeamEntry],
) -> Sheet:
    """The people of the day on this work order; a card of another work order is not followed."""
    placements = [one.pk for one in found.placements]
    is_its_own = card is not None and card.work_order_id == chosen.pk
    minutes = norm_minutes_beside(placements, found.day, chosen.pk)
    for pk, in_team in team_norm_minutes(placements, found.day).items():
        minutes[pk] = minutes.get(pk, Decimal(0)) + in_team
    sheet = sheet_of(
        chosen,
        sheet_lines(request, found),
        output_on(placements, found.day),
        everybody=bool(request.GET.get("everybody")),
        beside=minutes,
        batch=(card, batch_passed([card.pk])) if card is not None and is_its_own else None,
        teams=pieces_of_teams(teams),
    )
    block_cells(sheet, lacks_of(sheet_questions(sheet, found.day)), found.day)
    return sheet


def _team_url(found: ShiftDay, chosen: WorkOrder | None, card: BatchCard | None) -> str:
    url = reverse("inmates:shift_team", args=[found.workshop.code, found.day.isoformat()])
    query = {"order": chosen.pk if chosen else "", "batch": card.code if card else ""}
    return f"{url}?{urlencode({name: value for name, value in query.items() if value})}"


def _asked(request: HttpRequest) -> int | None:
    """The work order of the address; of a sheet that comes back the one it was opened for.

    Another may be the first by then: what was typed must not be taken for its cells.
    """
    text = request.POST.get("order") or request.GET.get("order", "")
    return key_in(text)


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
