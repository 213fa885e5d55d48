"""The gate before anything of a day of work is written: the right, and whether the day is open.

Called by the services of attendance and output inside their transactions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from inmates.closed_refusals import MonthApproved
from inmates.models import Placement, ShiftChange
from inmates.off_cycle_refusals import DaysVouchedFor
from inmates.refusals import BeingCalculated, ExplanationTooLong
from inmates.rules import can_record_work
from inmates.selectors.leavers import confirmed_days
from inmates.selectors.open_days import Standing, WorkDay, rules_of_days, runs_of, standings
from inmates.services.backdating import sign_changes
from inmates.shifts import MOST_CHARACTERS, is_explanation
from portal.kernel.clock import day_of
from portal.kernel.copying import JsonText
from portal.kernel.locks import lock_rows
from portal.kernel.periods import Month, Period, overlap_q
from portal.kernel.text import date_short, month_name
from workshops.models import WorkOrder

Day = tuple[int, date]  # placement, day


@dataclass(frozen=True, slots=True)
class Trace:
    """Who changes closed and open days, and how it was explained."""

    actor: Any
    at: datetime
    explanation: str
    closed: Collection[Day]

    # Of a day alone, without an operation: what `row` gives.
    COLUMNS = ("placement_id", "worked_on", "before", "after", "actor_id", "at", "explanation")

    def row(self, key: Day, before: JsonText, after: JsonText) -> tuple[Any, ...]:
        """The values of one entry's trace, ready for COPY."""
        return (*key, before, after, self.actor.pk, self.at, self.explanation)

    def change(
        self, key: Day, *, before: dict[str, Any], after: dict[str, Any], **of: Any
    ) -> ShiftChange:
        """The row to keep of one entry; `of` names the operation."""
        return ShiftChange(
            placement_id=key[0],
            worked_on=key[1],
            before=before,
            after=after,
            actor=self.actor,
            at=self.at,
            explanation=self.explanation,
            **of,
        )


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


def lock_open_days(
    days: Iterable[Day], *, at: datetime, correction: str = "", actor: Any = None
) -> set[Day]:
    """Nobody else writes these people's days until the transaction ends; which days are closed.

    A closed day (past the window, of a timesheet that is handed in, of a month whose wages are
    calculated or approved) is refused with `CorrectionNeeded` unless `correction` explains why it
    is changed; the caller keeps that explanation with what it writes of the days returned. Refused
    whatever is explained: a day ahead, a month that is being calculated or posted. A run of the
    month and a submission of the timesheet wait too: neither begins between this look and the
    commit. The marks of a month that was paid name the `actor`.
    """
    days = set(days)
    if len(correction) > MOST_CHARACTERS:
        raise ExplanationTooLong(most=MOST_CHARACTERS)
    workdays, ended = _lock_placements(days)
    _lock_runs(set(workdays.values()), at)
    found = standings(
        workdays.values(), on=day_of(at), rules=rules_of_days(day for _placement, day in days)
    )
    _require_open(found, correction)
    closed = {key for key, one in workdays.items() if found[one].closed is not None}
    vouched_for = _vouched_for({key for key in workdays if key[0] in ended}, correction)
    is_paid = any(isinstance(one.closed, MonthApproved) for one in found.values())
    if actor is not None and (is_paid or vouched_for):
        sign_changes(actor)
    return closed | vouched_for


def _lock_placements(days: set[Day]) -> tuple[dict[Day, WorkDay], set[int]]:
    """The placements of the people in these days, those at other workshops included, and which of
    them have an end.

    Two masters must not together give one person more than a day has hours.
    """
    if not days:
        return {}, set()
    wanted = Placement.objects.filter(pk__in={placement for placement, _day in days})
    since = Period(min(day for _placement, day in days))
    beside = overlap_q(since) & Q(inmate__in=wanted.values("inmate"))
    beside_them: Any = Placement.objects.filter(Q(pk__in=wanted.values("pk")) | beside)
    locked: list[Any] = lock_rows(beside_them.values_list("pk", "effective_to"))
    rows = wanted.values_list(
        "pk", "post__workshop_id", "post__workshop__institution_id", "payer_id"
    )
    places = {pk: place for pk, *place in rows}
    workdays = {
        (placement, day): WorkDay(day, *places[placement])
        for placement, day in days
        if placement in places
    }
    return workdays, {pk for pk, ends in locked if ends is not None}


def _vouched_for(days: set[Day], correction: str) -> set[Day]:
    """Days confirmed for the last pay of somebody who left; they are closed as well."""
    found = confirmed_days(days) if days else {}
    if found and not is_explanation(correction):
        raise DaysVouchedFor(day=date_short(max(found.values())))
    return set(found)


def _lock_runs(workdays: set[WorkDay], at: datetime) -> None:
    """A run that was finished after this act began is not known to who wrote the explanation."""
    present = Month.of(day_of(at))
    over = {one for one in workdays if Month.of(one.day) < present}
    if not over:
        return
    for run in lock_rows(runs_of(over)):
        if run.calculated_at is not None and run.calculated_at > at:
            raise BeingCalculated(month=month_name(run.month))


def _require_open(found: dict[WorkDay, Standing], correction: str) -> None:
    for one in sorted(found, key=lambda one: (one.day, one.workshop_id, one.payer_id)):
        standing = found[one]
        if standing.refusal is not None:
            raise standing.refusal
        if standing.closed is not None and not is_explanation(correction):
            raise standing.closed
