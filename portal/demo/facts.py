"""The daily facts of the demo, and the months an analyst of the department has closed by now."""

from datetime import date, timedelta

from django.db import connection

from inmates.models import FactDirty
from inmates.selectors.facts import fact_summary
from inmates.services.fact_periods import finalise_facts
from inmates.services.facts import refresh_facts
from portal.accounts.models import User
from portal.demo.orders import moment
from portal.kernel.periods import Month
from workshops.models import Institution

# The month before the present one is still open: its timesheets may be corrected.
OPEN_MONTHS = 1
CLOSED_MONTHS = 4
CLOSED_ON = 11  # the day of the next month on which the analyst does it


def make_facts(users: dict[str, User], today: date) -> None:
    """Facts of every day before `today`; called last, for they follow from all the rest."""
    with connection.cursor() as cursor:
        # Rows just written have no statistics yet, and a plan by guesses takes ten times as long.
        cursor.execute(
            "ANALYZE inmates_custodystay, inmates_labourstate, inmates_placement, "
            "inmates_attendance"
        )
    refresh_facts(on=today, at=moment(today, 0, 15))
    FactDirty.objects.filter(period=None).delete()
    present = Month.of(today)
    for back in range(OPEN_MONTHS + CLOSED_MONTHS, OPEN_MONTHS, -1):
        month = present.plus(-back)
        _close(users["analyst"], month)


def _close(analyst: User, month: Month) -> None:
    day = month.next().first_day + timedelta(days=CLOSED_ON)
    for place in Institution.objects.order_by("id").values_list("id", flat=True):
        finalise_facts(
            actor=analyst,
            institution_id=place,
            month=month,
            unknown_seen=fact_summary(place, month).unknown_days,
            on=day,
            at=moment(day, 10, 5),
        )
