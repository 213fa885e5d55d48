"""IIN, BIN and IBAN of Kazakhstan: is it well formed, and if not, what exactly is wrong.

law.md §6. Pure; the `check_…` functions are field validators and take the bare text.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LENGTH = 12
FIRST_WEIGHTS = tuple(range(1, 12))
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
# The seventh digit of an IIN names the century only when it is one of these.
CENTURY_OF_SEVENTH = {"3": 1900, "4": 1900, "5": 2000, "6": 2000}
CENTURIES = (1800, 1900, 2000)
BIN_FIFTH = "456"
IBAN_LENGTH = 20
SEPARATORS = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}-\t")


def clean_identifier(text: str) -> str:
    """What was typed, without the spaces and dashes people write between the groups."""
    return text.translate(SEPARATORS).upper()


def make_check_digit(first11: str) -> int | None:
    """The twelfth digit of an IIN or BIN, or None if such a number does not exist."""
    digits = [int(char) for char in first11]
    if len(digits) != LENGTH - 1:
        raise ValueError("a check digit is made from eleven digits")
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def looks_like_bin(value: str) -> bool:
    """Whether it is a BIN rather than an IIN: the fifth digit of an IIN is 0 to 3."""
    return len(value) > 4 and value[4] in BIN_FIFTH


def check_iin(value: str) -> None:
    """Refuse what is not an IIN of a person."""
    _check_digits(value)
    if looks_like_bin(value):
        raise ValidationError(
            _("This is a BIN of an organisation; an IIN of a person is needed."), code="kind"
        )
    if not _is_date_of_iin(value):
        raise ValidationError(
            _("An IIN begins with a date of birth, YYMMDD; there is no such date."),
            code="date",
        )
    _check_last(value)


def check_bin(value: str) -> None:
    """Refuse what is not a BIN of an organisation."""
    _check_digits(value)
    if not 1 <= int(value[2:4]) <= 12:
        raise ValidationError(
            _("The third and fourth digits of a BIN are a month, 01 to 12."), code="date"
        )
    if value[4] not in BIN_FIFTH:
        raise ValidationError(_("The fifth digit of a BIN is 4, 5 or 6."), code="kind")
    _check_last(value)


def check_iin_or_bin(value: str) -> None:
    """Refuse what is neither: an individual entrepreneur goes by IIN, everyone else by BIN."""
    _check_digits(value)
    if value[4] in "0123":
        check_iin(value)
    else:
        check_bin(value)


def check_iban(value: str) -> None:
    """Refuse what is not an account number of a bank in Kazakhstan."""
    if len(value) != IBAN_LENGTH:
        raise ValidationError(
            _("An IBAN has 20 characters; here there are %(count)s."),
            code="length",
            params={"count": len(value)},
        )
    if not (value.isascii() and value.isalnum() and value.isupper()):
        raise ValidationError(_("An IBAN has only Latin letters and digits."), code="letters")
    if not value.startswith("KZ") or not value[2:4].isdigit():
        raise ValidationError(
            _("An account in Kazakhstan begins with KZ and two digits."), code="country"
        )
    number = "".join(str(int(char, 36)) for char in value[4:] + value[:4])
    if int(number) % 97 != 1:
        raise ValidationError(
            _("The check digits of the IBAN do not agree: a character is mistyped."),
            code="check_digit",
        )


def is_valid_iin(value: str) -> bool:
    return _passes(check_iin, value)


def is_valid_bin(value: str) -> bool:
    return _passes(check_bin, value)


def is_valid_iban(value: str) -> bool:
    return _passes(check_iban, value)


def birth_date_of(iin: str) -> date | None:
    """The date of birth an IIN tells, or None where its century is not told."""
    century = CENTURY_OF_SEVENTH.get(iin[6])
    return _date(century, iin) if century else None


def _passes(check: Callable[[str], None], value: str) -> bool:
    with suppress(ValidationError):
        check(value)
        return True
    return False


def _check_digits(value: str) -> None:
    if not (value.isascii() and value.isdigit()) and value:
        raise ValidationError(_("Only digits are allowed here."), code="letters")
    if len(value) != LENGTH:
        raise ValidationError(
            _("There must be 12 digits; here there are %(count)s."),
            code="length",
            params={"count": len(value)},
        )


def _check_last(value: str) -> None:
    if make_check_digit(value[:11]) != int(value[11]):
        raise ValidationError(
            _("The last, check digit does not agree: a digit is mistyped."), code="check_digit"
        )


def _is_date_of_iin(value: str) -> bool:
    century = CENTURY_OF_SEVENTH.get(value[6])
    possible = (century,) if century else CENTURIES
    return any(_date(hundred, value) for hundred in possible)


def _date(century: int, value: str) -> date | None:
    try:
        return date(century + int(value[0:2]), int(value[2:4]), int(value[4:6]))
    except ValueError:
        return None
