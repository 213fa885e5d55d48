"""Certificates of wages: asked for by the person or an authority, in the registry of documents.

Called by the accountant's page and the leaving file. The sums are those of the approved payslips
of all kinds of runs at the moment of printing.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inmates.models import Inmate, WageCertificate
from inmates.papers.enums import CertificateAsker
from inmates.papers.refusals import NothingPaidThen
from inmates.rules import can_certify_wages
from inmates.selectors.certificates import certified_months
from portal.documents.kinds import enter_kind
from portal.documents.models import IssuedDocument
from portal.documents.services import issue_document
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.periods import Month
from portal.kernel.text import month_name

WAGE_CERTIFICATE = enter_kind(
    "wage_certificate",
    _("Certificate of wages"),
    _("Tells what one person earned at one payer in the months named."),
)
CERTIFIED = ("gross", "opv", "vosms", "ipn", "withheld_by_writs", "to_account")


@transaction.atomic
def make_certificate(
    *,
    actor: Any,
    payer_id: int,
    inmate_id: int,
    first: Month,
    last: Month,
    at: datetime,
    authority: str = "",
    letter: str = "",
) -> WageCertificate:
    """The certificate of these months stands, at the person's or an authority's request.

    Refused: for whoever is no accountant of the payer, months in the wrong order, months without
    approved wages, an authority without its letter. Twice makes two: each request has its own.
    """
    can_certify_wages(actor, payer_id, day_of(at)).require()
    inmate = lock_row(Inmate, inmate_id)
    row = WageCertificate(
        inmate=inmate,
        payer_id=payer_id,
        first_month=first.first_day,
        last_month=last.first_day,
        asked_by=CertificateAsker.AUTHORITY if authority or letter else CertificateAsker.PERSON,
        authority=authority.strip(),
        letter=letter.strip(),
        made_by=actor,
        made_at=at,
    )
    if first <= last and not certified_months(row):
        raise NothingPaidThen(
            number=inmate.personnel_number, first=month_name(first), last=month_name(last)
        )
    with readable_refusals(), transaction.atomic():
        row.save()
    audit.record(
        actor=actor, action="wage_certificate_made", at=at, subject=row, asked_by=row.asked_by
    )
    return row


@transaction.atomic
def issue_certificate(*, actor: Any, certificate_id: int, at: datetime) -> IssuedDocument:
    """The certificate has a number and a check code, and they are valid.

    Refused: for whoever is no accountant of the payer. Twice gives the same document; sums that a
    later difference changed supersede it by a new number. Nothing happens after commit.
    """
    row = lock_row(WageCertificate, certificate_id)
    can_certify_wages(actor, row.payer_id, day_of(at)).require()
    months = certified_months(row)
    return issue_document(
        actor=actor,
        kind=WAGE_CERTIFICATE.code,
        subject=row,
        facts={
            "person": row.inmate_id,
            "payer": row.payer_id,
            "authority": row.authority,
            "letter": row.letter,
            "months": [
                [str(month), *[str(getattr(totals, name)) for name in CERTIFIED]]
                for month, totals in months
            ],
        },
        issuer_id=row.payer_id,
        at=at,
    )
