"""Briefings, equipment and admission: who is not cleared, one briefing for many, one person."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.enums import ClearanceKind
from inmates.forms.safety import BriefingForm, ClearanceForm, EndForm
from inmates.models import Clearance
from inmates.presenters.clearances import clearance_row, requirement_rows, standing_rows
from inmates.presenters.person_tabs import person_tabs
from inmates.rules import PEOPLE_ACTS, PEOPLE_PAGES, SAFETY_ACTS, SAFETY_PAGES, SHIFT_ROLES
from inmates.selectors.clearances import (
    clearances_of,
    people_of_workshop,
    requirements_on,
    safety_institutions,
    standing_of,
    standings,
    until_by_rule,
)
from inmates.selectors.people import names_on_list
from inmates.selectors.shift import shift_workshops
from inmates.services.clearances import end_clearance, record_clearances
from inmates.views.people import person_here
from portal.accounts.enums import Role
from portal.accounts.selectors import has_role
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(SAFETY_PAGES)
def safety(request: HttpRequest) -> HttpResponse:
    """Who is not cleared for the trade of the post today, and whose papers end in 14 days."""
    on = clock.today()
    rows = standing_rows(standings(safety_institutions(request.user, on), on), {})
    context = {
        "missing": [row for row in rows if row["lacks"]],
        "ending": [row for row in rows if row["endings"]],
        "requirements": requirement_rows(requirements_on(on)),
        "may_enter": has_role(request.user, on, *SHIFT_ROLES),
        "is_desk": has_role(request.user, on, Role.LABOUR_OFFICER, Role.HEAD),
    }
    return render(request, "inmates/safety/safety.html", context)


@require_http_methods(METHODS)
@allow(SAFETY_ACTS)
def safety_enter(request: HttpRequest) -> HttpResponse:
    """One document and one date for many people of a workshop."""
    on = clock.today()
    workshops = list(shift_workshops(request.user, on))
    code = request.GET.get("workshop", "")
    workshop = next((one for one in workshops if one.code == code), None)
    if workshop is None:
        if len(workshops) == 1 and not code:
            return redirect(f"{request.path}?workshop={workshops[0].code}")
        if code:
            raise Http404
        return render(request, "inmates/safety/enter.html", {"workshops": workshops})
    form = _briefing_form(request, workshop, on)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _enter(request, form):
            return redirect("inmates:safety")
        status = 422
    context = {"workshops": workshops, "workshop": workshop, "form": form}
    response = render(request, "inmates/safety/enter.html", context, status=status)
    # Names are not left in the cache of a shared computer.
    response["Cache-Control"] = "no-store"
    return response


def _briefing_form(request: HttpRequest, workshop: Any, on: date) -> BriefingForm:
    """The tick list with names, whose reading is kept; those who lack something are ticked."""
    people = list(people_of_workshop(workshop, on))
    names = names_on_list(
        actor=request.user, inmates=people, purpose="safety", at=clock.now(), subject=workshop
    )
    lacking = {one.placement.inmate_id for one in standings([], on, workshop) if one.lacks}
    return BriefingForm(
        request.POST or None,
        people=[(one.pk, f"{one.personnel_number} {names.get(one.pk, '')}") for one in people],
        kinds=_kinds(request, on),
        submit=_("Enter for those ticked"),
        initial={
            "effective_from": on,
            "kind": ClearanceKind.BRIEFING,
            "people": sorted(lacking),
        },
    )


def _kinds(request: HttpRequest, on: date) -> list[str]:
    """What the reader enters: the master briefings alone."""
    if has_role(request.user, on, Role.LABOUR_OFFICER):
        return list(ClearanceKind.values)
    return [ClearanceKind.BRIEFING]


def _enter(request: HttpRequest, form: ClearanceForm, **whom: Any) -> bool:
    """One order to the service; what it refuses stands above the form."""
    order = form.order() | whom
    if order["effective_to"] is None:
        order["effective_to"] = until_by_rule(
            order["kind"], order["trade_id"], order["effective_from"]
        )
    try:
        count = record_clearances(actor=request.user, at=clock.now(), **order)
    except PortalError as refused:
        form.add_error(None, str(refused))
        return False
    entered = ngettext("Entered: %(count)s person.", "Entered: %(count)s people.", count)
    messages.success(request, entered % {"count": count})
    return True


@require_http_methods(METHODS)
@allow(PEOPLE_PAGES)
def person_safety(request: HttpRequest, number: str) -> HttpResponse:
    """One person: what is missing, everything entered, one more."""
    on = clock.today()
    inmate = person_here(request, number)
    may_enter = has_role(request.user, on, Role.LABOUR_OFFICER)
    form, status = None, 200
    if may_enter:
        initial = {"effective_from": on, "kind": ClearanceKind.BRIEFING}
        form = ClearanceForm(request.POST or None, submit=_("Enter"), initial=initial)
    if request.method == "POST":
        if form is None:
            PEOPLE_ACTS(request.user, on).require()
        elif form.is_valid() and _enter(request, form, inmate_ids=[inmate.pk]):
            return redirect("inmates:person_safety", number=number)
        status = 422
    context = {
        "title": _("№ %(number)s: safety") % {"number": number},
        "crumbs": [
            {"label": _("People"), "url": reverse("inmates:people")},
            {"label": number, "url": reverse("inmates:person", args=[number])},
            {"label": _("Safety")},
        ],
        "tabs": person_tabs(request.user, on, number, "inmates:person_safety"),
        "standings": standing_rows(standing_of(inmate, on), {}),
        "rows": [clearance_row(row, on) for row in clearances_of(inmate)],
        "form": form,
        "inmate_number": number,
        "today": on,
    }
    return render(request, "inmates/safety/person.html", context, status=status)


@require_POST
@allow(PEOPLE_ACTS)
def clearance_end(request: HttpRequest, number: str, clearance_id: int) -> HttpResponse:
    """One of a person's is over from a day on."""
    inmate = person_here(request, number)
    row = get_object_or_404(Clearance, pk=clearance_id, inmate=inmate)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["on"][0])
        return redirect("inmates:person_safety", number=number)
    try:
        end_clearance(actor=request.user, clearance_id=row.pk, on=form.day(), at=clock.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Ended."))
    return redirect("inmates:person_safety", number=number)
