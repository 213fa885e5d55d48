"""The month of a workshop as the master writes it: people by days, one save, one submission."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from inmates.enums import TimesheetStatus as Status
from inmates.forms.month import MonthForm
from inmates.models import Timesheet
from inmates.month_refusals import CellsChangedMeanwhile
from inmates.presenters.leavers import leaver_rows
from inmates.presenters.month import (
    day_heads,
    gap_rows,
    legend,
    month_head,
    odd_rows,
    rows_of,
)
from inmates.presenters.month_script import page_data
from inmates.presenters.shift_changes import change_rows
from inmates.presenters.shift_parts import shift_parts
from inmates.presenters.timesheets import sheet_timeline
from inmates.refusals import CorrectionNeeded, SheetRefused
from inmates.rules import SHIFT_PAGES
from inmates.selectors.leavers import leavers_of
from inmates.selectors.month import MonthSheet, changed_since, changes_of_month, month_sheet
from inmates.selectors.people import names_on_list
from inmates.selectors.reasons import reasons_by_code
from inmates.selectors.shift import shift_workshops
from inmates.selectors.timesheets import gaps_of
from inmates.services.month import SavedMonth, save_month
from inmates.services.timesheets import submit_timesheet
from inmates.shifts import MOST_CHARACTERS
from inmates.views.sheets import explanation, not_stored
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.once import once
from portal.kernel.periods import Month
from portal.kernel.states import history_of

# Of a list of gaps on the page: the rest is counted.
GAPS_SHOWN = 24


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SHIFT_PAGES)
@once
def month(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The matrix; one save of the changed cells, each compared with what the page showed."""
    sheet = _sheet(request, code, month)
    form, status = MonthForm(sheet), 200
    if request.method == "POST":
        if form.read(request.POST) and _save(request, form, sheet):
            return redirect(request.path)
        status = 422
    context = _context(request, sheet, form)
    return not_stored(render(request, "inmates/month.html", context, status=status))


def _context(request: HttpRequest, sheet: MonthSheet, form: MonthForm) -> dict[str, Any]:
    gaps = gaps_of(sheet.placements, sheet.month, sheet.on)
    rows = rows_of(sheet, _names(request, sheet), form.typed)
    is_open = any(one.refusal is None for one in sheet.standings.values())
    above = {"label": _("Shift"), "url": reverse("inmates:shifts")}
    day = min(sheet.month.last_day, sheet.on)
    changes = changes_of_month([one.pk for one in sheet.placements], sheet.month)
    return {
        "sheet": sheet,
        "head": month_head(sheet, len(gaps), "inmates:month", above)
        | {"parts": shift_parts(sheet.workshop.code, day, "month")},
        "days": day_heads(sheet),
        "rows": rows,
        "form": form,
        "wrong": form.problem_rows(),
        "data": page_data(sheet, rows, form, is_open=is_open),
        "is_open": is_open,
        "legend": legend(sheet),
        "odd": odd_rows(sheet),
        "gaps": gap_rows(sheet, gaps[:GAPS_SHOWN]),
        "gaps_count": len(gaps),
        "gaps_left": max(len(gaps) - GAPS_SHOWN, 0),
        "may_submit": bool(sheet.timesheet.status in (Status.OPEN, Status.RETURNED)),
        "submit_url": reverse("inmates:month_submit", args=[sheet.workshop.code, str(sheet.month)]),
        "leavers": _leavers(sheet),
        "history": _history(sheet.timesheet),
        "changes": change_rows(changes, reasons_by_code()),
        "correction": explanation(request),
        "most_characters": MOST_CHARACTERS,
        "opened": form.opened or clock.now(),
    }


def _leavers(sheet: MonthSheet) -> list[dict[str, Any]]:
    """Whose last pay may have to be calculated before the sheet is locked; mostly nobody's."""
    has_end = any(one.effective_to is not None for one in sheet.placements)
    if sheet.timesheet.status == Status.LOCKED or not has_end:
        return []
    return leaver_rows(leavers_of(sheet.workshop.pk, sheet.month, sheet.on), sheet)


@require_POST
@allow(SHIFT_PAGES)
def month_submit(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The month goes to the accountant; a refusal is told on the page of the month."""
    workshop, when = found_month(request, code, month)
    try:
        submit_timesheet(actor=request.user, workshop_id=workshop.pk, month=when, at=clock.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The timesheet is submitted. The accountant checks it now."))
    return redirect("inmates:month", code=code, month=month)


def found_month(request: HttpRequest, code: str, text: str) -> tuple[Any, Month]:
    """The workshop the reader may see and a month that has begun."""
    on = clock.today()
    workshop = get_object_or_404(shift_workshops(request.user, on), code=code)
    try:
        month = Month.parse(text)
    except ValueError as unreadable:
        raise Http404 from unreadable
    if month > Month.of(on):
        raise Http404
    return workshop, month


def _sheet(request: HttpRequest, code: str, text: str) -> MonthSheet:
    workshop, month = found_month(request, code, text)
    return month_sheet(workshop, month, clock.today())


def _names(request: HttpRequest, sheet: MonthSheet) -> dict[int, str]:
    """The names of the sheet; that they were shown is kept, once for the whole list."""
    return names_on_list(
        actor=request.user,
        inmates=[one.inmate for one in sheet.placements],
        purpose="timesheet",
        at=clock.now(),
        subject=sheet.workshop,
    )


def _history(timesheet: Timesheet) -> list[dict[str, Any]]:
    return sheet_timeline(history_of(timesheet)) if timesheet.pk else []


def _save(request: HttpRequest, form: MonthForm, sheet: MonthSheet) -> bool:
    """One order to the service; what it refuses stands at the cells it is about."""
    at = clock.now()
    try:
        saved = save_month(
            actor=request.user,
            workshop_id=sheet.workshop.pk,
            month=sheet.month,
            edits=form.edits,
            at=at,
            correction=explanation(request),
        )
    except SheetRefused as refused:
        form.mark_problems(refused.problems)
        form.problem = str(SheetRefused.message)
    except CellsChangedMeanwhile as changed:
        form.mark_theirs(changed.theirs)
        form.problem = str(changed)
    except CorrectionNeeded as refused:
        form.closed, form.problem = refused, str(refused)
    except PortalError as refused:
        form.problem = str(refused)
    else:
        _tell(request, saved, form, sheet)
        return True
    return False


def _tell(request: HttpRequest, saved: SavedMonth, form: MonthForm, sheet: MonthSheet) -> None:
    """What was saved, and what others changed on the sheet while this page was open."""
    if saved.written:
        cells = ngettext("Saved: %(count)s cell.", "Saved: %(count)s cells.", saved.written)
        messages.success(request, cells % {"count": saved.written})
    else:
        messages.info(request, _("Nothing has changed since it was last saved."))
    if form.opened is None:
        return
    ids = [one.pk for one in sheet.placements]
    others = changed_since(ids, sheet.month, form.opened, request.user)
    for who, count in sorted(others.items()):
        words = ngettext(
            "%(who)s changed %(count)s cell of this month while the page was open: it stands.",
            "%(who)s changed %(count)s cells of this month while the page was open: they stand.",
            count,
        )
        messages.warning(request, words % {"who": who, "count": count})
