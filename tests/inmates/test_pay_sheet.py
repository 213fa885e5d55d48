"""The pay sheet: its printed rows come to the run's totals, page by page, in both languages."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from inmates.enums import LineKind
from inmates.models import PayrollRun, Payslip, PayslipLine
from inmates.presenters import pay_sheet
from inmates.presenters.pay_sheet import SheetPart, column_of, sheet_document
from inmates.selectors.payroll import runs_with_totals
from inmates.selectors.payslip_prints import LineSum, sums_of_run, sums_of_slips
from portal.kernel.models import AuditEvent
from tests.inmates.books import first_signature, posted
from tests.inmates.months import IIN, NAME, a_worker, a_writ, an_identity, calculated
from tests.inmates.printed import AHMETOV, SEITOVA, crowd_of, plain, sheet_of, two_people
from tests.people import Cast


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    """October of two, one of whom pays alimony."""
    alimony = a_worker(pay, "1500")
    an_identity(alimony)
    a_writ(alimony, "ИЛ-1", share_numerator=1, share_denominator=4)
    return two_people(pay)


def with_totals(run: PayrollRun) -> PayrollRun:
    return runs_with_totals(PayrollRun.objects.select_related("payer")).get(pk=run.pk)


def document(run: PayrollRun, **fields: Any) -> dict[str, Any]:
    slips = list(run.payslips.select_related("inmate").order_by("inmate__personnel_number"))
    values = {
        "lines": sums_of_slips([slip.pk for slip in slips]),
        "run_lines": sums_of_run(run),
        "identities": {},
        "posts": {},
    } | fields
    return sheet_document(with_totals(run), slips, SheetPart(1, is_last=True), **values)


def amount(text: str) -> Decimal:
    bare = re.sub(r"\s", "", text).replace("\N{MINUS SIGN}", "-").replace(",", ".")
    return Decimal(bare or "0")


def added(rows: list[list[str]]) -> list[Decimal]:
    return [sum(map(amount, column), Decimal(0)) for column in zip(*rows, strict=True)]


# --- Sums ---


def test_printed_rows_come_to_the_totals_of_the_run(run: PayrollRun) -> None:
    crowd_of(run, 40)
    data = document(run)
    assert [len(page["rows"]) for page in data["pages"]] == [16, 16, 11]
    for page in data["pages"]:
        rows = [row["sums"] for row in page["rows"]]
        assert added(rows) == list(map(amount, page["total"]))
    whole = added([page["total"] for page in data["pages"]])
    assert whole == list(map(amount, data["total"]["sums"]))
    counted = with_totals(run)
    assert whole[len(data["earned"])] == counted.gross  # type: ignore[attr-defined]  # annotated
    assert whole[-2] == counted.gross - counted.to_account  # type: ignore[attr-defined]  # annotated
    assert whole[-1] == counted.to_account  # type: ignore[attr-defined]  # annotated


def test_kinds_of_each_row_come_to_its_totals(run: PayrollRun) -> None:
    data = document(run)
    kinds = len(data["earned"])
    for page in data["pages"]:
        for row in page["rows"]:
            sums = list(map(amount, row["sums"]))
            assert sum(sums[:kinds]) == sums[kinds]
            assert sum(sums[kinds + 1 : -2]) == sums[-2]
            assert sums[kinds] - sums[-2] == sums[-1]


def test_column_without_a_sum_is_left_out(run: PayrollRun) -> None:
    data = document(run)
    assert data["earned"] == ["Повременно"]
    assert data["withheld"] == ["ОПВ", "ИПН", "По исп. листам"]


@pytest.mark.parametrize(
    ("kind", "code", "is_extra", "column"),
    [
        ("earning", "time", False, "time"),
        ("earning", "salary", False, "time"),
        ("earning", "piece", False, "piece"),
        ("earning", "piece_team", False, "piece"),
        ("earning", "night", False, "supplements"),
        ("earning", "holiday", False, "supplements"),
        ("earning", "minimum_top_up", False, "minimum_top_up"),
        ("earning", "leave", False, "leave"),
        ("earning", "leave_compensation", False, "leave_compensation"),
        ("earning", "bonus", True, "other"),
        ("earning", "something_new", False, "other"),
        ("withheld", "opv", False, "opv"),
        ("writ", "alimony", False, "writs"),
        ("writ", "bailiff_fee", False, "writs"),
    ],
)
def test_column_of_a_line(kind: str, code: str, *, is_extra: bool, column: str) -> None:
    line = LineSum(1, kind, code, is_extra=is_extra, amount=Decimal(1))
    assert column_of(line, is_discreet=False) == column


@pytest.mark.parametrize("code", ["leave", "sick", "idle", "average_pay"])
def test_private_payer_is_not_told_why_an_absence_is_paid(code: str) -> None:
    line = LineSum(1, "earning", code, is_extra=False, amount=Decimal(1))
    assert column_of(line, is_discreet=True) == "paid_absence"
    assert column_of(line, is_discreet=False) == code


def test_paid_absences_of_a_private_payer_are_one_column(pay: Cast, run: PayrollRun) -> None:
    slip = run.payslips.order_by("pk")[0]
    last = slip.lines.count() + 10
    for place, code in enumerate(("leave", "sick", "idle")):
        PayslipLine.objects.create(
            payslip=slip, sequence=last + place, kind=LineKind.EARNING, code=code,
            amount=Decimal("100.00"), explanation="no_income",
        )  # fmt: skip
    assert len(document(run)["earned"]) == 4
    PayrollRun.objects.filter(pk=run.pk).update(payer=pay.entrepreneur)
    private = document(run)
    assert len(private["earned"]) == 2
    assert "300,00" in private["total"]["sums"]


# --- On paper ---


def test_sheet_of_a_calculated_run_is_a_draft(pay: Cast, run: PayrollRun, client: Client) -> None:
    (page,) = sheet_of(pay, run, client, language="ru")
    for words in (
        "Расчётно-платёжная ведомость (проект)", "октябрь 2026", AHMETOV, SEITOVA, NAME, IIN,
        "1648", "20 / 160", "Столяр", "96 000,00", "288 000,00", "Итого по странице",
        "Итого по ведомости", "К выплате прописью", "тенге 00 тиын", "Ведомость составил",
        "Ведомость проверил", "Руководитель", "Лист 1 / 1",
    ):  # fmt: skip
        assert words in page, words


def test_sheet_in_kazakh(pay: Cast, run: PayrollRun, client: Client) -> None:
    (page,) = sheet_of(pay, run, client, language="kk")
    for words in ("(жоба)", "2026 жылғы қазан", "Ведомость бойынша барлығы", "теңге 00 тиын"):
        assert words in page, words
    assert "Итого" not in page


def test_approved_sheet_has_its_number_and_no_mark(pay: Cast, client: Client) -> None:
    first_signature(pay)
    a_worker(pay)
    run = posted(pay)
    (page,) = sheet_of(pay, run, client)
    assert f"№ {run.number}" in page
    assert "проект" not in page


def test_paid_sheet_names_the_document(pay: Cast, run: PayrollRun) -> None:
    run = with_totals(run)
    run.paid_on, run.paid_document = date(2026, 11, 9), "п/п 15"
    assert pay_sheet._head(run)["paid"] == "09.11.2026, п/п 15"


def test_every_page_ends_with_what_it_comes_to(pay: Cast, run: PayrollRun, client: Client) -> None:
    crowd_of(run, 30)
    pages = sheet_of(pay, run, client)
    assert len(pages) == 3
    assert all("Итого по странице" in page for page in pages)
    assert ["Итого по ведомости" in page for page in pages] == [False, False, True]
    assert all("Таб. №" in page for page in pages)


def test_thousands_are_in_parts(
    pay: Cast, run: PayrollRun, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inmates.views.payroll_papers.IN_PART", 2)
    (first,) = sheet_of(pay, run, client, part="1")
    (second,) = sheet_of(pay, run, client, part="2")
    assert "1500" in first
    assert "1648" in first
    assert "Итого по ведомости" not in first
    assert "3 1700" in second
    assert "288 000,00" in second
    for part in ("0", "3", "x", "99999999"):
        address = reverse("inmates:pay_sheet", args=[run.pk])
        assert client.get(address, {"part": part}).status_code == 404


def test_names_of_the_sheet_are_on_record(pay: Cast, run: PayrollRun, client: Client) -> None:
    sheet_of(pay, run, client)
    look = AuditEvent.objects.get(action="identities_read")
    assert look.actor == pay.accountant
    assert look.details["purpose"] == "pay_sheet"
    assert len(look.details["inmates"]) == 3
    kept = AuditEvent.objects.get(action="pay_sheet_printed")
    assert (kept.subject_id, kept.details["language"]) == (run.pk, "ru")


def test_every_kind_at_once_keeps_to_the_page(pay: Cast, run: PayrollRun, client: Client) -> None:
    slip = run.payslips.order_by("inmate__personnel_number")[1]
    last = slip.lines.count() + 10
    codes = ("piece", "night", "minimum_top_up", "leave", "sick", "idle", "average_pay",
             "leave_compensation", "bonus")  # fmt: skip
    for place, code in enumerate(codes):
        PayslipLine.objects.create(
            payslip=slip, sequence=last + place, kind=LineKind.EARNING, code=code,
            amount=Decimal("1234567.89"), explanation="no_income",
        )  # fmt: skip
    PayslipLine.objects.create(
        payslip=slip, sequence=last + 50, kind=LineKind.WITHHELD, code="vosms",
        amount=Decimal("1920.00"), explanation="no_income",
    )  # fmt: skip
    client.force_login(pay.accountant)
    response = client.get(reverse("inmates:pay_sheet", args=[run.pk]))
    (page,) = PdfReader(BytesIO(response.content)).pages
    words = words_of(page)
    width = float(page.mediabox[2])
    assert width > float(page.mediabox[3])
    ends = [words[one] for one in ("1648", IIN, "Подпись", "Таб. №")]
    assert all(25 < across < width - 25 for across in ends)
    # The IIN stands right of the name and left of the first sum.
    assert words[NAME] < words[IIN] < words["96 000,00"]
    assert plain(page.extract_text()).count("1 234 567,89") == 3 * len(codes)


def words_of(page: Any) -> dict[str, float]:
    """Where on the page each text begins, from the left."""
    found: dict[str, float] = {}

    def visit(text: str, outer: Any, own: Any, *_font: Any) -> None:
        across = own[4] * outer[0] + own[5] * outer[2] + outer[4]
        found.setdefault(plain(text), across)

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("who", ["head", "master", "analyst", "stranger", "buyer"])
def test_others_do_not_print_the_sheet(
    pay: Cast, run: PayrollRun, client: Client, who: str
) -> None:
    client.force_login(pay.users[who])
    assert client.get(reverse("inmates:pay_sheet", args=[run.pk])).status_code in (403, 404)
    assert not AuditEvent.objects.filter(action="identities_read").exists()


def test_run_without_slips_has_no_sheet(pay: Cast, run: PayrollRun, client: Client) -> None:
    Payslip.objects.all().delete()
    client.force_login(pay.accountant)
    assert client.get(reverse("inmates:pay_sheet", args=[run.pk])).status_code == 404


def test_number_of_statements_does_not_grow(pay: Cast, run: PayrollRun, client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            sheet_of(pay, run, client)
        return len(queries)

    sheet_of(pay, run, client)
    few = statements()
    crowd_of(run, 20)
    assert statements() == few


def test_run_calculated_again_is_refused_with_a_sentence(
    pay: Cast, run: PayrollRun, client: Client
) -> None:
    PayrollRun.objects.filter(pk=calculated(pay).pk).update(status="incomplete")
    client.force_login(pay.accountant)
    response = client.get(reverse("inmates:pay_sheet", args=[run.pk]))
    assert response.status_code == 409
    assert "не рассчитана" in response.content.decode()
