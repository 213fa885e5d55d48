"""The page of both calculations: who sees it, what it says, no names and no kind of absence."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import PayrollDifference, PayrollRun, PayslipLine
from inmates.presenters.differences import difference_rows
from inmates.selectors.differences import Subjects, run_differences, subjects_of
from inmates.services.second_check import check_payroll_run
from tests.inmates.months import NAME, a_worker, a_writ, an_identity, calculated
from tests.people import NOW, Cast, a_user


def address(run: PayrollRun) -> str:
    return reverse("inmates:payroll_differences", args=[run.pk])


def a_difference(run: PayrollRun, **fields: object) -> PayrollDifference:
    values: dict[str, object] = {
        "run": run,
        "inmate": run.payslips.first().inmate,
        "kind": "earning",
        "code": "time",
        "first": Decimal("100.00"),
        "second": Decimal("120.50"),
    }
    return PayrollDifference.objects.create(**(values | fields))


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    inmate = a_worker(pay)
    an_identity(inmate)
    a_writ(inmate, "77-И", kind="claim", queue=3, debt=Decimal("700000.00"))
    return calculated(pay)


def test_page_says_that_both_calculations_agree(run: PayrollRun, pay: Cast, client: Client) -> None:
    client.force_login(pay.accountant)
    text = client.get(address(run)).content.decode()
    assert "Оба расчёта совпадают" in text
    assert "<table" not in text


def test_page_shows_both_sides_of_a_line_and_no_name(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    line = PayslipLine.objects.get(payslip__run=run, code="time")
    PayslipLine.objects.filter(pk=line.pk).update(amount=line.amount + Decimal("0.01"))
    check_payroll_run(run_id=run.pk, at=NOW)
    client.force_login(pay.head)
    text = client.get(address(run)).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("1648", "Столяр", "96 000,01", "96 000,00", "\N{MINUS SIGN}0,01", "Что "):
        assert shown in text
    assert NAME not in text
    assert "Ерлан" not in text


def test_page_is_another_payers_business(run: PayrollRun, pay: Cast, client: Client) -> None:
    for stranger, status in (
        (pay.master, 403),
        (pay.analyst, 403),
        (a_user("other@example.kz", pay.entrepreneur, "accountant"), 404),
    ):
        client.force_login(stranger)
        assert client.get(address(run)).status_code == status
    client.logout()
    assert client.get(address(run)).status_code == 302
    client.force_login(pay.accountant)
    assert client.post(address(run)).status_code == 405


def test_page_costs_the_same_for_one_row_and_for_three(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    writ = PayslipLine.objects.get(payslip__run=run, kind="writ").subject
    post = PayslipLine.objects.get(payslip__run=run, code="time").subject
    a_difference(run, kind="writ", code="claim", subject=writ)
    a_difference(run, subject=post)
    client.force_login(pay.accountant)
    client.get(address(run))
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address(run))
        counts.append(len(queries))
        for code in ("night", "overtime"):
            PayrollDifference.objects.filter(code=code).delete()
            a_difference(run, code=code, subject=post)
    assert counts[0] == counts[1]


def test_rows_stand_in_the_order_of_the_payslip(run: PayrollRun) -> None:
    for kind, code in (
        ("total", "net"),
        ("employer", "so"),
        ("writ", "claim"),
        ("earning", "time"),
    ):
        a_difference(run, kind=kind, code=code)
    assert [one.kind for one in run_differences(run)] == ["earning", "writ", "employer", "total"]


def test_private_payer_does_not_learn_why_somebody_was_absent(run: PayrollRun) -> None:
    codes = ("leave", "sick", "idle", "average_pay")
    rows = [a_difference(run, code=code) for code in codes]
    rows.append(a_difference(run, code="time"))
    subjects = subjects_of(run, rows)
    absence, time = difference_rows(rows, subjects, is_discreet=True)
    assert (absence.line, absence.about) == ("Оплачиваемое отсутствие", "")
    # How many kinds there were is not told either: one row with their sums.
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in (absence.first, absence.second)] == [
        "400,00",
        "482,00",
    ]
    assert not time.is_first_of_person
    shown = {row.line for row in difference_rows(rows, subjects, is_discreet=False)}
    assert len(shown) == 5
    assert [one.code for one in run_differences(run)] == sorted([*codes, "time"])


def test_private_payer_reads_a_dash_where_one_side_has_no_absence(run: PayrollRun) -> None:
    rows = [
        a_difference(run, code="leave", first=None),
        a_difference(run, code="sick", first=None),
    ]
    (absence,) = difference_rows(rows, subjects_of(run, rows), is_discreet=True)
    assert (absence.first, absence.second) == ("\N{EM DASH}", "241,00")


def test_page_of_a_private_payer_names_no_kind_of_absence(
    run: PayrollRun, pay: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("leave", "sick"):
        a_difference(run, code=code)
    monkeypatch.setattr("inmates.views.differences.PRIVATE_KINDS", (run.payer.kind,))
    client.force_login(pay.accountant)
    # The table alone: the dialogue of signing out has words of its own.
    text = client.get(address(run)).content.decode().partition("<table")[2].partition("</table>")[0]
    assert "Оплачиваемое отсутствие" in text
    for word in ("sick", "leave", "отпуск", "ольничн"):
        assert word not in text, word


def test_rows_say_counts_sums_and_what_one_side_lacks(run: PayrollRun) -> None:
    rows = [
        a_difference(run, kind="total", code="days_worked", first=Decimal(20), second=Decimal(21)),
        a_difference(run, kind="total", code="has_basic_deduction", first=Decimal(0),
                     second=Decimal(1)),
        a_difference(run, kind="person", code="rate_missing", second=None),
        a_difference(run, code="bonus", subject="extra:0", first=None, rate=Decimal("600.0000")),
    ]  # fmt: skip
    shown = difference_rows(rows, Subjects(words={"extra:0": "приказ № 5"}), is_discreet=False)
    assert (shown[0].first, shown[0].second, shown[0].apart) == ("20", "21", "+1")
    assert (shown[1].first, shown[1].second, shown[1].apart) == ("нет", "да", "")
    assert (shown[2].second, shown[2].apart) == ("—", "")
    assert shown[3].first == "—"
    assert shown[3].about == "приказ № 5, расценка 600,00"
    assert [row.is_first_of_person for row in shown] == [True, False, False, False]


def test_check_makes_the_list_anew_and_counts_it(run: PayrollRun) -> None:
    a_difference(run)
    assert check_payroll_run(run_id=run.pk, at=NOW) == 0
    run.refresh_from_db()
    assert (run.checked_at, run.difference_count, run.differences.count()) == (NOW, 0, 0)


def test_check_costs_the_same_statements_for_one_person_and_for_four(pay: Cast) -> None:
    counts = []
    for number in range(4):
        a_worker(pay, f"2{number:03d}")
        if number not in (0, 3):
            continue
        run = calculated(pay)
        with CaptureQueriesContext(connection) as queries:
            check_payroll_run(run_id=run.pk, at=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]
