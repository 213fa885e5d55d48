"""PINs of people at the terminals: one out of a sealed letter, then one that they alone know."""

from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.enums import VisitEnd
from inmates.models import Inmate, TerminalPin, TerminalVisit
from inmates.rules import can_print_pin
from inmates.selectors.desk import stay_on
from inmates.selectors.terminals import pin_in_force
from inmates.services.terminal_visits import end_visits
from inmates.terminal.refusals import EasyPin, LetterOfHeldOnly, PinChosen, SamePin
from inmates.terminal.secrets import hash_pin, is_easy, is_right_pin, new_pin
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.locks import Gone


@transaction.atomic
def make_letter_pin(*, actor: Any, inmate_id: int, at: datetime) -> str:
    """The person has a new PIN, good for signing in once to choose another; told here alone.

    What they had before opens nothing any more, a lock is off, a visit that lasts is over.
    Refused: for who is no labour officer where the person is held; for somebody not held today.
    Twice makes another PIN: the letter before is waste paper.
    """
    inmate = _lock(inmate_id)
    stay = stay_on(inmate, day_of(at))
    if stay is None:
        raise LetterOfHeldOnly
    can_print_pin(actor, stay.institution.organisation_id, day_of(at)).require()
    pin = new_pin()
    _replace(inmate, at, secret=hash_pin(pin), is_temporary=True, made_by=actor)
    end_visits(TerminalVisit.objects.filter(inmate=inmate), VisitEnd.CLOSED, at)
    audit.record(actor=actor, action="pin_letter_printed", at=at, subject=inmate)
    return pin


@transaction.atomic
def choose_pin(*, visit: TerminalVisit, pin: str, at: datetime) -> None:
    """From now on the person signs in with this PIN, which nobody else knows.

    Refused: one that is guessed at once, the one of the letter, where one is chosen already.
    """
    inmate = _lock(visit.inmate_id)
    present = pin_in_force(inmate.pk).select_for_update().first()
    if present is None or not present.is_temporary:
        raise PinChosen
    if is_right_pin(pin, present.secret):
        raise SamePin
    if is_easy(pin):
        raise EasyPin
    _replace(inmate, at, secret=hash_pin(pin), is_temporary=False, made_by=None)


def _lock(inmate_id: int) -> Inmate:
    """Not as `lock_row` does: who signs in just now writes a row that points at the person."""
    inmate = Inmate.objects.select_for_update(no_key=True).filter(pk=inmate_id).first()
    if inmate is None:
        raise Gone
    return inmate


def _replace(inmate: Inmate, at: datetime, **values: Any) -> None:
    pin_in_force(inmate.pk).update(replaced_at=at)
    TerminalPin.objects.create(inmate=inmate, made_at=at, **values)
