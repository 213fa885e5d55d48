"""Accidents and collective disputes: entered with the two notices they owe, told of, closed.

Called by the pages of accidents and the seed. Penal Execution Code 119(10): labour inspection and
prosecutor are told in writing by the next working day.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.enums import AccidentKind, AccidentStatus, NoticeAddressee
from inmates.models import Accident, AccidentNotice, AccidentPerson, Inmate
from inmates.rules import can_record_accident
from inmates.safety_refusals import (
    AccidentAhead,
    AccidentOfNobody,
    AccidentTooLongAgo,
    NotHeldHere,
    NoticeSent,
    NoticeTooEarly,
    ReasonTooShort,
    WorkshopElsewhere,
)
from inmates.selectors.clearances import held_elsewhere
from inmates.shifts import is_explanation
from inmates.states import ACCIDENT
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import full_years
from portal.kernel.states import move
from portal.kernel.text import date_short
from portal.kernel.workdays import add_workdays
from workshops.models import Institution, Workshop

LONGEST_CIRCUMSTANCES = 500
YEARS_BACK = 3


def record_accident(
    *,
    actor: Any,
    institution_id: int,
    kind: str,
    happened_at: datetime,
    circumstances: str,
    at: datetime,
    inmate_ids: Collection[int] = (),
    workshop_id: int | None = None,
) -> Accident:
    """The accident stands with its people and two notices due by the next working day.

    A collective dispute may name nobody. Refused: for whoever is no labour officer of the
    institution, ahead of its moment or years after it, an accident of nobody, a person who was
    not held there on that day, a workshop of another institution. Twice: the second is refused
    (same institution, kind and moment).
    """
    place_id = Institution.objects.get(pk=institution_id).organisation_id
    can_record_accident(actor, place_id, day_of(at)).require()
    if happened_at > at:
        raise AccidentAhead
    if full_years(day_of(happened_at), day_of(at)) >= YEARS_BACK:
        raise AccidentTooLongAgo(years=YEARS_BACK)
    people = set(inmate_ids)
    if not people and kind != AccidentKind.DISPUTE:
        raise AccidentOfNobody
    rows = Workshop.objects.filter(pk=workshop_id, institution=institution_id)
    if workshop_id is not None and not rows.exists():
        raise WorkshopElsewhere
    with readable_refusals(), transaction.atomic():
        lock_rows(Inmate.objects.filter(pk__in=people))
        strangers = held_elsewhere(people, [place_id], day_of(happened_at))
        if strangers:
            raise NotHeldHere(numbers=", ".join(strangers))
        accident = Accident.objects.create(
            institution_id=institution_id,
            workshop_id=workshop_id,
            kind=kind,
            happened_at=happened_at,
            circumstances=circumstances.strip()[:LONGEST_CIRCUMSTANCES],
            recorded_by=actor,
            recorded_at=at,
        )
        _name_people(accident, people)
        _owe_notices(accident)
        audit.record(
            actor=actor, action="accident_recorded", at=at, subject=accident, people=sorted(people)
        )
    return accident


def _name_people(accident: Accident, people: Collection[int]) -> None:
    AccidentPerson.objects.bulk_create(
        AccidentPerson(accident=accident, inmate_id=inmate_id) for inmate_id in sorted(people)
    )


def _owe_notices(accident: Accident) -> None:
    """One to each addressee, due by the working day after the accident."""
    due_on = add_workdays(day_of(accident.happened_at), 1)
    AccidentNotice.objects.bulk_create(
        AccidentNotice(accident=accident, addressee=addressee, due_on=due_on)
        for addressee in NoticeAddressee.values
    )


def send_notice(
    *, actor: Any, notice_id: int, document_number: str, sent_at: datetime, at: datetime
) -> AccidentNotice:
    """The notice was sent in writing under this number; after the second the accident is notified.

    Refused: for whoever is no labour officer of the institution, before the accident or ahead of
    now, without a number, sent already. Twice: the second is refused with the day of the first.
    """
    accident_id = AccidentNotice.objects.values_list("accident_id", flat=True).get(pk=notice_id)
    with readable_refusals(), transaction.atomic():
        # The accident first: its last notice moves it on, and only one of two can be the last.
        accident = lock_row(Accident, accident_id)
        can_record_accident(actor, accident.institution.organisation_id, day_of(at)).require()
        notice = lock_row(AccidentNotice, notice_id)
        if notice.sent_at is not None:
            raise NoticeSent(day=date_short(notice.sent_at), number=notice.document_number)
        if not accident.happened_at <= sent_at <= at:
            raise NoticeTooEarly
        notice.document_number = document_number.strip()
        notice.sent_at, notice.sent_by = sent_at, actor
        notice.save(update_fields=["document_number", "sent_at", "sent_by"])
        is_last = not accident.notices.filter(sent_at=None).exists()
        if is_last and accident.status == AccidentStatus.REPORTED:
            move(accident, "notify", machine=ACCIDENT, actor=actor, at=at)
    return notice


def close_accident(*, actor: Any, accident_id: int, reason: str, at: datetime) -> Accident:
    """It has been looked into, and the reason says what came of it.

    Refused: for whoever is no labour officer of the institution, while a notice is not sent, a
    reason under five letters. Twice: the second is refused.
    """
    accident = Accident.objects.select_related("institution").get(pk=accident_id)
    can_record_accident(actor, accident.institution.organisation_id, day_of(at)).require()
    if not is_explanation(reason):
        raise ReasonTooShort
    move(accident, "close", machine=ACCIDENT, actor=actor, at=at, reason=reason.strip())
    return accident
