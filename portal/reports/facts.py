"""The month of facts as the department's page shows it; called by `views.facts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inmates.enums import FactStatus
from inmates.selectors.facts import (
    FactFreshness,
    UnknownDays,
    fact_periods,
    freshness_of_facts,
    unknown_days,
)
from portal.kernel.periods import Month
from portal.kernel.text import month_name, number
from portal.reports.employment.period import EARLIEST, PeriodRefused
from workshops.models import Institution

MONTHS_OFFERED = 13


@dataclass(frozen=True, slots=True)
class FactRow:
    """An institution in the month; the counts are texts, `unknown_seen` what closing sends."""

    institution: Institution
    status: str
    label: str
    person_days: str
    unknown_ability: str
    unknown_work: str
    unknown_total: str
    unknown_seen: int
    late_people: int
    closed_by: str
    closed_at: datetime | None

    @property
    def is_final(self) -> bool:
        return self.status == FactStatus.FINAL


@dataclass(frozen=True, slots=True)
class FactPage:
    """The month, its institutions, and whether it can be closed yet."""

    month: Month
    name: str
    rows: tuple[FactRow, ...]
    freshness: FactFreshness
    is_over: bool


def chosen_month(text: str, today: date) -> Month:
    """The month of an address; without one the last that is over. Refused: none that can be."""
    if not text:
        return Month.of(today).previous()
    try:
        month = Month.parse(text.strip())
    except ValueError:
        month = None
    if month is None or not EARLIEST <= month.first_day <= today:
        raise PeriodRefused
    return month


def months_offered(chosen: Month, today: date) -> list[dict[str, object]]:
    """The months to go to, newest first; an older one that was asked for stands last."""
    months = [Month.of(today).plus(-back) for back in range(MONTHS_OFFERED)]
    if chosen not in months:
        months.append(chosen)
    return [
        {"value": str(month), "name": month_name(month), "is_here": month == chosen}
        for month in months
    ]


def fact_page(institutions: Sequence[Institution], month: Month, today: date) -> FactPage:
    """Three statements whatever the number of institutions."""
    ids = [institution.pk for institution in institutions]
    periods, counts = fact_periods(ids, month, month), unknown_days(ids, month)
    freshness = freshness_of_facts()
    until = freshness.built_until
    rows = []
    for institution in institutions:
        period = periods.get((institution.pk, month))
        count = counts.get(institution.pk, UnknownDays(0, 0, 0))
        status = FactStatus(period.status) if period else FactStatus.PROVISIONAL
        is_final = status == FactStatus.FINAL
        rows.append(
            FactRow(
                institution=institution,
                status=status.value,
                label=str(status.label),
                person_days=number(count.person_days),
                unknown_ability=number(count.ability),
                unknown_work=number(count.work),
                unknown_total=number(count.ability + count.work),
                unknown_seen=count.ability + count.work,
                late_people=period.late_people if period else 0,
                closed_by=period.closed_by.get_full_name() if period and is_final else "",
                closed_at=period.closed_at if period and is_final else None,
            )
        )
    is_over = until is not None and month.next().first_day <= min(until, today)
    return FactPage(month, month_name(month), tuple(rows), freshness, is_over)
