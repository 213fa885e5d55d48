"""The registry: a thing is issued once, is superseded by other facts, and never forgotten."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal.documents.enums import DocumentStatus as Status
from portal.documents.kinds import KINDS, enter_kind, kind_of
from portal.documents.models import IssuedDocument
from portal.documents.selectors import document_of_code, document_of_number
from portal.documents.services import digest_of, supersede_documents, withdraw_documents
from portal.documents.states import ISSUED_DOCUMENT
from portal.kernel.locks import Gone
from portal.kernel.models import NumberSeries
from portal.kernel.states import MoveRefused, history_of, move
from tests.documents.papers import FACTS, LETTER, a_document
from tests.people import NOW, Cast, a_cast

LATER = NOW + timedelta(days=3)


def end(cast: Cast, how=supersede_documents, **changes) -> int:
    values = {"actor": cast.operator, "kind": LETTER.code, "subject": cast.workshop, "at": LATER}
    return how(**(values | changes))


# --- Issuing ---


def test_issued_document_has_number_code_issuer_and_digest(cast: Cast):
    made = a_document(cast)
    assert (made.number, made.status, made.issuer) == ("2026-00001", "valid", cast.enterprise)
    assert len(made.code) == 12
    assert made.digest == digest_of(FACTS)
    assert (made.subject_type, made.subject_id) == ("workshops.workshop", cast.workshop.pk)
    row = history_of(made).get()
    assert (row.action, row.actor, row.to_status) == ("issue", cast.operator, "valid")


def test_same_facts_twice_are_the_same_document(cast: Cast):
    first = a_document(cast)
    again = a_document(cast, at=LATER, actor=cast.master)
    assert again.pk == first.pk
    assert again.issued_at == NOW
    assert IssuedDocument.objects.count() == 1


def test_order_of_facts_does_not_matter(cast: Cast):
    turned = dict(reversed(FACTS.items()))
    assert a_document(cast).pk == a_document(cast, facts=turned).pk


def test_other_facts_supersede_the_first(cast: Cast):
    first = a_document(cast)
    second = a_document(cast, at=LATER, facts=FACTS | {"sum": "76501.00"})
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.SUPERSEDED, Status.VALID)
    assert second.number == "2026-00002"
    assert second.code != first.code


def test_another_issuer_supersedes_too(cast: Cast):
    first = a_document(cast)
    second = a_document(cast, issuer_id=cast.entrepreneur.pk)
    first.refresh_from_db()
    assert first.status == Status.SUPERSEDED
    assert second.issuer == cast.entrepreneur


def test_parts_of_one_subject_are_documents_of_their_own(cast: Cast):
    numbers = {a_document(cast, part=part).number for part in ("1", "2", "3")}
    assert len(numbers) == 3
    assert not IssuedDocument.objects.exclude(status=Status.VALID).exists()


def test_numbers_count_within_the_year(cast: Cast):
    a_document(cast, part="1")
    next_year = NOW.replace(year=2027)
    assert a_document(cast, part="2", at=next_year).number == "2027-00001"


def test_unknown_kind_is_refused(cast: Cast):
    with pytest.raises(ValueError, match="no kind"):
        a_document(cast, kind="nothing")


def test_subject_that_is_gone_is_refused_and_the_number_returns(cast: Cast):
    pk = cast.workshop.pk
    cast.workshop.pk = 0
    with pytest.raises(Gone):
        a_document(cast)
    cast.workshop.pk = pk
    assert a_document(cast).number == "2026-00001"


def test_digest_does_not_take_what_has_no_one_form():
    with pytest.raises(TypeError):
        digest_of({"sum": NOW})


# --- The end of a document ---


def test_superseding_ends_every_part_in_few_statements(cast: Cast, django_assert_num_queries):
    for part in ("1", "2", "3"):
        a_document(cast, part=part)
    with django_assert_num_queries(5):  # the savepoint, its release, lock, update, history
        assert end(cast) == 3
    assert {row.status for row in IssuedDocument.objects.all()} == {Status.SUPERSEDED}
    assert end(cast) == 0


def test_what_is_issued_after_the_end_is_another_document(cast: Cast):
    first = a_document(cast)
    end(cast)
    second = a_document(cast)
    assert second.pk != first.pk
    assert second.digest == first.digest
    first.refresh_from_db()
    assert first.status == Status.SUPERSEDED


def test_withdrawn_has_its_reason_in_the_history(cast: Cast):
    made = a_document(cast)
    assert end(cast, withdraw_documents, reason="напечатан по ошибке") == 1
    made.refresh_from_db()
    assert made.status == Status.WITHDRAWN
    assert history_of(made).last().reason == "напечатан по ошибке"


def test_ending_leaves_other_kinds_and_subjects_alone(cast: Cast):
    other = a_document(cast, subject=cast.institution)
    enter_kind("test_note", "Записка", "")
    note = a_document(cast, kind="test_note")
    a_document(cast)
    assert end(cast) == 1
    for row in (other, note):
        row.refresh_from_db()
        assert row.status == Status.VALID


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", ["supersede", "withdraw"])
def test_table_of_states(cast: Cast, status: str, action: str):
    made = a_document(cast)
    to_there = {Status.SUPERSEDED: "supersede", Status.WITHDRAWN: "withdraw"}.get(status)
    if to_there:
        move(made, to_there, machine=ISSUED_DOCUMENT, actor=None, at=NOW)
    if status == Status.VALID:
        move(made, action, machine=ISSUED_DOCUMENT, actor=None, at=NOW)
        assert made.status != Status.VALID
    else:
        with pytest.raises(MoveRefused):
            move(made, action, machine=ISSUED_DOCUMENT, actor=None, at=NOW)


# --- The database holds it ---


def test_document_cannot_be_deleted(cast: Cast):
    made = a_document(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()
    assert IssuedDocument.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [("number", "2026-99999"), ("code", "0" * 12), ("digest", "0" * 64), ("issued_at", LATER),
     ("subject_id", 7), ("part", "x"), ("kind", "test_note")],
)  # fmt: skip
def test_what_a_document_says_cannot_be_changed(cast: Cast, column: str, value: object):
    made = a_document(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedDocument.objects.filter(pk=made.pk).update(**{column: value})


@pytest.mark.parametrize(
    "changes",
    [{"number": "2026-00002"}, {"code": "ILOU00000000"}, {"code": "abc"}, {"digest": "x" * 64},
     {"status": "forged"}],
)  # fmt: skip
def test_wrong_rows_are_refused(cast: Cast, changes: dict):
    first = a_document(cast)
    values = {
        "kind": first.kind, "number": "2026-00003", "code": "1" * 12, "digest": "1" * 64,
        "issued_at": NOW, "issuer": cast.enterprise, "subject_type": "x", "subject_id": 1,
    }  # fmt: skip
    if "number" in changes:
        # The same number, and the same valid subject twice.
        values |= {"number": first.number}
        changes = {}
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.create(**(values | changes))


def test_two_valid_documents_of_one_thing_are_refused(cast: Cast):
    first = a_document(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.create(
            kind=first.kind, number="2026-00009", code="2" * 12, digest="1" * 64, issued_at=NOW,
            issuer=cast.enterprise, subject_type=first.subject_type, subject_id=first.subject_id,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_connections_issue_one_document():
    cast = a_cast()
    made: list[IssuedDocument] = []
    ready = threading.Barrier(2)

    def issue() -> None:
        ready.wait()
        made.append(a_document(cast))
        connection.close()

    threads = [threading.Thread(target=issue) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({row.pk for row in made}) == 1
    assert len(made) == 2
    assert IssuedDocument.objects.count() == 1
    assert NumberSeries.objects.get(series="issued_document").last == 1


# --- Asking for one ---


def test_document_is_found_by_code_and_by_number_with_code(cast: Cast, django_assert_num_queries):
    made = a_document(cast)
    with django_assert_num_queries(2):
        found = document_of_code(made.code.lower())
    assert found is not None
    assert found.document == made
    assert (found.kind, found.is_valid, found.ended_at) == (LETTER, True, None)
    assert document_of_number(f"№ {made.number}", made.code) is not None


def test_number_alone_or_with_another_code_finds_nothing(cast: Cast):
    first, second = a_document(cast, part="1"), a_document(cast, part="2")
    assert document_of_number(first.number, "") is None
    assert document_of_number(first.number, second.code) is None
    assert document_of_number("", first.code) is None
    assert document_of_code("") is None
    assert document_of_code("0" * 12) is None


def test_ended_document_says_when(cast: Cast):
    made = a_document(cast)
    end(cast)
    found = document_of_code(made.code)
    assert found is not None
    assert (found.is_valid, found.ended_at) == (False, LATER)


# --- Kinds ---


def test_kinds_of_the_portal_are_entered():
    assert {"payslip", "order_confirmation"} <= set(KINDS)
    assert all(str(kind.name) and str(kind.purpose) for kind in (KINDS["payslip"],))


def test_kind_twice_is_the_same_or_a_mistake():
    assert enter_kind(LETTER.code, LETTER.name, LETTER.purpose) is LETTER
    with pytest.raises(ValueError, match="two kinds"):
        enter_kind(LETTER.code, "другое", "")


def test_kind_that_is_no_longer_entered_is_shown_by_its_code():
    assert (kind_of("gone").name, kind_of("gone").purpose) == ("gone", "")
