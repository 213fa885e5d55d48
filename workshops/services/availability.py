"""How many people are free, by trade: numbers without names, handed down from the app above."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from portal.kernel.locks import lock_rows
from workshops.models import Institution, LabourAvailability

# People by institution and trade; None: the trade is not known.
Counts = Mapping[int, Mapping[int | None, int]]


@transaction.atomic
def record_labour_availability(*, counts: Counts, on: date) -> int:
    """The counts of the day are these, for the institutions named; returns how many rows.

    What was counted for them on that day before is replaced, so twice is harmless, at once too.
    An institution without anybody free has one row with 0: it was counted.
    """
    lock_rows(Institution.objects.filter(pk__in=list(counts)))
    LabourAvailability.objects.filter(institution__in=list(counts), day=on).delete()
    rows = [
        LabourAvailability(institution_id=place, trade_id=trade, day=on, people=people)
        for place, trades in counts.items()
        for trade, people in ({None: 0} | dict(trades)).items()
    ]
    LabourAvailability.objects.bulk_create(rows)
    return len(rows)
