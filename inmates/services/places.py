"""A place is offered, answered, taken back, or given in the order of the queue.

Called by the labour officer's pages. No answer has a reason, and none is written anywhere else:
declining a place, or work for a private employer, is never recorded as a refusal of work.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from inmates.consent_refusals import NotHeldHere, NotWaiting, PlaceElsewhere, ReasonForOrder
from inmates.enums import OfferAnswer
from inmates.models import Consent, CustodyStay, Inmate, Placement, PlaceOffer, QueueOverride
from inmates.queueing import Ranked
from inmates.rules import can_place_inmate
from inmates.selectors.queue import Standing, given_q, queue_for, standing_in
from inmates.services.placements import place_inmate
from inmates.states import PLACE_OFFER
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.periods import period_q
from portal.kernel.states import begin, move
from portal.kernel.text import date_short
from workshops.models import Institution, Post

FEWEST_LETTERS = 5


def offer_place(
    *, actor: Any, inmate_id: int, post_id: int, at: datetime, after_id: int | None = None
) -> PlaceOffer:
    """The place is offered to the person and waits for an answer.

    `after_id` is the withdrawn consent whose lost place it answers. Refused: for whoever is not
    the labour officer of the post's institution, a person held elsewhere, the same place twice
    while the first offer waits.
    """
    on = day_of(at)
    post = _post(post_id)
    can_place_inmate(actor, post.workshop.institution.organisation_id, on).require()
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate_id)
        _require_held(inmate_id, post, on)
        after = None
        if after_id is not None:
            after = Consent.objects.get(
                pk=after_id, inmate_id=inmate_id, place_due_by__isnull=False
            )
        offer = PlaceOffer.objects.create(
            inmate_id=inmate_id, post=post, after=after, offered_on=on, offered_by=actor
        )
        begin(offer, "offer", machine=PLACE_OFFER, actor=actor, at=at)
        audit.record(actor=actor, action="place_offered", at=at, subject=offer)
    return offer


def answer_offer(*, actor: Any, offer_id: int, action: str, at: datetime) -> PlaceOffer:
    """The offer is accepted, declined, or taken back by the institution (`action` of the machine).

    A declined offer leaves its day and nothing more. Refused: for whoever is not the labour officer
    there, an answer that was given already.
    """
    offer = PlaceOffer.objects.select_related("post__workshop__institution").get(pk=offer_id)
    place_id = offer.post.workshop.institution.organisation_id
    can_place_inmate(actor, place_id, day_of(at)).require()
    with readable_refusals(), transaction.atomic():
        offer = lock_row(PlaceOffer, offer_id)
        offer.answered_on = day_of(at)
        offer.save(update_fields=["answered_on"])
        move(offer, action, machine=PLACE_OFFER, actor=actor, at=at)
    return offer


def place_from_queue(
    *, actor: Any, inmate_id: int, post_id: int, effective_from: date, at: datetime,
    reason: str = "", must_wait: bool = True, **terms: Any,
) -> Placement:  # fmt: skip
    """The person works at the post, and the order of the queue is kept or the reason is written.

    `terms` are those of `place_inmate`. Refused: what it refuses, somebody who does not stand in
    the queue today and has no work either, somebody who is not first without a written reason.
    Whoever changes from one work to another passes nobody by; with `must_wait` off, nor does
    whoever works by their own wish and is not counted among those who wait. Whoever accepted this
    place as another one after a withdrawal needs no reason: the place is owed. An override is
    never changed afterwards, and the department sees it. Twice: the second is refused.
    """
    on = day_of(at)
    post = _post(post_id)
    can_place_inmate(actor, post.workshop.institution.organisation_id, on).require()
    with transaction.atomic():
        # Two officers of one institution place one after another: each sees the queue as it is.
        lock_row(Institution, post.workshop.institution_id)
        lock_row(Post, post_id)
        lock_row(Inmate, inmate_id)
        standing = standing_in(queue_for(post, on), inmate_id)
        if standing is None:
            works = Placement.objects.filter(given_q(on), inmate_id=inmate_id).exists()
            if must_wait and not works:
                raise NotWaiting(day=date_short(on))
        elif standing.own.place > 1 and not _is_owed(inmate_id, post):
            _keep_override(actor, inmate_id, post, standing, effective_from, reason, at)
        return place_inmate(
            actor=actor, inmate_id=inmate_id, post_id=post_id, effective_from=effective_from,
            at=at, **terms,
        )  # fmt: skip


def _keep_override(
    actor: Any, inmate_id: int, post: Post, standing: Standing, starts_on: date, reason: str,
    at: datetime,
) -> None:  # fmt: skip
    text = reason.strip()
    if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
        raise ReasonForOrder(
            place=standing.own.place,
            first=standing.first.waiting.number,
            letters=FEWEST_LETTERS,
        )
    QueueOverride.objects.create(
        inmate_id=inmate_id,
        post=post,
        starts_on=starts_on,
        place_in_queue=standing.own.place,
        points=standing.own.total,
        first_points=standing.first.total,
        reason=text,
        decided_by=actor,
        decided_at=at,
    )


def first_passed(
    queue: list[Ranked], standing: Standing, served: Collection[int] = ()
) -> Ranked | None:
    """The first who stands before the person and is not `served` as well, or None."""
    before = queue[: standing.own.place - 1]
    return next((row for row in before if row.waiting.inmate_id not in served), None)


def _is_owed(inmate_id: int, post: Post) -> bool:
    """Accepted after a withdrawal, and no work was taken up since: a place is owed once."""
    since = Placement.objects.filter(
        inmate_id=inmate_id, effective_from__gte=OuterRef("after__withdrawn_on")
    )
    accepted = PlaceOffer.objects.filter(
        inmate_id=inmate_id, post=post, after__isnull=False, answer=OfferAnswer.ACCEPTED
    )
    return accepted.exclude(Exists(since)).exists()


def _require_held(inmate_id: int, post: Post, on: date) -> None:
    stay = CustodyStay.objects.filter(period_q(on), inmate_id=inmate_id).first()
    if stay is None:
        raise NotHeldHere(day=date_short(on))
    if stay.institution_id != post.workshop.institution_id:
        raise PlaceElsewhere


def _post(post_id: int) -> Post:
    return Post.objects.select_related("workshop__institution").get(pk=post_id)
