"""A placement that never came to work is taken back, and the person's history keeps what it was.

Called by the withdrawal of a consent, under the lock of the person and of the placement.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inmates.models import Placement
from inmates.selectors.person import TAKEN_BACK
from inmates.services.placement_papers import CONTRACT
from portal.documents.enums import DocumentStatus
from portal.documents.models import IssuedDocument
from portal.documents.services import withdraw_documents
from portal.kernel import audit
from portal.kernel.states import subject_type


def take_back_placement(placement: Placement, *, actor: Any, at: datetime) -> None:
    """The placement is no more; a contract that was printed is withdrawn, and its number kept.

    Refused by the database when work is entered. Nothing happens after commit.
    """
    papers = IssuedDocument.objects.filter(
        kind=CONTRACT.code,
        subject_type=subject_type(placement),
        subject_id=placement.pk,
        status=DocumentStatus.VALID,
    )
    numbers = list(papers.order_by("id").values_list("number", flat=True))
    reason = _("The consent to this work was withdrawn.")
    withdraw_documents(actor=actor, kind=CONTRACT.code, subject=placement, at=at, reason=reason)
    audit.record(
        actor=actor, action=TAKEN_BACK, at=at, subject=placement.inmate,
        post=placement.post_id, employer=placement.employer_id,
        begin=placement.effective_from.isoformat(), contracts=numbers,
    )  # fmt: skip
    placement.delete()
