"""Makes the daily facts: all of them, those of one more day, and those that changed since.

Called by the nightly task, the command `facts`, the demo and `services.fact_periods`. One lock,
the row of the horizon, orders all writers; what is saved meanwhile is noted by triggers and done
the next time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, QuerySet

from inmates.enums import FactCause
from inmates.facts import DEFINITION
from inmates.models import CustodyStay, FactDirty, FactHorizon
from inmates.selectors import fact_sql
from inmates.selectors.facts import people_of_facts
from portal.kernel.locks import lock_row
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday

ONE_DAY = timedelta(days=1)
# From so many missing days of a month on it is quicker to make the month anew.
DAYS_CLOSED_SINGLY = 3
Report = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh has done."""

    closed_days: int
    redone_people: int
    late: int


def rebuild_facts(
    *,
    begin: date,
    end: date,
    at: datetime,
    inmates: Sequence[int] | None = None,
    institutions: Sequence[int] | None = None,
    report: Report = lambda **_counts: None,
) -> int:
    """The facts of [begin, end) are what the definition says of the records; returns the months.

    Whole months are made, as far as facts are made at all, and never a gap between old and new.
    Days of final months stay as they are. For `inmates` or the people of `institutions` alone
    nothing is added beyond the days already made. Twice gives the same rows.
    """
    with transaction.atomic():
        horizon = locked_horizon(at)
        chosen = _chosen(inmates, institutions, begin, end)
        begin, end = _without_gap(horizon, begin, end, is_all=chosen is None)
        months = list(_months(begin, end))
        _make_periods(begin, end)
        for done, month in enumerate(months, start=1):
            _rebuild_month(month, min(month.next().first_day, end), chosen)
            report(done=done, total=len(months))
        if chosen is None:
            _move_horizon(horizon, begin, end, at)
    return len(months)


def refresh_facts(*, on: date, at: datetime, report: Report = lambda **_counts: None) -> Refreshed:
    """Every day before `on` has its facts, and those of people changed since are made again.

    Of final months nothing changes: what came late for them is kept in the list of late facts.
    Facts begin earlier when a stay before them has been entered, and the provisional ones are made
    again when the definition has changed. Month by month, each in a transaction of its own:
    whatever stops it, the next one goes on from there. Twice, or two at once: the second one finds
    nothing to do.
    """
    with transaction.atomic():
        horizon = locked_horizon(at)
        if horizon.built_until is None:
            _begin(horizon)
        redone, late = (0, 0)
        if horizon.built_until:
            _reach_back(horizon)
            redone, late = redo_changed(horizon)
        begin = horizon.built_until or on
        FactHorizon.objects.filter(pk=horizon.pk).update(made_at=at)
    closed, again, months = 0, _of_old_definition(horizon), list(_months(begin, on))
    total = len(again) + len(months)
    for done, month in enumerate(again, start=1):
        with transaction.atomic():
            _redefine_month(locked_horizon(at), month, is_last=month == again[-1])
        report(done=done, total=total)
    for done, month in enumerate(months, start=len(again) + 1):
        with transaction.atomic():
            closed += _close_month(locked_horizon(at), month, on)
        report(done=done, total=total)
    return Refreshed(closed, redone, late)


def locked_horizon(at: datetime) -> FactHorizon:
    """The horizon, locked until the transaction ends: one writer of facts at a time."""
    FactHorizon.objects.bulk_create(
        [FactHorizon(pk=1, definition=DEFINITION, made_at=at)], ignore_conflicts=True
    )
    return lock_row(FactHorizon, 1)


def redo_changed(horizon: FactHorizon) -> tuple[int, int]:
    """The facts of people changed since are made again; returns how many, and how many came late.

    Called under the lock of the horizon.
    """
    with connection.cursor() as cursor:
        cursor.execute(fact_sql.TAKE_DIRT)
        taken = [row for row in cursor.fetchall() if row[1] < horizon.built_until]
        if not taken:
            return 0, 0
        inmates, begins, ends, causes, marked = zip(*taken, strict=True)
        cursor.execute(
            fact_sql.KEEP_LATE,
            {
                "inmates": list(inmates), "begins": list(begins), "ends": list(ends),
                "causes": list(causes), "marked": list(marked),
            },
        )  # fmt: skip
        late = cursor.rowcount
    _keep_for_the_night(horizon, taken)
    for month, people in _people_by_month(horizon, taken).items():
        _rebuild_month(month, min(month.next().first_day, horizon.built_until), sorted(people))
    return len(set(inmates)), late


def _people_by_month(
    horizon: FactHorizon, taken: Iterable[tuple[Any, ...]]
) -> dict[Month, set[int]]:
    people: dict[Month, set[int]] = defaultdict(set)
    for inmate_id, from_day, to_day, *_rest in taken:
        begin = max(from_day, horizon.built_from)
        end = min(to_day or horizon.built_until, horizon.built_until)
        for month in _months(begin, end):
            people[month].add(inmate_id)
    return dict(sorted(people.items(), key=lambda item: item[0].first_day))


def _keep_for_the_night(horizon: FactHorizon, taken: Iterable[tuple[Any, ...]]) -> None:
    """Stays that begin before the facts do wait for the night: it makes whole earlier months."""
    early = [row for row in taken if row[1] < horizon.built_from and row[3] == FactCause.STAY]
    held = _stays_before(horizon).filter(inmate__in=[row[0] for row in early])
    people = set(held.values_list("inmate", flat=True)) if early else set()
    FactDirty.objects.bulk_create(
        FactDirty(
            inmate_id=inmate_id,
            from_day=from_day,
            to_day=min(to_day or horizon.built_from, horizon.built_from),
            cause=cause,
            marked_at=marked_at,
        )
        for inmate_id, from_day, to_day, cause, marked_at in early
        if inmate_id in people
    )


def _stays_before(horizon: FactHorizon) -> "QuerySet[CustodyStay]":
    return CustodyStay.objects.filter(effective_from__lt=horizon.built_from)


def _reach_back(horizon: FactHorizon) -> None:
    """Facts begin with the month of a stay that was entered since and is older than they are."""
    noted = FactDirty.objects.filter(
        period=None, cause=FactCause.STAY, from_day__lt=horizon.built_from
    )
    stays = _stays_before(horizon).filter(inmate__in=noted.values("inmate"))
    first = stays.aggregate(first=Min("effective_from"))["first"]
    if first is None:
        return
    begin = Month.of(first).first_day
    _make_periods(begin, horizon.built_from)
    for month in _months(begin, horizon.built_from):
        _rebuild_month(month, month.next().first_day, None)
    horizon.built_from = begin
    horizon.save(update_fields=["built_from"])


def _of_old_definition(horizon: FactHorizon) -> list[Month]:
    """The months to make again because an earlier definition made them."""
    if horizon.built_until is None or horizon.definition == DEFINITION:
        return []
    return list(_months(horizon.built_from, horizon.built_until))


def _redefine_month(horizon: FactHorizon, month: Month, *, is_last: bool) -> None:
    """Final rows stay; once the last month is made, facts are of the present definition."""
    if horizon.definition == DEFINITION:
        return
    _rebuild_month(month, min(month.next().first_day, horizon.built_until), None)
    if is_last:
        horizon.definition = DEFINITION
        horizon.save(update_fields=["definition"])


def _begin(horizon: FactHorizon) -> None:
    """Facts begin with the month of the first stay; what was noted before is read with all."""
    first = CustodyStay.objects.aggregate(first=Min("effective_from"))["first"]
    if first is None:
        return
    FactDirty.objects.filter(period=None).delete()
    horizon.built_from = horizon.built_until = Month.of(first).first_day
    horizon.definition = DEFINITION
    horizon.save()


def _chosen(
    inmates: Sequence[int] | None, institutions: Sequence[int] | None, begin: date, end: date
) -> list[int] | None:
    """The people to make facts of; None stands for everybody."""
    if institutions is not None:
        return people_of_facts(institutions, begin, end)
    return None if inmates is None else sorted(set(inmates))


def _without_gap(
    horizon: FactHorizon, begin: date, end: date, *, is_all: bool
) -> tuple[date, date]:
    begin = Month.of(begin).first_day
    if horizon.built_until is None:
        return (begin, end) if is_all else (begin, begin)
    if not is_all:
        return max(begin, horizon.built_from), min(_month_end(end), horizon.built_until)
    begin = min(begin, horizon.built_until)
    end = max(end, min(_month_end(end), horizon.built_until), horizon.built_from)
    return Month.of(begin).first_day, end


def _month_end(end: date) -> date:
    """The first day after the month in which the last day before `end` lies."""
    return Month.of(end - ONE_DAY).next().first_day


def _months(begin: date, end: date) -> Iterable[Month]:
    month = Month.of(begin)
    while max(begin, month.first_day) < end:
        yield month
        month = month.next()


def _make_periods(begin: date, end: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(fact_sql.MAKE_PERIODS, {"begin": Month.of(begin).first_day, "end": end})


def _rebuild_month(month: Month, end: date, inmates: Sequence[int] | None) -> None:
    """The month up to `end`, of everybody or of some."""
    values = _values(month, month.first_day, end)
    with connection.cursor() as cursor:
        if inmates is None:
            cursor.execute(fact_sql.REMOVE_ALL, values)
            cursor.execute(fact_sql.BUILD_ALL, values)
        else:
            values["inmates"] = list(inmates)
            cursor.execute(fact_sql.REMOVE_SOME, values)
            cursor.execute(fact_sql.BUILD_SOME, values)


def _close_month(horizon: FactHorizon, month: Month, until: date) -> int:
    """The days of the month before `until` that have no facts yet; returns how many they were."""
    begin = max(horizon.built_until, month.first_day)
    end = min(month.next().first_day, until)
    if begin >= end:
        return 0
    _make_periods(begin, end)
    if (end - begin).days > DAYS_CLOSED_SINGLY:
        _rebuild_month(month, end, None)
    else:
        for number in range((end - begin).days):
            _close_day(month, begin + timedelta(days=number))
    horizon.built_until = end
    horizon.save(update_fields=["built_until"])
    return (end - begin).days


def _close_day(month: Month, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(fact_sql.CLOSE_DAY, _values(month, day, day + ONE_DAY))


def _values(month: Month, begin: date, end: date) -> dict[str, Any]:
    days = [begin + timedelta(days=number) for number in range((end - begin).days)]
    return {
        "month": month.first_day,
        "begin": begin,
        "end": end,
        "days": days,
        "due": [is_workday(day) for day in days],
        "definition": DEFINITION,
    }


def _move_horizon(horizon: FactHorizon, begin: date, end: date, at: datetime) -> None:
    horizon.built_from = min(begin, horizon.built_from or begin)
    horizon.built_until = max(end, horizon.built_until or end)
    if (begin, end) == (horizon.built_from, horizon.built_until):
        horizon.definition = DEFINITION
    horizon.made_at = at
    horizon.save()
