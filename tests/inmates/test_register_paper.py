"""The paper of a register: several people to a row of the grid, and every line level."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from inmates.presenters.register_files import register_document
from inmates.presenters.register_paper import (
    EMPTY,
    LONG,
    TOGETHER,
    breakable,
    fits,
    paper_rows,
)
from inmates.presenters.register_sheets import RegisterSheet, Section, _columns, apart_columns
from portal.documents.render import render_pdf
from portal.kernel import clock

ENDLESS = "ЖармұхаммедсейітовкелдіұлышымшықоваЩЩЩЩЩЩ"
NAMES = ["Сейдахметов", "Жұмағалиқызы-Шыңғысхан", "Ким", ENDLESS, "Щегольщиков"]
BLANKS = re.compile("[\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}]")


# --- which rows stand together ---
def plain(count: int) -> list[list[str]]:
    return [[str(place), "Ким"] for place in range(count)]


def test_so_many_stand_in_one_row_of_the_grid() -> None:
    rows = paper_rows(plain(TOGETHER + 2), [10, 10])
    assert rows == [
        ["\n".join(map(str, range(TOGETHER))), "\n".join(["Ким"] * TOGETHER)],
        [f"{TOGETHER}\n{TOGETHER + 1}", "Ким\nКим"],
    ]
    assert paper_rows([], [1]) == []


def test_a_long_list_has_half_the_rows() -> None:
    assert len(paper_rows(plain(LONG), [1, 1])) == LONG // TOGETHER
    assert len(paper_rows(plain(LONG + 10), [1, 1])) == (LONG + 10) // (2 * TOGETHER)


def test_what_might_wrap_stands_alone_and_in_its_order() -> None:
    rows = paper_rows([["1", "Ким"], ["2", ENDLESS], ["3", "Ли"], ["4", "Ким"]], [5, 10])
    assert [row[0] for row in rows] in (["1", "2", "3\n4"], ["1\n2\n3\n4"])
    narrow = paper_rows([["1", "Ким"], ["2", ENDLESS], ["3", "Ли"], ["4", "Ким"]], [90, 10])
    assert [row[0] for row in narrow] == ["1", "2", "3\n4"]
    assert BLANKS.sub("", narrow[1][1]) == ENDLESS


def test_an_empty_cell_keeps_its_line() -> None:
    assert paper_rows([["1", "a"], ["2", ""], ["3", "b"]], [1, 1])[0][1] == f"a\n{EMPTY}\nb"


def test_a_line_break_in_a_value_is_no_line_of_a_person() -> None:
    assert not fits("Ким\nЛи", 700)
    assert len(paper_rows([["1", "Ким\nЛи"], ["2", "Ли"]], [1, 1])) == 2


@pytest.mark.parametrize(
    ("text", "space", "does"),
    [("", 1, True), ("Ким", 30, True), ("Щ" * 10, 93, False), ("Щ" * 10, 94, True),
     ("і" * 10, 54, False), ("900101300000", 66, True), ("漢" * 10, 92, False),
     ("9 999 999,99", 62, True)],
)  # fmt: skip
def test_what_surely_fits(text: str, space: float, does: bool) -> None:
    assert fits(text, space) is does


def test_only_words_too_long_may_be_broken() -> None:
    assert breakable("Ким Ли") == "Ким Ли"
    assert breakable("А" * 17).count("\N{ZERO WIDTH SPACE}") == 2


# --- on paper ---
def a_sheet(count: int, *, is_by_writ: bool, wide: str = "") -> RegisterSheet:
    writ = ["1234/26-75-00-02"] if is_by_writ else []
    rows: list[Any] = [
        [place + 1, f"{1000 + place}", f"{900101300000 + place}", wide or NAMES[place % 5],
         wide or ("Мұхаммедәли", "Ян")[place % 2], wide or ("", "Нұрмұхаммедқызы")[place % 2],
         date(1990, 5, 17), *writ, "10.2026", Decimal(place) + Decimal("100000.01")]
        for place in range(count)
    ]  # fmt: skip
    total = sum((row[-1] for row in rows), Decimal(0))
    why = "нет ИИН: 9 600,00 ₸ ждёт следующего реестра; " * 3
    held = [["1650", ENDLESS, "10.2026", Decimal(5), Decimal(0), why]] * 3
    return RegisterSheet(
        "Реестр", [("Плательщик", "РГП")], _columns(is_by_writ=is_by_writ),
        [Section("Фонд", rows, total)], [Section("Без ИИН", held, Decimal(15), "3 человека")],
        total, [("Строк", str(count))],
    )  # fmt: skip


def printed(sheet: RegisterSheet) -> PdfReader:
    data = register_document(sheet)
    return PdfReader(BytesIO(render_pdf("payment_register.typ", data, created_at=clock.now())))


def heights(page: Any) -> dict[str, list[float]]:
    """Of every piece of text, how high it stands on its page."""
    found: dict[str, list[float]] = {}

    def take(text: str, cm: Any, tm: Any, *_more: Any) -> None:
        bare = BLANKS.sub("", text).strip()
        if bare:
            found.setdefault(bare, []).append(round(cm[5] + tm[5] * cm[3], 1))

    page.extract_text(visitor_text=take)
    return found


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("is_by_writ", [False, True])
def test_every_line_is_level_on_every_page(language: str, is_by_writ: bool) -> None:
    with translation.override(language):
        pages = printed(a_sheet(100, is_by_writ=is_by_writ)).pages
    met = []
    for page in pages:
        found = heights(page)
        for place in range(100):
            iin = f"{900101300000 + place}"
            if iin in found:
                met.append(place)
                assert found[iin] == found[f"{1000 + place}"] == found[f"100{place:03d},01"], place
                assert found[iin][0] in found["10.2026"], place
                assert found[iin][0] in found["17.05.1990"], place
    assert met == list(range(100))


@pytest.mark.parametrize("letter", ["Щ", "Ж", "м", "ы", "Қ", "W", "m", "ө"])
def test_the_longest_name_that_fits_is_not_wrapped(letter: str) -> None:
    columns = _columns(is_by_writ=True)
    room = 734.0 * columns[4].width / sum(column.width for column in columns) - 7.0
    longest = max(count for count in range(1, 60) if fits(letter * count, room))
    found: dict[str, list[float]] = {}
    for page in printed(a_sheet(5, is_by_writ=True, wide=letter * longest)).pages[:1]:
        found = heights(page)
    steps = [found[f"{900101300000 + place}"][0] for place in range(5)]
    apart = {round(one - other, 0) for one, other in pairwise(steps)}
    assert len(apart) == 1


def test_nothing_of_an_endless_name_is_lost() -> None:
    text = BLANKS.sub("", "".join(page.extract_text() for page in printed(
        a_sheet(10, is_by_writ=False)).pages))  # fmt: skip
    assert re.sub(r"\s", "", text).count(ENDLESS[:8]) == 2 + 3


def test_the_columns_hold_what_everybody_has() -> None:
    """Numbers, IINs, days and sums never wrap, so people of ordinary names stand together."""
    for is_by_writ in (False, True):
        columns = _columns(is_by_writ=is_by_writ)
        writ = ["1234/26-75-00-02"] if is_by_writ else []
        row = ["20\N{NO-BREAK SPACE}000", "2026-00", "900101300000", "Сейдахметов", "Гүлшат",
               "Нұрмұхаммедқызы", "17.05.1990", *writ, "10.2026",
               "999\N{NO-BREAK SPACE}999,99"]  # fmt: skip
        assert len(paper_rows([row] * TOGETHER, [one.width for one in columns])) == 1
    apart = ["1650", "Сейдахметов Мұхаммедәли", "10.2026", "9 600,00", "0,00", "ждёт"]
    assert len(paper_rows([apart] * TOGETHER, [one.width for one in apart_columns()])) == 1
