"""Vouching for the days of somebody who left, before the timesheet of the month can be handed in.

Called by the page on which a master or a labour officer confirms them; a run at release needs it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.models import DaysConfirmed, Placement
from inmates.off_cycle_refusals import ConfirmedByAccountant, DaysNotEntered, DaysNotOver
from inmates.rules import can_record_work
from inmates.selectors.leavers import leaver
from inmates.selectors.timesheets import gaps_of
from portal.accounts.enums import Role
from portal.accounts.selectors import has_role_in
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.locks import Gone, lock_row
from portal.kernel.periods import Month
from portal.kernel.text import date_short

# Of a list of days in a sentence: the rest is left out.
MOST_DAYS = 6


@transaction.atomic
def confirm_days(*, actor: Any, placement_id: int, month: Month, at: datetime) -> DaysConfirmed:
    """The days of the placement in the month, up to its last one, are vouched for; audited.

    From now on they are changed with an explanation alone, and then confirmed again. Refused: for
    whoever enters no work there, for an accountant of the payer (the wages are calculated by
    another person than who vouches for the days), while the last day is ahead, with a working day
    that is not entered. Nothing happens after commit. Twice: the moment is that of the last time.
    """
    placement = lock_row(Placement, placement_id)
    on = day_of(at)
    place_id = placement.post.workshop.institution.organisation_id
    can_record_work(actor, place_id, on).require()
    if has_role_in(actor, on, placement.payer_id, Role.ACCOUNTANT, place_id=place_id):
        raise ConfirmedByAccountant
    found = leaver(placement_id, month)
    if found is None or not placement.effective_from <= found.last_day:
        raise Gone
    number = placement.inmate.personnel_number
    if placement.effective_to is None or found.last_day > on:
        raise DaysNotOver(number=number, day=date_short(min(on, month.last_day)))
    gaps = gaps_of([placement], month, on)
    if gaps:
        days = ", ".join(date_short(gap.day) for gap in gaps[:MOST_DAYS])
        raise DaysNotEntered(number=number, days=days + ("…" if len(gaps) > MOST_DAYS else ""))
    row, _is_new = DaysConfirmed.objects.update_or_create(
        placement=placement,
        month=month.first_day,
        defaults={"last_day": found.last_day, "confirmed_by": actor, "confirmed_at": at},
    )
    audit.record(
        actor=actor, action="days_confirmed", at=at, subject=placement,
        month=str(month), last_day=found.last_day.isoformat(),
    )  # fmt: skip
    return row
