"""The labour officer's desk: the list of people, the page of one of them, and their names."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.desk_refusals import NotHeld
from inmates.enums import ReasonGroup
from inmates.forms.people import FindForm, NamesForm
from inmates.models import Inmate
from inmates.presenters.people_list import figures, reason_chips, rows_of
from inmates.presenters.person import (
    grade_rows,
    history_rows,
    person_facts,
    person_head,
    placement_rows,
)
from inmates.presenters.person_tabs import person_tabs
from inmates.rules import PEOPLE_ACTS, PEOPLE_PAGES, can_place_inmate
from inmates.selectors.desk import desk_institutions, people_known_to, people_visible_to
from inmates.selectors.desk_choices import reasons_named
from inmates.selectors.people import inmate_by_iin, names_on_list
from inmates.selectors.people_list import counts, listed, read_wish
from inmates.selectors.person import person_record
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.access import no as refuse
from portal.kernel.text import date_short

PAGE_SIZE = 50


@require_safe
@allow(PEOPLE_PAGES)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody held in the reader's institutions, by number; never a name by itself."""
    return render(request, "inmates/people/people.html", _list(request))


@require_POST
@allow(PEOPLE_ACTS)
def people_names(request: HttpRequest) -> HttpResponse:
    """The same page with names; who looked at whose, and what for, is kept."""
    context = _list(request)
    form = NamesForm(request.POST)
    status = 422
    if form.is_valid():
        stays = context["page"].object_list
        officer_of = {
            one.pk
            for one in context["institutions"]
            if can_place_inmate(request.user, one.organisation_id, clock.today())
        }
        names = {}
        for institution in context["institutions"]:
            there = [one.inmate for one in stays if one.institution_id == institution.pk]
            if institution.pk in officer_of and there:
                names |= names_on_list(
                    actor=request.user,
                    inmates=there,
                    purpose=form.cleaned_data["purpose"],
                    at=clock.now(),
                    subject=institution,
                )
        context |= {"rows": _rows(request, stays, names), "has_names": True}
        status = 200
    response = render(
        request, "inmates/people/people.html", context | {"names_form": form}, status=status
    )
    response["Cache-Control"] = "no-store"
    return response


def _list(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; the same for the page with names and without."""
    on = clock.today()
    institutions = list(desk_institutions(request.user, on))
    wish = read_wish(request.GET, institutions)
    totals, by_reason = counts(institutions, wish, on)
    page = Paginator(listed(institutions, wish, on), PAGE_SIZE).get_page(request.GET.get("page"))
    named = reasons_named(ReasonGroup.NOT_WORKING, ReasonGroup.UNABLE)
    return {
        "institutions": institutions,
        "wish": wish,
        "page": page,
        "rows": _rows(request, page.object_list, {}),
        "figures": figures(totals, wish),
        "chips": reason_chips(by_reason, named, wish),
        "names_form": NamesForm(),
        "find_form": FindForm(),
        "may_act": PEOPLE_ACTS(request.user, on),
    }


def _rows(request: HttpRequest, stays: Any, names: Mapping[int, str]) -> list[Any]:
    on = clock.today()
    # Whoever is held here is known here; only of those who left it has to be asked.
    left = {one.inmate_id for one in stays if one.effective_to and one.effective_to <= on}
    known = {one.inmate_id for one in stays} - left
    if left:
        seen = people_known_to(request.user, on).filter(pk__in=left)
        known |= set(seen.values_list("pk", flat=True))
    return rows_of(stays, known=known, names=names)


@require_POST
@allow(PEOPLE_ACTS)
def people_find(request: HttpRequest) -> HttpResponse:
    """By IIN: the page of whoever is known here; looking is audited, found or not."""
    form = FindForm(request.POST)
    if not form.is_valid():
        context = _list(request) | {"find_form": form}
        return render(request, "inmates/people/people.html", context, status=422)
    found = inmate_by_iin(actor=request.user, iin=form.cleaned_data["iin"], at=clock.now())
    here = people_known_to(request.user, clock.today())
    if found is not None and here.filter(pk=found.pk).exists():
        return redirect("inmates:person", number=found.personnel_number)
    messages.info(request, _("Nobody with this IIN is held here. Enter an arrival if one came."))
    return redirect("inmates:people")


def known_person(request: HttpRequest, number: str) -> Inmate:
    """The person of the address, held here or left from here; anybody else is not found."""
    return get_object_or_404(people_known_to(request.user, clock.today()), personnel_number=number)


def person_here(request: HttpRequest, number: str) -> Inmate:
    """The person of the address, held here; who has left is told of, anybody else not found."""
    on = clock.today()
    here = people_visible_to(request.user, on).filter(personnel_number=number).first()
    if here is not None:
        return here
    gone = person_record(known_person(request, number), on)
    raise NotHeld(day=date_short(gone.stay.effective_to or on))


@require_safe
@allow(PEOPLE_PAGES)
def person(request: HttpRequest, number: str) -> HttpResponse:
    """One person by number: where, what work, what grade, and what was before."""
    inmate = known_person(request, number)
    return render(request, "inmates/people/person.html", _person(request, inmate))


@require_POST
@allow(PEOPLE_ACTS)
def person_name(request: HttpRequest, number: str) -> HttpResponse:
    """The same page with the name; who looked and what for is kept."""
    inmate = known_person(request, number)
    context = _person(request, inmate)
    context["may_name"].require()
    form = NamesForm(request.POST)
    status = 422
    if form.is_valid():
        status = 200
        names = names_on_list(
            actor=request.user,
            inmates=[inmate],
            purpose=form.cleaned_data["purpose"],
            at=clock.now(),
            subject=inmate,
        )
        context["name"] = names.get(inmate.pk, "—")
    context["names_form"] = form
    response = render(request, "inmates/people/person.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _person(request: HttpRequest, inmate: Inmate) -> dict[str, Any]:
    on = clock.today()
    record = person_record(inmate, on)
    place_id = record.stay.institution.organisation_id
    may_act = can_place_inmate(request.user, place_id, on)
    if may_act and not record.is_held:
        may_act = refuse(_("This person has left custody: nothing more is entered here."))
    return {
        "inmate": inmate,
        "record": record,
        "head": person_head(record),
        "facts": person_facts(record, may_act=may_act),
        "placements": placement_rows(record),
        "grades": grade_rows(record),
        "rows": history_rows(record),
        "may_act": may_act,
        "names_form": NamesForm(),
        "may_name": can_place_inmate(request.user, place_id, on),
        "tabs": person_tabs(request.user, on, inmate.personnel_number, "inmates:person"),
    }
