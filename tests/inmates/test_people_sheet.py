"""A spreadsheet of people as values: every kind of mistake is named by row and column."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates import people_heads, people_sheet
from inmates.people_heads import HEADS
from inmates.people_sheet import Cell, Job, Person, Problem, Sheet, foreign_letter

RU = [heads[0] for heads in HEADS.values()]
FULL: dict[str, Cell] = {
    "number": "1601",
    "full_name": "Тестов Ерлан Қайратұлы",
    "iin": "900101300811",
    "born_on": date(1990, 1, 1),
    "arrived_on": "10.11.2026",
    "ability": "да",
    "workshop": "wood-16",
    "post": "Столяр",
    "employer": None,
    "pay_form": "Сдельная",
    "hours": "7,5",
    "basis": "Приказ 12",
    "placed_from": date(2026, 11, 12),
    "placed_until": "30.11.2026",
}
PERSON = ("full_name", "iin", "born_on", "arrived_on", "ability")
JOB = tuple(key for key in FULL if key not in (*PERSON, "number"))


def a_row(**cells: Cell) -> list[Cell]:
    return list((FULL | cells).values())


def without(*keys: str) -> dict[str, Cell]:
    return dict.fromkeys(keys)


def read(*rows: list[Cell], head: list[Cell] | None = None) -> Sheet:
    numbered = [(number, row) for number, row in enumerate([head or RU, *rows], start=1)]
    return people_sheet.read_sheet(
        numbered, check_iin=lambda iin: "" if iin.endswith(("11", "12")) else "wrong"
    )


def problems(*rows: list[Cell]) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in read(*rows).problems]


def test_a_whole_row_is_a_person_and_a_placement() -> None:
    sheet = read(a_row())
    assert sheet.problems == []
    assert sheet.people == [
        Person(
            row=2,
            number="1601",
            full_name="Тестов Ерлан Қайратұлы",
            iin="900101300811",
            born_on=date(1990, 1, 1),
            arrived_on=date(2026, 11, 10),
            ability="able",
        )
    ]
    assert sheet.jobs == [
        Job(
            row=2,
            number="1601",
            workshop="wood-16",
            post="Столяр",
            employer="",
            pay_form="piece",
            minutes=450,
            basis="Приказ 12",
            since=date(2026, 11, 12),
            until=date(2026, 12, 1),
        )
    ]


@pytest.mark.parametrize("language", [0, 1, 2], ids=["ru", "kk", "en"])
def test_heads_are_known_in_three_languages_and_any_order(language: int) -> None:
    head: list[Cell] = [f"  {heads[language].upper()} " for heads in HEADS.values()]
    assert read(a_row()[::-1], head=head[::-1]).people == read(a_row()).people


def test_no_two_columns_share_a_head() -> None:
    heads = [people_heads.folded(one) for heads in HEADS.values() for one in heads]
    for key, (ru, kk, en) in HEADS.items():
        for other, names in HEADS.items():
            if other != key:
                assert not {ru, kk, en} & set(names), (key, other)
    assert len(people_heads.HEAD_KEYS) == len(set(heads)) + 2


def test_a_row_with_a_number_and_a_post_is_a_placement_of_somebody_known() -> None:
    sheet = read(a_row(**without(*PERSON)))
    assert (sheet.people, len(sheet.jobs), sheet.problems) == ([], 1, [])


def test_a_row_with_a_name_alone_is_a_person() -> None:
    sheet = read(a_row(**without(*JOB)))
    assert (len(sheet.people), sheet.jobs, sheet.problems) == (1, [], [])


def test_what_is_not_said_of_ability_is_unknown() -> None:
    (person,) = read(a_row(ability=None)).people
    assert person.ability == "unknown"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"number": None}, ("number", "needed")),
        ({"number": "1234567890123"}, ("number", "too_long")),
        ({"number": "А-16"}, ("number", "number_unusable")),
        ({"full_name": None}, ("full_name", "needed")),
        ({"full_name": "Тeстов Ерлан"}, ("full_name", "mixed_alphabets")),
        ({"iin": "900101300813"}, ("iin", "iin_wrong")),
        ({"born_on": None}, ("born_on", "needed")),
        ({"born_on": "29.02.2023"}, ("born_on", "no_such_day")),
        ({"born_on": "1.1.90"}, ("born_on", "no_such_day")),
        ({"born_on": Decimal(44927)}, ("born_on", "no_such_day")),
        ({"born_on": date(1890, 1, 1)}, ("born_on", "too_long_ago")),
        ({"arrived_on": date(1989, 12, 31)}, ("arrived_on", "before_birth")),
        ({"ability": "иногда"}, ("ability", "word_unknown")),
        ({"workshop": None}, ("workshop", "needed")),
        ({"pay_form": "натурой"}, ("pay_form", "word_unknown")),
        ({"hours": "восемь"}, ("hours", "no_such_hours")),
        ({"hours": Decimal("-1")}, ("hours", "no_such_hours")),
        ({"hours": "NaN"}, ("hours", "no_such_hours")),
        ({"hours": Decimal("24.5")}, ("hours", "no_such_hours")),
        ({"hours": "1e999999"}, ("hours", "no_such_hours")),
        ({"hours": Decimal("9e300")}, ("hours", "no_such_hours")),
        ({"placed_until": "31.12.9999"}, ("placed_until", "day_too_far")),
        ({"placed_from": date(9999, 12, 31)}, ("placed_from", "day_too_far")),
        ({"placed_until": "11.11.2026"}, ("placed_until", "ends_before_it_begins")),
        (without(*PERSON, *JOB), ("", "nothing_said")),
    ],
    ids=lambda one: None if isinstance(one, tuple) else "-".join(one)[:30],
)
def test_each_mistake_is_named_at_its_cell(cells: dict[str, Cell], found: tuple[str, str]) -> None:
    sheet = read(a_row(number="1600", iin=None), a_row(**cells))
    assert [(3, *found)] == [(one.row, one.column, one.code) for one in sheet.problems]
    whole = [row for row in (2, 3) if row in {one.row for one in sheet.people}
             and row in {one.row for one in sheet.jobs}]  # fmt: skip
    assert whole == [2]


def test_all_mistakes_of_a_row_are_told_at_once() -> None:
    assert problems(a_row(born_on="вчера", hours="много", ability="?")) == [
        (2, "born_on", "no_such_day"),
        (2, "ability", "word_unknown"),
        (2, "hours", "no_such_hours"),
    ]


def test_what_was_typed_stands_beside_the_problem() -> None:
    (problem,) = read(a_row(born_on="31.11.1990")).problems
    assert problem == Problem(2, "born_on", "no_such_day", "31.11.1990")


def test_zeros_a_spreadsheet_drops_are_put_back() -> None:
    (person,) = read(a_row(iin=Decimal("61211600012"), born_on=date(2006, 12, 11))).people
    assert person.iin == "061211600012"


def test_a_number_of_a_person_that_is_a_number_is_text() -> None:
    (person,) = read(a_row(number=Decimal("1601"))).people
    assert person.number == "1601"


@pytest.mark.parametrize(("column", "code"), [("number", "number_twice"), ("iin", "iin_twice")])
def test_twins_of_one_file_are_found(column: str, code: str) -> None:
    other: dict[str, Any] = {"number": "1602", "iin": "061211600012"}
    twin = other | {column: FULL[column]}
    (problem,) = read(a_row(), a_row(**twin)).problems
    assert (problem.row, problem.column, problem.code) == (3, column, code)
    assert problem.arguments == {"row": "2"}


def test_people_without_an_iin_are_no_twins() -> None:
    assert problems(a_row(iin=None), a_row(iin=None, number="1602")) == []


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ([*RU, "Любимый цвет"], "head_unknown"),
        ([*RU, "IIN"], "head_twice"),
        (RU[1:], "head_missing"),
    ],
    ids=["unknown", "twice", "missing"],
)
def test_wrong_heads_are_told_alone(head: list[Cell], code: str) -> None:
    sheet = read(a_row(born_on="вчера"), head=head)
    assert [one.code for one in sheet.problems] == [code]
    assert sheet.people == []


def test_a_sheet_without_rows_says_so() -> None:
    assert [one.code for one in read().problems] == ["no_rows"]
    assert [one.code for one in people_sheet.read_sheet([], check_iin=str).problems] == ["empty"]


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Ғалымұлы Әсет", ""),
        ("Smith John", ""),
        ("Тестов Eрлан", "E"),
        ("Smith Jоhn", "о"),
        ("Салтыков-Щедрин О'Нил", ""),
        ("", ""),
    ],
    ids=["kazakh", "latin", "latin-in-cyrillic", "cyrillic-in-latin", "signs", "nothing"],
)
def test_a_letter_of_the_other_alphabet_is_found(name: str, letter: str) -> None:
    assert foreign_letter(name) == letter


CELLS = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
)


@given(st.lists(st.lists(CELLS, min_size=14, max_size=16), max_size=5))
def test_any_cells_end_in_people_placements_or_problems(rows: list[list[Cell]]) -> None:
    """Whatever is typed, no row is lost in silence and nothing breaks."""
    sheet = read(*rows)
    told = {one.row for one in (*sheet.people, *sheet.jobs, *sheet.problems)}
    assert told >= set(range(2, len(rows) + 2))
