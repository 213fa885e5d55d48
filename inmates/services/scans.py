"""Scans of signed consents: added after a check of their content, handed out on record.

Called by the labour officer's pages. A scan is never replaced: a better one is a further version.
"""

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from inmates.consent_refusals import ScanLost
from inmates.models import Consent, ConsentScan
from inmates.selectors.consents import consents_visible_to
from inmates.services.consents import require_officer
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import Gone, lock_row
from portal.kernel.uploads import CheckedFile, check_upload


def add_scan(*, actor: Any, consent_id: int, file: Any, at: datetime) -> ConsentScan:
    """The file is the newest version of the consent's scan, under a name nobody can guess.

    Refused: what `check_upload` refuses, the same file twice, for whoever is not the labour officer
    where the person is held. The check runs before any lock is taken: it may need seconds. It is
    taken for a withdrawn consent too, whose paper may be scanned later.
    """
    checked = check_upload(file)
    with transaction.atomic():
        consent = lock_row(Consent, consent_id)
        require_officer(actor, consent.inmate_id, day_of(at))
        last = consent.scans.aggregate(last=Max("version"))["last"] or 0
        scan = _store(_row(checked, consent, actor, at, last + 1), checked)
        audit.record(actor=actor, action="consent_scan_added", at=at, subject=consent)
    return scan


def _row(
    checked: CheckedFile, consent: Consent, actor: Any, at: datetime, version: int
) -> ConsentScan:
    return ConsentScan(
        consent=consent,
        version=version,
        kind=checked.kind,
        original_name=checked.name,
        sha256=checked.sha256,
        size=checked.size,
        uploaded_by=actor,
        uploaded_at=at,
    )


def _store(scan: ConsentScan, checked: CheckedFile) -> ConsentScan:
    """File and row, or neither: a refused row leaves no file behind."""
    scan.file.save("", checked.as_file(), save=False)
    try:
        with readable_refusals(), transaction.atomic():
            scan.save()
    except Exception:
        default_storage.delete(scan.file.name)
        raise
    return scan


def export_scan(*, actor: Any, scan: ConsentScan, at: datetime) -> Any:
    """The open file, and a row in the audit trail that says who took it.

    Refused: a person out of the reader's sight, a file that is gone, for whoever is not the labour
    officer. The name stands on the paper, so it is a look at the identity.
    """
    seen = consents_visible_to(actor, day_of(at)).filter(pk=scan.consent_id)
    consent = seen.select_related("inmate").first()
    if consent is None:
        raise Gone
    require_officer(actor, consent.inmate_id, day_of(at))
    try:
        opened = scan.file.open("rb")
    except OSError as error:
        raise ScanLost from error
    audit.record(
        actor=actor,
        action="identity_read",
        at=at,
        subject=consent.inmate,
        purpose="consent_scan",
        scan=scan.pk,
    )
    return opened
