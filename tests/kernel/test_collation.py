"""Sort keys: both alphabets, numbers, case and punctuation; and what the database makes of them."""

import random

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.collation import sort_key_kk, sort_key_ru

RU_ALPHABET = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
KK_ALPHABET = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
RU_NAMES = [
    "Абаев",
    "Абай улы",
    "Артём",
    "Артемий",
    "Ахметов А. Б.",
    "Ахметова",
    "Ежов",
    "Елкин",
    "Ёлкин",
    "Елкина",
    "Жуков",
    "Қасымов",
    "Ли",
    "Өмірбек",
    "Петров-Водкин",
    "Яковлев",
    "Abrams",
    "Émile",
    "Zeta",
]
KK_NAMES = [
    "Абай",
    "Азамат",
    "Әбілқайыр",
    "Әсел",
    "Болат",
    "Ғабит",
    "Дәурен",
    "Ермек",
    "Ёлкин",
    "Жанар",
    "Кенже",
    "Қайрат",
    "Нұрлан",
    "Ңңң",
    "Олжас",
    "Өмір",
    "Сәуле",
    "Ұлан",
    "Үміт",
    "Хасан",
    "Һашим",
    "Ырыс",
    "Ілияс",
    "Эльмира",
]


def shuffled(items):
    mixed = list(items)
    random.Random(7).shuffle(mixed)  # noqa: S311 - the same disorder every time
    return mixed


def test_russian_alphabet():
    assert "".join(sorted(shuffled(RU_ALPHABET), key=sort_key_ru)) == RU_ALPHABET


def test_kazakh_alphabet():
    assert "".join(sorted(shuffled(KK_ALPHABET), key=sort_key_kk)) == KK_ALPHABET


def test_kazakh_letters_have_their_places_in_russian_lists_too():
    assert "".join(sorted(shuffled(KK_ALPHABET), key=sort_key_ru)) == KK_ALPHABET


def test_russian_names():
    assert sorted(shuffled(RU_NAMES), key=sort_key_ru) == RU_NAMES


def test_kazakh_names():
    assert sorted(shuffled(KK_NAMES), key=sort_key_kk) == KK_NAMES


@pytest.mark.parametrize("key", [sort_key_ru, sort_key_kk])
def test_numbers_go_by_their_value(key):
    names = ["Учреждение № 9", "Учреждение № 13", "Учреждение № 013а", "Учреждение № 100"]
    assert sorted(shuffled(names), key=key) == names


@pytest.mark.parametrize("key", [sort_key_ru, sort_key_kk])
def test_numbers_go_before_letters_and_cyrillic_before_latin(key):
    names = ["2 цех", "Цех", "Shop", "車間"]
    assert sorted(shuffled(names), key=key) == names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ахметов", "АХМЕТОВ"),
        ("«Ромашка»", "ромашка"),
        ("Петров-Водкин", "петров  водкин"),
        ("Жанна д’Арк", "жанна дарк"),
        ("№ 7", "007"),
        ("Émile", "emile"),
        ("и\u0306", "й"),
    ],
)
def test_case_and_punctuation_are_folded(one, other):
    assert sort_key_ru(one) == sort_key_ru(other)
    assert sort_key_kk(one) == sort_key_kk(other)


def test_a_shorter_name_goes_first():
    assert sort_key_ru("Ли") < sort_key_ru("Ли Анна") < sort_key_ru("Лиана")


def test_yo_decides_only_between_equals():
    assert sort_key_ru("Елка") < sort_key_ru("Ёлка") < sort_key_ru("Елка а")
    assert sort_key_kk("Ежов") < sort_key_kk("Ёлкин")
    assert sort_key_kk("Ея") < sort_key_kk("Ёа")


@pytest.mark.parametrize("text", ["", "—", "  "])
def test_nothing_to_sort_by(text):
    assert sort_key_ru(text) == sort_key_kk(text) == ""


@given(st.text())
def test_any_text_has_a_key_that_a_column_can_keep(text):
    for key in (sort_key_ru(text), sort_key_kk(text)):
        assert "\x00" not in key
        assert key == key.strip(" ")


@given(
    st.text("0123456789", min_size=1, max_size=12), st.text("0123456789", min_size=1, max_size=12)
)
def test_numbers_compare_as_numbers(one, other):
    assert (sort_key_ru(one) < sort_key_ru(other)) == (int(one) < int(other))


@pytest.mark.django_db
@pytest.mark.parametrize(("names", "key"), [(RU_NAMES, sort_key_ru), (KK_NAMES, sort_key_kk)])
def test_the_database_sorts_the_keys_alike(names, key):
    mixed = shuffled(names)
    with connection.cursor() as cursor:
        cursor.execute(
            'select name from unnest(%s, %s) as t(name, key) order by key collate "C"',
            [mixed, [key(name) for name in mixed]],
        )
        assert [name for (name,) in cursor.fetchall()] == names
