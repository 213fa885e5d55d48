"""COPY writes what INSERT would write, whatever the text holds."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from inmates.models import Inmate, PayParameter, WritOfExecution
from portal.kernel.copying import TO_JSON, CopyText, JsonText, copy_rows, next_ids

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


@pytest.mark.parametrize(
    "amount", [Decimal("1.50"), Decimal(2), Decimal("1E+2"), Decimal("1.500"), 3]
)
def test_a_sum_that_the_column_keeps_is_taken_however_it_is_written(
    db: None, amount: Decimal | int
) -> None:
    inmate = Inmate.objects.create(personnel_number="1", born_on=date(1990, 1, 1))
    columns = ("inmate_id", "number", "queue", "kind", "amount", "payee", "effective_from")
    row = (inmate.pk, "И-1", 1, "alimony", amount, "взыскатель", date(2026, 1, 1), "")
    copy_rows(WritOfExecution, (*columns, "payee_account"), [row])
    assert WritOfExecution.objects.get().amount == amount


@pytest.mark.parametrize("value", ["0.1", 'a "word"\t₸', 7, True, ["x", {"y": None}], {}])
def test_a_json_column_keeps_what_it_was_given(db: None, value: object) -> None:
    day = date(2026, 1, 1)
    copy_rows(PayParameter, COLUMNS, [("x", value, "", "s", "c", "", day, None)])
    assert PayParameter.objects.get().value == value


def test_json_that_is_text_already_is_not_encoded_again(db: None) -> None:
    name = {"ru": "Раскрой «Юрта»", "kk": 'Пішу\n"үй"'}
    ready = JsonText(TO_JSON(name))
    day = date(2026, 1, 1)
    copy_rows(
        PayParameter, COLUMNS, [(code, ready, "", "s", "c", "", day, None) for code in ("x", "y")]
    )
    assert [row.value for row in PayParameter.objects.all()] == [name, name]


def test_rows_wait_as_text_and_are_sent_once(db: None) -> None:
    people = CopyText(Inmate, ("personnel_number", "born_on", "pension"))
    for number in ("1", "2"):
        people.add([people.encode((number, date(1990, 1, 1), "none"))])
    assert not Inmate.objects.exists()
    people.write()
    assert Inmate.objects.count() == 2
    people.write()
    assert Inmate.objects.count() == 2


def test_nothing_to_copy_is_no_statement(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        copy_rows(Inmate, ("personnel_number", "born_on", "pension"), [])
    assert len(queries) == 0


def test_a_row_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        CopyText(Inmate, ("personnel_number", "born_on")).encode(("1",))
