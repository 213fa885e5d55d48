"""A person enters the portal for the first time: the working record and the identity apart.

Called by the seed, the import and the page of an arrival.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from inmates.desk_refusals import (
    SMALLEST_AGE,
    ArrivedTooYoung,
    BirthDateDiffers,
    BornAhead,
    BornTooLongAgo,
    LooksLikeKnown,
    MovementAhead,
    NumberUnusable,
)
from inmates.enums import Pension
from inmates.identity import hmac_of_iin
from inmates.models import CustodyStay, Inmate, InmateIdentity
from inmates.people_heads import PERSONNEL_NUMBER
from inmates.refusals import IinWrong, InmateKnown
from inmates.rules import can_place_inmate
from inmates.selectors.people import namesake
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.identifiers import birth_date_of, check_iin, clean_identifier
from portal.kernel.periods import full_years
from portal.kernel.text import date_short
from workshops.models import Institution

OLDEST_AGE = 100


def register_inmate(
    *,
    actor: Any,
    institution_id: int,
    personnel_number: str,
    full_name: str,
    iin: str | None,
    born_on: date,
    on: date,
    at: datetime,
    pension: str = Pension.NONE,
    disability_group: int | None = None,
    is_another: bool = False,
) -> Inmate:
    """A working record, the encrypted identity apart from it, and the stay from `on` exist.

    Refused: for whoever is not a labour officer of the institution, an IIN that cannot be right
    or tells another day of birth, an IIN or a personnel number that is known already, an arrival
    ahead of its day or before the person could be held; without an IIN, a name and date of birth
    that somebody known has, unless `is_another` says it is not that one. Twice: the second is
    refused.
    """
    institution = Institution.objects.get(pk=institution_id)
    can_place_inmate(actor, institution.organisation_id, day_of(at)).require()
    if PERSONNEL_NUMBER.fullmatch(personnel_number) is None:
        raise NumberUnusable
    bare = checked_iin(iin, born_on)
    if on > day_of(at):
        raise MovementAhead(day=date_short(on))
    check_age(born_on, on, day_of(at))
    if not bare and not is_another:
        _ask_of_namesake(actor, full_name, born_on, at, institution)
    with readable_refusals(), transaction.atomic():
        if bare and InmateIdentity.objects.filter(iin_hmac=hmac_of_iin(bare)).exists():
            raise InmateKnown
        inmate = Inmate.objects.create(
            personnel_number=personnel_number,
            born_on=born_on,
            pension=pension,
            disability_group=disability_group,
        )
        InmateIdentity.objects.create(
            inmate=inmate,
            full_name=full_name,
            iin=bare,
            iin_hmac=hmac_of_iin(bare) if bare else None,
        )
        CustodyStay.objects.create(inmate=inmate, institution_id=institution_id, effective_from=on)
        audit.record(actor=actor, action="inmate_registered", at=at, subject=inmate)
    return inmate


def _ask_of_namesake(
    actor: Any, full_name: str, born_on: date, at: datetime, institution: Institution
) -> None:
    """Apart from the writing: the look stays on record when the arrival is refused."""
    known = namesake(actor=actor, full_name=full_name, born_on=born_on, at=at, subject=institution)
    if known is not None:
        raise LooksLikeKnown(known.pk, known.personnel_number)


def checked_iin(iin: str | None, born_on: date) -> str | None:
    """The twelve digits, or None for whoever has no IIN.

    Raises `IinWrong`, and `BirthDateDiffers` where the IIN tells another day than `born_on`.
    """
    if not iin:
        return None
    bare = clean_identifier(iin)
    try:
        check_iin(bare)
    except ValidationError as error:
        raise IinWrong(error.messages[0]) from error
    told = birth_date_of(bare)
    if told is not None and told != born_on:
        raise BirthDateDiffers(day=date_short(told))
    return bare


def check_age(born_on: date, on: date, today: date) -> None:
    """Refuse days of birth that cannot be: ahead, too long ago, too near to the arrival."""
    if born_on > today:
        raise BornAhead
    if born_on.year < today.year - OLDEST_AGE:
        raise BornTooLongAgo(year=str(born_on.year))
    if full_years(born_on, on) < SMALLEST_AGE:
        raise ArrivedTooYoung(day=date_short(on))
