"""The day or month a report is about: read from an address, or refused with a sentence. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError
from portal.kernel.forms import DayField
from portal.kernel.periods import Month
from portal.kernel.text import date_short, month_name
from portal.kernel.workdays import workdays_between

EARLIEST = date(2010, 1, 1)
DAY, MONTH = "day", "month"
ONE_DAY = timedelta(days=1)
MONTHS_SHOWN = 12


class PeriodRefused(PortalError):
    """The address names no day or month that can be counted."""

    status = 400
    message = _("Choose a day or a month.")


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The days [begin, end) that are counted; `is_ended` when the day or month itself is over."""

    kind: str
    begin: date
    end: date
    is_ended: bool

    @property
    def last_day(self) -> date:
        """The last counted day: "data as of"."""
        return self.end - ONE_DAY

    def made_until(self, made: date | None) -> "ReportPeriod":
        """Without the days that have no facts yet: counted, they would stand for nobody at all.

        Where no day of the period has facts it stays as it is, and holds no data.
        """
        return replace(self, end=made) if made and self.begin < made < self.end else self

    @property
    def is_made(self) -> bool:
        """No day of a period that is over is left out."""
        return not self.is_month or not self.is_ended or self.end == self.month.next().first_day

    @property
    def has_workday(self) -> bool:
        """Whether attendance is due on any counted day."""
        return workdays_between(self.begin - ONE_DAY, self.last_day) > 0

    @property
    def month(self) -> Month:
        return Month.of(self.begin)

    @property
    def value(self) -> str:
        """As it stands in an address: 2026-11-21 or 2026-11."""
        return self.begin.isoformat() if self.kind == DAY else str(self.month)

    @property
    def query(self) -> str:
        return f"{self.kind}={self.value}"

    @property
    def is_month(self) -> bool:
        return self.kind == MONTH

    @property
    def name(self) -> str:
        """In the reader's language: 21.11.2026, or the month in words."""
        return month_name(self.month) if self.is_month else date_short(self.begin)


def day_period(day: date, today: date) -> ReportPeriod:
    """One day; today may be asked for, and has no data before the night that makes its facts."""
    if day > today:
        raise PeriodRefused(_("This day has not come yet. Choose today or an earlier day."))
    if day < EARLIEST:
        raise PeriodRefused(_("There are no data this early. Choose a day from 2010 on."))
    return ReportPeriod(DAY, day, day + ONE_DAY, is_ended=day < today)


def month_period(month: Month, today: date) -> ReportPeriod:
    """A month; one in progress is counted up to yesterday."""
    if month.first_day > today:
        raise PeriodRefused(_("This month has not begun yet. Choose an earlier month."))
    if month.first_day < EARLIEST:
        raise PeriodRefused(_("There are no data this early. Choose a month from 2010 on."))
    if month.first_day == today:
        raise PeriodRefused(
            _("No day of this month has ended yet. Choose an earlier month, or the day itself.")
        )
    end = min(month.next().first_day, today)
    return ReportPeriod(MONTH, month.first_day, end, is_ended=end == month.next().first_day)


def period_of(*, day: str = "", month: str = "", today: date) -> ReportPeriod:
    """The period named by the texts of an address; without any, yesterday."""
    if day and month:
        raise PeriodRefused(_("Choose either a day or a month, not both."))
    if month:
        try:
            return month_period(Month.parse(month.strip()), today)
        except ValueError:
            raise PeriodRefused(_("A month is written as 2026-11.")) from None
    if day:
        try:
            typed = DayField().clean(day)
        except ValidationError as error:
            raise PeriodRefused(error.messages[0]) from None
        return day_period(typed, today)
    return day_period(today - ONE_DAY, today)


def months_until(period: ReportPeriod, today: date) -> list[ReportPeriod]:
    """The twelve months that end with the period's own; those without an ended day left out."""
    months = [period.month.plus(-back) for back in reversed(range(MONTHS_SHOWN))]
    return [month_period(month, today) for month in months if EARLIEST <= month.first_day < today]
