"""Queries as people type them: folded, read in the other alphabet and keyboard, marked safely."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.matching import (
    FOLDED_FROM,
    LONGEST,
    MOST_WORDS,
    Asked,
    asked_of,
    beginning_of,
    finds,
    fold,
    marked,
    words_of,
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Берёза", "береза"),
        ("Орындық", "орындык"),
        ("ӘҒҚҢӨҰҮҺІ", "агкноуухи"),
        ("Café Ñandú", "cafe nandu"),
        ("№ 16", "№ 16"),
        ("", ""),
    ],
)
def test_differences_a_reader_overlooks_are_gone(typed: str, folded: str):
    assert fold(typed) == folded


def in_database(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_fold(%s)", [text])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "text",
    ["Скамья уличная", "«Киіз үй» ойын бұрышы", FOLDED_FROM, FOLDED_FROM.upper(), "Ё ё Й й",
     "Valeo construction set", "120 × 60 см", "", "ӘҒҚҢӨҰҮҺІ"],
)  # fmt: skip
def test_the_database_folds_the_same(db, text: str):
    assert in_database(text) == fold(text)


def test_the_database_folds_nothing_as_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_fold(NULL)")
        assert cursor.fetchone()[0] == ""


# --- Reading a query ---


@pytest.mark.parametrize("typed", ["", " ", "\t\n", "\x00"])
def test_nothing_is_empty(typed: str):
    asked = asked_of(typed)
    assert (asked.is_empty, asked.is_too_short, asked.words, asked.variants) == (
        True,
        False,
        (),
        (),
    )


@pytest.mark.parametrize("typed", ["ё", "a", "?!", "—", "«»", "%", "_", "__"])
def test_less_than_a_word_is_too_short(typed: str):
    asked = asked_of(typed)
    assert (asked.is_empty, asked.is_too_short) == (False, True)


def test_a_number_of_one_digit_is_a_word():
    assert asked_of("№ 5").words == ("5",)


def test_long_queries_are_cut_and_say_so():
    asked = asked_of("скамья " * 2000)
    assert asked.is_cut
    assert len(asked.typed) <= LONGEST
    assert len(asked.words) == MOST_WORDS
    assert not asked_of("скамья").is_cut
    assert asked_of("ж" * 10_000).words == ("ж" * LONGEST,)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("crfvmz", ("скамья",)),
        ("Crfvmz ekbxyfz", ("скамья", "уличная")),
        ("skamya", ("скамя",)),
        ("yurta", ("юрта",)),
        ("shanyrak", ("шанырак",)),
        ("валео", ("valeo",)),
        ("имдул", ("bvlek",)),
    ],
)
def test_other_keyboard_and_other_alphabet_are_read_too(typed: str, meant: tuple[str, ...]):
    assert meant in asked_of(typed).variants


def test_what_was_typed_comes_first_and_nothing_twice():
    asked = asked_of("Скамья")
    assert asked.variants[0] == ("скамья",)
    assert len(set(asked.variants)) == len(asked.variants)


@pytest.mark.parametrize(
    ("word", "beginning"),
    [("орындык", "орынды"), ("столик", "столи"), ("стол", "стол"), ("табак", "табак"), ("", "")],
)
def test_a_last_letter_that_softens_is_left_open(word: str, beginning: str):
    assert beginning_of(word) == beginning


@given(st.text(max_size=300))
def test_any_text_is_read(typed: str):
    asked = asked_of(typed)
    assert all(word == fold(word) for word in asked.words)
    assert len(asked.words) <= MOST_WORDS
    assert all(word.isalnum() for variant in asked.variants for word in variant)


# --- Marking ---


def shown(text: str, typed: str) -> str:
    """The text with what is found in brackets."""
    return "".join(
        f"[{piece.text}]" if piece.is_found else piece.text
        for piece in marked(text, asked_of(typed))
    )


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("Скамья уличная", "скамья", "[Скамья] уличная"),
        ("в один ряд со скамьёй", "скамья", "в один ряд со [скамьёй]"),
        ("Скамья уличная", "скамека", "[Скамья] уличная"),
        ("Скамья уличная", "скамья уличная", "[Скамья] [уличная]"),
        ("Көше орындығы", "орындық", "Көше [орындығы]"),
        ("Көше орындығы", "орындык", "Көше [орындығы]"),
        ("Столярная мастерская", "стол", "[Столярная] мастерская"),
        ("Учреждение № 16 (демо)", "16", "Учреждение № [16] (демо)"),
        ("Вазон", "беседка", "Вазон"),
        ("Стойка", "стол", "Стойка"),
        ("", "стол", ""),
    ],
)
def test_found_words_are_marked(text: str, typed: str, expected: str):
    assert shown(text, typed) == expected


@given(st.text(max_size=200), st.text(max_size=50))
def test_pieces_put_together_are_the_text(text: str, typed: str):
    assert "".join(piece.text for piece in marked(text, asked_of(typed))) == text


def test_neighbouring_pieces_differ():
    pieces = marked("Скамья, скамья и стол", asked_of("скамья"))
    assert [piece.is_found for piece in pieces] == [True, False, True, False]


# --- Finding ---


@pytest.mark.parametrize(
    ("text", "typed", "is_found"),
    [
        ("Проверка документа", "проверить документ", True),
        ("Проверка документа", "документ", True),
        ("Проверка документа", "дакумент", True),
        ("Проверка документа", "документ корзина", False),
        ("Корзина", "rjhpbyf", True),
        ("Контакты", "вертолёт", False),
        ("", "контакты", False),
    ],
)
def test_text_is_found_when_every_word_is_in_it(text: str, typed: str, is_found: bool):
    assert finds(text, asked_of(typed)) is is_found


def test_a_query_without_words_finds_nothing():
    assert not finds("Контакты", Asked("?"))
    assert words_of("?") == ()
