"""Figures for form 200.00: lines by month with counts of people, by month of pay and of payment."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import PayrollRun, Payslip
from inmates.papers.clocks import months_of
from inmates.selectors.form_200 import LINES, PAID_OUT, figures_of_month
from inmates.selectors.wage_totals import final_slips, whole
from portal.accounts.enums import Role
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Month
from tests.inmates.wage_papers.quarters import (
    AUGUST,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    a_quarter,
    a_run,
    a_slip,
    cells_of,
    closed,
    money,
    read_as,
)
from tests.people import TODAY, Cast, a_user

PAGE = reverse("inmates:form_200")
BOOK = reverse("inmates:form_200_xlsx")
THIRD = {"year": "2026", "quarter": "3"}


@pytest.fixture
def quarter(cast: Cast) -> list[PayrollRun]:
    return a_quarter(cast)


def figures(cast: Cast, month: Month) -> dict[str, tuple[str, int]]:
    found = figures_of_month(cast.accountant, TODAY, cast.enterprise.pk, month)
    return {line: (str(one.amount), one.people) for line, one in found.items()}


def test_a_month_has_its_sums_and_people(cast: Cast, quarter: list[PayrollRun]) -> None:
    found = figures(cast, AUGUST)
    assert found["gross"] == ("96000.00", 2)
    assert found["opv"] == ("9600.00", 2)
    assert found["so"] == ("4800.00", 2)
    assert found["vosms"] == ("0.00", 0)
    assert found["ipn"] == ("0.00", 0)


def test_what_is_paid_goes_by_the_day_of_payment(cast: Cast, quarter: list[PayrollRun]) -> None:
    """August is paid on 1 September: the payment stands in September."""
    assert figures(cast, AUGUST)[PAID_OUT] == ("0.00", 0)
    assert figures(cast, SEPTEMBER)[PAID_OUT] == ("86400.00", 2)
    assert figures(cast, OCTOBER)[PAID_OUT] == ("86400.00", 2)
    assert figures(cast, NOVEMBER)[PAID_OUT] == ("0.00", 0)


def test_the_lines_of_a_quarter_are_its_totals(cast: Cast, quarter: list[PayrollRun]) -> None:
    months = months_of(2026, 3)
    totals = whole(final_slips(cast.accountant, TODAY, cast.enterprise.pk, months))
    found = [
        figures_of_month(cast.accountant, TODAY, cast.enterprise.pk, month) for month in months
    ]
    for line in LINES:
        if line != "taxable":
            assert sum(one[line].amount for one in found) == getattr(totals, line), line


def test_several_slips_of_a_person_are_one_person(cast: Cast, quarter: list[PayrollRun]) -> None:
    august, _september, october = quarter
    first = august.payslips.get(inmate__personnel_number="1648")
    run = a_run(cast, AUGUST, kind="correction", settled_with=october)
    a_slip(run, first.inmate, "1000.00", 0, is_difference=True, corrects=first)
    closed(cast, run)
    assert figures(cast, AUGUST)["gross"] == ("97000.00", 2)


def test_whose_month_comes_to_nothing_is_not_counted(cast: Cast, quarter: list[PayrollRun]) -> None:
    """A reversal mirrors the slip: the person has no income in the month."""
    august = quarter[0]
    first = august.payslips.get(inmate__personnel_number="1649")
    run = a_run(cast, AUGUST, kind="reversal", reverses=august, reason="ошибка")
    a_slip(
        run, first.inmate, "-24000.00", -5, is_difference=True, corrects=first,
        settlement=money("21600.00"),
    )  # fmt: skip
    closed(cast, run)
    assert figures(cast, AUGUST)["gross"] == ("72000.00", 1)
    assert figures(cast, AUGUST)["opv"] == ("7200.00", 1)


def test_a_run_that_is_not_approved_is_no_figure(cast: Cast, quarter: list[PayrollRun]) -> None:
    slip = Payslip.objects.filter(run=quarter[0])[0]
    a_slip(a_run(cast, Month(2026, 7)), slip.inmate, "5000.00")
    assert figures(cast, Month(2026, 7))["gross"] == ("0.00", 0)


def test_a_month_is_two_queries(cast: Cast, quarter: list[PayrollRun]) -> None:
    figures(cast, AUGUST)
    with CaptureQueriesContext(connection) as queries:
        figures(cast, AUGUST)
    assert len(queries) == 2


# --- The page and the workbook ---
@pytest.fixture
def reader(client: Client, cast: Cast, quarter: list[PayrollRun]) -> Client:
    return read_as(client, cast.accountant)


def test_the_page_shows_lines_by_months(reader: Client) -> None:
    page = reader.get(PAGE, THIRD).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for expected in ("III квартал 2026", "96 000,00", "192 000,00", "людей: 2", "август 2026"):
        assert expected in page, expected
    assert "Это цифры, а не форма" in page
    assert "1648" not in page


def test_without_a_quarter_the_last_one_is_shown(reader: Client) -> None:
    page = reader.get(PAGE).content.decode()
    assert date(2026, 11, 1) <= TODAY
    assert "III квартал 2026" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_workbook_has_sums_and_people_as_numbers(reader: Client, cast: Cast) -> None:
    response = reader.get(BOOK, THIRD)
    assert 'filename="form-200-2026-q3.xlsx"' in response["Content-Disposition"]
    rows = cells_of(response.content)
    income = next(row for row in rows if row[0] == "Начисленный доход")
    assert income[1:] == [0.0, 0.0, 96000.0, 2.0, 96000.0, 2.0, 192000.0]
    assert any("цифры, а не форма" in str(row[0]) for row in rows)
    taken = AuditEvent.objects.get(action="form_200_taken")
    assert (taken.actor, taken.details["quarter"]) == (cast.accountant, 3)


def test_the_workbook_speaks_the_readers_language(client: Client, cast: Cast) -> None:
    a_quarter(cast)
    read_as(client, cast.accountant, "kk")
    rows = cells_of(client.get(BOOK, THIRD).content)
    assert any(row[0] == "Есептелген табыс" for row in rows)


def test_a_private_payer_has_figures_of_its_own(
    client: Client, cast: Cast, quarter: list[PayrollRun]
) -> None:
    read_as(client, a_user("own@example.kz", cast.entrepreneur, Role.ACCOUNTANT))
    page = client.get(PAGE, THIRD).content.decode()
    assert cast.enterprise.name not in page
    assert "96" not in page.partition("<main")[2].partition("</main>")[0].replace("2026", "")
