"""People enter the portal, are placed at work, and give or withdraw their consents.

Called by the seed and by the pages of the labour officer.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from inmates.enums import ConsentKind, Pension
from inmates.identity import hmac_of_iin
from inmates.models import Consent, CustodyStay, Inmate, InmateIdentity, Placement
from inmates.refusals import ConsentWithdrawn, IinWrong, InmateKnown, PlacementEnded, WorkEntered
from inmates.rules import can_place_inmate
from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.identifiers import check_iin, clean_identifier
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.text import date_short
from workshops.models import Institution, Post


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
) -> Inmate:
    """A working record, the encrypted identity apart from it, and the stay from `on` exist.

    Refused: for whoever is not a labour officer of the institution, an IIN that cannot be right,
    an IIN or a personnel number that is known already. Twice: the second is refused.
    """
    place_id = Institution.objects.get(pk=institution_id).organisation_id
    can_place_inmate(actor, place_id, day_of(at)).require()
    bare = _checked_iin(iin)
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


def _checked_iin(iin: str | None) -> str | None:
    """The twelve digits, or None for whoever has no IIN."""
    if not iin:
        return None
    bare = clean_identifier(iin)
    try:
        check_iin(bare)
    except ValidationError as error:
        raise IinWrong(error.messages[0]) from error
    return bare


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
) -> Placement:
    """The person works at the post from a day on; the payer is the employer unless named.

    Refused: for whoever is not a labour officer of the institution, a second full-time placement
    in the same days, a private employer without the person's consent. Twice: the second is
    refused.
    """
    post = Post.objects.select_related("workshop__institution").get(pk=post_id)
    place_id = post.workshop.institution.organisation_id
    can_place_inmate(actor, place_id, day_of(at)).require()
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate_id)
        placement = Placement.objects.create(
            inmate_id=inmate_id,
            post=post,
            employer=employer,
            payer=payer or employer,
            pay_form=pay_form,
            is_full_time=is_full_time,
            basis=basis,
            effective_from=effective_from,
            effective_to=effective_to,
        )
        audit.record(actor=actor, action="inmate_placed", at=at, subject=placement)
    return placement


def end_placement(*, actor: Any, placement_id: int, on: date, at: datetime) -> Placement:
    """The placement ends: `on` is the first day without it.

    Refused: for whoever is not a labour officer of the institution, when it has ended earlier,
    when work is entered on later days. Twice with the same day is harmless.
    """
    placement = _placement(placement_id)
    place_id = placement.post.workshop.institution.organisation_id
    can_place_inmate(actor, place_id, day_of(at)).require()
    with readable_refusals(), transaction.atomic():
        # The person first: a consent that is withdrawn at this moment ends the same placement.
        lock_row(Inmate, placement.inmate_id)
        placement = lock_row(Placement, placement_id)
        if placement.effective_to is not None and placement.effective_to < on:
            raise PlacementEnded(day=date_short(placement.effective_to))
        if placement.effective_to == on:
            return placement
        placement.effective_to = on
        placement.save(update_fields=["effective_to"])
        audit.record(actor=actor, action="placement_ended", at=at, subject=placement)
    return placement


def give_consent(
    *,
    actor: Any,
    inmate_id: int,
    kind: str,
    document_number: str,
    given_on: date,
    at: datetime,
    employer: Organisation | None = None,
) -> Consent:
    """The person's written consent is on record; refused when it names a wrong kind of employer."""
    with readable_refusals(), transaction.atomic():
        consent = Consent.objects.create(
            inmate_id=inmate_id,
            kind=kind,
            employer=employer,
            document_number=document_number,
            given_on=given_on,
        )
        audit.record(actor=actor, action="consent_given", at=at, subject=consent)
    return consent


def withdraw_consent(*, actor: Any, consent_id: int, on: date, at: datetime) -> Consent:
    """From `on` the consent does not hold; the placements that rest on it have ended before.

    A placement that would begin later is taken back. Nothing else is written: to withdraw a
    consent is never a refusal of work. Refused when it was withdrawn already, or when work is
    entered on later days. No role is asked for: it is the person's own right, whoever enters it.
    """
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, Consent.objects.values_list("inmate_id", flat=True).get(pk=consent_id))
        consent = lock_row(Consent, consent_id)
        if consent.withdrawn_on is not None:
            raise ConsentWithdrawn(day=date_short(consent.withdrawn_on))
        if consent.kind == ConsentKind.PRIVATE_WORK:
            _end_placements(consent, on)
        consent.withdrawn_on = on
        consent.save(update_fields=["withdrawn_on"])
        audit.record(actor=actor, action="consent_withdrawn", at=at, subject=consent)
    return consent


def _end_placements(consent: Consent, on: date) -> None:
    """End what is in force on the day, take back what has not begun."""
    placements = lock_rows(
        Placement.objects.filter(inmate_id=consent.inmate_id, employer_id=consent.employer_id)
    )
    for placement in placements:
        if placement.effective_to is not None and placement.effective_to <= on:
            continue
        if placement.effective_from >= on:
            if placement.attendance.exists() or placement.entries.exists():
                raise WorkEntered
            placement.delete()
            continue
        placement.effective_to = on
        placement.save(update_fields=["effective_to"])


def _placement(placement_id: int) -> Placement:
    return Placement.objects.select_related("post__workshop__institution").get(pk=placement_id)
