"""Movements of people: arrival, transfer, release, and the release that is expected.

Called by the seed, the import and the pages of the labour officer. A movement is entered on its
day or afterwards; its day is the first one of the new place (or of freedom).
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from inmates.desk_refusals import (
    ArrivedMeanwhile,
    BeforeArrival,
    HeldAlready,
    MovementAhead,
    NeverHeld,
    NotHeld,
    PlannedInPast,
    PlannedTooFar,
    ReleaseReasonNeeded,
    SamePlace,
    WorkAfterwards,
)
from inmates.enums import ReasonGroup
from inmates.models import (
    Attendance,
    CustodyStay,
    Inmate,
    LabourState,
    PlannedRelease,
    Reason,
    TeamShare,
    WorkEntry,
)
from inmates.rules import can_move_inmate, can_place_inmate
from inmates.selectors.desk import last_stay
from inmates.services.backdating import permit_past_work
from inmates.services.bailiff_notices import note_bailiffs
from inmates.services.leaving import leave_the_place
from inmates.services.registration import check_age
from inmates.services.succession import begin_anew, end_by
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import period_q
from portal.kernel.text import date_short
from workshops.models import Institution

# The longest term is shorter; what lies further ahead is a mistyped year.
FURTHEST_YEARS = 35


def arrive_again(
    *, actor: Any, inmate_id: int, institution_id: int, on: date, at: datetime
) -> CustodyStay:
    """Somebody known, who had left custody, is held in the institution from `on`.

    Refused: for whoever is no labour officer there, for whoever is held anywhere (that is a
    transfer), before the end of the last stay, ahead of the day. Twice: the second is refused.
    """
    place = Institution.objects.get(pk=institution_id)
    can_place_inmate(actor, place.organisation_id, day_of(at)).require()
    _not_ahead(on, at)
    with readable_refusals(), transaction.atomic():
        inmate = lock_row(Inmate, inmate_id)
        check_age(inmate.born_on, on, day_of(at))
        last = last_stay(inmate_id)
        if last is not None and last.effective_to is None:
            raise _held_already(last)
        if last is not None and last.effective_to > on:
            raise ArrivedMeanwhile(day=date_short(last.effective_to))
        stay = CustodyStay.objects.create(inmate=inmate, institution=place, effective_from=on)
        audit.record(actor=actor, action="inmate_arrived_again", at=at, subject=inmate)
    return stay


def transfer_inmate(
    *,
    actor: Any,
    inmate_id: int,
    institution_id: int,
    on: date,
    at: datetime,
    correction: str = "",
) -> CustodyStay:
    """From `on` the person is held in the other institution, and the transfer stands at once.

    The labour officer of either side enters it: who sends, or who receives and finds the person
    still entered elsewhere. Placements end by that day, those that would begin later are taken
    back, a reason for not working at the old place no longer holds, nor do its briefings, its
    training and its offers (`leave_the_place`). Tax applications and writs stay: pay follows the
    person, and a notice to the bailiff of an open writ appears. Refused: for others, to the same
    place, on the day of the arrival or before it, ahead of the day, with work entered on later
    days, into a month whose wages are calculated or posted just now, and into an approved one
    without a `correction` in words. Twice: refused.
    """
    place = Institution.objects.select_related("organisation").get(pk=institution_id)
    _not_ahead(on, at)
    with readable_refusals(), transaction.atomic():
        inmate = lock_row(Inmate, inmate_id)
        stay = _open_stay(inmate_id)
        sides = (stay.institution.organisation_id, place.organisation_id)
        can_move_inmate(actor, sides, day_of(at)).require()
        if stay.institution_id == place.pk:
            raise SamePlace
        permit_past_work(inmate_id, on, actor=actor, at=at, reason=correction)
        _leave(stay, on)
        leave_the_place(actor=actor, inmate_id=inmate_id, on=on, at=at, is_release=False)
        _forget_reason(inmate_id, on)
        made = CustodyStay.objects.create(inmate=inmate, institution=place, effective_from=on)
        audit.record(
            actor=actor, action="inmate_transferred", at=at, subject=inmate,
            left=stay.institution_id, reached=place.pk,
        )  # fmt: skip
        note_bailiffs(at=at, since=on, people=[inmate_id])
    return made


def release_inmate(
    *,
    actor: Any,
    inmate_id: int,
    reason_id: int,
    on: date,
    at: datetime,
    correction: str = "",
) -> CustodyStay:
    """The person is out of custody: `on` is the first day that is no longer counted.

    The reason is one of the directory. Placements, the labour state, the expected release and what
    the place gave (`leave_the_place`) end by that day; work of later days can no longer be
    entered; a notice to the bailiff of an open writ appears. Refused: for whoever is no labour
    officer of the institution, on the day of the arrival or before it, ahead of the day, with work
    entered on later days, into a month whose wages are calculated or posted just now, and into an
    approved one without a `correction` in words. Twice: refused with the day of the first.
    """
    _not_ahead(on, at)
    with readable_refusals(), transaction.atomic():
        inmate = lock_row(Inmate, inmate_id)
        stay = _open_stay(inmate_id)
        can_place_inmate(actor, stay.institution.organisation_id, day_of(at)).require()
        reason = Reason.objects.filter(pk=reason_id, group=ReasonGroup.RELEASE).first()
        if reason is None:
            raise ReleaseReasonNeeded
        permit_past_work(inmate_id, on, actor=actor, at=at, reason=correction)
        _leave(stay, on, reason)
        leave_the_place(actor=actor, inmate_id=inmate_id, on=on, at=at, is_release=True)
        end_by(LabourState.objects.filter(inmate=inmate), on)
        end_by(PlannedRelease.objects.filter(inmate=inmate), on)
        audit.record(
            actor=actor, action="inmate_released", at=at, subject=inmate, reason=reason.code
        )
        note_bailiffs(at=at, since=on, people=[inmate_id])
    return stay


def plan_release(
    *, actor: Any, inmate_id: int, release_on: date, basis: str, at: datetime
) -> PlannedRelease:
    """From today the person is expected to leave on `release_on`; what was expected is closed.

    Refused: for whoever is no labour officer of the institution, for a day that is past or too
    far ahead, for whoever is not held. The same day by the same document again is harmless; a
    second change within one day replaces the first.
    """
    on = day_of(at)
    if release_on < on:
        raise PlannedInPast(day=date_short(release_on))
    if release_on.year > on.year + FURTHEST_YEARS:
        raise PlannedTooFar(day=date_short(release_on))
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate_id)
        stay = _open_stay(inmate_id)
        can_place_inmate(actor, stay.institution.organisation_id, on).require()
        planned, is_new = begin_anew(
            PlannedRelease, inmate_id, on, release_on=release_on, basis=basis
        )
        if is_new:
            audit.record(actor=actor, action="release_planned", at=at, subject=planned)
    return planned


def _not_ahead(on: date, at: datetime) -> None:
    if on > day_of(at):
        raise MovementAhead(day=date_short(on))


def _held_already(stay: CustodyStay) -> HeldAlready:
    return HeldAlready(
        place=stay.institution.organisation.name, day=date_short(stay.effective_from)
    )


def _open_stay(inmate_id: int) -> CustodyStay:
    """The stay that lasts, locked; the person's row is locked before it."""
    last = last_stay(inmate_id)
    if last is None:
        raise NeverHeld
    if last.effective_to is not None:
        raise NotHeld(day=date_short(last.effective_to))
    return last


def _leave(stay: CustodyStay, on: date, reason: Reason | None = None) -> None:
    """End the stay and what rests on it."""
    if on <= stay.effective_from:
        raise BeforeArrival(day=date_short(stay.effective_from))
    _refuse_later_work(stay.inmate_id, on)
    end_by(lock_rows(stay.inmate.placements.all()), on)
    stay.effective_to = on
    stay.end_reason = reason
    stay.save(update_fields=["effective_to", "end_reason"])


def _refuse_later_work(inmate_id: int, on: date) -> None:
    later = [
        model.objects.filter(placement__inmate=inmate_id, worked_on__gte=on).aggregate(
            last=Max("worked_on")
        )["last"]
        for model in (Attendance, WorkEntry)
    ]
    in_teams = TeamShare.objects.filter(
        placement__inmate=inmate_id, team_entry__worked_on__gte=on
    ).aggregate(last=Max("team_entry__worked_on"))
    later.append(in_teams["last"])
    last = max((day for day in later if day is not None), default=None)
    if last is not None:
        raise WorkAfterwards(day=date_short(last))


def _forget_reason(inmate_id: int, on: date) -> None:
    """Why somebody able-bodied had no work there says nothing about the new place."""
    rows = LabourState.objects.filter(period_q(on), inmate_id=inmate_id)
    state = rows.select_related("reason").first()
    if state is not None and state.reason and state.reason.group != ReasonGroup.UNABLE:
        begin_anew(
            LabourState, inmate_id, on,
            ability=state.ability, is_subject_to_labour=state.is_subject_to_labour, reason=None,
            # Known up to its last day, as before: afterwards nothing is known.
            effective_to=state.effective_to,
        )  # fmt: skip
