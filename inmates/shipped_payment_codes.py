"""The codes of payments that are shipped with the project (`data/payment_codes.json`).

Read by the command `load_payment_codes` and by the seed, which enter them into the table.
"""

import json
from pathlib import Path
from typing import Any

SHIPPED_CODES = Path(__file__).parent / "data" / "payment_codes.json"


def read_shipped_codes() -> list[dict[str, Any]]:
    """All rows in the order of the page, with the columns of `PaymentCode`."""
    rows = json.loads(SHIPPED_CODES.read_bytes())["rows"]
    return [row | {"sort_order": order} for order, row in enumerate(rows)]
