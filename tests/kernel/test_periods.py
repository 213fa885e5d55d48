"""Half-open periods, months, and the two constraints of a dated table."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.serializer import serializer_factory
from django.db.models import Q
from django.test.utils import isolate_apps
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.periods import Month, Period, no_overlap, ordered_period, overlap_q, period_q

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
DAY = timedelta(days=1)

days_ = st.dates(date(2020, 1, 1), date(2030, 12, 31))
lengths = st.none() | st.integers(1, 800)


@st.composite
def periods(draw):
    begin, length = draw(days_), draw(lengths)
    return Period(begin, None if length is None else begin + length * DAY)


# --- Period ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "inside"),
    [(JAN - DAY, False), (JAN, True), (FEB - DAY, True), (FEB, False)],
)
def test_contains_takes_the_first_day_and_not_the_last(day, inside):
    assert Period(JAN, FEB).contains(day) is inside


def test_an_open_period_contains_the_future():
    assert Period(JAN).contains(date(9999, 12, 31))
    assert not Period(JAN).contains(JAN - DAY)


@pytest.mark.parametrize("end", [JAN, JAN - DAY])
def test_a_period_may_not_be_empty(end):
    with pytest.raises(ValueError, match="ends after it begins"):
        Period(JAN, end)


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        (Period(JAN, FEB), Period(FEB, MAR), None),
        (Period(JAN, MAR), Period(FEB, MAR), Period(FEB, MAR)),
        (Period(JAN), Period(FEB), Period(FEB)),
        (Period(JAN), Period(FEB, MAR), Period(FEB, MAR)),
        (Period(JAN, FEB), Period(JAN, FEB), Period(JAN, FEB)),
        (Period(MAR), Period(JAN, FEB), None),
    ],
)
def test_intersect(one, other, common):
    assert one.intersect(other) == common
    assert other.intersect(one) == common
    assert one.overlaps(other) is (common is not None)


@given(periods(), periods(), days_)
def test_a_day_is_in_the_common_part_if_it_is_in_both(one, other, day):
    common = one.intersect(other)
    in_both = one.contains(day) and other.contains(day)
    assert in_both == (common is not None and common.contains(day))


def test_days_of_a_period():
    assert list(Period(JAN, JAN + 3 * DAY).days()) == [JAN, JAN + DAY, JAN + 2 * DAY]


def test_days_of_an_open_period_are_refused():
    with pytest.raises(ValueError, match="no last day"):
        list(Period(JAN).days())


# --- Month -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "month"),
    [("2026-11", Month(2026, 11)), ("2000-01", Month(2000, 1)), ("2100-12", Month(2100, 12))],
)
def test_month_is_parsed_and_written_back(text, month):
    assert Month.parse(text) == month
    assert str(month) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026", "2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", " 2026-11"),
        *("٢٠٢٦-11", "1999-12", "2101-01", "9999-12", "0000-01"),
    ],
)
def test_month_refuses_anything_else(text):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1)])
def test_month_must_exist(year, month):
    with pytest.raises(ValueError, match=r"month|year"):
        Month(year, month)


@pytest.mark.parametrize(
    ("month", "first", "last", "count"),
    [
        (Month(2026, 11), date(2026, 11, 1), date(2026, 11, 30), 30),
        (Month(2024, 2), date(2024, 2, 1), date(2024, 2, 29), 29),
        (Month(2026, 2), date(2026, 2, 1), date(2026, 2, 28), 28),
        (Month(2025, 12), date(2025, 12, 1), date(2025, 12, 31), 31),
    ],
)
def test_days_of_a_month(month, first, last, count):
    assert month.first_day == first
    assert month.last_day == last
    assert len(list(month.days())) == count
    assert month.period == Period(first, last + DAY)


@pytest.mark.parametrize(
    ("month", "months", "expected"),
    [
        (Month(2026, 12), 1, Month(2027, 1)),
        (Month(2026, 1), -1, Month(2025, 12)),
        (Month(2026, 11), -11, Month(2025, 12)),
        (Month(2026, 11), 14, Month(2028, 1)),
        (Month(2026, 11), 0, Month(2026, 11)),
    ],
)
def test_months_later(month, months, expected):
    assert month.plus(months) == expected


@given(days_)
def test_next_and_previous_undo_each_other(day):
    month = Month.of(day)
    assert month.next().previous() == month
    assert month.next().first_day == month.last_day + DAY
    assert month.previous() < month < month.next()
    assert month.period.contains(day)


# --- Constraints -----------------------------------------------------------------------------

BUSY = gettext_lazy("This field is required.")


def dated_model():
    class Tariff(models.Model):
        name = models.CharField(max_length=20)
        is_draft = models.BooleanField(default=False)
        effective_from = models.DateField()
        effective_to = models.DateField(null=True)

        class Meta:
            app_label = "kernel"
            constraints = [
                no_overlap("tariff_no_overlap", "name", condition=Q(is_draft=False), message=BUSY),
                ordered_period("tariff_ordered"),
            ]

    return Tariff


@pytest.fixture
def tariffs(db):
    with isolate_apps("portal.kernel"):
        model = dated_model()
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model.objects


def add(tariffs, begin, end=None, name="a", is_draft=False):
    with transaction.atomic():
        return tariffs.create(name=name, effective_from=begin, effective_to=end, is_draft=is_draft)


@pytest.mark.parametrize(
    ("begin", "end"),
    [(JAN, None), (JAN, FEB + DAY), (FEB, MAR), (MAR - DAY, None), (FEB + DAY, FEB + 2 * DAY)],
)
def test_no_overlap_refuses_a_common_day(tariffs, begin, end):
    add(tariffs, FEB, MAR)
    with pytest.raises(IntegrityError, match="tariff_no_overlap"):
        add(tariffs, begin, end)


@pytest.mark.parametrize(("begin", "end"), [(JAN, FEB), (MAR, None), (MAR, MAR + DAY)])
def test_no_overlap_lets_neighbours_be(tariffs, begin, end):
    add(tariffs, FEB, MAR)
    add(tariffs, begin, end)
    assert tariffs.count() == 2


def test_no_overlap_is_about_the_same_columns_and_condition(tariffs):
    add(tariffs, JAN)
    add(tariffs, JAN, name="b")
    add(tariffs, JAN, is_draft=True)
    add(tariffs, JAN, is_draft=True)
    assert tariffs.count() == 4


@pytest.mark.parametrize("end", [JAN, JAN - DAY])
def test_ordered_period_refuses_an_end_before_the_beginning(tariffs, end):
    with pytest.raises(Exception, match=r"tariff_ordered|range lower bound"):
        add(tariffs, JAN, end)


def test_violations_are_readable_before_they_reach_the_database(tariffs):
    add(tariffs, JAN)
    row = tariffs.model(name="a", effective_from=FEB)
    with translation.override("ru"), pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    with translation.override("ru"):
        assert caught.value.messages == ["Обязательное поле."]


@pytest.mark.parametrize(
    ("day", "names"),
    [(JAN - DAY, set()), (JAN, {"old"}), (FEB - DAY, {"old"}), (FEB, {"new"}), (MAR, {"new"})],
)
def test_period_q_finds_the_row_in_force(tariffs, day, names):
    add(tariffs, JAN, FEB, name="old")
    add(tariffs, FEB, None, name="new")
    assert set(tariffs.filter(period_q(day)).values_list("name", flat=True)) == names


@pytest.mark.parametrize(
    ("period", "names"),
    [
        (Period(date(2025, 1, 1), JAN), set()),
        (Period(date(2025, 1, 1), JAN + DAY), {"old"}),
        (Period(FEB, MAR), {"new"}),
        (Period(JAN), {"old", "new"}),
        (Period(FEB - DAY, FEB + DAY), {"old", "new"}),
    ],
)
def test_overlap_q_finds_rows_in_force_some_day(tariffs, period, names):
    add(tariffs, JAN, FEB, name="old")
    add(tariffs, FEB, None, name="new")
    assert set(tariffs.filter(overlap_q(period)).values_list("name", flat=True)) == names


def test_prefix_leads_to_the_dated_row():
    fields = {name for name, _value in period_q(JAN, "placement__").children[:1]}
    assert fields == {"placement__effective_from__lte"}


@pytest.mark.parametrize(
    "constraint",
    [
        no_overlap("one", "name", "post"),
        no_overlap("two", "name", condition=Q(is_draft=False), message=BUSY),
        ordered_period("three"),
    ],
)
def test_constraints_can_be_written_into_a_migration(constraint):
    with translation.override(None):
        source, imports = serializer_factory(constraint).serialize()
        namespace: dict[str, object] = {}
        exec("\n".join(imports), namespace)  # noqa: S102 - what a migration file does
        again = eval(source, namespace)  # noqa: S307 - the same
        assert again == constraint


def test_default_sentences_are_translated():
    with translation.override("ru"):
        assert str(no_overlap("n").violation_error_message) == (
            "В эти дни уже действует другая запись."
        )
        assert str(ordered_period("n").violation_error_message) == (
            "Период должен закончиться позже, чем начался."
        )
