"""The codes of payments that are shipped with the project, copied into the table.

Called by the command `load_payment_codes` and by the seed.
"""

from datetime import date
from typing import Any

from django.db import transaction

from inmates.models import PaymentCode
from inmates.shipped_payment_codes import read_shipped_codes
from portal.kernel.errors import readable_refusals


def load_payment_codes() -> int:
    """Enter every shipped code that the table does not have from that date; how many.

    What is in the table stays as it is: an administrator's correction is never overwritten. All
    or nothing; refused when a shipped row overlaps one that was entered otherwise. Twice is
    harmless.
    """
    with readable_refusals(), transaction.atomic():
        known = set(PaymentCode.objects.values_list("code", "effective_from"))
        rows = [
            PaymentCode(**row)
            for row in map(_with_dates, read_shipped_codes())
            if (row["code"], row["effective_from"]) not in known
        ]
        PaymentCode.objects.bulk_create(rows)
    return len(rows)


def _with_dates(row: dict[str, Any]) -> dict[str, Any]:
    ends = row["effective_to"]
    return row | {
        "effective_from": date.fromisoformat(row["effective_from"]),
        "effective_to": date.fromisoformat(ends) if ends else None,
    }
