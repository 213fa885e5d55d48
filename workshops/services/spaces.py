"""Adverts of idle areas: confirmed for thirty days, taken off."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel.audit import record
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row
from workshops.models import ProductionSpace
from workshops.rules import can_confirm_advert
from workshops.selectors.spaces import officials_of


class NotIdle(PortalError):
    message = _("This area is in use. Only an idle area is offered.")


class NobodyAnswers(PortalError):
    message = _(
        "Nobody in the institution would answer a request for this area. "
        "The administrator appoints a labour officer first."
    )


@transaction.atomic
def confirm_advert(*, actor: Any, space_id: int, at: datetime) -> ProductionSpace:
    """The area is on the public list for thirty days from today, under its address.

    Refused: not an official of the institution, the area is in use, nobody there would answer.
    Twice on a day is harmless; later it prolongs the advert.
    """
    space = _locked(space_id)
    on, place = day_of(at), space.institution.organisation_id
    can_confirm_advert(actor, place, on).require()
    if not space.is_idle:
        raise NotIdle
    if not officials_of([place], on):
        raise NobodyAnswers
    if space.confirmed_on != on:
        space.code = space.code or f"{space.kind}-{space.pk}"
        space.confirmed_on = on
        space.save(update_fields=["code", "confirmed_on"])
        record(actor=actor, action="advert_confirmed", at=at, subject=space)
    return space


@transaction.atomic
def take_advert_off(*, actor: Any, space_id: int, at: datetime) -> ProductionSpace:
    """The area is no longer on the public list; its address stays its own. Twice is harmless.

    Refused: not an official of the institution. Applications already sent are answered as before.
    """
    space = _locked(space_id)
    can_confirm_advert(actor, space.institution.organisation_id, day_of(at)).require()
    if space.confirmed_on is not None:
        space.confirmed_on = None
        space.save(update_fields=["confirmed_on"])
        record(actor=actor, action="advert_taken_off", at=at, subject=space)
    return space


def _locked(space_id: int) -> ProductionSpace:
    locked = lock_row(ProductionSpace, space_id)
    return ProductionSpace.objects.select_related("institution").get(pk=locked.pk)
