"""A quarter of two people for the tests of its papers: payslips as they stand after approval."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from inmates.models import Inmate, PayrollRun, Payslip, PayslipLine
from portal.kernel.money import round_tenge
from portal.kernel.periods import Month
from tests.inmates.months import an_identity
from tests.people import NOW, Cast, a_placement, an_inmate

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
ZERO = Decimal("0.00")


def money(amount: str) -> Decimal:
    return Decimal(amount)


def two_workers(cast: Cast) -> tuple[Inmate, Inmate]:
    """Two people who work for the enterprise; the first has a name."""
    found = [an_inmate(cast, number) for number in ("1648", "1649")]
    for inmate in found:
        a_placement(cast, inmate)
    an_identity(found[0])
    return found[0], found[1]


def a_run(cast: Cast, month: Month, **fields: Any) -> PayrollRun:
    """A calculated run of the month, to be closed by `closed`."""
    values = {
        "payer": cast.enterprise, "institution": cast.institution, "month": month.first_day,
        "started_by": cast.accountant, "created_at": NOW, "calculated_at": NOW,
        "status": "calculated", "checked_at": NOW, "difference_count": 0,
    }  # fmt: skip
    return PayrollRun.objects.create(**(values | fields))


def a_slip(run: PayrollRun, inmate: Inmate, gross: str, days: int = 20, **fields: Any) -> Payslip:
    """Ten per cent of pension contributions, five of social insurance, nothing else withheld."""
    amount = money(gross)
    opv, so = round_tenge(amount / 10), round_tenge(amount / 20)
    values: dict[str, Any] = {
        "days_worked": days, "minutes_worked": days * 480, "gross": amount, "opv": opv,
        "vosms": ZERO, "ipn": ZERO, "net": amount - opv, "attachable": amount - opv,
        "withheld_by_writs": ZERO, "to_account": amount - opv, "so": so, "oosms": ZERO,
        "opvr": ZERO, "social_tax": ZERO, "taxable": ZERO,
    }  # fmt: skip
    slip = Payslip.objects.create(run=run, inmate=inmate, **(values | fields))
    PayslipLine.objects.create(
        payslip=slip, sequence=1, kind="earning", code="time", amount=amount,
        explanation="earning.time", arguments={},
    )  # fmt: skip
    return slip


def closed(cast: Cast, run: PayrollRun, paid_by: str = "", on: date | None = None) -> PayrollRun:
    """Approved under a number; paid too where a document is named."""
    values: dict[str, Any] = {
        "status": "approved", "approved_by": cast.head, "approved_at": NOW, "posted_at": NOW,
        "number": f"2026-{run.pk:05d}",
    }  # fmt: skip
    if paid_by:
        after = Month.of(run.month).next().first_day
        values |= {"status": "paid", "paid_on": on or after, "paid_document": paid_by}
    PayrollRun.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()
    return run


def a_quarter(cast: Cast) -> list[PayrollRun]:
    """August to October; August and September paid, October approved alone."""
    one, two = two_workers(cast)
    runs = []
    for month, first, second, document in (
        (AUGUST, "72000.00", "24000.00", "ПП № 8"),
        (SEPTEMBER, "72000.00", "24000.00", "ПП № 9"),
        (OCTOBER, "96000.00", "48000.00", ""),
    ):
        run = a_run(cast, month)
        a_slip(run, one, first)
        a_slip(run, two, second, 5)
        runs.append(closed(cast, run, document))
    return runs


def read_as(client: Client, user: Any, language: str = "ru") -> Client:
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


def text_of(pdf: bytes) -> str:
    """The text of a PDF, every space an ordinary one."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def cells_of(book: bytes) -> list[list[Any]]:
    """Every row of the one sheet of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
