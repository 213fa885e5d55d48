"""What the trades ask for before an operation: the shipped rows, copied into the table.

Called by the command `load_clearance_requirements` and by the seed.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from inmates.models import ClearanceRequirement
from portal.kernel.errors import readable_refusals
from workshops.models import Trade

SHIPPED = Path(__file__).parents[1] / "data" / "clearance_requirements.json"


def read_shipped_requirements() -> list[dict[str, Any]]:
    """All rows: trade (its code, or None), kind, valid_days, dates, source, confidence."""
    rows: list[dict[str, Any]] = json.loads(SHIPPED.read_bytes())["rows"]
    return rows


def load_clearance_requirements() -> int:
    """Every shipped requirement of a trade that exists here is in the table; how many entered.

    A kind that is asked for of a trade already, from whatever day, stays as it is: what somebody
    decided is never overwritten. Twice is harmless. From then on whoever is not cleared makes no
    output, so the clearances are entered first.
    """
    with readable_refusals(), transaction.atomic():
        trades = dict(Trade.objects.values_list("code", "pk"))
        known = set(ClearanceRequirement.objects.values_list("trade", "kind"))
        rows = [
            _row(row, trades.get(row["trade"]))
            for row in read_shipped_requirements()
            if row["trade"] is None or row["trade"] in trades
        ]
        fresh = [row for row in rows if (row.trade_id, row.kind) not in known]
        ClearanceRequirement.objects.bulk_create(fresh)
    return len(fresh)


def _row(row: dict[str, Any], trade_id: int | None) -> ClearanceRequirement:
    ends = row["effective_to"]
    return ClearanceRequirement(
        trade_id=trade_id,
        kind=row["kind"],
        valid_days=row["valid_days"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=date.fromisoformat(ends) if ends else None,
        source=row["source"],
        confidence=row["confidence"],
    )
