"""Entering documents into the registry and taking them out of force.

Called by the services of the apps above, which know the facts and who may print them.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import models, transaction

from portal.documents.codes import new_code
from portal.documents.enums import DocumentStatus
from portal.documents.kinds import KINDS
from portal.documents.models import IssuedDocument
from portal.documents.states import ISSUED_DOCUMENT
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row
from portal.kernel.numbering import document_number
from portal.kernel.states import begin, move, move_all, subject_type

SERIES = "issued_document"


def digest_of(facts: Mapping[str, Any]) -> str:
    """The sha256 of the facts on the paper; text, whole numbers and lists of such only."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


@transaction.atomic
def issue_document(
    *,
    actor: Any,
    kind: str,
    subject: models.Model,
    part: str = "",
    facts: Mapping[str, Any],
    issuer_id: int,
    at: datetime,
) -> IssuedDocument:
    """There is a valid document of this kind about the subject that says these facts.

    The same facts give the document that is there already, so twice is harmless, from two
    connections too: the subject's row is locked. Other facts supersede it by a new number.
    Refused (`Gone`) when the subject no longer exists. Nothing happens after commit.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of document is called {kind}")
    lock_row(type(subject), subject.pk)
    digest = digest_of(facts)
    of = {"kind": kind, "subject_type": subject_type(subject), "subject_id": subject.pk}
    present = IssuedDocument.objects.filter(
        **of, part=part, status=DocumentStatus.VALID
    ).first()  # fmt: skip
    if present is not None:
        if present.digest == digest and present.issuer_id == issuer_id:
            return present
        move(present, "supersede", machine=ISSUED_DOCUMENT, actor=actor, at=at)
    number = document_number(series=SERIES, scope="", year=day_of(at).year)
    made = IssuedDocument.objects.create(
        **of,
        part=part,
        number=number,
        code=new_code(),
        issued_at=at,
        issuer_id=issuer_id,
        digest=digest,
    )
    begin(made, "issue", machine=ISSUED_DOCUMENT, actor=actor, at=at)
    return made


def supersede_documents(
    *, actor: Any, kind: str, subject: models.Model, at: datetime, reason: str = ""
) -> int:
    """No document of this kind about the subject is valid any more; how many there were.

    For a subject that is made anew, such as a month calculated again: the next print is another
    document. Twice is harmless.
    """
    return _end(kind, subject, "supersede", actor=actor, at=at, reason=reason)


def withdraw_documents(
    *, actor: Any, kind: str, subject: models.Model, at: datetime, reason: str = ""
) -> int:
    """The documents of this kind about the subject are withdrawn without another in their place.

    Twice is harmless.
    """
    return _end(kind, subject, "withdraw", actor=actor, at=at, reason=reason)


def _end(
    kind: str, subject: models.Model, action: str, *, actor: Any, at: datetime, reason: str
) -> int:
    valid = IssuedDocument.objects.filter(
        kind=kind,
        subject_type=subject_type(subject),
        subject_id=subject.pk,
        status=DocumentStatus.VALID,
    )
    return move_all(valid, action, machine=ISSUED_DOCUMENT, actor=actor, at=at, reason=reason)
