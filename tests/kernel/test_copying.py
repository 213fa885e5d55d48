"""COPY writes what INSERT would write, whatever the text holds."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from inmates.models import Inmate, PayParameter, WritOfExecution
from portal.kernel.copying import copy_rows, next_ids

COLUMNS = (
    "code", "value", "unit", "source", "confidence", "note", "effective_from", "effective_to",
)  # fmt: skip


@pytest.mark.parametrize("text", ["", "\\N", "a\tb\nc\rd\\e", "«Киіз үй» ₸", "\\.", 'NULL,"x"'])
def test_text_and_json_come_back_as_they_went(db: None, text: str) -> None:
    day = date(2026, 1, 1)
    copy_rows(
        PayParameter, COLUMNS, [("x", {"a": [text, None, True]}, text, text, "c", text, day, None)]
    )
    row = PayParameter.objects.get()
    assert (row.unit, row.source, row.note) == (text, text, text)
    assert row.value == {"a": [text, None, True]}
    assert (row.effective_from, row.effective_to) == (day, None)


def test_fresh_ids_are_never_given_twice(db: None) -> None:
    first, second = next_ids(Inmate, 3), next_ids(Inmate, 2)
    assert len({*first, *second}) == 5
    copy_rows(
        Inmate,
        ("id", "personnel_number", "born_on", "pension"),
        [(pk, str(pk), date(1990, 1, 1), "none") for pk in first],
    )
    assert Inmate.objects.create(personnel_number="9", born_on=date(1990, 1, 1)).pk not in first


def test_constraints_hold(db: None) -> None:
    row = ("7", date(1990, 1, 1), "unknown")
    with pytest.raises(IntegrityError, match="inmate_pension_known"):
        copy_rows(Inmate, ("personnel_number", "born_on", "pension"), [row])


def test_numbers_and_flags_have_their_text_form() -> None:
    from portal.kernel.copying import _as_text

    assert [_as_text(one) for one in (True, False, None, Decimal("1.50"), 3)] == [
        "t", "f", "\\N", "1.50", "3",
    ]  # fmt: skip


@pytest.mark.parametrize("amount", [Decimal("1.005"), 1.5, Decimal("NaN")])
def test_a_sum_that_the_column_would_round_is_refused(db: None, amount: object) -> None:
    inmate = Inmate.objects.create(personnel_number="1", born_on=date(1990, 1, 1))
    columns = ("inmate_id", "number", "queue", "kind", "amount", "payee", "effective_from")
    row = (inmate.pk, "И-1", 1, "alimony", amount, "взыскатель", date(2026, 1, 1))
    with pytest.raises(ValidationError):
        copy_rows(WritOfExecution, (*columns, "payee_account"), [(*row, "")])
    assert not WritOfExecution.objects.exists()
