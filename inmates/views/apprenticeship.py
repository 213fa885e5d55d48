"""Trainings: the institution's list, one person's, begun, completed, discontinued."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.forms.apprenticeship import CompleteForm, DiscontinueForm, TrainingForm
from inmates.models import Apprenticeship, Inmate
from inmates.presenters.apprenticeship import training_rows
from inmates.presenters.person_tabs import person_tabs
from inmates.rules import PEOPLE_ACTS, PEOPLE_PAGES
from inmates.selectors.apprenticeship import (
    apprenticeships_of,
    apprenticeships_visible_to,
    minutes_learnt,
)
from inmates.services.apprenticeship import (
    begin_apprenticeship,
    complete_apprenticeship,
    discontinue_apprenticeship,
)
from inmates.views.people import person_here
from portal.accounts.enums import Role
from portal.accounts.selectors import has_role
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50


@require_safe
@allow(PEOPLE_PAGES)
def apprenticeships(request: HttpRequest) -> HttpResponse:
    """Who learns what from whom, and how far they are."""
    found = apprenticeships_visible_to(request.user, clock.today())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {"rows": training_rows(rows, minutes_learnt(rows)), "page": page}
    return render(request, "inmates/safety/apprenticeships.html", context)


@require_http_methods(METHODS)
@allow(PEOPLE_PAGES)
def person_apprenticeship(request: HttpRequest, number: str) -> HttpResponse:
    """One person: trainings so far; the one in force can be ended, else one can be begun."""
    on = clock.today()
    inmate = person_here(request, number)
    form = TrainingForm(request.POST or None, initial={"effective_from": on})
    if request.method == "POST":
        PEOPLE_ACTS(request.user, on).require()
        if form.is_valid():
            order = form.order()
            try:
                begin_apprenticeship(
                    actor=request.user, inmate_id=inmate.pk, at=clock.now(), **order
                )
            except PortalError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The training has begun."))
                return redirect("inmates:person_apprenticeship", number=number)
    status = 422 if request.method == "POST" else 200
    return _page(request, inmate, status, beginning=form)


def _page(request: HttpRequest, inmate: Inmate, status: int = 200, **sent: Any) -> HttpResponse:
    """The person's page with the form that was refused, if one was."""
    on, number = clock.today(), inmate.personnel_number
    found = list(apprenticeships_of(inmate))
    rows = training_rows(found, minutes_learnt(found))
    now = next((row for row in rows if row["is_learning"]), None)
    context: dict[str, Any] = {
        "title": _("№ %(number)s: apprenticeship") % {"number": number},
        "crumbs": [
            {"label": _("People"), "url": reverse("inmates:people")},
            {"label": number, "url": reverse("inmates:person", args=[number])},
            {"label": _("Apprenticeship")},
        ],
        "tabs": person_tabs(request.user, on, number, "inmates:person_apprenticeship"),
        "rows": rows,
        "now": now,
    }
    if has_role(request.user, on, Role.LABOUR_OFFICER):
        if now is None:
            context["beginning"] = sent.get("beginning") or TrainingForm(
                initial={"effective_from": on}
            )
        else:
            context |= _endings(now["pk"], on, sent)
    return render(request, "inmates/safety/apprenticeship.html", context, status=status)


def _endings(pk: int, on: date, sent: dict[str, Any]) -> dict[str, Any]:
    done = reverse("inmates:apprenticeship_complete", args=[pk])
    broken = reverse("inmates:apprenticeship_discontinue", args=[pk])
    return {
        "completing": sent.get("completing") or CompleteForm(action=done, initial={"on": on}),
        "discontinuing": sent.get("discontinuing")
        or DiscontinueForm(action=broken, initial={"on": on}),
    }


def _training(request: HttpRequest, pk: int) -> Apprenticeship:
    seen = apprenticeships_visible_to(request.user, clock.today())
    return get_object_or_404(seen, pk=pk)


@require_POST
@allow(PEOPLE_ACTS)
def apprenticeship_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """The hours are done and the grade is awarded."""
    row = _training(request, pk)
    form = CompleteForm(request.POST, action=request.path)
    return _end(request, row, form, complete_apprenticeship, "completing")


@require_POST
@allow(PEOPLE_ACTS)
def apprenticeship_discontinue(request: HttpRequest, pk: int) -> HttpResponse:
    """It ends without a grade."""
    row = _training(request, pk)
    form = DiscontinueForm(request.POST, action=request.path)
    return _end(request, row, form, discontinue_apprenticeship, "discontinuing")


def _end(
    request: HttpRequest, row: Apprenticeship, form: Any, service: Any, name: str
) -> HttpResponse:
    if form.is_valid():
        try:
            service(
                actor=request.user, apprenticeship_id=row.pk, at=clock.now(), **form.cleaned_data
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The training has ended."))
            return redirect("inmates:person_apprenticeship", number=row.inmate.personnel_number)
    return _page(request, row.inmate, 422, **{name: form})
