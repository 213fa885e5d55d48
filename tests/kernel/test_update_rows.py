"""Many rows are changed by one statement, each to its own values."""

from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from inmates.models import Inmate
from portal.kernel.copying import update_rows

pytestmark = pytest.mark.django_db
COLUMNS = ("born_on", "pension", "disability_group")


def people(count: int) -> list[Inmate]:
    return [
        Inmate.objects.create(personnel_number=str(number), born_on=date(1990, 1, 1))
        for number in range(count)
    ]


def test_each_row_has_its_own_values_and_others_keep_theirs() -> None:
    first, second, other = people(3)
    update_rows(
        Inmate,
        COLUMNS,
        [(first.pk, date(1991, 2, 3), "age", None), (second.pk, date(1992, 2, 29), "none", 3)],
    )
    found = Inmate.objects.order_by("pk").values_list("pk", *COLUMNS)
    assert list(found) == [
        (first.pk, date(1991, 2, 3), "age", None),
        (second.pk, date(1992, 2, 29), "none", 3),
        (other.pk, date(1990, 1, 1), "none", None),
    ]


@pytest.mark.parametrize(("count", "statements"), [(0, 0), (1, 1), (20, 1)])
def test_one_statement_whatever_the_number(count: int, statements: int) -> None:
    rows = [(one.pk, date(1991, 1, 1), "none", None) for one in people(count)]
    with CaptureQueriesContext(connection) as captured:
        update_rows(Inmate, COLUMNS, rows)
    assert len(captured) == statements


def test_constraints_hold() -> None:
    (one,) = people(1)
    with pytest.raises(IntegrityError, match="inmate_pension_known"):
        update_rows(Inmate, ("pension",), [(one.pk, "unknown")])


def test_text_is_never_read_as_sql() -> None:
    (one,) = people(1)
    update_rows(Inmate, ("personnel_number",), [(one.pk, "1'; DROP")])
    one.refresh_from_db()
    assert one.personnel_number == "1'; DROP"
