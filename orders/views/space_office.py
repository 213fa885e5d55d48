"""Applications for space in the offices: the institution answers, the department looks on."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.forms.reasons import DeclineVisitForm
from orders.forms.spaces import AgreeVisitForm, HandOverForm
from orders.models import SpaceApplication
from orders.presenters.spaces import answering_rows, application_rows, office_context
from orders.rules import ANSWERING_ROLES, can_answer_space_application
from orders.selectors.spaces import (
    answering_of,
    applications_answered_by,
    applications_overseen_by,
)
from orders.services.space_owners import hand_over_space_application
from orders.services.spaces import agree_visit, decline_space_application
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from workshops.selectors.spaces import Official, officials_of

PAGE_SIZE = 25
keepers = role_holders(*ANSWERING_ROLES)
analysts = role_holders(Role.ANALYST)


@require_safe
@allow(keepers)
def received(request: HttpRequest) -> HttpResponse:
    """Applications to one's institution; what waits first, with the days left."""
    on = clock.today()
    found = applications_answered_by(request.user, on)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": application_rows(page, on, "orders:visit_received")}
    return render(request, "orders/visits_received.html", context)


@require_safe
@allow(keepers)
def received_one(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application with its answers."""
    return _show(request, _mine(request, application_id))


@require_POST
@allow(keepers)
def agree(request: HttpRequest, application_id: int) -> HttpResponse:
    """Agree the day of the visit."""
    row = _mine(request, application_id)
    form = AgreeVisitForm(request.POST, action=_address("agree", row))
    if form.is_valid():
        told = _("The visit is agreed; the applicant sees its day.")
        if _done(request, form, agree_visit, row, told):
            return redirect("orders:visit_received", application_id=row.pk)
    return _show(request, _mine(request, application_id), agree_form=form)


@require_POST
@allow(keepers)
def decline(request: HttpRequest, application_id: int) -> HttpResponse:
    """Decline with a reason the applicant reads."""
    row = _mine(request, application_id)
    form = DeclineVisitForm(request.POST, action=_address("decline", row))
    if form.is_valid():
        told = _("The application is declined.")
        if _done(request, form, decline_space_application, row, told):
            return redirect("orders:visit_received", application_id=row.pk)
    return _show(request, _mine(request, application_id), decline_form=form)


@require_POST
@allow(keepers)
def hand_over(request: HttpRequest, application_id: int) -> HttpResponse:
    """A colleague answers from now on, or oneself."""
    row = _mine(request, application_id)
    form = HandOverForm(
        request.POST, action=_address("hand_over", row), colleagues=_colleagues(row)
    )
    if form.is_valid():
        form.cleaned_data["to_id"] = form.cleaned_data.pop("to")
        if _done(request, form, hand_over_space_application, row, _("Handed over.")):
            return redirect("orders:visit_received", application_id=row.pk)
    return _show(request, _mine(request, application_id), hand_over_form=form)


@require_safe
@allow(analysts)
def overseen(request: HttpRequest) -> HttpResponse:
    """Applications to the institutions of the department: the longest overdue first."""
    on = clock.today()
    found = applications_overseen_by(request.user, on)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": application_rows(page, on, "orders:visit_overseen"),
        "answering": answering_rows(answering_of(request.user, on)),
    }
    return render(request, "orders/visits_overseen.html", context)


@require_safe
@allow(analysts)
def overseen_one(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application as the department sees it: to read, without contacts."""
    on = clock.today()
    row = get_object_or_404(applications_overseen_by(request.user, on), pk=application_id)
    context = office_context(
        row,
        on,
        list_url=reverse("orders:visits_overseen"),
        list_label=_("Visits to areas"),
        has_contacts=False,
    )
    return render(request, "orders/visit_office.html", context)


def _mine(request: HttpRequest, application_id: int) -> SpaceApplication:
    seen = applications_answered_by(request.user, clock.today())
    return get_object_or_404(seen, pk=application_id)


def _address(name: str, row: SpaceApplication) -> str:
    return reverse(f"orders:visit_{name}", args=[row.pk])


def _colleagues(row: SpaceApplication) -> list[Official]:
    """Who else could answer it."""
    place = row.space.institution.organisation_id
    known = officials_of([place], clock.today()).get(place, [])
    return [one for one in known if one.user.pk != row.owner_id]


def _done(request: HttpRequest, form: Form, service: Any, row: SpaceApplication, told: str) -> bool:
    """Whether the service did it; a refusal stands on the form, a missing right is a 403."""
    try:
        service(actor=request.user, application_id=row.pk, at=clock.now(), **form.cleaned_data)
    except Forbidden:
        raise
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, told)
    return True


def _show(request: HttpRequest, row: SpaceApplication, **forms: Any) -> HttpResponse:
    """The page of the application; with a form that was refused it is 422 and keeps the typed."""
    on = clock.today()
    place = row.space.institution.organisation_id
    colleagues = _colleagues(row)
    context = office_context(
        row,
        on,
        list_url=reverse("orders:visits_received"),
        list_label=_("Visits asked for"),
        has_contacts=True,
    ) | {
        "here": reverse("orders:visit_received", args=[row.pk]),
        "is_keeper": True,
        "may_answer": can_answer_space_application(request.user, row, on, place),
        "agree_form": AgreeVisitForm(action=_address("agree", row)),
        "decline_form": DeclineVisitForm(action=_address("decline", row)),
        "hand_over_form": HandOverForm(action=_address("hand_over", row), colleagues=colleagues),
        "colleagues": colleagues,
    }
    return render(
        request, "orders/visit_office.html", context | forms, status=422 if forms else 200
    )
