"""What the daily facts say of a month and how fresh they are; the report itself counts by SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery

from inmates.facts import DEFINITION
from inmates.models import CustodyStay, FactDirty, FactHorizon, FactPeriod, LabourFact
from inmates.selectors.fact_sql import SUMMARY, UNKNOWN_DAYS
from portal.kernel.periods import Month, Period, overlap_q


@dataclass(frozen=True, slots=True)
class FactFreshness:
    """Facts are made of the days before `built_until`; so many people changed since."""

    built_from: date | None
    built_until: date | None
    made_at: datetime | None
    definition: int
    changed_people: int


@dataclass(frozen=True, slots=True)
class FactSummary:
    """The facts of an institution and month: how many days, how many of them not known."""

    person_days: int
    unknown_days: int
    rows_hash: str


@dataclass(frozen=True, slots=True)
class UnknownDays:
    """Person-days of a month: all, those of unknown ability, those without a timesheet due."""

    person_days: int
    ability: int
    work: int


def freshness_of_facts() -> FactFreshness:
    """How far facts are made, and how many people wait for theirs; one query."""
    waiting = FactDirty.objects.filter(period=None, from_day__lt=OuterRef("built_until"))
    changed = (
        waiting.order_by().values("period").annotate(people=Count("inmate", distinct=True))
    ).values("people")
    horizon = FactHorizon.objects.annotate(changed=Subquery(changed)).first()
    if horizon is None or horizon.built_until is None:
        return FactFreshness(None, None, None, DEFINITION, 0)
    return FactFreshness(
        horizon.built_from,
        horizon.built_until,
        horizon.made_at,
        horizon.definition,
        horizon.changed or 0,
    )


def fact_summary(institution_id: int, month: Month) -> FactSummary:
    """What stands in the facts of the institution and month; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            SUMMARY,
            {
                "institution": institution_id,
                "month": month.first_day,
                "end": month.next().first_day,
            },
        )
        return FactSummary(*cursor.fetchone())


def unknown_days(institution_ids: Sequence[int], month: Month) -> dict[int, UnknownDays]:
    """The days of the month that are not known, by institution and by what is not; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            UNKNOWN_DAYS,
            {
                "institutions": list(institution_ids),
                "month": month.first_day,
                "end": month.next().first_day,
            },
        )
        return {row[0]: UnknownDays(*row[1:]) for row in cursor.fetchall()}


def people_of_facts(institution_ids: Sequence[int], begin: date, end: date) -> list[int]:
    """Whoever was in the institutions in the period, by the facts or by the stays."""
    period = Period(begin, end)
    held = CustodyStay.objects.filter(overlap_q(period), institution__in=institution_ids)
    told = LabourFact.objects.filter(
        effective_from__lt=end, effective_to__gt=begin, institution__in=institution_ids
    )
    return sorted({*held.values_list("inmate", flat=True), *told.values_list("inmate", flat=True)})


def fact_periods(
    institution_ids: Sequence[int], first: Month, last: Month
) -> dict[tuple[int, Month], FactPeriod]:
    """The periods of the months, each with how many people it has late facts of."""
    periods = (
        FactPeriod.objects.filter(
            institution__in=institution_ids,
            first_day__gte=first.first_day,
            first_day__lte=last.first_day,
        )
        .select_related("closed_by")
        .annotate(late_people=Count("late_facts__inmate", distinct=True))
        .order_by("first_day", "institution_id")
    )
    return {(one.institution_id, Month.of(one.first_day)): one for one in periods}


def final_periods(institution_ids: Sequence[int], begin: date, end: date) -> set[tuple[int, Month]]:
    """Which institutions and months of the period are final."""
    rows = FactPeriod.objects.filter(
        Q(first_day__gte=Month.of(begin).first_day, first_day__lt=end),
        institution__in=institution_ids,
        status="final",
    ).values_list("institution_id", "first_day")
    return {(institution_id, Month.of(day)) for institution_id, day in rows}
