"""The first page against the database by other means: figures, ways in, the wage by the law."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from inmates.models import PayParameter, PayrollRun, Payslip
from portal.front.landing import WAYS, pay_example, ways_in
from portal.front.selectors import landing_figures, wages_calculated
from portal.kernel.money import NBSP
from tests.inmates.months import a_worker, calculated, started
from tests.people import NOW, TODAY, Cast


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def paid(pay: Cast) -> Cast:
    """October calculated for five people."""
    for number in range(1, 6):
        a_worker(pay, str(number), days=10 + number)
    calculated(pay)
    return pay


def one_number(sql: str, *values: object) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def html(client: Client, language: str = "ru") -> str:
    client.cookies["django_language"] = language
    return client.get("/").content.decode()


# --- What was earned ---


def test_wages_are_the_sum_that_sql_adds_up(paid: Cast):
    total = one_number(
        "SELECT sum(p.gross) FROM inmates_payslip p JOIN inmates_payrollrun r ON r.id = p.run_id "
        "WHERE r.month = %s AND r.status = 'calculated'",
        date(2026, 10, 1),
    )
    with translation.override("ru"):
        figure = wages_calculated(TODAY)
    assert figure is not None
    assert int(re.sub(r"\D", "", figure.value)) == total.quantize(Decimal(1))
    assert figure.value.endswith(f"{NBSP}₸")
    assert figure.label == f"заработали 5{NBSP}человек · октябрь 2026".replace(NBSP, " ")
    assert "до удержаний" in figure.formula


def test_wages_of_fewer_than_five_are_not_told(pay: Cast):
    for number in range(1, 5):
        a_worker(pay, str(number))
    calculated(pay)
    assert wages_calculated(TODAY) is None


def test_wage_above_half_of_the_sum_is_not_told_with_it(paid: Cast):
    slip = Payslip.objects.order_by("gross").last()
    assert slip is not None
    rest = Decimal(one_number("SELECT sum(gross) FROM inmates_payslip")) - slip.gross
    more = rest + 1 - slip.gross
    Payslip.objects.filter(pk=slip.pk).update(
        gross=slip.gross + more, net=slip.net + more, to_account=slip.to_account + more
    )
    assert wages_calculated(TODAY) is None


def test_month_with_an_unfinished_run_is_not_told(paid: Cast):
    started(paid)
    assert wages_calculated(TODAY) is None


def test_present_month_is_not_told(paid: Cast):
    PayrollRun.objects.update(month=date(2026, 11, 1))
    assert wages_calculated(TODAY) is None
    assert wages_calculated(date(2026, 12, 1)) is not None


def test_figures_are_as_sql_counts_them(paid: Cast):
    figures = {figure.url: figure.value for figure in landing_figures(TODAY)}
    running = one_number(
        "SELECT count(*) FROM workshops_workshopoperator "
        "WHERE effective_from <= %s AND (effective_to IS NULL OR effective_to > %s)", TODAY, TODAY,
    )  # fmt: skip
    assert figures["/contacts/"] == str(running)


def test_every_figure_has_its_day_or_month(paid: Cast):
    with translation.override("ru"):
        for figure in landing_figures(TODAY):
            assert re.search(r"\d\d\.\d\d\.2026|октябрь 2026", figure.label), figure.label


# --- Ways in ---


def test_each_audience_has_its_way_and_a_page_behind_it(client: Client, cast: Cast):
    assert len(ways_in()) == len(WAYS) == 4
    page = html(client)
    for way in ways_in():
        assert way.url in page
        assert client.get(way.url).status_code in (200, 302)


def test_way_without_a_page_is_left_out(monkeypatch):
    monkeypatch.setattr("portal.front.landing.address", lambda name: "")
    assert ways_in() == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["Что вас привело?", "Площадь для вашего производства", "Как людям платят"]),
        ("kk", ["Сізді не алып келді?", "Өндірісіңізге арналған алаң", "Адамдарға қалай төленеді"]),
        ("en", ["What brings you here?", "Space for your production", "How people are paid"]),
    ],
)
def test_page_speaks_each_language(client: Client, pay: Cast, language: str, words: list[str]):
    page = html(client, language)
    assert [one for one in words if one not in page] == []


# --- The wage by the law ---


def test_example_is_the_published_one(pay: Cast):
    """law.md §4: 85 000 in 2026, outside minimum security: 8 500, 0, 0, and 76 500 is left."""
    with translation.override("ru"):
        example = pay_example(TODAY)
    assert example is not None
    plain = [line.amount.replace(NBSP, " ") for line in example.lines]
    assert plain == ["85 000,00", "−8 500,00", "0,00", "0,00"]
    assert example.to_account.replace(NBSP, " ") == "76 500,00 ₸"
    # 4 250 + 2 550 + 2 975 + 4 590
    assert "14 365,00 ₸" in example.employer.replace(NBSP, " ")
    assert example.title.endswith("ноябрь 2026")


def test_example_of_another_year_goes_by_its_own_law(pay: Cast):
    example = pay_example(date(2025, 10, 15))
    assert example is not None
    assert example.to_account.replace(NBSP, " ") == "76 285,00 ₸"


def test_without_the_law_there_is_no_example(client: Client, cast: Cast):
    assert pay_example(TODAY) is None
    assert "paid-slip" not in html(client)


def test_parameter_that_is_missing_hides_the_example(pay: Cast):
    PayParameter.objects.filter(code="mzp").delete()
    assert pay_example(TODAY) is None


# --- The whole page ---


def test_page_asks_no_more_for_more_people(client: Client, paid: Cast):
    html(client)
    with CaptureQueriesContext(connection) as few:
        html(client)
    for number in range(10, 13):
        a_worker(paid, str(number))
    with CaptureQueriesContext(connection) as more:
        html(client)
    assert len(few) == len(more)


def test_no_person_is_on_the_page(client: Client, paid: Cast):
    page = html(client)
    for number in range(1, 6):
        assert f"№ {number}<" not in page
    assert paid.accountant.full_name not in page
