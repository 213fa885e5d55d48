"""What the public pages without a domain show, as facts and sentences."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.documents.enums import DocumentStatus
from portal.documents.selectors import CheckedDocument
from portal.kernel.text import date_long

# A paper that no longer holds asks its reader to act.
TONES = {
    DocumentStatus.VALID: "ok",
    DocumentStatus.SUPERSEDED: "warn",
    DocumentStatus.WITHDRAWN: "bad",
}


def checked_context(checked: CheckedDocument) -> dict[str, Any]:
    """The page of a document that was found; no person and no sum in it."""
    document = checked.document
    status = DocumentStatus(document.status)
    return {
        "status": status,
        "label": status.label,
        "tone": TONES[status],
        "title": _("%(kind)s, document No. %(number)s")
        % {"kind": checked.kind.name, "number": document.number},
        "lead": _sentence(checked, status),
        "crumbs": [
            {"label": _("Document check"), "url": reverse("front:verify")},
            {"label": document.number},
        ],
        "facts": [
            {"label": _("Document"), "value": checked.kind.name, "note": checked.kind.purpose},
            {"label": _("Number"), "value": document.number},
            {"label": _("Issued"), "value": date_long(document.issued_at)},
            {"label": _("Issued by"), "value": document.issuer.name},
        ],
    }


def _sentence(checked: CheckedDocument, status: DocumentStatus) -> str:
    if checked.ended_at is None:
        return _("The portal issued this document, and it holds.")
    day = {"day": date_long(checked.ended_at)}
    if status == DocumentStatus.SUPERSEDED:
        told = _(
            "This paper no longer holds: it was replaced on %(day)s. "
            "Ask the issuer for the new one."
        )
    else:
        told = _("This paper no longer holds: the issuer withdrew it on %(day)s.")
    return told % day
