"""Places and their queue: who waits and why in this order; offers, and places that are given."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.forms.consents import OfferForm, PlaceForm
from inmates.presenters.consents import owed_row
from inmates.presenters.places import input_heads, override_rows, queue_rows
from inmates.rules import PEOPLE_PAGES
from inmates.selectors.consents import employers_at, owed_places
from inmates.selectors.desk import desk_institutions
from inmates.selectors.queue import (
    overrides_of,
    posts_visible_to,
    posts_with_places,
    queue_for,
    queue_rules,
    standing_in,
    waiting_count,
)
from inmates.services.places import answer_offer, offer_place, place_from_queue
from inmates.states import PLACE_OFFER
from inmates.views.consents import officer, page_of, place_of, visible_person
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from workshops.models import Post

OVERRIDES_SHOWN = 20
# Read by everybody of the desk; the button is the officer's.
QUEUE_SHOWN = 200


@require_safe
@allow(PEOPLE_PAGES)
def places(request: HttpRequest) -> HttpResponse:
    """Who is owed another place, the posts with their free places, and placings out of order."""
    on = clock.today()
    institutions = list(desk_institutions(request.user, on))
    waiting = waiting_count(institutions, on)
    posts = [
        {"post": post, "free": max(0, post.seats - post.taken),
         "waiting": waiting.get(post.workshop.institution_id, 0)}
        for post in posts_with_places(request.user, on)
    ]  # fmt: skip
    context = {
        "owed": [owed_row(consent, on) for consent in owed_places(institutions, on)],
        "posts": posts,
        "overrides": override_rows(overrides_of(institutions)[:OVERRIDES_SHOWN]),
    }
    return render(request, "inmates/places/places.html", context)


@require_safe
@allow(PEOPLE_PAGES)
def place_queue(request: HttpRequest, post_id: int) -> HttpResponse:
    """The queue for a place at the post, with every input and its points."""
    on = clock.today()
    post = get_object_or_404(posts_visible_to(request.user, on), pk=post_id)
    queue = queue_for(post, on)
    context = {
        "post": post,
        "title": _("Queue: %(post)s") % {"post": post.name},
        "lead": f"{post.workshop.institution.organisation.name}, {post.workshop.name}",
        "crumbs": [{"label": _("Places"), "url": reverse("inmates:places")}, {"label": post.name}],
        "heads": input_heads(queue_rules(on)),
        "rows": queue_rows(queue[:QUEUE_SHOWN], post.pk),
        "count": len(queue),
        "may_give": officer(request.user, on),
    }
    return render(request, "inmates/places/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(officer)
def place_give(request: HttpRequest, post_id: int, number: str) -> HttpResponse:
    """Give the place; for whoever is not first, with the written reason."""
    on = clock.today()
    post = get_object_or_404(posts_visible_to(request.user, on), pk=post_id)
    inmate = visible_person(request, number, on)
    standing = standing_in(queue_for(post, on), inmate.pk)
    is_first = standing is None or standing.own.place == 1
    back = reverse("inmates:place_queue", args=[post.pk])
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        on=on, employers=employers_at(post, on), is_first=is_first, cancel_url=back,
    )  # fmt: skip
    if form.is_bound and form.is_valid() and _give(request, form, post, inmate.pk):
        return redirect("inmates:person", number)
    context = page_of(request, inmate, on, _("A place for № %(number)s") % {"number": number}) | {
        "form": form,
        "post": post,
        "standing": standing,
        "is_first": is_first,
    }
    status = 422 if form.is_bound else 200
    return render(request, "inmates/places/give.html", context, status=status)


def _give(request: HttpRequest, form: PlaceForm, post: Post, inmate_id: int) -> bool:
    """Whether the place is given; a refusal is told in the form."""
    try:
        place_from_queue(
            actor=request.user, inmate_id=inmate_id, post_id=post.pk, at=clock.now(),
            **form.cleaned_data,
        )  # fmt: skip
    except Forbidden:
        raise
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The place is given."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@allow(officer)
def place_offer(request: HttpRequest, number: str) -> HttpResponse:
    """Offer a place; where one is owed after a withdrawal, this is the offer that answers it."""
    on = clock.today()
    inmate = visible_person(request, number, on)
    institution = place_of(inmate, on)
    owed = owed_places([institution], on).filter(inmate=inmate).first()
    posts = posts_with_places(request.user, on).filter(workshop__institution=institution)
    back = reverse("inmates:person_consents", args=[number])
    form = OfferForm(
        request.POST if request.method == "POST" else None, posts=posts, cancel_url=back
    )
    if form.is_bound and form.is_valid():
        try:
            offer_place(
                actor=request.user, inmate_id=inmate.pk, post_id=form.cleaned_data["post"].pk,
                at=clock.now(), after_id=owed and owed.pk,
            )  # fmt: skip
        except Forbidden:
            raise
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The place is offered."))
            return redirect(back)
    context = page_of(request, inmate, on, _("Offer a place")) | {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "inmates/consents/form.html", context, status=status)


@require_POST
@allow(officer)
def offer_answer(request: HttpRequest, number: str, offer_id: int) -> HttpResponse:
    """What became of an offer: accepted, declined, or taken back by the institution."""
    inmate = visible_person(request, number, clock.today())
    offer: Any = get_object_or_404(inmate.place_offers, pk=offer_id)
    action = request.POST.get("action", "")
    if action not in {name for _status, name in PLACE_OFFER.transitions}:
        raise Http404
    try:
        answer_offer(actor=request.user, offer_id=offer.pk, action=action, at=clock.now())
    except Forbidden:
        raise
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect("inmates:person_consents", number)
