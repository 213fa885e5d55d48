"""The report's questions, each asked after the facts it stands on are made.

A world of a test is written row by row and has had no night in which its facts would be made.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from inmates.services.facts import rebuild_facts
from portal.reports import selectors as figures
from portal.reports.employment import selectors
from portal.reports.employment.measures import DayCount
from portal.reports.employment.period import ReportPeriod, months_until
from portal.reports.employment.selectors import EmploymentReport, ReasonGroup
from portal.reports.selectors import EmploymentHeadline
from tests.people import NOW, TODAY
from workshops.models import Institution


def facts_now(begin: date = date(2025, 12, 1), end: date = TODAY) -> None:
    """Every day of [begin, end) has the facts of the records as they are."""
    rebuild_facts(begin=begin, end=end, at=NOW)


def daily_counts(institution_ids: Sequence[int], begin: date, end: date) -> list[DayCount]:
    facts_now(begin, end)
    return selectors.daily_counts(institution_ids, begin, end)


def employment_report(
    institutions: Sequence[Institution], period: ReportPeriod, today: date
) -> EmploymentReport:
    begin = min(period.begin, *(month.begin for month in months_until(period, today)))
    facts_now(begin, period.end)
    return selectors.employment_report(institutions, period, today)


def reasons_without_work(
    institutions: Sequence[Institution], period: ReportPeriod
) -> dict[int, tuple[ReasonGroup, ...]]:
    facts_now(period.begin, period.end)
    return selectors.reasons_without_work(institutions, period)


def employment_headline(on: date) -> EmploymentHeadline | None:
    facts_now(on - timedelta(days=1), on)
    return figures.employment_headline(on)
