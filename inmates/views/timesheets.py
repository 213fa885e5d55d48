"""The timesheets of a month for the accountant: the list, one sheet, its acts, the paper."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.enums import TimesheetStatus as Status
from inmates.forms.timesheets import GiveBackForm
from inmates.models import Placement, Timesheet
from inmates.presenters.month import day_heads, legend, month_head, rows_of
from inmates.presenters.timesheet_paper import timesheet_document
from inmates.presenters.timesheets import month_links, sheet_facts, sheet_timeline, state_rows
from inmates.rules import TIMESHEET_CHECKS, TIMESHEET_PAPERS, can_lock_timesheet
from inmates.selectors.month import MonthSheet, month_sheet
from inmates.selectors.people import names_on_list
from inmates.selectors.shift import shift_workshops
from inmates.selectors.timesheets import (
    payers_checked_by,
    sheet_states,
    timesheet_of,
    workshops_checked_by,
)
from inmates.services.timesheets import lock_timesheet, reopen_timesheet, return_timesheet
from portal.accounts.enums import PRIVATE_KINDS
from portal.documents.render import render_pdf
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.periods import Month
from portal.kernel.states import history_of
from portal.kernel.text import month_name
from workshops.models import Workshop

MONTHS_BACK = 6
LANGUAGES = ("ru", "kk")
ACTS = ("return", "lock", "reopen")


@require_safe
@allow(TIMESHEET_CHECKS)
def timesheets(request: HttpRequest) -> HttpResponse:
    """The workshops of a month: what is submitted, what is missing, whose turn it is."""
    on = clock.today()
    present = Month.of(on)
    month = _month(request.GET.get("month", ""), present) or present
    states = sheet_states(workshops_checked_by(request.user, on, month), month, on)
    context = {
        "title": month_name(month).capitalize(),
        "rows": state_rows(states, month),
        "months": month_links(month, present, MONTHS_BACK),
    }
    return render(request, "inmates/timesheets.html", context)


@require_safe
@allow(TIMESHEET_CHECKS)
def timesheet(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """One sheet to be checked: the days of the payer's people, and what can be done with it."""
    workshop, when = _checked(request, code, month)
    return _page(request, workshop, when)


@require_POST
@allow(TIMESHEET_CHECKS)
def timesheet_act(request: HttpRequest, code: str, month: str, act: str) -> HttpResponse:
    """Return, lock or open again; a refusal is told on the page, with what was written."""
    if act not in ACTS:
        raise Http404
    workshop, when = _checked(request, code, month)
    sheet = get_object_or_404(Timesheet, workshop=workshop, month=when.first_day)
    order: dict[str, Any] = {"actor": request.user, "timesheet_id": sheet.pk, "at": clock.now()}
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        if act == "lock":
            lock_timesheet(**order)
        elif act == "return":
            return_timesheet(**order, reason=reason)
        else:
            reopen_timesheet(**order, reason=reason)
    except PortalError as refused:
        return _page(request, workshop, when, refused=str(refused), status=refused.status)
    said = {
        "lock": _("The timesheet is locked: wages are calculated from it."),
        "return": _("The timesheet is returned: the master sees why."),
        "reopen": _("The timesheet is open again: the master sees why."),
    }
    messages.success(request, said[act])
    return redirect("inmates:timesheet", code=code, month=month)


@require_safe
@allow(TIMESHEET_PAPERS)
def timesheet_pdf(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The sheet on paper in ru or kk; personnel numbers, and names where they were asked for."""
    on, at = clock.today(), clock.now()
    when = _month(month, Month.of(on))
    if when is None:
        raise Http404
    workshop = shift_workshops(request.user, on).filter(code=code).first()
    if workshop is not None:
        sheet, masked = month_sheet(workshop, when, on), frozenset[int]()
    else:
        workshop = get_object_or_404(workshops_checked_by(request.user, on, when), code=code)
        sheet, masked = _own_sheet(request, workshop, when)
    names = _names(request, sheet) if "names" in request.GET else {}
    asked = request.GET.get("language", translation.get_language())
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    with translation.override(language):
        data = timesheet_document(sheet, names, language=language, masked=masked)
    pdf = render_pdf("timesheet.typ", data, created_at=at)
    audit.record(
        actor=request.user, action="timesheet_printed", at=at, subject=workshop,
        month=str(when), language=language, has_names=bool(names),
    )  # fmt: skip
    name = f"timesheet-{workshop.code}-{when}-{language}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _page(
    request: HttpRequest, workshop: Workshop, month: Month, *, refused: str = "", status: int = 200
) -> HttpResponse:
    sheet, masked = _own_sheet(request, workshop, month)
    (state,) = sheet_states([workshop], month, sheet.on)
    stored = timesheet_of(workshop, month)
    context = {
        "sheet": sheet,
        "state": state,
        "head": month_head(
            sheet, state.gaps, "inmates:timesheet",
            {"label": _("Timesheets"), "url": f"{reverse('inmates:timesheets')}?month={month}"},
        ),
        "days": day_heads(sheet),
        "rows": rows_of(sheet, _names(request, sheet), masked=masked),
        "legend": legend(sheet),
        "is_masked": bool(masked),
        "facts": sheet_facts(state),
        "history": sheet_timeline(history_of(stored)) if stored.pk else [],
        "refused": refused,
        "may_lock": _may_lock(request, workshop, month, stored),
        "lock_url": reverse("inmates:timesheet_act", args=[workshop.code, str(month), "lock"]),
        "form": _give_back_form(request, workshop, month, stored.status),
    }  # fmt: skip
    response = render(request, "inmates/timesheet.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _give_back_form(
    request: HttpRequest, workshop: Workshop, month: Month, status: str
) -> GiveBackForm | None:
    acts = {Status.SUBMITTED: ("return", _("Return")), Status.LOCKED: ("reopen", _("Open again"))}
    if status not in acts:
        return None
    act, label = acts[Status(status)]
    action = reverse("inmates:timesheet_act", args=[workshop.code, str(month), act])
    typed = {"reason": request.POST["reason"]} if "reason" in request.POST else None
    return GiveBackForm(initial=typed, act=label, action=action)


def _may_lock(request: HttpRequest, workshop: Workshop, month: Month, sheet: Timesheet) -> Any:
    """The verdict of the button; None where there is nothing to lock."""
    if sheet.status != Status.SUBMITTED:
        return None
    on = clock.today()
    payers = payers_checked_by(request.user, on, workshop, month)
    place_id = workshop.institution.organisation_id
    return can_lock_timesheet(request.user, sheet.submitted_by_id, payers, place_id, on)


def _month(text: str, present: Month) -> Month | None:
    """A month that has begun, or None."""
    try:
        month = Month.parse(text)
    except ValueError:
        return None
    return month if month <= present else None


def _checked(request: HttpRequest, code: str, text: str) -> tuple[Workshop, Month]:
    """The workshop whose people the reader pays in a month that has begun."""
    on = clock.today()
    month = _month(text, Month.of(on))
    if month is None:
        raise Http404
    return get_object_or_404(workshops_checked_by(request.user, on, month), code=code), month


def _own_sheet(
    request: HttpRequest, workshop: Workshop, month: Month
) -> tuple[MonthSheet, frozenset[int]]:
    """The people of the reader's payers alone; of a private one no reasons of absence."""
    on = clock.today()
    payers = payers_checked_by(request.user, on, workshop, month)
    sheet = month_sheet(workshop, month, on, payers)
    return sheet, frozenset(
        one.payer_id for one in sheet.placements if one.payer.kind in PRIVATE_KINDS
    )


def _names(request: HttpRequest, sheet: MonthSheet) -> dict[int, str]:
    """The names of the sheet; that they were shown is kept, once for the whole list."""
    people: list[Placement] = sheet.placements
    return names_on_list(
        actor=request.user,
        inmates=[one.inmate for one in people],
        purpose="timesheet",
        at=clock.now(),
        subject=sheet.workshop,
    )
