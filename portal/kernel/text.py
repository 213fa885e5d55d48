"""Dates, sums and numbers as the three languages write them (documents.md §1.9).

Pure functions for Python that prints (Typst data, XLSX, JSON); templates use the filters of
`portal_format`. `language` is ru, kk or en; without it the language of the reader.
"""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language

from portal.kernel.clock import ALMATY
from portal.kernel.money import NBSP, format_money, round_tenge
from portal.kernel.periods import Month

TENGE_SIGN = "₸"
DASH = "\N{EM DASH}"
RU_MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
RU_MONTHS_OF = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
RU_SHORT = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
KK_MONTHS = (
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
)
KK_SHORT = ("қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел")
EN_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
EN_SHORT = tuple(name[:3] for name in EN_MONTHS)


def _language(language: str | None) -> str:
    """ru, kk or en; an unknown one is read as Russian, the default language."""
    code = (language or get_language() or "ru").split("-")[0]
    return code if code in {"ru", "kk", "en"} else "ru"


def _day(value: date) -> date:
    """The calendar day in Kazakhstan of a date or of an aware moment."""
    if isinstance(value, datetime):
        return value.astimezone(ALMATY).date()
    return value


def _month(value: date | Month | str) -> Month:
    if isinstance(value, str):
        return Month.parse(value)
    return value if isinstance(value, Month) else Month.of(_day(value))


def money(amount: Decimal) -> str:
    """85 000,00 ₸ with no-break spaces."""
    return format_money(amount, TENGE_SIGN)


def sum_text(amount: Decimal) -> str:
    """85 000,00: a sum under a column head that names the currency."""
    return format_money(amount)


def number(value: Decimal | int, places: int | None = None) -> str:
    """1 234,5 with no-break spaces; as many places as the value has, or exactly `places`."""
    exact = Decimal(value)
    plain = f"{abs(exact):f}" if places is None else f"{abs(exact):.{places}f}"
    whole, _dot, rest = plain.partition(".")
    if places is None:
        rest = rest.rstrip("0")
    minus = "\N{MINUS SIGN}" if exact < 0 and plain.strip("0.") else ""
    grouped = f"{int(whole):,}".replace(",", NBSP)
    return f"{minus}{grouped},{rest}" if rest else f"{minus}{grouped}"


def share(ratio: Decimal | Fraction) -> str:
    """A share of one as percent: 62 %, or 62,5 % where one place is needed."""
    tenths = int(round_tenge(Fraction(ratio) * 1000))
    return f"{number(Decimal(tenths) / 10)}{NBSP}%"


def hours(minutes: int) -> str:
    """Minutes as hours with two places at the most: 7,5."""
    hundredths = int(round_tenge(Fraction(minutes, 60) * 100))
    return number(Decimal(hundredths) / 100)


def date_short(value: date, language: str | None = None) -> str:
    """22.11.2026; in English 22 Nov 2026."""
    day = _day(value)
    if _language(language) == "en":
        return f"{day.day}{NBSP}{EN_SHORT[day.month - 1]}{NBSP}{day.year}"
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def date_long(value: date, language: str | None = None) -> str:
    """22 ноября 2026 г., 2026 жылғы 22 қараша, 22 November 2026."""
    day = _day(value)
    match _language(language):
        case "kk":
            return f"{day.year}{NBSP}жылғы {day.day}{NBSP}{KK_MONTHS[day.month - 1]}"
        case "en":
            return f"{day.day}{NBSP}{EN_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}{NBSP}{RU_MONTHS_OF[day.month - 1]} {day.year}{NBSP}г."


def moment(value: datetime, language: str | None = None) -> str:
    """22.11.2026, 14:05: a date with the time in Kazakhstan."""
    here = value.astimezone(ALMATY)
    return f"{date_short(here, language)}, {here:%H:%M}"


def month_name(value: date | Month | str, language: str | None = None) -> str:
    """ноябрь 2026, 2026 жылғы қараша, November 2026."""
    month = _month(value)
    match _language(language):
        case "kk":
            return f"{month.year}{NBSP}жылғы {KK_MONTHS[month.month - 1]}"
        case "en":
            return f"{EN_MONTHS[month.month - 1]} {month.year}"
    return f"{RU_MONTHS[month.month - 1]} {month.year}"


def month_short(value: date | Month | str, language: str | None = None) -> str:
    """ноя 2026, қар 2026, Nov 2026: for axes and narrow columns."""
    month = _month(value)
    names = {"ru": RU_SHORT, "kk": KK_SHORT, "en": EN_SHORT}[_language(language)]
    return f"{names[month.month - 1]}{NBSP}{month.year}"
