"""The rows of pay parameters that are shipped with the project (`data/pay_parameters.json`).

Read by the auditor's command and by the seed, which copies them into the table.
"""

import json
from pathlib import Path
from typing import Any

SHIPPED_PARAMETERS = Path(__file__).parent / "data" / "pay_parameters.json"


def read_shipped_parameters() -> list[dict[str, Any]]:
    """All rows: code, effective_from, effective_to, value, unit, source, confidence, note."""
    rows: list[dict[str, Any]] = json.loads(SHIPPED_PARAMETERS.read_bytes())["rows"]
    return rows
