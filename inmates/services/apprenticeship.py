"""Learning a trade: begun with a mentor, completed with a grade, or discontinued with a reason.

Called by the pages of the labour officer and the seed. While it is in force the norm of the
trade's operations is multiplied by the coefficient (`inmates.apprentices`).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from inmates.models import Apprenticeship, Inmate, Placement, Qualification
from inmates.rules import can_arrange_training
from inmates.safety_refusals import (
    HoursNotDone,
    MentorWithoutGrade,
    NotHeldHere,
    ReasonTooShort,
    TrainingEndsAhead,
    TrainingEndsTooEarly,
    TrainingMonthCalculated,
)
from inmates.selectors.apprenticeship import calculated_month_since, minutes_learnt, runs_since
from inmates.selectors.clearances import held_elsewhere
from inmates.selectors.desk import stay_on
from inmates.services.backdating import permit_backdated
from inmates.services.people import record_qualification
from inmates.shifts import is_explanation
from inmates.states import APPRENTICESHIP
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month, Period, overlap_q
from portal.kernel.states import move
from portal.kernel.text import date_short, hours, month_name, number

MINUTES_IN_HOUR = 60


def begin_apprenticeship(
    *,
    actor: Any,
    inmate_id: int,
    trade_id: int,
    planned_hours: int,
    norm_coefficient: Decimal,
    basis: str,
    effective_from: date,
    at: datetime,
    mentor_id: int | None = None,
    free_mentor: str = "",
    effective_to: date | None = None,
) -> Apprenticeship:
    """The person learns the trade from a day on, by a part of the norm.

    The mentor is a person of the same institution with a grade in the trade, or a free craftsman
    in words. Refused: for whoever is no labour officer of the institution, a mentor without a
    grade or held elsewhere, both mentors or none, a coefficient outside (0, 1], a second training
    in the same days, from a day of a month whose wages are calculated and wait for approval; into
    an approved one it reaches by its contract. Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        people = {inmate_id} | ({mentor_id} if mentor_id else set())
        lock_rows(Inmate.objects.filter(pk__in=people))
        place_id = _require_right(actor, inmate_id, day_of(at))
        if mentor_id is not None:
            _require_master_of_trade(mentor_id, trade_id, place_id, effective_from)
        _require_open(actor, inmate_id, effective_from, basis)
        row = Apprenticeship.objects.create(
            inmate_id=inmate_id,
            trade_id=trade_id,
            mentor_id=mentor_id,
            free_mentor=free_mentor.strip(),
            planned_hours=planned_hours,
            norm_coefficient=norm_coefficient,
            basis=basis.strip(),
            effective_from=effective_from,
            effective_to=effective_to,
            recorded_by=actor,
            recorded_at=at,
        )
        audit.record(actor=actor, action="apprenticeship_begun", at=at, subject=row)
    return row


def complete_apprenticeship(
    *, actor: Any, apprenticeship_id: int, grade: int, document: str, on: date, at: datetime
) -> Apprenticeship:
    """The training ends (`on` is the first day after it) and the grade stands with its document.

    Refused: for whoever is no labour officer of the institution, while the planned hours are not
    done, an end before the beginning or of a month whose wages are calculated, a grade the person
    has already. Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        row = _held_training(actor, apprenticeship_id, on, at, document)
        done = minutes_learnt([row]).get(row.pk, 0)
        if done < row.planned_hours * MINUTES_IN_HOUR:
            raise HoursNotDone(done=hours(done), planned=number(row.planned_hours))
        record_qualification(
            actor=actor,
            inmate_id=row.inmate_id,
            trade_id=row.trade_id,
            grade=grade,
            document=document,
            awarded_on=on,
            at=at,
        )
        # The constraint wants the grade and the end when the status is written.
        row.effective_to, row.grade_awarded = on, grade
        row.save(update_fields=["effective_to", "grade_awarded"])
        move(row, "complete", machine=APPRENTICESHIP, actor=actor, at=at)
    return row


def discontinue_apprenticeship(
    *, actor: Any, apprenticeship_id: int, reason: str, on: date, at: datetime
) -> Apprenticeship:
    """The training ends without a grade; `on` is the first day after it.

    Refused: for whoever is no labour officer of the institution, a reason under five letters, an
    end before the beginning or of a month whose wages are calculated. Twice: the second is
    refused.
    """
    if not is_explanation(reason):
        raise ReasonTooShort
    with readable_refusals(), transaction.atomic():
        row = _held_training(actor, apprenticeship_id, on, at, reason)
        row.effective_to = on
        row.save(update_fields=["effective_to"])
        move(row, "discontinue", machine=APPRENTICESHIP, actor=actor, at=at, reason=reason.strip())
    return row


def _held_training(actor: Any, pk: int, on: date, at: datetime, document: str) -> Apprenticeship:
    """The training, locked after its person, if it may end on the day."""
    inmate_id = Apprenticeship.objects.values_list("inmate_id", flat=True).get(pk=pk)
    lock_row(Inmate, inmate_id)
    _require_right(actor, inmate_id, day_of(at))
    row = lock_row(Apprenticeship, pk)
    if on <= row.effective_from:
        raise TrainingEndsTooEarly
    if on > day_of(at):
        raise TrainingEndsAhead(day=date_short(on))
    # An end that was planned earlier moves the days after it into the training.
    _require_open(actor, inmate_id, min(on, row.effective_to or on), document)
    return row


def _require_right(actor: Any, inmate_id: int, on: date) -> int:
    """The organisation in which the person is held today and the actor arranges trainings."""
    inmate = Inmate.objects.get(pk=inmate_id)
    stay = stay_on(inmate, on)
    if stay is None:
        raise NotHeldHere(numbers=inmate.personnel_number)
    place_id: int = stay.institution.organisation_id
    can_arrange_training(actor, place_id, on).require()
    return place_id


def _require_master_of_trade(mentor_id: int, trade_id: int, place_id: int, on: date) -> None:
    strangers = held_elsewhere([mentor_id], [place_id], on)
    if strangers:
        raise NotHeldHere(numbers=", ".join(strangers))
    grades = Qualification.objects.filter(inmate=mentor_id, trade=trade_id, awarded_on__lte=on)
    if not grades.exists():
        raise MentorWithoutGrade(number=Inmate.objects.get(pk=mentor_id).personnel_number)


def _require_open(actor: Any, inmate_id: int, day: date, document: str) -> None:
    """What waits for approval would be approved as it was; what is approved is corrected later.

    A run is started before or after this act, never meanwhile: a first one waits for the
    placements, a repeated one for its row, and what is being calculated has read the trainings.
    """
    since = Period(Month.of(day).first_day)
    lock_rows(Placement.objects.filter(overlap_q(since), inmate=inmate_id))
    permit_backdated(lock_rows(runs_since(inmate_id, day)), actor=actor, document=document)
    month = calculated_month_since(inmate_id, day)
    if month is not None:
        raise TrainingMonthCalculated(month=month_name(month))
