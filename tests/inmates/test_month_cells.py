"""What is typed or pasted into a cell of the month, and what is shown in it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.month_cells import (
    Alphabet,
    CellUnreadable,
    Code,
    Fault,
    Oddity,
    alphabet_of,
    hours_text,
    oddities_of,
    read_cell,
    short_text,
    whole_text,
)
from inmates.shifts import Mark

CODES = {
    "Б": Code(1),
    "СВ": Code(2),
    "Н": Code(3, is_worked=True),
    "Д": Code(4, needs_text=True),
    "К": Code(5),
}
LETTERS = {code.reason_id: letter for letter, code in CODES.items()}


def read(text: str, *, full: int | None = 480, is_workday: bool = True) -> Mark | None:
    return read_cell(text, codes=CODES, full=full, is_workday=is_workday)


def fault(text: str, **context: object) -> CellUnreadable:
    with pytest.raises(CellUnreadable) as refused:
        read(text, **context)  # type: ignore[arg-type]  # the two flags of the helper above
    return refused.value


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("8", 480), ("08", 480), ("4,5", 270), ("4.5", 270), ("7:30", 450), ("7,25", 435),
        ("0:15", 15), ("24", 1440), (" 8 ", 480), ("8\N{NO-BREAK SPACE}", 480), ("12:00", 720),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert read(text) == Mark(minutes)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Б", Mark(0, 1)),
        ("б", Mark(0, 1)),
        ("св", Mark(0, 2)),
        ("Б справка 12", Mark(0, 1, "справка 12")),
        ("Н4", Mark(240, 3)),
        ("н 4:30", Mark(270, 3)),
        ("Н4 ушёл на суд", Mark(240, 3, "ушёл на суд")),
        ("Д разбирательство", Mark(0, 4, "разбирательство")),
        ("8 пришёл позже", Mark(480, None, "пришёл позже")),
        ("Я", Mark(480)),
        ("я", Mark(480)),
        ("", None),
        ("   ", None),
    ],
)
def test_letters_stand_for_the_reasons_of_the_directory(text: str, mark: Mark | None) -> None:
    assert read(text) == mark


def test_present_is_the_norm_of_the_person() -> None:
    assert read("Я", full=420) == Mark(420)
    assert fault("Я", full=None).fault is Fault.NO_NORM


def test_a_day_off_is_an_empty_cell_and_no_reason_on_a_working_day() -> None:
    assert read("В", is_workday=False) is None
    assert fault("В").fault is Fault.WORKDAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", Fault.ZERO),
        ("0:00", Fault.ZERO),
        ("25", Fault.TOO_LONG),
        ("24:01", Fault.TOO_LONG),
        ("7:60", Fault.UNREADABLE),
        ("7,51", Fault.NOT_WHOLE),
        ("7.5.1", Fault.UNREADABLE),
        ("123", Fault.UNREADABLE),
        ("-8", Fault.UNREADABLE),
        ("=8", Fault.UNREADABLE),
        ("8h", Fault.FOREIGN),
        ("8ч", Fault.UNREADABLE),
        ("Ж", Fault.UNKNOWN),
        ("БОЛЕН", Fault.UNREADABLE),
        ("Б8", Fault.HOURS_BESIDE_ABSENCE),
        ("Н", Fault.HOURS_MISSING),
        ("Н8", Fault.WHOLE_SHIFT),
        ("Н9", Fault.WHOLE_SHIFT),
        ("Д", Fault.TEXT_MISSING),
        ("Б " + "д" * 201, Fault.NOTE_TOO_LONG),
        ("٨", Fault.UNREADABLE),
        ("#REF!", Fault.FOREIGN),
        ("Б" * 500, Fault.UNREADABLE),
    ],
)
def test_what_cannot_be_an_entry_is_refused_with_its_reason(text: str, expected: Fault) -> None:
    assert fault(text).fault is expected


@pytest.mark.parametrize(
    ("letter", "like", "alphabet"),
    [
        ("B", "В", Alphabet.LATIN),
        ("H", "Н", Alphabet.LATIN),
        ("k", "К", Alphabet.LATIN),
        ("c", "С", Alphabet.LATIN),
        ("Қ", "К", Alphabet.KAZAKH),
        ("ң", "Н", Alphabet.KAZAKH),
        ("Ө", "О", Alphabet.KAZAKH),
        ("І", "", Alphabet.KAZAKH),
        ("Κ", "К", Alphabet.OTHER),
        ("S", "", Alphabet.LATIN),
        ("病", "", Alphabet.OTHER),
    ],
)
def test_a_letter_of_another_alphabet_is_never_taken_for_a_similar_one(
    letter: str, like: str, alphabet: Alphabet
) -> None:
    for text in (letter, f"{letter}4", f"С{letter}"):
        refused = fault(text)
        assert (refused.fault, refused.part, refused.like) == (Fault.FOREIGN, letter, like)
    assert alphabet_of(letter) is alphabet


def test_a_note_may_be_written_in_any_alphabet() -> None:
    assert read("Д Қарағанды B12") == Mark(0, 4, "Қарағанды B12")


def test_a_kazakh_letter_of_the_directory_is_no_foreign_one() -> None:
    codes = {"Қ": Code(9)}
    assert read_cell("қ", codes=codes, full=480, is_workday=True) == Mark(0, 9)
    with pytest.raises(CellUnreadable) as refused:
        read_cell("К", codes=codes, full=480, is_workday=True)
    assert refused.value.fault is Fault.UNKNOWN


def test_a_cell_shows_hours_or_the_letter_and_keeps_the_note_for_the_editor() -> None:
    assert short_text(Mark(480), LETTERS) == "8"
    assert short_text(Mark(450), LETTERS) == "7:30"
    assert short_text(Mark(0, 1, "справка"), LETTERS) == "Б"
    assert short_text(Mark(240, 3), LETTERS) == "Н4"
    assert short_text(None, LETTERS) == ""
    assert whole_text(Mark(0, 1, "справка"), LETTERS) == "Б справка"
    assert whole_text(Mark(480, None, "ночью"), LETTERS) == "8 ночью"
    assert hours_text(5) == "0:05"


@given(
    minutes=st.integers(1, 1440),
    note=st.text(st.sampled_from("абвгд қә B12,.-"), max_size=40).map(
        lambda one: " ".join(one.split())
    ),
)
def test_what_a_cell_shows_is_read_as_the_same_entry(minutes: int, note: str) -> None:
    mark = Mark(minutes, None, note)
    assert read(whole_text(mark, LETTERS)) == mark


@given(
    letter=st.sampled_from(["Б", "СВ", "К"]),
    note=st.text(st.sampled_from("абвгд қә B-"), max_size=40).map(
        lambda one: " ".join(one.split())
    ),
)
def test_an_absence_copied_is_pasted_as_the_same_absence(letter: str, note: str) -> None:
    mark = Mark(0, CODES[letter].reason_id, note)
    assert read(whole_text(mark, LETTERS)) == mark


@given(st.text(max_size=30))
def test_any_text_is_an_entry_or_a_refusal(text: str) -> None:
    with suppress(CellUnreadable):
        mark = read(text)
        assert mark is None or mark.minutes or mark.reason_id


def test_oddities_name_what_is_unusual() -> None:
    usual = {"full": 480, "is_workday": True, "elsewhere": 0, "output": 0}
    assert oddities_of(Mark(480), **usual) == []
    assert oddities_of(Mark(481), **usual) == [Oddity.OVER_NORM]
    assert oddities_of(Mark(600), **(usual | {"full": None})) == []
    assert oddities_of(Mark(480), **(usual | {"elsewhere": 60})) == [Oddity.TWO_PLACES]
    assert oddities_of(Mark(480), **(usual | {"is_workday": False})) == [Oddity.DAY_OFF]
    assert oddities_of(Mark(0, 1), **(usual | {"output": 3})) == [Oddity.ABSENT_WITH_OUTPUT]
    assert oddities_of(None, **(usual | {"output": 3})) == [Oddity.ABSENT_WITH_OUTPUT]
    assert oddities_of(Mark(0, 1), **(usual | {"elsewhere": 60, "is_workday": False})) == []
    assert oddities_of(Mark(600), full=480, is_workday=False, elsewhere=1, output=1) == [
        Oddity.OVER_NORM,
        Oddity.TWO_PLACES,
        Oddity.DAY_OFF,
    ]
