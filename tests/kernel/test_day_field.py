"""A day is typed and shown the way people here write it."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from portal.kernel.forms import DayField


class DayForm(forms.Form):
    day = DayField()


@pytest.mark.parametrize("typed", ["22.11.2026", " 22.11.2026 ", "2026-11-22"])
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_both_ways_of_writing_are_taken_in_every_language(typed, language):
    with translation.override(language):
        assert DayField().clean(typed) == date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["31.02.2026", "11/22/2026", "завтра", "22.11", "٢٢", "\x00"])
def test_what_is_no_day_is_told_with_an_example(typed):
    with pytest.raises(ValidationError, match=r"31\.12\.2026"):
        DayField().clean(typed)


def test_a_day_is_shown_as_it_is_written():
    html = str(DayForm(initial={"day": date(2026, 11, 2)})["day"])
    assert 'value="02.11.2026"' in html
    assert 'type="text"' in html


def test_what_was_typed_stays():
    assert 'value="завтра"' in str(DayForm({"day": "завтра"})["day"])


@pytest.mark.parametrize("typed", ["01.01.0202", "31.12.1899", "9999-12-31", "01.01.2200"])
def test_a_year_nobody_means_is_asked_about(typed):
    with translation.override("ru"), pytest.raises(ValidationError, match="Проверьте год") as told:
        DayField().clean(typed)
    assert told.value.code == "year"


@pytest.mark.parametrize("typed", ["01.01.1900", "31.12.2199"])
def test_the_first_and_the_last_year_are_taken(typed):
    assert DayField().clean(typed).year in (1900, 2199)


def test_a_field_may_begin_later_and_an_empty_one_stays_empty():
    with pytest.raises(ValidationError):
        DayField(min_year=2020).clean("31.12.2019")
    assert DayField(min_year=2020).clean("01.01.2020") == date(2020, 1, 1)
    assert DayField(required=False).clean("") is None
