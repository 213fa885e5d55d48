"""The only place that asks what time it is. Views, tasks and commands call it and pass it on."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

# The zone, never a bare offset: it was +6 until 2024-02-29 and is +5 since 2024-03-01.
ALMATY = ZoneInfo("Asia/Almaty")


def now() -> datetime:
    """This moment, aware, in the time of Kazakhstan."""
    return timezone.now().astimezone(ALMATY)


def today() -> date:
    """The date on the wall calendar in Kazakhstan."""
    return now().date()


def day_of(at: datetime) -> date:
    """The date in Kazakhstan of a moment that was passed in."""
    return at.astimezone(ALMATY).date()
