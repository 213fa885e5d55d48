"""IIN, BIN, IBAN: the numbers of law.md §6, and every way to be wrong."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import identifiers

IIN = "900101300811"
YOUNG_IIN = "061211600012"
IBAN = "KZ86125KZT5004100100"


def with_check_digit(first11: str) -> str | None:
    digit = identifiers.make_check_digit(first11)
    return None if digit is None else f"{first11}{digit}"


def a_valid(prefix: str) -> str:
    """The first existing number that begins like this."""
    rest = 11 - len(prefix)
    numbers = (with_check_digit(f"{prefix}{n:0{rest}d}") for n in range(10**rest))
    return next(number for number in numbers if number)


def refusal(check, value: str) -> str:
    with pytest.raises(ValidationError) as caught:
        check(value)
    return caught.value.code


def by_the_document(text: str) -> bool:
    """documents.md §1.1 written once more, another way."""
    digits = [int(char) for char in text]
    total = sum(digit * (index + 1) for index, digit in enumerate(digits[:11])) % 11
    if total == 10:
        weights = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]
        total = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return total < 10 and total == digits[11]


@pytest.mark.parametrize("value", [IIN, YOUNG_IIN])
def test_valid_iin(value):
    assert identifiers.is_valid_iin(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "length"),
        ("90010130081", "length"),
        ("9001013008111", "length"),
        ("90010130081a", "letters"),
        ("٩٠٠١٠١٣٠٠٨١١", "letters"),
        ("900101 300811", "letters"),
        ("123456789011", "kind"),
        ("901301300811", "date"),
        ("900132300811", "date"),
        ("900100300811", "date"),
        ("900101300812", "check_digit"),
    ],
)
def test_wrong_iin_is_told_its_cause(value, code):
    assert refusal(identifiers.check_iin, value) == code
    assert not identifiers.is_valid_iin(value)


@pytest.mark.parametrize(
    ("prefix", "exists"),
    [
        ("0002295", True),  # 2000 was a leap year
        ("0002293", False),  # 1900 was not
        ("0102295", False),
        ("9602293", True),
        ("0002291", True),  # 1 and 2: the date must exist in one century or another
        ("0002290", True),
        ("0002299", True),
        ("0102291", False),
        ("0102300", False),
    ],
)
def test_century_of_an_iin_counts_only_for_seventh_digits_3_to_6(prefix, exists):
    value = a_valid(prefix)
    assert identifiers.is_valid_iin(value) is exists


@pytest.mark.parametrize("month", ["01", "06", "12"])
@pytest.mark.parametrize("fifth", "456")
def test_valid_bin(month, fifth):
    assert identifiers.is_valid_bin(a_valid(f"06{month}{fifth}"))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "length"),
        ("0611400000", "length"),
        ("06114000000x", "letters"),
        ("060040000000", "date"),
        ("061340000000", "date"),
        (YOUNG_IIN, "kind"),
        ("061170000000", "kind"),
    ],
)
def test_wrong_bin_is_told_its_cause(value, code):
    assert refusal(identifiers.check_bin, value) == code


def test_bin_with_a_wrong_last_digit():
    value = a_valid("061140")
    wrong = value[:11] + str((int(value[11]) + 1) % 10)
    assert refusal(identifiers.check_bin, wrong) == "check_digit"


def test_a_buyer_goes_by_either():
    identifiers.check_iin_or_bin(IIN)
    identifiers.check_iin_or_bin(a_valid("061140"))
    assert refusal(identifiers.check_iin_or_bin, "901301300811") == "date"
    assert refusal(identifiers.check_iin_or_bin, "061170000000") == "kind"
    assert refusal(identifiers.check_iin_or_bin, "") == "length"


def test_looks_like_bin():
    assert identifiers.looks_like_bin("061140000000")
    assert not identifiers.looks_like_bin(IIN)
    assert not identifiers.looks_like_bin("")


def test_iban_of_the_law_file_is_valid():
    assert identifiers.is_valid_iban(IBAN)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "length"),
        (IBAN[:-1], "length"),
        (IBAN.lower(), "letters"),
        ("КZ86125KZT5004100100", "letters"),  # a Cyrillic К
        ("KZ86 125KZT500410010", "letters"),
        ("DE86125KZT5004100100", "country"),
        ("KZA6125KZT5004100100", "country"),
        ("KZ86125KZT5004100101", "check_digit"),
        ("KZ68125KZT5004100100", "check_digit"),
    ],
)
def test_wrong_iban_is_told_its_cause(value, code):
    assert refusal(identifiers.check_iban, value) == code


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("900 101 300 811", IIN),
        ("900101-300811", IIN),
        ("900101\u00a0300811", IIN),
        ("kz86 125k zt50 0410 0100", IBAN),
    ],
)
def test_clean_identifier_takes_the_groups_away(typed, clean):
    assert identifiers.clean_identifier(typed) == clean


@pytest.mark.parametrize(
    ("value", "born_on"),
    [
        (IIN, date(1990, 1, 1)),
        (YOUNG_IIN, date(2006, 12, 11)),
        ("900101100811", None),
        ("901301300811", None),
    ],
)
def test_birth_date_of(value, born_on):
    assert identifiers.birth_date_of(value) == born_on


def test_make_check_digit_wants_eleven_digits():
    with pytest.raises(ValueError, match="eleven"):
        identifiers.make_check_digit("123")


@given(st.text("0123456789", min_size=12, max_size=12))
def test_check_digit_agrees_with_the_document(text):
    digit = identifiers.make_check_digit(text[:11])
    assert (digit is not None and digit == int(text[11])) == by_the_document(text)


@given(st.text("0123456789", min_size=11, max_size=11), st.integers(0, 9))
def test_one_mistyped_digit_is_seen(first11, place):
    """In the first ten places; the weight of the eleventh is 11, which the remainder hides."""
    typed = first11[:place] + str((int(first11[place]) + 1) % 10) + first11[place + 1 :]

    def first_rest(text: str) -> int:
        return sum(int(d) * w for d, w in zip(text, range(1, 12), strict=True)) % 11

    if max(first_rest(first11), first_rest(typed)) < 10:
        assert identifiers.make_check_digit(first11) != identifiers.make_check_digit(typed)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=16, max_size=16))
def test_an_iban_has_one_pair_of_check_digits(account):
    number = int("".join(str(int(char, 36)) for char in f"{account}KZ00"))
    right = 98 - number % 97
    assert identifiers.is_valid_iban(f"KZ{right:02d}{account}")
    assert not identifiers.is_valid_iban(f"KZ{(right - 1 or 97) - 1:02d}{account}")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "There must be 12 digits; here there are 3."),
        ("ru", "Должно быть 12 цифр, а здесь 3."),
        ("kk", "12 цифр болуы керек, мұнда 3."),
    ],
)
def test_refusal_is_in_the_readers_language(language, sentence):
    with translation.override(language), pytest.raises(ValidationError) as caught:
        identifiers.check_bin("123")
    with translation.override(language):
        assert caught.value.messages == [sentence]
