"""The machine of an issued document as a table: what no longer holds never holds again."""

from portal.documents.enums import DocumentStatus as Status
from portal.kernel.states import Machine

ISSUED_DOCUMENT = Machine(
    {
        (Status.VALID, "supersede"): Status.SUPERSEDED,
        (Status.VALID, "withdraw"): Status.WITHDRAWN,
    }
)
