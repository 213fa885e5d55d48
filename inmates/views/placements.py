"""Placing people, changing their terms, ending a placement, and the paper of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.forms.placements import ChangePlacementForm, EndPlacementForm, PlacementForm
from inmates.models import Placement
from inmates.presenters.placement_paper import PAPER_LANGUAGES, placement_document
from inmates.rules import PEOPLE_ACTS, can_place_inmate
from inmates.selectors.desk_choices import Places, places_of
from inmates.selectors.people import identities
from inmates.selectors.person import PersonRecord
from inmates.selectors.placements import paper_facts, placement_with_place
from inmates.services.placement_papers import issue_placement_paper
from inmates.services.placements import change_placement, end_placement
from inmates.services.places import place_from_queue
from inmates.views.people import known_person
from inmates.views.person_acts import METHODS, act_page, held_person, page_of
from portal.accounts.models import Organisation
from portal.documents.render import render_pdf
from portal.documents.stamp import check_address, stamp_of
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.text import hours
from portal.kernel.workdays import ONE_DAY


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def place(request: HttpRequest, number: str) -> HttpResponse:
    """A new placement; a private employer's waits for the consent, which has its own page."""
    record = held_person(request, number)
    places = places_of(record.stay.institution, record.on)
    form = PlacementForm(
        request.POST or None, initial={"effective_from": record.on}, **_offered(record, places)
    )

    def act(clean: dict[str, Any]) -> None:
        place_from_queue(
            actor=request.user,
            inmate_id=record.inmate.pk,
            reason=clean["queue_reason"],
            must_wait=False,
            employer=Organisation.objects.get(pk=clean["employer"]),
            effective_from=clean["effective_from"],
            at=clock.now(),
            **form.terms(),
        )

    return act_page(
        request, record, form, act=act,
        title=_("Place at work"), done=_("The placement is entered; its paper can be printed."),
    )  # fmt: skip


def _offered(record: PersonRecord, places: Places) -> dict[str, Any]:
    return {
        "back": page_of(record.inmate),
        "posts": places.posts,
        "employers": places.employers,
        "allowed": places.allowed,
    }


def _placement(record: PersonRecord, placement_id: int) -> Placement:
    """A placement of this person in the institution that holds them."""
    return get_object_or_404(
        record.inmate.placements.select_related("post__workshop"),
        pk=placement_id,
        post__workshop__institution=record.stay.institution_id,
    )


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def placement_change(request: HttpRequest, number: str, placement_id: int) -> HttpResponse:
    """New terms from a day on, by succession."""
    record = held_person(request, number)
    old = _placement(record, placement_id)
    initial = {
        "post": old.post_id,
        "employer": old.employer_id,
        "pay_form": old.pay_form,
        "hours": None if old.daily_minutes is None else hours(old.daily_minutes),
        "effective_from": max(record.on, old.effective_from + ONE_DAY),
        "last_day": old.effective_to - ONE_DAY if old.effective_to else None,
    }
    places = places_of(record.stay.institution, record.on)
    form = ChangePlacementForm(request.POST or None, initial=initial, **_offered(record, places))

    def act(clean: dict[str, Any]) -> None:
        employer = Organisation.objects.get(pk=clean["employer"])
        change_placement(
            actor=request.user,
            placement_id=old.pk,
            on=clean["effective_from"],
            at=clock.now(),
            employer=employer,
            payer=employer,
            **form.terms(),
        )

    return act_page(
        request, record, form, act=act,
        title=_("Change of the placement"),
        lead=_("The present terms end the day before; they stay in the history."),
        done=_("The change is entered; a new paper can be printed."),
    )  # fmt: skip


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def placement_end(request: HttpRequest, number: str, placement_id: int) -> HttpResponse:
    """The last day of a placement."""
    record = held_person(request, number)
    old = _placement(record, placement_id)
    form = EndPlacementForm(
        request.POST or None, back=page_of(record.inmate), initial={"last_day": record.on}
    )

    def act(clean: dict[str, Any]) -> None:
        end_placement(
            actor=request.user,
            placement_id=old.pk,
            on=clean["last_day"] + ONE_DAY,
            at=clock.now(),
            correction=clean["correction"],
        )

    return act_page(
        request, record, form, act=act,
        title=_("End of the placement"),
        lead=f"{old.post.name}, {old.post.workshop.name}",
        done=_("The placement is ended."),
    )  # fmt: skip


@require_safe
@allow(PEOPLE_ACTS)
def placement_paper(request: HttpRequest, number: str, placement_id: int) -> HttpResponse:
    """The contract of three parties or the order, in ru or kk; the name on it is audited."""
    inmate = known_person(request, number)
    get_object_or_404(inmate.placements, pk=placement_id)
    placement = placement_with_place(placement_id)
    place_id = placement.post.workshop.institution.organisation_id
    can_place_inmate(request.user, place_id, clock.today()).require()
    at = clock.now()
    asked = request.GET.get("language", translation.get_language())
    language = asked if asked in PAPER_LANGUAGES else PAPER_LANGUAGES[0]
    found = identities(actor=request.user, inmates=[inmate], purpose="placement_paper", at=at)
    issued = issue_placement_paper(actor=request.user, placement_id=placement_id, at=at)
    with translation.override(language):
        stamp = stamp_of(issued, check_address(request, issued))
        facts = paper_facts(placement)
        data = placement_document(placement, facts, found.get(inmate.pk), stamp=stamp)
    pdf = render_pdf("placement.typ", data, created_at=issued.issued_at)
    audit.record(
        actor=request.user, action="placement_paper_printed", at=at, subject=placement,
        language=language,
    )  # fmt: skip
    return _file(pdf, f"placement-{number}-{placement.effective_from:%Y-%m-%d}-{language}.pdf")


def _file(pdf: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
