"""Documents of the tests, entered through the service."""

from datetime import datetime
from typing import Any

from portal.documents.kinds import enter_kind
from portal.documents.models import IssuedDocument
from portal.documents.services import issue_document
from tests.people import NOW, Cast

LETTER = enter_kind("test_letter", "Проба", "Для тестов.")
FACTS = {"sum": "76500.00", "lines": [["ОПВ", "8500.00"]]}


def a_document(cast: Cast, part: str = "", at: datetime = NOW, **changes: Any) -> IssuedDocument:
    """A letter of the state enterprise about the cast's workshop."""
    values: dict[str, Any] = {
        "actor": cast.operator,
        "kind": LETTER.code,
        "subject": cast.workshop,
        "facts": FACTS,
        "issuer_id": cast.enterprise.pk,
    }
    return issue_document(part=part, at=at, **(values | changes))
