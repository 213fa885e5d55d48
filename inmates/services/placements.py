"""People are placed at work, change their place and leave it.

Called by the seed, the import and the pages of the labour officer. The rows are locked in the
order of the portal: the post, then the person.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.desk_refusals import (
    HoursOverLimit,
    LongerThanShift,
    MinutesNeeded,
    NotHeldThere,
    NothingOfItLeft,
    PlacedTooFar,
    PostFull,
)
from inmates.models import Inmate, Placement
from inmates.refusals import PlacementEnded
from inmates.rules import can_place_inmate
from inmates.selectors.closed_months import runs_of_places_since
from inmates.selectors.placements import (
    busiest_day,
    first_day_elsewhere,
    full_shift,
    minutes_beside,
    placement_with_place,
)
from inmates.services.backdating import permit_backdated, permit_past_work
from inmates.services.bailiff_notices import note_bailiffs
from inmates.shifts import full_minutes
from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month, Period
from portal.kernel.text import date_short, hours
from workshops.models import Institution, Post

FURTHEST_DAYS = 366
SHORTEST_REASON = 5


def place_inmate(
    *,
    actor: Any,
    inmate_id: int,
    post_id: int,
    employer: Organisation,
    pay_form: str,
    basis: str,
    effective_from: date,
    at: datetime,
    payer: Organisation | None = None,
    effective_to: date | None = None,
    is_full_time: bool = True,
    daily_minutes: int | None = None,
    overfill_reason: str = "",
) -> Placement:
    """The person works at the post from a day on; the payer is the employer unless named.

    Part time needs its minutes a day. Refused: for whoever is not a labour officer of the
    institution, a person who is not held there on all of its days, a second full-time placement
    in the same days, more hours a day than the law allows this person, a post whose seats are
    taken (unless `overfill_reason` says why one more works there), a private employer without
    the person's consent; days of a month whose wages are calculated or posted just now. An approved
    one it reaches by its contract, `basis`. Twice: the second is refused.
    """
    institution = _institution_of(post_id)
    can_place_inmate(actor, institution.organisation_id, day_of(at)).require()
    if (effective_from - day_of(at)).days > FURTHEST_DAYS:
        raise PlacedTooFar
    with readable_refusals(), transaction.atomic():
        post = lock_row(Post, post_id)
        placement = Placement(
            inmate=lock_row(Inmate, inmate_id),
            post=post,
            employer=employer,
            payer=payer or employer,
            pay_form=pay_form,
            is_full_time=is_full_time,
            daily_minutes=None if is_full_time else daily_minutes,
            basis=basis,
            effective_from=effective_from,
            effective_to=effective_to,
            overfill_reason=overfill_reason.strip(),
        )
        _check(placement, institution)
        _permit(placement, institution, actor=actor, at=at)
        placement.save()
        audit.record(actor=actor, action="inmate_placed", at=at, subject=placement)
    return placement


def _institution_of(post_id: int) -> Institution:
    return Post.objects.select_related("workshop__institution").get(pk=post_id).workshop.institution


def _permit(placement: Placement, institution: Institution, *, actor: Any, at: datetime) -> None:
    """The gate of the months behind it, where the person worked for the payer or works now."""
    begin, payer_id, basis = placement.effective_from, placement.payer_id, placement.basis
    permit_past_work(
        placement.inmate_id, begin, actor=actor, at=at, document=basis, payer_id=payer_id
    )
    if begin < Month.of(day_of(at)).first_day:
        here = lock_rows(runs_of_places_since(payer_id, institution.pk, begin))
        permit_backdated(here, actor=actor, document=basis)


def _check(placement: Placement, institution: Institution) -> None:
    """What no constraint can ask: custody, hours and seats on the days of the placement."""
    begin, end = placement.effective_from, placement.effective_to
    if end is not None and end <= begin:
        # Days in the wrong order are refused by the database, with its sentence.
        return
    period = Period(begin, end)
    absent = first_day_elsewhere(placement.inmate_id, institution.pk, period)
    if absent is not None:
        raise NotHeldThere(day=date_short(absent))
    _check_hours(placement, period)
    _check_seats(placement, period)


def end_placement(
    *, actor: Any, placement_id: int, on: date, at: datetime, correction: str = ""
) -> Placement:
    """The placement ends: `on` is the first day without it.

    Refused: for whoever is not a labour officer of the institution, when it has ended earlier,
    when work is entered on later days; into a month whose wages are calculated or posted just now,
    and into an approved one without a `correction` in words. Twice with the same day is harmless.
    Where no other placement of the payer goes on, a notice to the bailiff of an open writ appears.
    """
    placement = placement_with_place(placement_id)
    place_id = placement.post.workshop.institution.organisation_id
    can_place_inmate(actor, place_id, day_of(at)).require()
    with readable_refusals(), transaction.atomic():
        ended = _end(placement, actor=actor, on=on, at=at, reason=correction)
        note_bailiffs(at=at, since=on, people=[placement.inmate_id])
    return ended


def _end(
    placement: Placement,
    *,
    actor: Any,
    on: date,
    at: datetime,
    reason: str = "",
    document: str = "",
) -> Placement:
    # The person first: a consent that is withdrawn at this moment ends the same placement.
    lock_row(Inmate, placement.inmate_id)
    placement = lock_row(Placement, placement.pk)
    if placement.effective_to is not None and placement.effective_to < on:
        raise PlacementEnded(day=date_short(placement.effective_to))
    if placement.effective_to == on:
        return placement
    permit_past_work(
        placement.inmate_id, on, actor=actor, at=at, reason=reason, document=document,
        payer_id=placement.payer_id,
    )  # fmt: skip
    placement.effective_to = on
    placement.save(update_fields=["effective_to"])
    audit.record(actor=actor, action="placement_ended", at=at, subject=placement)
    return placement


def change_placement(
    *, actor: Any, placement_id: int, on: date, at: datetime, **changes: Any
) -> Placement:
    """From `on` the person works by new terms: the old placement ends, a new one follows.

    `changes` are arguments of `place_inmate`; what is not named goes on, the last day too.
    Refused: what `end_placement` and `place_inmate` refuse, and a change on the first day of the
    placement, of which nothing would be left. All or nothing. Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        # In the order of the portal: the post before the person and the placement.
        wanted = changes.get("post_id")
        old = placement_with_place(placement_id)
        lock_row(Post, wanted or old.post_id)
        lock_row(Inmate, old.inmate_id)
        if on <= old.effective_from:
            raise NothingOfItLeft
        ends = old.effective_to
        place_id = old.post.workshop.institution.organisation_id
        can_place_inmate(actor, place_id, day_of(at)).require()
        _end(old, actor=actor, on=on, at=at, document=changes.get("basis", old.basis))
        terms = {
            "post_id": old.post_id,
            "employer": old.employer,
            "payer": old.payer,
            "pay_form": old.pay_form,
            "basis": old.basis,
            "is_full_time": old.is_full_time,
            "daily_minutes": old.daily_minutes,
            "effective_to": ends if ends is not None and ends > on else None,
        }
        new = place_inmate(
            actor=actor, inmate_id=old.inmate_id, effective_from=on, at=at, **(terms | changes)
        )
        # By now it is known whether the payer stays.
        note_bailiffs(at=at, since=on, people=[old.inmate_id])
        return new


def _check_hours(placement: Placement, period: Period) -> None:
    """Refuse more minutes a day than a full shift of this person, over all placements at once."""
    if not placement.is_full_time and not placement.daily_minutes:
        raise MinutesNeeded
    full_beside, minutes = minutes_beside(placement.inmate_id, period)
    if placement.is_full_time and not minutes:
        # Two full-time placements in the same days are refused by the database.
        return
    shift = full_shift(placement.effective_from)
    limit = full_minutes(shift.norm, placement.inmate.disability_group)
    asked = limit if placement.is_full_time else placement.daily_minutes or 0
    together = asked + minutes + (limit if full_beside else 0)
    if asked > limit:
        raise LongerThanShift(hours=hours(asked), limit=hours(limit), source=shift.source)
    if together > limit:
        raise HoursOverLimit(hours=hours(together), limit=hours(limit), source=shift.source)


def _check_seats(placement: Placement, period: Period) -> None:
    """Refuse one person more than seats on the busiest day, unless it is said why."""
    day, taken = busiest_day(placement.post, period)
    if taken < placement.post.seats:
        placement.overfill_reason = ""
    elif len(placement.overfill_reason) < SHORTEST_REASON:
        raise PostFull(day=date_short(day), taken=taken, seats=placement.post.seats)
