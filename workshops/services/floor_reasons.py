"""The shipped reasons of downtime and defects (`data/floor_reasons.json`), entered once.

Called by the command `load_floor_reasons` and by the seed.
"""

import json
from pathlib import Path
from typing import Any

from workshops.models import FloorReason

SHIPPED = Path(__file__).parent.parent / "data" / "floor_reasons.json"
GROUPS = ("downtime", "defect")
LANGUAGES = ("ru", "kk", "en")


def load_floor_reasons() -> int:
    """Every shipped reason is in the table; what is there stays as it is. How many were entered.

    Twice is harmless.
    """
    before = FloorReason.objects.count()
    FloorReason.objects.bulk_create(
        [FloorReason(**row) for row in read_floor_reasons()], ignore_conflicts=True
    )
    return FloorReason.objects.count() - before


def read_floor_reasons() -> list[dict[str, Any]]:
    """The rows as the table has them, with names in three languages."""
    shipped = json.loads(SHIPPED.read_bytes())
    return [
        {
            "code": row["code"],
            "group": group,
            "cause": row["cause"],
            "needs_text": row.get("needs_text", False),
            "sort_order": place,
            **{f"name_{language}": row[language] for language in LANGUAGES},
        }
        for group in GROUPS
        for place, row in enumerate(shipped[group], start=1)
    ]
