"""People give and withdraw their consents.

Called by the seed and by the pages of the labour officer.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.enums import ConsentKind
from inmates.models import Consent, Inmate, Placement
from inmates.refusals import ConsentWithdrawn, WorkEntered
from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.text import date_short


def give_consent(
    *,
    actor: Any,
    inmate_id: int,
    kind: str,
    document_number: str,
    given_on: date,
    at: datetime,
    employer: Organisation | None = None,
) -> Consent:
    """The person's written consent is on record; refused when it names a wrong kind of employer."""
    with readable_refusals(), transaction.atomic():
        consent = Consent.objects.create(
            inmate_id=inmate_id,
            kind=kind,
            employer=employer,
            document_number=document_number,
            given_on=given_on,
        )
        audit.record(actor=actor, action="consent_given", at=at, subject=consent)
    return consent


def withdraw_consent(*, actor: Any, consent_id: int, on: date, at: datetime) -> Consent:
    """From `on` the consent does not hold; the placements that rest on it have ended before.

    A placement that would begin later is taken back. Nothing else is written: to withdraw a
    consent is never a refusal of work. Refused when it was withdrawn already, or when work is
    entered on later days. No role is asked for: it is the person's own right, whoever enters it.
    """
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, Consent.objects.values_list("inmate_id", flat=True).get(pk=consent_id))
        consent = lock_row(Consent, consent_id)
        if consent.withdrawn_on is not None:
            raise ConsentWithdrawn(day=date_short(consent.withdrawn_on))
        if consent.kind == ConsentKind.PRIVATE_WORK:
            _end_placements(consent, on)
        consent.withdrawn_on = on
        consent.save(update_fields=["withdrawn_on"])
        audit.record(actor=actor, action="consent_withdrawn", at=at, subject=consent)
    return consent


def _end_placements(consent: Consent, on: date) -> None:
    """End what is in force on the day, take back what has not begun."""
    placements = lock_rows(
        Placement.objects.filter(inmate_id=consent.inmate_id, employer_id=consent.employer_id)
    )
    for placement in placements:
        if placement.effective_to is not None and placement.effective_to <= on:
            continue
        if placement.effective_from >= on:
            if placement.attendance.exists() or placement.entries.exists():
                raise WorkEntered
            placement.delete()
            continue
        placement.effective_to = on
        placement.save(update_fields=["effective_to"])
