"""People give and withdraw their consents; a withdrawal ends what rests on it and records no more.

Called by the seed and by the pages of the labour officer.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inmates.consent_refusals import (
    ConsentInForce,
    EmployerNotPrivate,
    NotHeldHere,
    TermsMissing,
    WithdrawalAhead,
)
from inmates.enums import ConsentKind
from inmates.models import Consent, CustodyStay, DataConsentTerms, Inmate, Placement
from inmates.refusals import ConsentWithdrawn, WorkEntered
from inmates.rules import can_keep_consents
from inmates.selectors.consents import other_place_workdays, text_in_force
from inmates.services.backdating import permit_past_work
from inmates.services.taking_back import take_back_placement
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import period_q
from portal.kernel.text import date_short
from portal.kernel.workdays import add_workdays

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DataTerms:
    """What a consent to data processing says beside whose data it is; "" says that there is none.

    The operator's name and BIN are kept as they stand on the day of the paper.
    """

    operator: Organisation
    valid_until: date
    data_list: str
    third_parties: str = ""
    cross_border: str = ""
    published_in: str = ""
    other: str = ""


def give_consent(
    *,
    actor: Any,
    inmate_id: int,
    kind: str,
    document_number: str,
    given_on: date,
    at: datetime,
    employer: Organisation | None = None,
    language: str = "",
    terms: DataTerms | None = None,
) -> Consent:
    """The person's written consent is on record, with the wording that was signed.

    `language` is that of the signed paper; without it no wording is kept, as of a paper older than
    the portal. Refused: for whoever is not the labour officer where the person is held, a wrong
    kind of employer, a consent to data processing without the law's elements, a second one while
    the first holds. The two kinds know nothing of each other. Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate_id)
        require_officer(actor, inmate_id, day_of(at))
        if employer is not None and employer.kind not in PRIVATE_KINDS:
            raise EmployerNotPrivate(name=employer.name)
        _refuse_second(inmate_id, kind, employer, given_on)
        if kind == ConsentKind.PERSONAL_DATA and language and terms is None:
            raise TermsMissing
        consent = Consent.objects.create(
            inmate_id=inmate_id,
            kind=kind,
            employer=employer,
            text=text_in_force(kind, given_on) if language else None,
            language=language,
            document_number=document_number,
            given_on=given_on,
        )
        if terms is not None:
            _keep_terms(consent, terms)
        audit.record(actor=actor, action="consent_given", at=at, subject=consent)
    return consent


def require_officer(actor: Any, inmate_id: int, on: date) -> None:
    """Refused for whoever is not the labour officer where the person is held on the day."""
    place_id = (
        CustodyStay.objects.filter(period_q(on), inmate_id=inmate_id)
        .values_list("institution__organisation_id", flat=True)
        .first()
    )
    if place_id is None:
        raise NotHeldHere(day=date_short(on))
    can_keep_consents(actor, place_id, on).require()


def _refuse_second(
    inmate_id: int, kind: str, employer: Organisation | None, given_on: date
) -> None:
    """One that holds is not doubled; one to data processing holds up to its last day."""
    holding = Consent.objects.filter(
        inmate_id=inmate_id, kind=kind, employer=employer, withdrawn_on=None
    ).exclude(terms__valid_until__lt=given_on)
    first = holding.order_by("id").first()
    if first is not None:
        raise ConsentInForce(number=first.document_number, day=date_short(first.given_on))


def _keep_terms(consent: Consent, terms: DataTerms) -> None:
    DataConsentTerms.objects.create(
        consent=consent,
        operator_name=terms.operator.name_ru,
        operator_bin=terms.operator.bin,
        **{field.name: getattr(terms, field.name) for field in fields(terms)},
    )


def withdraw_consent(*, actor: Any, consent_id: int, on: date, at: datetime) -> Consent:
    """From `on` the consent does not hold; the placements that rest on it have ended before.

    A placement that would begin later or on that very day is taken back, its contract withdrawn,
    and the person's history says so. Where a place is lost so, another one is due
    within the parameter's working days. Nothing else is written: to withdraw a consent is never a
    refusal of work, and one kind of consent never ends the other. Refused when it was withdrawn
    already, for a day further ahead than the next, when work is entered on later days, or while
    wages of the days behind are calculated or posted. No role
    is asked for: it is the person's own right, whoever enters it.
    """
    if on > day_of(at) + ONE_DAY:
        raise WithdrawalAhead
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, Consent.objects.values_list("inmate_id", flat=True).get(pk=consent_id))
        consent = lock_row(Consent, consent_id)
        if consent.withdrawn_on is not None:
            raise ConsentWithdrawn(day=date_short(consent.withdrawn_on))
        is_work = consent.kind == ConsentKind.PRIVATE_WORK
        if is_work:
            why = _("The consent was withdrawn.")
            permit_past_work(consent.inmate_id, on, actor=actor, at=at, reason=why)
        if is_work and _end_placements(consent, on, actor=actor, at=at):
            consent.place_due_by = add_workdays(on, other_place_workdays(on))
        consent.withdrawn_on = on
        consent.save(update_fields=["withdrawn_on", "place_due_by"])
        audit.record(actor=actor, action="consent_withdrawn", at=at, subject=consent)
    return consent


def _end_placements(consent: Consent, on: date, *, actor: Any, at: datetime) -> int:
    """End what is in force on the day, take back what has not begun; how many places were lost."""
    lost = 0
    placements = lock_rows(
        Placement.objects.filter(inmate_id=consent.inmate_id, employer_id=consent.employer_id)
    )
    for placement in placements:
        if placement.effective_to is not None and placement.effective_to <= on:
            continue
        lost += 1
        if placement.effective_from >= on:
            worked = (placement.attendance, placement.entries, placement.team_shares)
            if any(rows.exists() for rows in worked):
                raise WorkEntered
            take_back_placement(placement, actor=actor, at=at)
            continue
        placement.effective_to = on
        placement.save(update_fields=["effective_to"])
    return lost
