"""People enter the portal and are placed at work.

Called by the seed and by the pages of the labour officer.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from inmates.enums import Pension
from inmates.identity import hmac_of_iin
from inmates.models import CustodyStay, Inmate, InmateIdentity, Placement
from inmates.refusals import IinWrong, InmateKnown, PlacementEnded
from inmates.rules import can_place_inmate
from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.identifiers import check_iin, clean_identifier
from portal.kernel.locks import lock_row
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


def _placement(placement_id: int) -> Placement:
    return Placement.objects.select_related("post__workshop__institution").get(pk=placement_id)
