"""Papers of work that somebody takes along: certificate of work, skill passport, bailiff's notice.

Called by the pages that print them; each is in the registry of documents with a check code.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inmates.models import BailiffNotice, CustodyStay
from inmates.rules import can_place_inmate, can_tell_bailiff
from inmates.selectors.work_history import grades, skills, stretches, trainings
from portal.documents.kinds import DocumentKind, enter_kind
from portal.documents.models import IssuedDocument
from portal.documents.services import issue_document
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row

WORK_CERTIFICATE = enter_kind(
    "work_certificate",
    _("Certificate of work"),
    _("Tells where, as what and how long one person worked."),
)
SKILL_PASSPORT = enter_kind(
    "skill_passport",
    _("Skill passport"),
    _("Tells which trades and operations one person has learnt and done."),
)
NOTICE = enter_kind(
    "bailiff_notice",
    _("Notice to the bailiff"),
    _("Tells a bailiff that a payer no longer pays one person."),
)


@transaction.atomic
def issue_work_certificate(*, actor: Any, stay_id: int, at: datetime) -> IssuedDocument:
    """The certificate of work has a number and a check code, and they are valid.

    Refused: for whoever is no labour officer of the institution. Twice gives the same document;
    more work supersedes it. Nothing happens after commit.
    """
    stay = lock_row(CustodyStay, stay_id)
    facts = {
        "person": stay.inmate_id,
        "work": [
            [one.placement.pk, one.placement.post_id, one.days, one.minutes]
            for one in stretches(stay.inmate)
        ],
    }
    return _issue(actor, stay, WORK_CERTIFICATE, facts, at)


@transaction.atomic
def issue_skill_passport(*, actor: Any, stay_id: int, at: datetime) -> IssuedDocument:
    """The skill passport has a number and a check code; as `issue_work_certificate`."""
    stay = lock_row(CustodyStay, stay_id)
    facts = {
        "person": stay.inmate_id,
        "grades": [[one.trade_id, one.grade, one.document] for one in grades(stay.inmate)],
        "trainings": [[row.pk, minutes] for row, minutes in trainings(stay.inmate)],
        "skills": [[one.operation.pk, one.pieces, one.in_team] for one in skills(stay.inmate)],
    }
    return _issue(actor, stay, SKILL_PASSPORT, facts, at)


def _issue(
    actor: Any, stay: CustodyStay, kind: DocumentKind, facts: dict[str, Any], at: datetime
) -> IssuedDocument:
    place_id = stay.institution.organisation_id
    can_place_inmate(actor, place_id, day_of(at)).require()
    return issue_document(
        actor=actor, kind=kind.code, subject=stay, facts=facts, issuer_id=place_id, at=at
    )


@transaction.atomic
def issue_notice(*, actor: Any, notice_id: int, at: datetime) -> IssuedDocument:
    """The notice to the bailiff has a number and a check code, and they are valid.

    Refused: for whoever is no accountant of the payer there. Twice gives the same document: what
    was withheld since is not part of what it vouches for. Nothing happens after commit.
    """
    notice = lock_row(BailiffNotice, notice_id)
    place_id = notice.institution.organisation_id
    can_tell_bailiff(actor, notice.payer_id, place_id, day_of(at)).require()
    return issue_document(
        actor=actor,
        kind=NOTICE.code,
        subject=notice,
        facts={
            "person": notice.inmate_id,
            "writ": notice.writ_id,
            "cause": notice.cause,
            "day": notice.happened_on.isoformat(),
        },
        issuer_id=notice.payer_id,
        at=at,
    )
