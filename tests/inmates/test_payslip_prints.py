"""The payslips of everybody in one archive: ordered, printed, downloaded, forgotten; by whom."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import InmateIdentity, PayrollRun, Payslip, PayslipPrint
from inmates.print_refusals import ArchiveGone, SlipsBeingPrinted, SlipsChanged, SlipsNotReady
from inmates.services import payslip_prints
from inmates.services.payroll import recalculate_person
from inmates.services.payslip_prints import (
    FOLDER,
    KEPT_FOR,
    forget_payslip_prints,
    make_archive,
    open_archive,
    print_payslips,
)
from inmates.tasks import forget_payslip_prints as forget_task
from portal.kernel.errors import Forbidden
from portal.kernel.locks import Gone
from portal.kernel.models import AuditEvent, TaskRun, TaskStatus
from portal.kernel.queue import enqueue
from tests.inmates.books import first_signature, posted
from tests.inmates.months import calculated, started
from tests.inmates.printed import (
    AHMETOV,
    SEITOVA,
    archive_of,
    asked,
    crowd_of,
    named_worker,
    pages_of,
    printed,
    two_people,
    worked_off,
)
from tests.people import NOW, Cast


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    """October of one who reads Russian and one who reads Kazakh."""
    return two_people(pay)


def kept_files() -> list[str]:
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


class Watch:
    """Progress that calls something in the middle."""

    def __init__(self, meanwhile: Any = lambda: None) -> None:
        self.meanwhile = meanwhile
        self.done: list[tuple[int, int]] = []

    def report(self, *, done: int, total: int, failed: int = 0) -> None:
        self.done.append((done, total))
        if done:
            self.meanwhile()

    def hold(self) -> None:
        """Nobody else works here."""


# --- What is printed ---


def test_everybody_has_one_slip_in_their_language(pay: Cast, run: PayrollRun) -> None:
    row = printed(pay, run)
    with archive_of(pay, run) as archive:
        assert archive.namelist() == ["payslips-2026-10-0001-0002.pdf"]
        (page,) = pages_of(archive.read(archive.namelist()[0]))
    assert (row.slips, row.files, row.made_at is not None) == (2, 1, True)
    assert page.count(AHMETOV) == page.count(SEITOVA) == 1
    russian, kazakh = page[: page.index(SEITOVA)], page[page.index(SEITOVA) :]
    for words in ("октябрь 2026", "Расчётный листок", "Всего начислено", "96 000,00"):
        assert words in russian
    for words in ("2026 жылғы қазан", "Есеп айырысу парағы", "Барлығы", "96 000,00"):
        assert words in kazakh
    assert "Удержано" not in kazakh
    assert "Ұсталды" not in russian


def test_posted_run_gives_its_number_to_the_files(pay: Cast) -> None:
    first_signature(pay)
    named_worker(pay, "1648", AHMETOV)
    run = posted(pay)
    printed(pay, run)
    with archive_of(pay, run) as archive:
        (name,) = archive.namelist()
    assert name == f"payslips-{run.number.replace('/', '-')}-0001-0001.pdf"


def test_person_without_a_name_is_called_by_number(pay: Cast, run: PayrollRun) -> None:
    InmateIdentity.objects.all().delete()
    printed(pay, run)
    with archive_of(pay, run) as archive:
        (page,) = pages_of(archive.read(archive.namelist()[0]))
    assert AHMETOV not in page
    assert page.count("1648") == 2


def test_thousand_and_one_slips_make_two_files(pay: Cast, run: PayrollRun) -> None:
    crowd_of(run, 999)
    row = printed(pay, run)
    assert (row.slips, row.files) == (1001, 2)
    numbers = list(
        Payslip.objects.order_by("inmate__personnel_number").values_list(
            "inmate__personnel_number", flat=True
        )
    )
    with archive_of(pay, run) as archive:
        first, second = archive.namelist()
        assert first == "payslips-2026-10-0001-1000.pdf"
        assert second == "payslips-2026-10-1001-1001.pdf"
        pages = [*pages_of(archive.read(first)), *pages_of(archive.read(second))]
    assert len(pages) == 251
    text = " ".join(pages)
    found = [text.count(f"{number} вырежьте") + text.count(f"{number} қиып") for number in numbers]
    assert found == [1] * 1001


def test_file_costs_the_same_statements_whatever_it_holds(
    pay: Cast, run: PayrollRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statements() -> int:
        row = asked(pay, run)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            make_archive(run_id=run.pk, progress=Watch(), at=NOW)
        TaskRun.objects.filter(pk=row.task_run_id).update(status=TaskStatus.DONE)
        return len(queries)

    few = statements()
    crowd_of(run, 30)
    assert statements() == few
    monkeypatch.setattr(payslip_prints, "IN_FILE", 16)
    two_files = statements()
    assert two_files - few <= 9
    assert few <= 22


def test_progress_is_told_after_each_file(
    pay: Cast, run: PayrollRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd_of(run, 3)
    monkeypatch.setattr(payslip_prints, "IN_FILE", 2)
    asked(pay, run)
    watch = Watch()
    make_archive(run_id=run.pk, progress=watch, at=NOW)
    assert watch.done == [(0, 5), (2, 5), (4, 5), (5, 5)]


# --- Who may, and what is on record ---


@pytest.mark.parametrize("who", ["head", "buyer", "operator", "analyst", "stranger", "master"])
def test_others_neither_print_nor_download(pay: Cast, run: PayrollRun, who: str) -> None:
    printed(pay, run)
    with pytest.raises(Forbidden):
        asked(pay, run, actor=pay.users[who])
    with pytest.raises(Forbidden):
        open_archive(actor=pay.users[who], run_id=run.pk, at=NOW)
    assert PayslipPrint.objects.get().asked_by == pay.accountant


def test_printing_and_downloading_are_on_record(pay: Cast, run: PayrollRun) -> None:
    people = sorted(run.payslips.values_list("inmate_id", flat=True))
    printed(pay, run)
    ordered = AuditEvent.objects.get(action="payslips_asked")
    assert (ordered.actor, ordered.subject_id) == (pay.accountant, run.pk)
    looks = AuditEvent.objects.filter(action="identities_read").order_by("pk")
    assert [one.details["purpose"] for one in looks] == ["payslips"]
    with archive_of(pay, run):
        pass
    last = looks.last()
    assert last is not None
    assert last.details == {"purpose": "payslips_downloaded", "inmates": people}
    assert last.actor == pay.accountant


def test_run_that_is_gone_is_refused(pay: Cast, run: PayrollRun) -> None:
    with pytest.raises(Gone):
        print_payslips(actor=pay.accountant, run_id=run.pk + 1000, at=NOW)


def test_run_that_is_being_calculated_has_nothing_to_print(pay: Cast, run: PayrollRun) -> None:
    started(pay)
    with pytest.raises(SlipsNotReady):
        asked(pay, run)
    assert not TaskRun.objects.filter(name="inmates.print_payslips").exists()


def test_second_order_is_refused_until_the_first_is_done(pay: Cast, run: PayrollRun) -> None:
    row = asked(pay, run)
    with pytest.raises(SlipsBeingPrinted):
        asked(pay, run)
    with pytest.raises(SlipsBeingPrinted):
        open_archive(actor=pay.accountant, run_id=run.pk, at=NOW)
    worked_off(row)
    again = printed(pay, run)
    assert again.pk != row.pk
    assert PayslipPrint.objects.count() == 1


def test_nothing_to_download_where_nothing_was_printed(pay: Cast, run: PayrollRun) -> None:
    with pytest.raises(ArchiveGone):
        open_archive(actor=pay.accountant, run_id=run.pk, at=NOW)


def test_file_lost_with_the_disk_is_told(pay: Cast, run: PayrollRun, media: Path) -> None:
    row = printed(pay, run)
    (media / row.path).unlink()
    with pytest.raises(ArchiveGone):
        open_archive(actor=pay.accountant, run_id=run.pk, at=NOW)
    assert not AuditEvent.objects.filter(details__purpose="payslips_downloaded").exists()


# --- On the disk ---


def test_file_on_the_disk_tells_no_name(pay: Cast, run: PayrollRun, media: Path) -> None:
    row = printed(pay, run)
    content = (media / row.path).read_bytes()
    assert not zipfile.is_zipfile(io.BytesIO(content))
    for secret in (b"%PDF", b"payslips-2026", AHMETOV.encode(), b"1648"):
        assert secret not in content


def test_new_print_takes_the_place_of_the_old(
    pay: Cast, run: PayrollRun, django_capture_on_commit_callbacks: Any
) -> None:
    old = printed(pay, run).path
    with django_capture_on_commit_callbacks(execute=True):
        new = printed(pay, run).path
    assert kept_files() == [Path(new).name]
    assert old != new


def test_month_calculated_again_ends_what_was_printed(
    pay: Cast, run: PayrollRun, django_capture_on_commit_callbacks: Any
) -> None:
    printed(pay, run)
    with django_capture_on_commit_callbacks(execute=True):
        started(pay)
    assert not PayslipPrint.objects.exists()
    assert kept_files() == []


def test_one_person_calculated_again_ends_it_too(
    pay: Cast, run: PayrollRun, django_capture_on_commit_callbacks: Any
) -> None:
    printed(pay, run)
    inmate_id = run.payslips.values_list("inmate_id", flat=True)[0]
    with django_capture_on_commit_callbacks(execute=True):
        recalculate_person(actor=pay.accountant, run_id=run.pk, inmate_id=inmate_id, at=NOW)
    assert not PayslipPrint.objects.exists()
    assert kept_files() == []


# --- Interrupted ---


def test_month_calculated_again_meanwhile_offers_nothing(pay: Cast, run: PayrollRun) -> None:
    asked(pay, run)
    with pytest.raises(SlipsChanged):
        make_archive(run_id=run.pk, progress=Watch(lambda: calculated(pay)), at=NOW)
    assert not PayslipPrint.objects.exists()
    assert kept_files() == []


def test_refused_job_says_why(pay: Cast, run: PayrollRun, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(pay, run)
    PayrollRun.objects.filter(pk=run.pk).update(calculated_at=NOW)

    def changed(*_args: Any) -> Any:
        raise SlipsChanged

    monkeypatch.setattr(payslip_prints, "_pdf", changed)
    worked_off(row)
    task = TaskRun.objects.get(pk=row.task_run_id)
    assert task.status == TaskStatus.FAILED
    assert "заново" in task.error
    assert row.path == ""
    monkeypatch.undo()


def test_worker_lost_in_the_middle_is_replaced_and_one_archive_is_there(
    pay: Cast, run: PayrollRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd_of(run, 4)
    monkeypatch.setattr(payslip_prints, "IN_FILE", 2)
    row = asked(pay, run)

    class Killed(BaseException):
        """As SIGKILL: nothing after it is done."""

    def kill() -> None:
        raise Killed

    with pytest.raises(Killed):
        make_archive(run_id=run.pk, progress=Watch(kill), at=NOW)
    assert kept_files() == []
    row.refresh_from_db()
    assert row.path == ""
    worked_off(row)
    with archive_of(pay, run) as archive:
        assert len(archive.namelist()) == 3
    assert kept_files() == [Path(row.path).name]


def test_delivered_twice_prints_once(pay: Cast, run: PayrollRun) -> None:
    row = printed(pay, run)
    made = row.path
    make_archive(run_id=run.pk, progress=Watch(), at=NOW)
    row.refresh_from_db()
    assert row.path == made
    assert len(kept_files()) == 1


def test_dropped_order_prints_nothing(pay: Cast, run: PayrollRun) -> None:
    asked(pay, run)
    PayslipPrint.objects.all().delete()
    make_archive(run_id=run.pk, progress=Watch(), at=NOW)
    assert kept_files() == []


# --- Forgotten ---


def test_archive_is_forgotten_after_three_days(
    pay: Cast, run: PayrollRun, django_capture_on_commit_callbacks: Any
) -> None:
    printed(pay, run)
    assert forget_payslip_prints(at=NOW + KEPT_FOR) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_payslip_prints(at=NOW + KEPT_FOR + timedelta(seconds=1))
    assert not PayslipPrint.objects.exists()
    assert kept_files() == []


def test_file_that_no_row_names_is_forgotten(pay: Cast, run: PayrollRun) -> None:
    row = printed(pay, run)
    default_storage.save(f"{FOLDER}/stray.sealed", ContentFile(b"half"))
    assert forget_payslip_prints(at=NOW) == 0, "another worker may be writing it"
    moment = default_storage.get_modified_time(row.path) + timedelta(days=1, minutes=1)
    PayslipPrint.objects.update(asked_at=moment)
    assert forget_payslip_prints(at=moment) == 1
    assert kept_files() == [Path(row.path).name]


def test_daily_task_forgets(pay: Cast, settings: Any) -> None:
    assert "inmates.forget_payslip_prints" in settings.DAILY_TASKS
    task = enqueue(
        "inmates.forget_payslip_prints", key="2026-11-22", actor=None, at=NOW,
        arguments={"on": "2026-11-22"},
    )  # fmt: skip
    forget_task(task_run=str(task.pk))
    task.refresh_from_db()
    assert task.status == TaskStatus.DONE
