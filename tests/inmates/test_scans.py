"""Scans of consents: versions that stay, checked by content, private, each look recorded."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from inmates.consent_refusals import ScanLost
from inmates.models import ConsentScan
from inmates.selectors.consents import consents_visible_to, scans_visible_to
from inmates.services.consents import withdraw_consent
from inmates.services.scans import add_scan, export_scan
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.locks import Gone
from portal.kernel.models import AuditEvent
from portal.kernel.uploads import UploadKindUnknown, UploadRefused
from tests.files import a_jpeg_with_gps, a_pdf, a_picture, a_zip
from tests.inmates.consents import a_scan_file, signed
from tests.inmates.second_place import second_place
from tests.people import NOW, TODAY, Cast, a_user, an_inmate


def scanned(cast: Cast, consent: Any, file: Any = None, **fields: Any) -> ConsentScan:
    values = {"actor": cast.labour_officer, "consent_id": consent.pk, "at": NOW}
    return add_scan(file=file or a_scan_file(), **(values | fields))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", a_pdf(2), "pdf"),
        ("a.png", a_picture("PNG"), "png"),
        ("a.jpg", a_jpeg_with_gps(), "jpeg"),
        ("wrong.exe", a_picture("WEBP"), "webp"),
    ],
)
def test_a_scan_is_known_by_its_content(papers: Cast, name: str, content: bytes, kind: str) -> None:
    scan = scanned(papers, signed(papers, an_inmate(papers)), SimpleUploadedFile(name, content))
    assert (scan.kind, scan.version) == (kind, 1)
    assert len(scan.sha256) == 64
    with default_storage.open(scan.file.name) as file:
        stored = file.read()
    assert b"Secret" not in stored
    assert len(stored) == scan.size


def test_its_name_in_the_storage_says_neither_who_nor_what(papers: Cast) -> None:
    inmate = an_inmate(papers)
    scan = scanned(papers, signed(papers, inmate), a_scan_file(name="Тестов Ерлан.pdf"))
    assert scan.file.name.startswith("consents/")
    assert inmate.personnel_number not in scan.file.name
    assert "Тестов" not in scan.file.name


@pytest.mark.parametrize("content", [b"", b"MZ...", a_zip("a.js"), a_pdf()[:200]])
def test_what_is_no_scan_is_refused_and_leaves_nothing(papers: Cast, content: bytes) -> None:
    consent = signed(papers, an_inmate(papers))
    with pytest.raises(UploadRefused):
        scanned(papers, consent, SimpleUploadedFile("a.pdf", content))
    assert not ConsentScan.objects.exists()


def test_a_text_that_calls_itself_a_scan_is_told_so(papers: Cast) -> None:
    with pytest.raises(UploadKindUnknown, match=r"a\.pdf"):
        scanned(
            papers, signed(papers, an_inmate(papers)), SimpleUploadedFile("a.pdf", b"plain text")
        )


def test_a_better_scan_is_a_further_version(papers: Cast) -> None:
    consent = signed(papers, an_inmate(papers))
    first, second = scanned(papers, consent), scanned(papers, consent, a_scan_file(2))
    assert [first.version, second.version] == [1, 2]
    assert default_storage.exists(first.file.name)


def test_a_scan_is_never_swapped(papers: Cast) -> None:
    consent = signed(papers, an_inmate(papers))
    scanned(papers, consent)
    with pytest.raises(DatabaseError, match="consentscan"), transaction.atomic():
        ConsentScan.objects.update(file="consents/other.pdf")
    with pytest.raises(DatabaseError, match="consentscan"), transaction.atomic():
        ConsentScan.objects.all().delete()


def test_the_same_file_twice_is_refused_and_leaves_one_file(papers: Cast) -> None:
    consent = signed(papers, an_inmate(papers))
    scan = scanned(papers, consent)
    with pytest.raises(ConstraintRefused) as refusal:
        scanned(papers, consent)
    assert refusal.value.constraint == "consentscan_once"
    files = default_storage.listdir("consents")[1]
    assert sum(default_storage.size(f"consents/{name}") == scan.size for name in files) >= 1
    assert ConsentScan.objects.count() == 1


def test_the_paper_of_a_withdrawn_consent_may_be_scanned_later(papers: Cast) -> None:
    consent = signed(papers, an_inmate(papers))
    withdraw_consent(actor=papers.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    assert scanned(papers, consent).version == 1


def test_only_the_officer_where_the_person_is_held_adds_and_takes(papers: Cast) -> None:
    institution, _post = second_place(papers)
    elsewhere = a_user("officer22@example.kz", institution.organisation, "labour_officer")
    head = a_user("head16@example.kz", papers.colony, "head")
    consent = signed(papers, an_inmate(papers))
    scan = scanned(papers, consent)
    for actor in (elsewhere, head, papers.accountant, papers.administrator):
        with pytest.raises(Forbidden):
            scanned(papers, consent, a_scan_file(2), actor=actor)
    for actor in (elsewhere, papers.accountant, papers.analyst):
        with pytest.raises(Gone):
            export_scan(actor=actor, scan=scan, at=NOW)
        assert not scans_visible_to(actor, TODAY)
        assert not consents_visible_to(actor, TODAY)
    with pytest.raises(Forbidden):
        export_scan(actor=head, scan=scan, at=NOW)


def test_taking_a_scan_is_a_look_at_the_identity(papers: Cast) -> None:
    inmate = an_inmate(papers)
    scan = scanned(papers, signed(papers, inmate))
    with export_scan(actor=papers.labour_officer, scan=scan, at=NOW) as opened:
        assert opened.read().startswith(b"%PDF-")
    event = AuditEvent.objects.get(action="identity_read")
    assert (event.actor, event.subject_id) == (papers.labour_officer, inmate.pk)
    assert event.details == {"purpose": "consent_scan", "scan": scan.pk}


def test_a_file_that_is_gone_has_a_sentence_and_no_look(papers: Cast) -> None:
    scan = scanned(papers, signed(papers, an_inmate(papers)))
    default_storage.delete(scan.file.name)
    with pytest.raises(ScanLost):
        export_scan(actor=papers.labour_officer, scan=scan, at=NOW)
    assert not AuditEvent.objects.filter(action="identity_read").exists()
