"""The kinds of earnings that are shipped with the project (`data/earning_kinds.json`).

Read by the command `load_earning_kinds` and by the seed, which enter them into the table.
"""

import json
from pathlib import Path
from typing import Any

SHIPPED_KINDS = Path(__file__).parent / "data" / "earning_kinds.json"
LANGUAGES = ("ru", "kk", "en")


def read_shipped_kinds() -> list[dict[str, Any]]:
    """All rows in the order of a payslip, with the columns of `EarningKind`."""
    rows = json.loads(SHIPPED_KINDS.read_bytes())["rows"]
    return [
        {name: value for name, value in row.items() if name not in LANGUAGES}
        | {f"name_{language}": row[language] for language in LANGUAGES}
        | {"sort_order": order}
        for order, row in enumerate(rows)
    ]
