"""What is known of a person's work: able-bodied or why not, and the grades of a trade.

Called by the pages of the labour officer, and where a training ends with a grade. Of health only
a category of the directory with its dates is kept: there is nowhere to write anything else.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from inmates.desk_refusals import (
    AwardAhead,
    BeforeArrival,
    CategoryNeeded,
    LaterStateKnown,
    MovementAhead,
    NeverHeld,
    NotHeld,
    ReasonOfAnotherKind,
)
from inmates.enums import Ability, ReasonGroup
from inmates.models import CustodyStay, Inmate, LabourState, Qualification, Reason
from inmates.rules import can_place_inmate
from inmates.selectors.desk import last_stay
from inmates.services.succession import begin_anew
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.text import date_short

GROUP_OF = {Ability.ABLE: ReasonGroup.NOT_WORKING, Ability.UNABLE: ReasonGroup.UNABLE}


def record_labour_state(
    *,
    actor: Any,
    inmate_id: int,
    ability: str,
    is_subject_to_labour: bool,
    effective_from: date,
    at: datetime,
    reason_id: int | None = None,
    effective_to: date | None = None,
) -> LabourState:
    """From a day on the person is able-bodied or not, with the category or the reason.

    Who is not able-bodied has a category of the directory; who is, may have a reason for being
    without work; of who is not known nothing more is said. After `effective_to` nothing is
    known. Refused: for whoever is no labour officer of the institution, before the arrival,
    ahead of the day, over a state that begins later. The same again is harmless.
    """
    on = day_of(at)
    if effective_from > on:
        raise MovementAhead(day=date_short(effective_from))
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate_id)
        stay = _held(inmate_id)
        can_place_inmate(actor, stay.institution.organisation_id, on).require()
        if effective_from < stay.effective_from:
            raise BeforeArrival(day=date_short(stay.effective_from))
        _refuse_later(inmate_id, effective_from, effective_to)
        state, is_new = begin_anew(
            LabourState,
            inmate_id,
            effective_from,
            ability=ability,
            is_subject_to_labour=is_subject_to_labour,
            reason=_reason(ability, reason_id),
            effective_to=effective_to,
        )
        if is_new:
            audit.record(actor=actor, action="labour_state_recorded", at=at, subject=state)
    return state


def record_qualification(
    *,
    actor: Any,
    inmate_id: int,
    trade_id: int,
    grade: int,
    document: str,
    awarded_on: date,
    at: datetime,
) -> Qualification:
    """The person has this grade of the trade by the document.

    Refused: for whoever is no labour officer of the institution, ahead of the day, a grade that
    is not 1 to 8, without a document. Twice: the second is refused.
    """
    on = day_of(at)
    if awarded_on > on:
        raise AwardAhead(day=date_short(awarded_on))
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate_id)
        can_place_inmate(actor, _held(inmate_id).institution.organisation_id, on).require()
        awarded = Qualification.objects.create(
            inmate_id=inmate_id,
            trade_id=trade_id,
            grade=grade,
            document=document.strip(),
            awarded_on=awarded_on,
            recorded_by=actor,
            recorded_at=at,
        )
        audit.record(actor=actor, action="qualification_recorded", at=at, subject=awarded)
    return awarded


def choose_paper_language(*, actor: Any, inmate_id: int, language: str, at: datetime) -> Inmate:
    """The person's own papers are printed in this language.

    Refused: for whoever is no labour officer of the institution, a person who is not held, a
    language that is not of the state. The same again is harmless.
    """
    with readable_refusals(), transaction.atomic():
        inmate = lock_row(Inmate, inmate_id)
        place_id = _held(inmate_id).institution.organisation_id
        can_place_inmate(actor, place_id, day_of(at)).require()
        if inmate.language != language:
            inmate.language = language
            inmate.save(update_fields=["language"])
            audit.record(
                actor=actor, action="paper_language_chosen", at=at, subject=inmate,
                language=language,
            )  # fmt: skip
    return inmate


def _held(inmate_id: int) -> CustodyStay:
    last = last_stay(inmate_id)
    if last is None:
        raise NeverHeld
    if last.effective_to is not None:
        raise NotHeld(day=date_short(last.effective_to))
    return last


def _reason(ability: str, reason_id: int | None) -> Reason | None:
    """The reason if it belongs to the state; inability is never without its category."""
    if reason_id is None:
        if ability == Ability.UNABLE:
            raise CategoryNeeded
        return None
    group = GROUP_OF.get(Ability(ability))
    reason = Reason.objects.filter(pk=reason_id, group=group, is_refusal=False).first()
    if reason is None:
        raise ReasonOfAnotherKind
    return reason


def _refuse_later(inmate_id: int, begin: date, end: date | None) -> None:
    later = Q(effective_from__gt=begin) & (Q() if end is None else Q(effective_from__lt=end))
    row = LabourState.objects.filter(later, inmate=inmate_id).order_by("effective_from").first()
    if row is not None:
        raise LaterStateKnown(day=date_short(row.effective_from))
