"""The pages of the import: a file chosen, its mistakes shown in their cells, a decision."""

import ast
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from inmates.models import Inmate, PeopleImport, QueueOverride
from inmates.people_heads import ABILITIES, HEADS, PAY_FORMS, folded
from inmates.presenters.import_words import SENTENCES
from inmates.presenters.imports import template_book
from inmates.services.parameters import load_pay_parameters
from tests.inmates.test_imports import PERSON, a_sheet, received, whole
from tests.people import Cast, a_cast, an_inmate

pytestmark = pytest.mark.django_db
URL = "/people/import/"


@pytest.fixture
def cast() -> Cast:
    load_pay_parameters()
    return a_cast()


@pytest.fixture
def officer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.labour_officer)
    return client


def sent(client: Client, cast: Cast, content: bytes, name: str = "люди.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(URL, {"institution": cast.institution.pk, "file": file}, follow=True)


def test_a_good_file_is_shown_and_then_written(officer: Client, cast: Cast) -> None:
    page = sent(officer, cast, a_sheet(whole(cast)))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Новых людей: 1. Назначений: 1." in text
    assert "№" not in text or "Тестов" not in text
    row = PeopleImport.objects.get()
    done = officer.post(f"{URL}{row.pk}/apply/", follow=True).content.decode()
    assert "Записано" in done
    assert Inmate.objects.filter(personnel_number="1701").exists()
    assert "Тестов" not in done


def test_mistakes_stand_by_row_and_column_with_what_to_do(officer: Client, cast: Cast) -> None:
    page = sent(officer, cast, a_sheet(whole(cast, born_on="31.02.1990", hours="много")))
    text = page.content.decode()
    assert "2 ячейки исправить" in text
    for told in ("Дата рождения", "31.02.1990", "Такого дня нет", "Часов в день", "много"):
        assert told in text
    assert "/apply/" not in text


def test_all_of_a_row_is_told_at_once_and_a_long_cell_is_shortened(
    officer: Client, cast: Cast
) -> None:
    word = "ы" * 3000
    cells = {"arrived_on": "01.12.2031", "ability": "иногда", "pay_form": word, "post": "Маляр"}
    page = sent(officer, cast, a_sheet(whole(cast, **cells)))
    rows = page.context["problems"]
    assert {one.typed for one in rows} == {"01.12.2031", "иногда", f"{'ы' * 80}…", "Маляр"}
    assert 'class="typed"' in page.content.decode()


def test_a_file_with_mistakes_is_not_written_by_a_crafted_request(
    officer: Client, cast: Cast
) -> None:
    sent(officer, cast, a_sheet(whole(cast, born_on="31.02.1990")))
    row = PeopleImport.objects.get()
    text = officer.post(f"{URL}{row.pk}/apply/", follow=True).content.decode()
    assert "Ничего не записано" in text
    assert not Inmate.objects.filter(personnel_number="1701").exists()


def test_whoever_waits_is_passed_by_with_a_reason_typed_on_the_page(
    officer: Client, cast: Cast
) -> None:
    an_inmate(cast, "1")
    row = received(cast, whole(cast))
    url = f"{URL}{row.pk}/"
    assert "Почему место не по очереди" in officer.get(url).content.decode()
    refused = officer.post(f"{url}apply/", {"reason": "так"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Ничего не записано" in text
    assert ">\nтак</textarea>" in text
    officer.post(f"{url}apply/", {"reason": "Первое заполнение"})
    assert QueueOverride.objects.get().reason == "Первое заполнение"


def test_history_asks_for_no_reason(officer: Client, cast: Cast) -> None:
    row = received(cast, whole(cast, placed_until="20.11.2026"))
    assert "не по очереди" not in officer.get(f"{URL}{row.pk}/").content.decode()


def test_another_officer_reads_no_name_of_the_file(officer: Client, cast: Cast) -> None:
    """Whoever sent it has the names; everybody else would look at them without a trace."""
    row = received(cast, whole(cast, full_name="Тeстов Ерлан", iin="900101300813", hours="много"))
    own = officer.get(f"{URL}{row.pk}/").content.decode()
    assert "Тeстов Ерлан" in own
    assert "900101300813" in own
    PeopleImport.objects.update(uploaded_by=cast.head)
    other = officer.get(f"{URL}{row.pk}/").content.decode()
    assert "Тeстов" not in other
    assert "900101300813" not in other
    assert "много" in other


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 broken", "не таблица"),
        (b"", "нет ячеек"),
        ("Номер;ФИО\n1;2\n".encode(), "нет столбца с таким заголовком"),
    ],
    ids=["broken", "empty", "heads"],
)
def test_what_is_no_such_table_is_told_in_words(
    officer: Client, cast: Cast, content: bytes, told: str
) -> None:
    assert told in sent(officer, cast, content).content.decode().replace("Нет", "нет")


def test_without_a_file_the_form_says_so(officer: Client, cast: Cast) -> None:
    page = officer.post(URL, {"institution": cast.institution.pk})
    assert page.status_code == 422
    assert "Сначала выберите файл" in page.content.decode()


def test_a_file_is_dropped(officer: Client, cast: Cast) -> None:
    row = received(cast, whole(cast))
    page = officer.post(f"{URL}{row.pk}/drop/", follow=True)
    assert "Файл отброшен" in page.content.decode()
    text = officer.get(f"{URL}{row.pk}/").content.decode()
    assert "1701" not in text
    again = officer.post(f"{URL}{row.pk}/drop/", follow=True).content.decode()
    assert "решение уже принято" in again


def test_the_preview_is_not_kept_on_a_shared_computer(officer: Client, cast: Cast) -> None:
    row = received(cast, whole(cast))
    assert officer.get(f"{URL}{row.pk}/")["Cache-Control"] == "no-store"


def test_another_institution_sees_nothing(client: Client, cast: Cast) -> None:
    row = received(cast, whole(cast))
    client.force_login(cast.master)
    assert client.get(f"{URL}{row.pk}/").status_code == 403
    client.force_login(cast.stranger)
    assert client.get(f"{URL}{row.pk}/").status_code == 403
    client.force_login(cast.labour_officer)
    for method, path in (("get", ""), ("post", "apply/"), ("post", "drop/")):
        assert getattr(client, method)(f"{URL}{row.pk + 1}/{path}").status_code == 404
    assert client.get(f"{URL}{row.pk}/apply/").status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_whatever_its_length(
    officer: Client, cast: Cast, rows: int, django_assert_num_queries: Any
) -> None:
    for _number in range(rows):
        received(cast, PERSON)
    officer.get(URL)
    with django_assert_num_queries(6):
        officer.get(URL)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_template_has_heads_the_reader_knows_and_comes_back_readable(
    officer: Client, cast: Cast, language: str
) -> None:
    with translation.override(language):
        book = CalamineWorkbook.from_filelike(io.BytesIO(template_book([cast.joiners])))
    place = ("ru", "kk", "en").index(language)
    first = book.get_sheet_by_index(0).to_python()
    assert first == [[heads[place] for heads in HEADS.values()]]
    told = {str(cell) for row in book.get_sheet_by_index(1).to_python()[1:] for cell in row if cell}
    assert told == {cast.workshop.code, cast.joiners.name, *ABILITIES, *PAY_FORMS}


def test_the_template_is_sent_as_a_file(officer: Client, cast: Cast) -> None:
    response = officer.get(f"{URL}template/")
    assert response["Content-Disposition"] == 'attachment; filename="people.xlsx"'
    assert response.content.startswith(b"PK")


def test_every_problem_has_a_sentence_and_no_sentence_is_without_a_problem() -> None:
    sources = [
        Path(f"inmates/{name}.py").read_text(encoding="utf-8")
        for name in ("people_sheet", "people_plan")
    ]
    calls = [
        node for source in sources for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    ]  # fmt: skip
    places = {"Problem": 2, "wrong": 1}
    told = set()
    for call in calls:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        code = call.args[places[name]] if len(call.args) > places.get(name, 99) else None
        if isinstance(code, ast.Constant):
            told.add(code.value)
    # These two stand in a table of their own.
    assert told | {"number_twice", "iin_twice"} == set(SENTENCES)


def test_words_of_the_cells_are_folded() -> None:
    for words in (ABILITIES, PAY_FORMS):
        assert all(folded(word) == word for word in words)
