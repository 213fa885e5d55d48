"""The shipped wordings of consents, copied into the table.

Called by the command `load_consent_texts` and by the seed.
"""

import json
from datetime import date
from pathlib import Path

from django.db import transaction

from inmates.models import ConsentText
from portal.kernel.errors import readable_refusals

SHIPPED_TEXTS = Path(__file__).resolve().parent.parent / "data" / "consent_texts.json"


def load_consent_texts() -> int:
    """Enter every shipped wording whose version the table does not have; how many.

    What is there stays: a wording that people signed is never changed. Twice is harmless.
    """
    rows = json.loads(SHIPPED_TEXTS.read_bytes())["rows"]
    with readable_refusals(), transaction.atomic():
        known = set(ConsentText.objects.values_list("kind", "version"))
        texts = [
            ConsentText(**row | {"effective_from": date.fromisoformat(row["effective_from"])})
            for row in rows
            if (row["kind"], row["version"]) not in known
        ]
        ConsentText.objects.bulk_create(texts)
    return len(texts)
