"""Dates, sums and numbers in three languages: functions, filters and Django's own formats."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.forms import DateField
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import formats, translation

from portal.kernel import clock, text
from portal.kernel.periods import Month

N = "\u00a0"
MINUS = "\u2212"
DAY = date(2026, 11, 22)
LANGUAGES = ("ru", "kk", "en")


def render(source: str, **values: object) -> str:
    return Template("{% load portal_format %}" + source).render(Context(values))


# --- Functions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        (Decimal("85000"), f"85{N}000,00{N}₸"),
        (Decimal("0"), f"0,00{N}₸"),
        (Decimal("1234567.5"), f"1{N}234{N}567,50{N}₸"),
        (Decimal("-12.3"), f"{MINUS}12,30{N}₸"),
    ],
)
def test_money(amount, printed):
    assert text.money(amount) == printed
    assert text.sum_text(amount) == printed.removesuffix(f"{N}₸")


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        (1234, None, f"1{N}234"),
        (Decimal("1234.50"), None, f"1{N}234,5"),
        (Decimal("100"), None, "100"),
        (Decimal("1E+3"), None, f"1{N}000"),
        (Decimal("0.125"), None, "0,125"),
        (Decimal("2"), 3, "2,000"),
        (-7, None, f"{MINUS}7"),
        (Decimal("-0.0"), None, "0"),
        (0, 2, "0,00"),
    ],
)
def test_number(value, places, printed):
    assert text.number(value, places) == printed


@pytest.mark.parametrize(
    ("ratio", "printed"),
    [
        (Decimal("0.62"), f"62{N}%"),
        (Decimal("0.625"), f"62,5{N}%"),
        (Decimal("0.6249"), f"62,5{N}%"),
        (Fraction(1, 3), f"33,3{N}%"),
        (Decimal("1"), f"100{N}%"),
        (Decimal("0"), f"0{N}%"),
        (Decimal("0.0005"), f"0,1{N}%"),
    ],
)
def test_share(ratio, printed):
    assert text.share(ratio) == printed


@pytest.mark.parametrize(
    ("minutes", "printed"), [(450, "7,5"), (480, "8"), (0, "0"), (20, "0,33"), (60480, f"1{N}008")]
)
def test_hours(minutes, printed):
    assert text.hours(minutes) == printed


@pytest.mark.parametrize(
    ("language", "short", "long", "month", "axis"),
    [
        ("ru", "22.11.2026", f"22{N}ноября 2026{N}г.", "ноябрь 2026", f"ноя{N}2026"),
        ("kk", "22.11.2026", f"2026{N}жылғы 22{N}қараша", f"2026{N}жылғы қараша", f"қар{N}2026"),
        ("en", f"22{N}Nov{N}2026", f"22{N}November 2026", "November 2026", f"Nov{N}2026"),
    ],
)
def test_dates(language, short, long, month, axis):
    assert text.date_short(DAY, language) == short
    assert text.date_long(DAY, language) == long
    assert text.month_name(DAY, language) == month
    assert text.month_short(DAY, language) == axis
    with translation.override(language):
        assert text.date_short(DAY) == short
        assert text.date_long(DAY) == long
        assert text.month_name(Month(2026, 11)) == month
        assert text.month_short("2026-11") == axis


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_its_own_name(language):
    months = [Month(2026, 1).plus(number) for number in range(12)]
    assert len({text.month_name(month, language) for month in months}) == 12
    assert len({text.month_short(month, language) for month in months}) == 12
    assert len({text.date_long(month.first_day, language) for month in months}) == 12


@pytest.mark.parametrize(
    ("language", "as_language"), [("de", "ru"), ("en-gb", "en"), ("kk-kz", "kk")]
)
def test_other_languages_read_as_the_nearest(language, as_language):
    assert text.date_long(DAY, language) == text.date_long(DAY, as_language)


def test_a_moment_is_told_in_the_time_of_kazakhstan():
    at = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    assert text.moment(at, "ru") == "22.11.2026, 01:30"
    assert text.date_short(at, "ru") == "22.11.2026"
    assert text.month_name(datetime(2026, 10, 31, 20, tzinfo=UTC), "ru") == "ноябрь 2026"


def test_a_month_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a month"):
        text.month_name("ноябрь", "ru")


# --- Clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "day", "offset"),
    [
        ("2026-11-21T18:59:59+00:00", date(2026, 11, 21), 5),
        ("2026-11-21T19:00:00+00:00", date(2026, 11, 22), 5),
        ("2024-02-28T18:30:00+00:00", date(2024, 2, 29), 6),
        ("2024-03-01T18:30:00+00:00", date(2024, 3, 1), 5),
    ],
)
def test_clock_tells_the_day_of_kazakhstan(moment, day, offset):
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        assert clock.today() == day
        assert clock.now() == datetime.fromisoformat(moment)
        assert clock.now().utcoffset().total_seconds() == offset * 3600


# --- Filters ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value", "printed"),
    [
        ("{{ v|money }}", Decimal("85000"), f"85{N}000,00{N}₸"),
        ("{{ v|sum }}", Decimal("85000"), f"85{N}000,00"),
        ("{{ v|number }}", 12500, f"12{N}500"),
        ("{{ v|number:1 }}", Decimal("3"), "3,0"),
        ("{{ v|share }}", Decimal("0.62"), f"62{N}%"),
        ("{{ v|hours }}", 90, "1,5"),
        ("{{ v|date_short }}", DAY, "22.11.2026"),
        ("{{ v|date_long }}", DAY, f"22{N}ноября 2026{N}г."),
        ("{{ v|moment }}", datetime(2026, 11, 22, 9, tzinfo=UTC), "22.11.2026, 14:00"),
        ("{{ v|month_name }}", Month(2026, 11), "ноябрь 2026"),
        ("{{ v|month_short }}", Month(2026, 11), f"ноя{N}2026"),
    ],
)
def test_filters(source, value, printed):
    with translation.override("ru"):
        assert render(source, v=value) == printed
        assert render(source, v=None) == "—"
        assert render(source, v="") == "—"


@pytest.mark.parametrize(
    ("address", "tag", "printed"),
    [
        ("/x/?a=1&page=3", "{% query page=4 %}", "?a=1&amp;page=4"),
        ("/x/?a=1&page=3", "{% query page=None %}", "?a=1"),
        ("/x/?a=1&a=2", "{% query b='ы' %}", "?a=1&amp;a=2&amp;b=%D1%8B"),
        ("/x/?page=3", "{% query page='' %}", "?"),
        ("/x/?q=%22%3E%3Cscript%3E", "{% query page=2 %}", "?q=%22%3E%3Cscript%3E&amp;page=2"),
    ],
)
def test_query_keeps_the_rest_of_the_address(address, tag, printed):
    assert render(tag, request=RequestFactory().get(address)) == printed


# --- Formats of Django -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "long", "short", "month"),
    [
        ("ru", f"22{N}ноября 2026{N}г.", "22.11.2026", "Ноябрь 2026"),
        ("kk", f"2026{N}жылғы 22{N}қараша", "22.11.2026", f"2026{N}жылғы қараша"),
        ("en", f"22{N}November 2026", f"22{N}Nov{N}2026", "November 2026"),
    ],
)
def test_django_prints_dates_the_same_way(language, long, short, month):
    with translation.override(language):
        assert render("{{ v }}", v=DAY) == long
        assert render("{{ v|date:'SHORT_DATE_FORMAT' }}", v=DAY) == short
        assert formats.date_format(DAY, "YEAR_MONTH_FORMAT") == month


@pytest.mark.parametrize("language", LANGUAGES)
def test_django_prints_numbers_the_same_way(language):
    with translation.override(language):
        page = render("{{ a }} {{ b }} {{ c|floatformat:2 }}", a=85000, b=Decimal("85000.25"), c=1)
        assert page == f"85{N}000 85{N}000,25 1,00"
        assert ".25" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_prints_an_american_date_or_sum(language):
    with translation.override(language):
        page = render(
            "{{ d }} {{ t }} {{ n }}", d=DAY, t=datetime(2026, 11, 22, 9, tzinfo=UTC), n=1e6
        )
    assert "/2026" not in page
    assert "p.m." not in page
    assert "1,000,000" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["22.11.2026", "2026-11-22", "22.11.26"])
def test_dates_are_read_as_people_type_them(language, typed):
    with translation.override(language):
        assert DateField().clean(typed) == DAY


def test_english_dates_are_read_as_they_are_printed():
    with translation.override("en"):
        assert DateField().clean("22 Nov 2026") == DAY
        assert DateField().clean("22 November 2026") == DAY
