"""The gate before anything of the floor is written: the right, the day and its window, the reason.

Called by the services of downtime, defects, material and batches. How many days a shift stays
open is a dated parameter of the app above, so it is passed in.
"""

from datetime import date, datetime, timedelta
from typing import Any

from portal.kernel.clock import day_of
from portal.kernel.text import date_short
from workshops.enums import WorkOrderStatus
from workshops.models import FloorReason, WorkOrder, Workshop
from workshops.refusals import (
    FloorDayAhead,
    OrderCancelled,
    ReasonTooShort,
    ReasonUnsuitable,
    TextMissing,
    WindowPassed,
)
from workshops.rules import can_record_floor

LEAST_LETTERS = 5


def require_floor(actor: Any, workshop: Workshop, at: datetime) -> None:
    """Refused for whoever is neither master nor labour officer of the workshop's institution."""
    can_record_floor(actor, workshop.institution.organisation_id, day_of(at)).require()


def late_text(day: date, *, at: datetime, days_open: int, late_why: str) -> str:
    """What is kept as the explanation of a late entry: nothing within the window.

    Refused for a day ahead, and past the window without words.
    """
    on, until = day_of(at), day + timedelta(days=days_open)
    if day > on:
        raise FloorDayAhead(day=date_short(day))
    if on <= until:
        return ""
    if letters(late_why) < LEAST_LETTERS:
        raise WindowPassed(day=date_short(day), until=date_short(until))
    return late_why.strip()


def letters(text: str) -> int:
    return sum(char.isalpha() for char in text)


def require_words(text: str) -> str:
    """The reason of a correction, in words."""
    if letters(text) < LEAST_LETTERS:
        raise ReasonTooShort(count=LEAST_LETTERS)
    return text.strip()


def usable_reason(reason_id: int, group: str, note: str) -> FloorReason:
    """A reason of this group that is still offered, with its text where it asks for one."""
    reason = FloorReason.objects.filter(pk=reason_id, group=group, is_retired=False).first()
    if reason is None:
        raise ReasonUnsuitable
    if reason.needs_text and not note.strip():
        raise TextMissing
    return reason


def require_not_cancelled(order: WorkOrder) -> None:
    if order.status == WorkOrderStatus.CANCELLED:
        raise OrderCancelled(number=order.number)
