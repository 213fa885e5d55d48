"""People and placements from a spreadsheet: everybody of it or nobody, and nothing kept longer."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inmates.enums import ImportStatus
from inmates.identity import hmac_of_iin
from inmates.models import (
    CustodyStay,
    Inmate,
    InmateIdentity,
    LabourState,
    PeopleImport,
    Placement,
    QueueOverride,
)
from inmates.people_heads import HEADS
from inmates.selectors.imports import imports_visible_to
from inmates.selectors.queue import overrides_of
from inmates.services.import_jobs import ImportPassesOthers
from inmates.services.imports import (
    KEPT_FOR,
    MOST_ROWS,
    ImportDecided,
    ImportHasProblems,
    SheetProtected,
    SheetTooLarge,
    SheetTooLong,
    SheetTooWide,
    SheetUnreadable,
    apply_people_import,
    drop_people_import,
    forget_people_imports,
    plan_of_import,
    receive_people_sheet,
)
from inmates.services.parameters import load_pay_parameters
from portal.kernel import spreadsheets
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent, StateChange
from tests.people import LONG_AGO, NOW, TODAY, Cast, an_inmate
from workshops.models import WorkshopOperator

pytestmark = pytest.mark.django_db

IIN = "900101300811"
PERSON = {
    "number": "1701",
    "full_name": "Тестов Ерлан",
    "iin": IIN,
    "born_on": "01.01.1990",
    "arrived_on": "10.11.2026",
    "ability": "да",
}
WORK = {
    "workshop": "wood-16",
    "pay_form": "сдельная",
    "basis": "Приказ 12",
    "placed_from": "12.11.2026",
}


@pytest.fixture(autouse=True)
def _parameters() -> None:
    load_pay_parameters()


def a_sheet(*rows: dict[str, Any]) -> bytes:
    """An XLSX with the Russian heads; a cell that is not named stays empty."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet()
    for column, (key, heads) in enumerate(HEADS.items()):
        sheet.write_string(0, column, heads[0])
        for row, cells in enumerate(rows, start=1):
            if cells.get(key) is not None:
                sheet.write(row, column, cells[key])
    book.close()
    return written.getvalue()


def received(cast: Cast, *rows: dict[str, Any], content: bytes | None = None) -> PeopleImport:
    return receive_people_sheet(
        actor=cast.labour_officer,
        institution_id=cast.institution.pk,
        file_name="люди.xlsx",
        content=a_sheet(*rows) if content is None else content,
        at=NOW,
    )


def applied(cast: Cast, row: PeopleImport, actor: Any = None, reason: str = "") -> PeopleImport:
    return apply_people_import(
        actor=actor or cast.labour_officer, import_id=row.pk, at=NOW, reason=reason
    )


def whole(cast: Cast, **cells: Any) -> dict[str, Any]:
    """A person with a placement at the joiners' post."""
    return PERSON | WORK | {"post": cast.joiners.name} | cells


def codes(row: PeopleImport) -> Sequence[tuple[int, str, str]]:
    found = plan_of_import(row, TODAY).problems
    return [(one.row, one.column, one.code) for one in found]


def test_people_and_placements_are_written_as_typed(cast: Cast) -> None:
    row = received(cast, whole(cast), PERSON | {"number": "1702", "iin": None, "ability": None})
    assert codes(row) == []
    assert applied(cast, row).status == ImportStatus.APPLIED
    first, second = Inmate.objects.filter(personnel_number__in=["1701", "1702"]).order_by("pk")
    identity = InmateIdentity.objects.get(inmate=first)
    assert (identity.full_name, identity.iin, identity.iin_hmac) == (
        "Тестов Ерлан", IIN, hmac_of_iin(IIN),
    )  # fmt: skip
    assert first.born_on == date(1990, 1, 1)
    stay = CustodyStay.objects.get(inmate=first)
    assert (stay.institution, stay.effective_from) == (cast.institution, date(2026, 11, 10))
    assert LabourState.objects.get(inmate=first).ability == "able"
    assert not LabourState.objects.filter(inmate=second).exists()
    placement = Placement.objects.get(inmate=first)
    assert (placement.employer, placement.payer) == (cast.enterprise, cast.enterprise)
    assert (placement.post, placement.is_full_time) == (cast.joiners, True)
    assert (placement.effective_from, placement.effective_to) == (date(2026, 11, 12), None)
    assert (row.rows, PeopleImport.objects.get().people, PeopleImport.objects.get().placements) == (
        2, 2, 1,
    )  # fmt: skip


def test_part_time_keeps_its_minutes_and_the_last_day_counts(cast: Cast) -> None:
    applied(cast, received(cast, whole(cast, hours="4,5", placed_until="20.11.2026")))
    placement = Placement.objects.get(inmate__personnel_number="1701")
    assert (placement.is_full_time, placement.daily_minutes) == (False, 270)
    assert placement.effective_to == date(2026, 11, 21)


def test_somebody_known_is_placed_by_number(cast: Cast) -> None:
    inmate = an_inmate(cast, "1800")
    job = {"number": "1800", "post": cast.joiners.name} | WORK
    applied(cast, received(cast, job))
    assert Placement.objects.get(inmate=inmate).basis == "Приказ 12"


def test_one_wrong_cell_and_nobody_is_written(cast: Cast) -> None:
    row = received(cast, whole(cast), whole(cast, number="1702", iin="900101300812"))
    assert codes(row) == [(3, "iin", "iin_wrong")]
    with pytest.raises(ImportHasProblems):
        applied(cast, row)
    assert not Inmate.objects.filter(personnel_number="1701").exists()
    row.refresh_from_db()
    assert row.status == ImportStatus.CHECKED


def test_seven_kinds_of_errors_are_each_named_by_row_and_column(cast: Cast) -> None:
    an_inmate(cast, "1800")
    rows = [
        whole(cast, number="1800", iin=None),  # a number taken
        whole(cast, number="1802", iin="123456789011"),  # an IIN that cannot be
        whole(cast, number="1803", iin=None, born_on="29.02.2023"),  # a day that is not
        whole(cast, number="1804", iin=None, full_name="Тeстов"),  # letters of two alphabets
        whole(cast, number="1805", iin=None, post="Космонавт"),  # a post that is not
        whole(cast, number="1806", iin=None, placed_from="01.11.2026"),  # works before arriving
        whole(cast, number="1807", iin=None, pay_form=None),  # a needed cell is empty
        whole(cast, number="1808", iin=None, employer=cast.kindergarten.bin),  # no operator
    ]
    assert codes(received(cast, *rows)) == [
        (2, "number", "number_taken"),
        (3, "iin", "iin_wrong"),
        (4, "born_on", "no_such_day"),
        (5, "full_name", "mixed_alphabets"),
        (6, "post", "post_unknown"),
        (7, "placed_from", "works_before_arrival"),
        (8, "pay_form", "needed"),
        (9, "employer", "employer_unknown"),
    ]


def test_a_private_operator_needs_the_consent_first(cast: Cast) -> None:
    WorkshopOperator.objects.filter(workshop=cast.workshop).delete()
    WorkshopOperator.objects.create(
        workshop=cast.workshop, operator=cast.entrepreneur, basis="test", effective_from=LONG_AGO
    )
    assert codes(received(cast, whole(cast))) == [(2, "employer", "consent_missing")]


def test_what_others_wrote_meanwhile_is_found_when_it_is_written(cast: Cast) -> None:
    row = received(cast, whole(cast))
    an_inmate(cast, "1701")
    with pytest.raises(ImportHasProblems):
        applied(cast, row)


def test_the_same_file_twice_finds_everybody_known(cast: Cast) -> None:
    applied(cast, received(cast, whole(cast)))
    again = received(cast, whole(cast))
    assert (2, "number", "number_taken") in codes(again)
    assert (2, "iin", "person_known") in codes(again)


def test_a_half_of_a_shift_sent_twice_is_found(cast: Cast) -> None:
    """Two halves fit into one shift: nothing but the post tells that it is the same work."""
    inmate = an_inmate(cast)
    half = WORK | {"number": inmate.personnel_number, "post": cast.joiners.name, "hours": "4"}
    applied(cast, received(cast, half))
    assert codes(received(cast, half)) == [(2, "post", "placed_here")]
    other = WORK | {"number": an_inmate(cast, "2").personnel_number, "post": cast.joiners.name}
    other |= {"hours": "4"}
    assert codes(received(cast, other, other)) == [(3, "post", "placed_here")]


def a_waiting_one(cast: Cast) -> Inmate:
    """Somebody who has been without work since long before anybody of the file came."""
    return an_inmate(cast, "1")


def test_whoever_waits_is_passed_by_with_a_reason_alone(cast: Cast) -> None:
    a_waiting_one(cast)
    row = received(cast, whole(cast))
    for reason in ("", "  ", "12345", "так"):
        with pytest.raises(ImportPassesOthers) as refusal:
            applied(cast, row, reason=reason)
        assert refusal.value.details == {"count": 1, "first": "1", "letters": 5}
    assert not Inmate.objects.filter(personnel_number="1701").exists()
    applied(cast, row, reason=" Первое заполнение портала ")
    override = overrides_of([cast.institution]).get()
    assert (override.inmate.personnel_number, override.place_in_queue) == ("1701", 2)
    assert (override.reason, override.decided_by) == (
        "Первое заполнение портала", cast.labour_officer,
    )  # fmt: skip
    assert override.first_points > override.points


def test_history_passes_nobody_by(cast: Cast) -> None:
    a_waiting_one(cast)
    ended = (TODAY - timedelta(days=1)).strftime("%d.%m.%Y")
    applied(cast, received(cast, whole(cast, placed_until=ended)))
    assert not QueueOverride.objects.exists()


def test_whoever_gets_a_place_by_the_same_file_is_not_passed_by(cast: Cast) -> None:
    first = WORK | {"number": a_waiting_one(cast).personnel_number, "post": cast.joiners.name}
    applied(cast, received(cast, whole(cast), first))
    assert (Placement.objects.count(), QueueOverride.objects.count()) == (2, 0)


def test_of_whose_ability_nothing_is_known_stands_in_no_queue(cast: Cast) -> None:
    a_waiting_one(cast)
    applied(cast, received(cast, whole(cast, ability=None)))
    assert not QueueOverride.objects.exists()


def test_a_decided_file_is_forgotten_and_not_decided_again(cast: Cast) -> None:
    row, other = received(cast, whole(cast)), received(cast, whole(cast))
    applied(cast, row)
    drop_people_import(actor=cast.labour_officer, import_id=other.pk, at=NOW)
    assert set(PeopleImport.objects.values_list("content", flat=True)) == {None}
    for one in (row, other):
        with pytest.raises(ImportDecided):
            applied(cast, one)
        with pytest.raises(ImportDecided):
            drop_people_import(actor=cast.labour_officer, import_id=one.pk, at=NOW)
    moves = StateChange.objects.filter(subject_type="inmates.peopleimport").order_by("pk")
    assert list(moves.values_list("subject_id", "action")) == [
        (row.pk, "upload"), (other.pk, "upload"), (row.pk, "apply"), (other.pk, "drop"),
    ]  # fmt: skip


def test_the_database_keeps_no_cells_of_a_decided_file(cast: Cast) -> None:
    row = received(cast, whole(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        PeopleImport.objects.filter(pk=row.pk).update(status=ImportStatus.DROPPED)


def test_names_and_iins_are_stored_encrypted(cast: Cast) -> None:
    row = received(cast, whole(cast))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM inmates_peopleimport WHERE id = %s", [row.pk])
        (stored,) = cursor.fetchone()
    assert "Тестов" not in stored
    assert IIN not in stored
    assert "Тестов" in PeopleImport.objects.get().content


def test_files_nobody_decided_about_are_forgotten(cast: Cast) -> None:
    row = received(cast, whole(cast))
    assert forget_people_imports(at=NOW + KEPT_FOR) == 0
    assert forget_people_imports(at=NOW + KEPT_FOR + timedelta(seconds=1)) == 1
    row.refresh_from_db()
    assert (row.status, row.content) == (ImportStatus.DROPPED, None)
    assert forget_people_imports(at=NOW + timedelta(days=30)) == 0


def test_only_the_labour_officer_of_the_institution_imports(cast: Cast) -> None:
    row = received(cast, whole(cast))
    for user in (cast.master, cast.head, cast.accountant, cast.analyst, cast.buyer):
        with pytest.raises(Forbidden):
            receive_people_sheet(
                actor=user,
                institution_id=cast.institution.pk,
                file_name="a.csv",
                content=b"a",
                at=NOW,
            )
        with pytest.raises(Forbidden):
            applied(cast, row, actor=user)
        with pytest.raises(Forbidden):
            drop_people_import(actor=user, import_id=row.pk, at=NOW)
        assert not imports_visible_to(user, TODAY).exists()


def test_what_is_no_table_is_refused_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SheetUnreadable, match=r"люди\.xlsx"):
        received(cast, content=b"PK\x03\x04")
    with pytest.raises(SheetTooLong):
        received(cast, content=b"a\n" * (MOST_ROWS + 1))
    with pytest.raises(SheetTooWide):
        received(cast, content=b";" * 200 + b"a")
    monkeypatch.setattr("inmates.services.imports.MAX_MEGABYTES", 0)
    with pytest.raises(SheetTooLarge):
        received(cast, content=b"a")
    assert not PeopleImport.objects.exists()


def test_a_protected_book_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader's word is passed on; a book with a password is not written by our tools."""

    def protected(content: bytes, most_rows: int) -> Any:
        raise spreadsheets.TableUnreadable(spreadsheets.PROTECTED)

    monkeypatch.setattr("inmates.services.imports.read_table", protected)
    with pytest.raises(SheetProtected):
        received(cast, content=b"x")


def test_who_was_imported_is_in_the_audit_by_id_alone(cast: Cast) -> None:
    row = applied(cast, received(cast, whole(cast)))
    event = AuditEvent.objects.get(action="people_imported")
    inmate = Inmate.objects.get(personnel_number="1701")
    assert (event.subject_id, event.actor) == (row.pk, cast.labour_officer)
    assert event.details == {"inmates": [inmate.pk]}


def test_statements_do_not_grow_with_the_rows(cast: Cast) -> None:
    cast.joiners.seats = 100
    cast.joiners.save()
    counts = []
    for hundred, people in ((20, 1), (30, 40)):
        rows = [whole(cast, number=f"{hundred}{number:02}", iin=None) for number in range(people)]
        row = received(cast, *rows)
        with CaptureQueriesContext(connection) as captured:
            applied(cast, row)
        counts.append(len(captured))
    assert Placement.objects.filter(basis="Приказ 12").count() == 41
    assert counts[0] == counts[1] <= 40
