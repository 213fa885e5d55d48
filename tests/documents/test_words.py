"""Sums in words: known sums, and num2words against words written here independently."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.documents.words import amount_in_words, number_in_words

RU_UNITS = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
]
RU_TENS = [
    "-",
    "-",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
]
RU_HUNDREDS = [
    "-",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
]
RU_SCALES = (
    None,
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
)
KK_UNITS = ["нөл", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
KK_TENS = ["-", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]
KK_SCALES = ("", "мың", "миллион", "миллиард")

numbers = st.integers(0, 10**9)


def groups_of(number: int) -> list[tuple[int, int]]:
    """(three digits, their scale), from the largest; the empty ones left out."""
    groups = []
    scale = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            groups.append((group, scale))
        scale += 1
    return groups[::-1]


def russian_form(number: int) -> int:
    if number % 100 in range(11, 15):
        return 2
    return {1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)


def russian_group(group: int, is_feminine: bool) -> list[str]:
    words = []
    hundreds, rest = divmod(group, 100)
    if hundreds:
        words.append(RU_HUNDREDS[hundreds])
    if rest >= 20:
        words.append(RU_TENS[rest // 10])
        rest %= 10
    if rest:
        feminine = {1: "одна", 2: "две"} if is_feminine else {}
        words.append(feminine.get(rest, RU_UNITS[rest]))
    return words


def russian(number: int) -> str:
    words = []
    for group, scale in groups_of(number):
        words += russian_group(group, is_feminine=scale == 1)
        if scale:
            words.append(RU_SCALES[scale][russian_form(group)])
    return " ".join(words) or RU_UNITS[0]


def kazakh(number: int) -> str:
    words = []
    for group, scale in groups_of(number):
        hundreds, rest = divmod(group, 100)
        tens, units = divmod(rest, 10)
        words += [KK_UNITS[hundreds]] if hundreds > 1 else []  # жүз, not бір жүз
        words += ["жүз"] if hundreds else []
        words += [KK_TENS[tens]] if tens else []
        words += [KK_UNITS[units]] if units else []
        words += [KK_SCALES[scale]] if scale else []
    return " ".join(words) or KK_UNITS[0]


@pytest.mark.parametrize(
    ("amount", "language", "words"),
    [
        ("85000", "ru", "Восемьдесят пять тысяч тенге 00 тиын"),
        ("85000", "kk", "Сексен бес мың теңге 00 тиын"),
        ("85000", "en", "Eighty-five thousand tenge 00 tiyn"),
        ("0", "ru", "Ноль тенге 00 тиын"),
        ("0.05", "kk", "Нөл теңге 05 тиын"),
        ("1.5", "en", "One tenge 50 tiyn"),
        ("21", "ru", "Двадцать один тенге 00 тиын"),
        ("2002.10", "ru", "Две тысячи два тенге 10 тиын"),
        ("1000000000", "ru", "Один миллиард тенге 00 тиын"),
        ("57375", "kk", "Елу жеті мың үш жүз жетпіс бес теңге 00 тиын"),
        (
            "1234567.89",
            "en",
            (
                "One million two hundred and thirty-four thousand "
                "five hundred and sixty-seven tenge 89 tiyn"
            ),
        ),
    ],
)
def test_known_sums(amount, language, words):
    assert amount_in_words(Decimal(amount), language) == words


@pytest.mark.parametrize("amount", [85000, 85000.0, "85000"])
def test_only_a_decimal_is_a_sum(amount):
    with pytest.raises(TypeError, match="Decimal"):
        amount_in_words(amount, "ru")


@pytest.mark.parametrize("amount", ["-1", "1e15"])
def test_sums_out_of_bounds_are_refused(amount):
    with pytest.raises(ValueError, match="not negative"):
        amount_in_words(Decimal(amount), "ru")


def test_an_unknown_language_is_refused():
    with pytest.raises(KeyError):
        amount_in_words(Decimal(1), "de")


@given(numbers)
@example(1000)
@example(1_000_000)
@example(211_112_012)
@example(10**9)
def test_russian_agrees_with_an_independent_implementation(number):
    assert number_in_words(number, "ru") == russian(number)


@given(numbers)
@example(1000)
@example(100)
@example(10**9)
def test_kazakh_agrees_with_an_independent_implementation(number):
    assert number_in_words(number, "kk") == kazakh(number)


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["ru", "kk", "en"]))
def test_a_sum_is_one_line_with_a_capital_and_two_digits_of_tiyn(amount, language):
    words = amount_in_words(amount, language)
    assert words[0].isupper()
    assert "  " not in words
    assert "," not in words
    assert words.split()[-2] == f"{amount:.2f}"[-2:]
