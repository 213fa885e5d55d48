"""What the registry tells whoever has the paper in hand."""

from dataclasses import dataclass
from datetime import datetime

from portal.documents.codes import clean_code, clean_number
from portal.documents.kinds import DocumentKind, kind_of
from portal.documents.models import IssuedDocument
from portal.kernel.states import history_of


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document with its kind; `ended_at` and `is_replaced` when it no longer holds.

    There is nothing here about whom or what sum it is: the paper says that to its owner.
    """

    document: IssuedDocument
    kind: DocumentKind
    ended_at: datetime | None

    @property
    def is_valid(self) -> bool:
        return self.ended_at is None


def document_of_code(typed: str) -> CheckedDocument | None:
    """The document of a check code, as typed or as the QR code's address has it."""
    return _checked(code=clean_code(typed))


def document_of_number(typed_number: str, typed_code: str) -> CheckedDocument | None:
    """The document whose number and check code both agree."""
    return _checked(number=clean_number(typed_number), code=clean_code(typed_code))


def _checked(**asked: str) -> CheckedDocument | None:
    if not all(asked.values()):
        return None
    found = IssuedDocument.objects.select_related("issuer").filter(**asked).first()
    if found is None:
        return None
    last = history_of(found).exclude(action="issue").last()
    return CheckedDocument(found, kind_of(found.kind), last.at if last else None)
