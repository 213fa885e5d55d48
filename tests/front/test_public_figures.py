"""The figures of the landing page: each with its words, its day and its definition."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.front.selectors import employed, idle_space, landing_figures, workshops_at_work
from portal.kernel.money import NBSP
from tests.people import LONG_AGO, NOW, TODAY, Cast
from tests.reports.counted import facts_now
from tests.reports.worlds import a_person, a_worker, an_institution
from workshops.models import ProductionSpace, Workshop, WorkshopOperator


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def people(cast: Cast, with_work: int, without: int) -> None:
    for _number in range(with_work):
        a_worker(cast, cast.institution)
    for _number in range(without):
        a_person(cast.institution)
    facts_now()


def run_workshops(cast: Cast, count: int) -> None:
    """As many workshops with an operator, the cast's own included."""
    for number in range(count - 1):
        workshop = Workshop.objects.create(
            institution=cast.institution, code=f"shop-{number}", name_ru="Цех"
        )
        WorkshopOperator.objects.create(
            workshop=workshop, operator=cast.enterprise, effective_from=LONG_AGO, basis="приказ"
        )


@pytest.mark.parametrize(
    ("language", "formula"),
    [("ru", "Те, у кого в этот день"), ("kk", "Сол күні ақылы"), ("en", "People with a paid")],
)
def test_figure_of_the_employed_opens_its_definition(
    client: Client, cast: Cast, language: str, formula: str
) -> None:
    people(cast, 6, 5)
    client.cookies["django_language"] = language
    html = client.get("/").content.decode()
    opened = html.partition("<summary>EMP-employed/1</summary>")[2].partition("</details>")[0]
    assert opened.startswith(formula)


def test_figure_of_the_employed_says_its_day_and_both_numbers(cast: Cast) -> None:
    people(cast, 6, 5)
    with translation.override("ru"):
        figure = employed(TODAY)
    assert figure is not None
    assert figure.value == "6 из 11"
    assert figure.label.endswith("21.11.2026")


@pytest.mark.parametrize(("with_work", "without"), [(4, 30), (30, 4), (1, 1), (0, 0)])
def test_few_people_leave_no_trace_on_the_page(
    client: Client, cast: Cast, with_work: int, without: int
) -> None:
    people(cast, with_work, without)
    assert employed(TODAY) is None
    html = client.get("/").content.decode()
    assert "EMP-" not in html
    assert "трудоспособных" not in html


def test_those_who_are_not_able_bodied_make_no_cell_larger(cast: Cast) -> None:
    people(cast, 6, 4)
    for _number in range(10):
        a_person(cast.institution, ability="unable", subject=False)
    facts_now()
    assert employed(TODAY) is None


def test_all_institutions_are_one_figure(cast: Cast) -> None:
    people(cast, 3, 3)
    other = an_institution(cast, "30")
    for _number in range(3):
        a_worker(cast, other)
        a_person(other)
    facts_now()
    figure = employed(TODAY)
    assert figure is not None
    assert figure.value.startswith("6")


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "мастерская делает"), (2, "мастерские делают"), (5, "мастерских делают")],
)
def test_workshops_are_counted_as_people_say_it(cast: Cast, count: int, words: str) -> None:
    run_workshops(cast, count)
    with translation.override("ru"):
        figure = workshops_at_work(TODAY)
    assert figure is not None
    assert figure.value == str(count)
    assert figure.label.startswith(words)


def test_workshop_without_an_operator_on_the_day_is_not_counted(cast: Cast) -> None:
    WorkshopOperator.objects.update(effective_to=TODAY)
    assert workshops_at_work(TODAY) is None
    assert workshops_at_work(TODAY - timedelta(days=1)) is not None


def test_idle_space_is_the_sum_of_what_stands_empty(cast: Cast) -> None:
    for number, (area, is_idle) in enumerate(
        [("1200.5", True), ("300.0", True), ("9999.0", False)]
    ):
        ProductionSpace.objects.create(
            institution=cast.institution,
            name_ru="Цех",
            area_m2=Decimal(area),
            condition="good",
            is_idle=is_idle,
            code=f"space-{number}" if is_idle else None,
            confirmed_on=TODAY if is_idle else None,
        )
    with translation.override("ru"):
        figure = idle_space(TODAY)
    assert figure is not None
    assert figure.value.replace(NBSP, "").startswith("1500")
    assert (figure.code, figure.formula) == ("", "")


def test_landing_page_asks_no_more_for_more_people(client: Client, cast: Cast) -> None:
    people(cast, 5, 5)
    assert len(landing_figures(TODAY)) == 2
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    people(cast, 9, 9)
    with CaptureQueriesContext(connection) as more:
        client.get("/")
    assert len(more) == len(few)
