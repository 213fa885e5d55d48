"""The payslips of everybody in a run, printed by a job into one sealed archive.

Called by the page of papers, by the tasks that print and forget, and by a new calculation of the
month. The archive holds names: it is sealed on disk, kept three days, and each reading is on
record.
"""

import uuid
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Protocol

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation

from inmates.enums import PRINTED_RUNS
from inmates.models import PayrollRun, PayslipPrint
from inmates.presenters.payslip_panel import folded_document, panel_of, places_words
from inmates.print_refusals import ArchiveGone, SlipsBeingPrinted, SlipsChanged, SlipsNotReady
from inmates.rules import can_read_identity
from inmates.selectors.payslip_prints import slip_ids, slips_to_print
from inmates.selectors.people import names_on_list
from portal.documents.render import render_long_pdf
from portal.kernel import audit
from portal.kernel.clock import ALMATY, day_of
from portal.kernel.locks import lock_row
from portal.kernel.periods import Month
from portal.kernel.queue import AlreadyRunning, enqueue
from portal.kernel.sealed import SealedWriter, unsealed

PRINT = "inmates.print_payslips"
# How long the archive is kept, and how many slips one file of it holds, for memory's sake.
KEPT_FOR = timedelta(days=3)
IN_FILE = 1000
FOLDER = "payslips"


class Watch(Protocol):
    """What the queue hands to a task (portal.kernel.queue.Progress)."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None: ...

    def hold(self) -> None: ...


def print_payslips(*, actor: Any, run_id: int, at: datetime) -> PayslipPrint:
    """The payslips of the run are ordered; an archive that was there is gone.

    Refused: for whoever may not read the names on them, before the calculation is complete, while
    they are being printed. After commit the job is sent to the workers. Twice: the second is
    refused until the first is done, and then prints anew.
    """
    with transaction.atomic():
        run = _allowed(actor, run_id, at)
        if run.status not in PRINTED_RUNS:
            raise SlipsNotReady
        try:
            task_run = enqueue(
                PRINT, key=str(run.pk), actor=actor, at=at, arguments={"run_id": run.pk}
            )
        except AlreadyRunning as running:
            raise SlipsBeingPrinted from running
        drop_print(run)
        row = PayslipPrint.objects.create(run=run, task_run=task_run, asked_by=actor, asked_at=at)
        audit.record(actor=actor, action="payslips_asked", at=at, subject=run)
    return row


def _allowed(actor: Any, run_id: int, at: datetime) -> PayrollRun:
    """The locked run, for whoever may read the names of its people."""
    run = lock_row(PayrollRun, run_id)
    can_read_identity(actor, run.payer_id, run.institution.organisation_id, day_of(at)).require()
    return run


def drop_print(run: PayrollRun) -> None:
    """What was printed of the locked run is forgotten; its file is deleted after the commit."""
    for row in PayslipPrint.objects.select_for_update().filter(run=run):
        if row.path:
            transaction.on_commit(partial(default_storage.delete, row.path))
        row.delete()


def make_archive(*, run_id: int, progress: Watch, at: datetime) -> None:
    """The archive of the run's payslips can be downloaded.

    Each file in it costs the same few statements. Taken over from a dead worker it begins anew;
    delivered again, or after the order was dropped, nothing happens. Refused (`SlipsChanged`) when
    the month is calculated again meanwhile. Until the row names the file nobody is offered it.
    """
    rows = PayslipPrint.objects.select_related("run__payer", "run__institution__organisation")
    row = rows.select_related("asked_by").filter(run=run_id, path="").first()
    if row is None:
        return
    with TemporaryFile() as sealed:
        writer = SealedWriter(sealed)
        row.slips, row.files = _write(writer, row, progress, at)
        writer.close()
        row.size = writer.size
        sealed.seek(0)
        path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.sealed", File(sealed))
    try:
        _offer(row, path, progress, at)
    except Exception:
        default_storage.delete(path)
        raise


def _write(
    writer: SealedWriter, row: PayslipPrint, progress: Watch, at: datetime
) -> tuple[int, int]:
    """How many slips were written, in how many files."""
    ids, files = slip_ids(row.run), 0
    progress.report(done=0, total=len(ids))
    with zipfile.ZipFile(writer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]  # the writer has what an archive needs of a file
        for start in range(0, len(ids), IN_FILE):
            part = ids[start : start + IN_FILE]
            entry = zipfile.ZipInfo(
                _file_name(row.run, start + 1, start + len(part)),
                date_time=at.astimezone(ALMATY).timetuple()[:6],
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _pdf(row, part, at))
            files += 1
            progress.report(done=start + len(part), total=len(ids))
    return len(ids), files


def _pdf(row: PayslipPrint, ids: Sequence[int], at: datetime) -> bytes:
    """One file; the names on it are on record as read by whoever asked."""
    slips = slips_to_print(row.run, ids)
    if len(slips) != len(ids):
        raise SlipsChanged
    inmates = [one.slip.inmate for one in slips]
    names = names_on_list(
        actor=row.asked_by, inmates=inmates, purpose="payslips", at=at, subject=row.run
    )
    panels = []
    for one in slips:
        with translation.override(one.slip.inmate.language):
            panels.append(
                panel_of(
                    one.slip,
                    one.lines,
                    full_name=names.get(one.slip.inmate_id, ""),
                    places=places_words(one.posts),
                    year=one.year,
                    transfers=one.transfers,
                )
            )
    data = folded_document(row.run, panels)
    return render_long_pdf("payslips_folded.typ", data, created_at=at)


def print_name(run: PayrollRun) -> str:
    """What the files of a run are called: by its number, or before it has one by its month."""
    return f"payslips-{run.number.replace('/', '-') or Month.of(run.month)}"


def _file_name(run: PayrollRun, first: int, last: int) -> str:
    return f"{print_name(run)}-{first:04d}-{last:04d}.pdf"


def _offer(asked: PayslipPrint, path: str, progress: Watch, at: datetime) -> None:
    """The whole file is named by its row, unless the month or the order has changed meanwhile."""
    with transaction.atomic():
        run = lock_row(PayrollRun, asked.run_id)
        row = PayslipPrint.objects.select_for_update().filter(pk=asked.pk, path="").first()
        is_same = run.calculated_at == asked.run.calculated_at
        if row is None or not is_same or run.status not in PRINTED_RUNS:
            raise SlipsChanged
        progress.hold()
        row.slips, row.files, row.size = asked.slips, asked.files, asked.size
        row.path, row.made_at = path, at
        row.save()


def open_archive(*, actor: Any, run_id: int, at: datetime) -> tuple[PayslipPrint, Iterator[bytes]]:
    """What was printed and its bytes; everybody in it is on record as read.

    Refused: for whoever may not read the names, while it is being made, when it is not kept.
    """
    with transaction.atomic():
        run = _allowed(actor, run_id, at)
        row = PayslipPrint.objects.select_related("run", "task_run").filter(run=run).first()
        if row is None:
            raise ArchiveGone
        if not row.path:
            raise SlipsBeingPrinted
        try:
            file = default_storage.open(row.path)
        except OSError as error:
            raise ArchiveGone from error
        audit.record(
            actor=actor,
            action="identities_read",
            at=at,
            subject=run,
            purpose="payslips_downloaded",
            inmates=sorted(run.payslips.values_list("inmate_id", flat=True)),
        )
    return row, _read(file)


def _read(file: Any) -> Iterator[bytes]:
    opened: BinaryIO = file
    with opened:
        yield from unsealed(opened)


def forget_payslip_prints(*, at: datetime) -> int:
    """Archives past their days are gone, and files that no row names; how many. Twice is harmless.

    An order whose job failed is forgotten with them.
    """
    count = 0
    late = PayslipPrint.objects.filter(asked_at__lt=at - KEPT_FOR).order_by("run")
    for run_id in late.values_list("run", flat=True):
        with transaction.atomic():
            drop_print(lock_row(PayrollRun, run_id))
        count += 1
    return count + _forget_strays(at)


def _forget_strays(at: datetime) -> int:
    """Files of workers that were killed between writing the file and naming it."""
    if not default_storage.exists(FOLDER):
        return 0
    known = set(PayslipPrint.objects.exclude(path="").values_list("path", flat=True))
    strays = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    old = [
        path
        for path in strays
        if path not in known and default_storage.get_modified_time(path) < at - timedelta(days=1)
    ]
    for path in old:
        default_storage.delete(path)
    return len(old)
