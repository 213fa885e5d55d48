"""The words of the workbook: a head says what stands under it, in the language of the order."""

import io
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import translation
from python_calamine import CalamineWorkbook

from portal.reports.employment.period import period_of
from portal.reports.employment.workbook import employment_workbook
from tests.people import NOW, TODAY, Cast
from tests.reports.counted import employment_report, reasons_without_work
from tests.reports.worlds import a_worker

HEADS = {
    "ru": ["Код", "Название", "Формула", "Знаменатель", "Автор", "Действует с"],
    "kk": ["Код", "Атауы", "Формула", "Бөлім", "Авторы", "Күшіне енетін күні"],
    "en": ["Code", "Name", "Formula", "Denominator", "Author", "In force from"],
}


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def a_book(
    cast: Cast, language: str, department: str = "ДУИС", *, month: str = ""
) -> CalamineWorkbook:
    period = period_of(day="" if month else "20.11.2026", month=month, today=TODAY)
    with translation.override(language):
        report = employment_report([cast.institution], period, TODAY)
        reasons = reasons_without_work([cast.institution], period)
        content = employment_workbook(report, reasons, department, NOW)
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def rows_of(book: CalamineWorkbook, sheet: int) -> list[list[object]]:
    return book.get_sheet_by_index(sheet).to_python()


@pytest.mark.parametrize("language", HEADS)
def test_heads_of_the_definitions_name_an_indicator_and_no_person(
    cast: Cast, language: str
) -> None:
    assert rows_of(a_book(cast, language), 3)[0] == HEADS[language]


def test_each_language_has_sheets_of_its_own_names(cast: Cast) -> None:
    names = {language: a_book(cast, language).sheet_names for language in HEADS}
    assert names["ru"] == ["Сводка", "12 месяцев", "Причины", "Определения"]
    assert names["kk"] == ["Жиынтық", "12 ай", "Себептер", "Анықтамалар"]
    assert all(len(name) <= 31 for one in names.values() for name in one)


def test_every_number_of_the_summary_has_a_head(cast: Cast) -> None:
    a_worker(cast, cast.institution)
    rows = rows_of(a_book(cast, "ru"), 0)
    head = next(number for number, row in enumerate(rows) if row[0] == "Учреждение")
    line = rows[head + 1]
    assert line[0] == "Учреждение № 16 (тест)"
    assert all(rows[head][column] for column, value in enumerate(line) if value != "")
    assert len(set(rows[head])) == len(rows[head])


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_name_of_a_department_is_never_a_formula(cast: Cast, start: str) -> None:
    name = f'{start}HYPERLINK("https://elsewhere.example","x")'
    book = a_book(cast, "ru", name)
    assert rows_of(book, 0)[1][0] == f"'{name}"


def test_name_of_an_institution_is_never_a_formula(cast: Cast) -> None:
    a_worker(cast, cast.institution)
    organisation = cast.institution.organisation
    organisation.name_ru = "=1+1"
    organisation.save()
    cast.institution.refresh_from_db()
    cells = [cell for row in rows_of(a_book(cast, "ru"), 0) for cell in row]
    assert "'=1+1" in cells
    assert "=1+1" not in cells
