"""The law's figures that are shipped with the project, copied into the table.

Called by the command `load_pay_parameters` and by the seed.
"""

from datetime import date

from django.db import transaction

from inmates.models import PayParameter
from inmates.shipped_parameters import read_shipped_parameters
from portal.kernel.errors import readable_refusals


def load_pay_parameters() -> int:
    """Enter every shipped parameter that the table does not have from that date; how many.

    What is in the table stays as it is: an administrator's correction is never overwritten. All
    or nothing; refused when a shipped row overlaps one that was entered otherwise. Twice is
    harmless.
    """
    with readable_refusals(), transaction.atomic():
        known = set(PayParameter.objects.values_list("code", "effective_from"))
        rows = [
            PayParameter(**row)
            for row in map(_with_dates, read_shipped_parameters())
            if (row["code"], row["effective_from"]) not in known
        ]
        PayParameter.objects.bulk_create(rows)
    return len(rows)


def _with_dates(row: dict) -> dict:
    ends = row["effective_to"]
    return row | {
        "effective_from": date.fromisoformat(row["effective_from"]),
        "effective_to": date.fromisoformat(ends) if ends else None,
    }
