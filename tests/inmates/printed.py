"""Months of people to be printed, and what stands on the paper; for the tests of papers."""

import io
import zipfile
from typing import Any

from django.db.models import F
from pypdf import PdfReader

from inmates.models import Inmate, InmateIdentity, PayrollRun, Payslip, PayslipLine, PayslipPrint
from inmates.services.payslip_prints import open_archive, print_payslips
from inmates.tasks import print_payslips as print_task
from tests.inmates.months import a_worker, calculated
from tests.people import NOW, Cast

AHMETOV, SEITOVA = "Ахметов Нұрлан Тестұлы", "Сеитова Әсел Тестқызы"


def named_worker(cast: Cast, number: str, full_name: str, **fields: Any) -> Inmate:
    """A person with a month of work, a name and no IIN."""
    inmate = a_worker(cast, number, **fields)
    InmateIdentity.objects.create(inmate=inmate, full_name=full_name)
    return inmate


def two_people(cast: Cast) -> PayrollRun:
    """October of one who reads Russian and one who reads Kazakh."""
    named_worker(cast, "1648", AHMETOV)
    named_worker(cast, "1700", SEITOVA, language="kk")
    return calculated(cast)


def crowd_of(run: PayrollRun, count: int) -> None:
    """So many people more in the run: copies of its first slip under numbers of their own."""
    slip = run.payslips.order_by("inmate__personnel_number")[0]
    born_on = slip.inmate.born_on
    people = Inmate.objects.bulk_create(
        Inmate(personnel_number=f"9{place:05d}", born_on=born_on) for place in range(count)
    )
    values = {
        field.attname: getattr(slip, field.attname)
        for field in Payslip._meta.concrete_fields
        if field.attname not in ("id", "inmate_id")
    }
    slips = Payslip.objects.bulk_create(Payslip(inmate=one, **values) for one in people)
    lines = list(slip.lines.all())
    PayslipLine.objects.bulk_create(
        [_copy(line, one) for one in slips for line in lines], batch_size=5000
    )


def _copy(line: PayslipLine, slip: Payslip) -> PayslipLine:
    values = {
        field.attname: getattr(line, field.attname)
        for field in PayslipLine._meta.concrete_fields
        if field.attname not in ("id", "payslip_id")
    }
    return PayslipLine(payslip=slip, **values)


def asked(cast: Cast, run: PayrollRun, **fields: Any) -> PayslipPrint:
    values = {"actor": cast.accountant, "run_id": run.pk, "at": NOW} | fields
    return print_payslips(**values)


def worked_off(row: PayslipPrint) -> PayslipPrint:
    """As a worker does it."""
    print_task(task_run=str(row.task_run_id))
    row.refresh_from_db()
    return row


def printed(cast: Cast, run: PayrollRun) -> PayslipPrint:
    return worked_off(asked(cast, run))


def archive_of(cast: Cast, run: PayrollRun, **fields: Any) -> zipfile.ZipFile:
    values = {"actor": cast.accountant, "run_id": run.pk, "at": NOW} | fields
    _row, content = open_archive(**values)
    return zipfile.ZipFile(io.BytesIO(b"".join(content)))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in single spaces."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [plain(page.extract_text()) for page in pages]


def plain(text: str) -> str:
    bare = text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    return " ".join(bare.split())


def sheet_of(cast: Cast, run: PayrollRun, client: Any, **asked_for: str) -> list[str]:
    """The pages of the pay sheet as the accountant downloads it."""
    client.force_login(cast.accountant)
    response = client.get(f"/payroll/runs/{run.pk}/papers/sheet.pdf", asked_for)
    assert response.status_code == 200, response.content.decode()[:500]
    return pages_of(response.content)


def longer(slip: Payslip) -> None:
    """The lines of the slip stand there twice, in an order of their own."""
    most = slip.lines.count()
    slip.lines.update(sequence=F("sequence") + most)
