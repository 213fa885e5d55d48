"""The reasons that are shipped with the project (`data/reasons.json`): form № 421 and the colony's.

Read by the command `load_reasons` and by the seed, which enter them into the table.
"""

import json
from pathlib import Path
from typing import Any

SHIPPED_REASONS = Path(__file__).parent / "data" / "reasons.json"
GROUPS = ("attendance", "mark", "not_working", "unable", "release")
FLAGS = (
    "is_paid",
    "is_worked",
    "counts_as_available",
    "needs_text",
    "is_lasting",
    "is_refusal",
)


def read_shipped_reasons() -> list[dict[str, Any]]:
    """All rows in the order of the directory: code, group, letter, flags, pay kind, names."""
    data = json.loads(SHIPPED_REASONS.read_bytes())
    return [
        {
            "code": row["code"],
            "group": group,
            "letter": row.get("letter", ""),
            "pay_kind": row.get("pay_kind", ""),
            "source": row["source"],
            "sort_order": order,
            **{f"name_{language}": row[language] for language in ("ru", "kk", "en")},
            **{flag: row.get(flag, False) for flag in FLAGS},
        }
        for group in GROUPS
        for order, row in enumerate(data[group])
    ]
