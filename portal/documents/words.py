"""Sums in words for printed documents (documents.md §1.10). Pure."""

from decimal import Decimal

from num2words import num2words

from portal.kernel.money import round_tiyn

# num2words calls Kazakh "kz"; the noun stays singular after a numeral in all three languages.
LANGUAGES = {
    "ru": ("ru", "тенге", "тиын"),
    "kk": ("kz", "теңге", "тиын"),
    "en": ("en", "tenge", "tiyn"),
}
LIMIT = Decimal(10) ** 15


def number_in_words(number: int, language: str) -> str:
    """The cardinal in small letters: восемьдесят пять тысяч."""
    words = num2words(number, lang=LANGUAGES[language][0])
    # English of documents has neither the comma nor doubled spaces.
    return " ".join(str(words).replace(",", " ").split())


def amount_in_words(amount: Decimal, language: str) -> str:
    """Восемьдесят пять тысяч тенге 00 тиын: tenge in words, tiyn in digits.

    Only a Decimal, not negative, below 10¹⁵: num2words reads an int as tiyn, and a sum in words
    that is wrong in silence costs more than an error.
    """
    if not isinstance(amount, Decimal):
        raise TypeError("a sum in words is made of a Decimal")
    if not 0 <= amount < LIMIT:
        raise ValueError("a sum in words is not negative and below 10^15")
    tenge, _dot, tiyn = f"{round_tiyn(amount):.2f}".partition(".")
    _code, whole, part = LANGUAGES[language]
    text = f"{number_in_words(int(tenge), language)} {whole} {tiyn} {part}"
    return text[0].upper() + text[1:]
