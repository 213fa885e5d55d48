"""The gate before anything of a day of work is written: the right, the window, the closed month.

Called by the services of attendance and output inside their transactions.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from inmates.models import Placement
from inmates.rules import can_record_work
from inmates.selectors.shift import refusal_of_day, runs_of_payers, shift_rules
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_rows
from portal.kernel.periods import Month
from workshops.models import WorkOrder


def require_right(
    actor: Any, placement_ids: Collection[int], at: datetime, operation_ids: Collection[int] = ()
) -> None:
    """Refused for whoever is neither master nor labour officer of each institution concerned.

    That is the institution in which the people are placed, and that of the work orders.
    """
    places = Placement.objects.filter(pk__in=placement_ids)
    ids = set(places.values_list("post__workshop__institution__organisation_id", flat=True))
    if operation_ids:
        orders = WorkOrder.objects.filter(operations__in=operation_ids)
        ids |= set(orders.values_list("workshop__institution__organisation_id", flat=True))
    for place_id in sorted(ids):
        can_record_work(actor, place_id, day_of(at)).require()


def lock_open_days(days: Iterable[tuple[int, date]], *, at: datetime) -> list[Placement]:
    """Nobody else writes these people's days until the transaction ends; refused for a closed day.

    A run of the month waits too: it must not begin between this look at it and the commit.
    """
    days = set(days)
    on = day_of(at)
    placements = lock_rows(Placement.objects.filter(pk__in={placement for placement, _ in days}))
    pairs = dict(
        Placement.objects.filter(pk__in=[one.pk for one in placements]).values_list(
            "pk", "post__workshop__institution_id"
        )
    )
    payers = {(one.payer_id, pairs[one.pk]) for one in placements}
    for day in sorted({day for _placement, day in days}):
        if Month.of(day) < Month.of(on):
            lock_rows(runs_of_payers(day, payers))
        refusal = refusal_of_day(day, on=on, payers=payers, rules=shift_rules(day))
        if refusal is not None:
            raise refusal
    return placements
