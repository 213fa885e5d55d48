"""Batches: cards cover the work order once; a card is found however it was scanned."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.documents.codes import ALPHABET, clean_code, new_code
from portal.kernel.errors import Forbidden
from portal.kernel.states import move
from tests.people import NOW, TODAY, a_work_order
from tests.workshops.floors import Bench, outsiders
from workshops.models import BatchCard, BatchOutput, WorkOrder, WorkOrderOperation
from workshops.refusals import (
    BatchesTooMany,
    BatchFull,
    BatchHasLess,
    BatchOfAnother,
    BookedOnCards,
    NothingToCard,
    OrderClosed,
)
from workshops.selectors.batches import CODE_LENGTH, batch_passed, card_of, cards_of
from workshops.services.batches import book_on_batch, make_batch_cards, require_not_on_cards
from workshops.states import WORK_ORDER

RUSSIAN = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", strict=True))
KAZAKH = RUSSIAN | dict(zip("1234567890", '"әіңғ,.үұқ', strict=True))


def cards(bench: Bench, size: int = 4, **changes: Any) -> list[BatchCard]:
    values = {
        "actor": bench.cast.master, "work_order_id": bench.order.pk, "size": size, "at": NOW,
    }  # fmt: skip
    return make_batch_cards(**(values | changes))


def book(bench: Bench, card: BatchCard, more: int, operation: Any = None) -> None:
    book_on_batch(
        actor=bench.cast.master,
        card_id=card.pk,
        more={(operation or bench.cutting).pk: more},
        passed_on=TODAY,
        at=NOW,
    )


# --- cards ------------------------------------------------------------------------------------
def test_cards_cover_the_order_and_the_last_holds_the_rest(bench: Bench) -> None:
    made = cards(bench)
    assert [(one.number, one.quantity) for one in made] == [(1, 4), (2, 4), (3, 2)]
    assert all(len(one.code) == CODE_LENGTH and set(one.code) <= set(ALPHABET) for one in made)
    assert len({one.code for one in made}) == 3
    assert cards_of(bench.order) == made
    with pytest.raises(NothingToCard):
        cards(bench)


def test_one_batch_may_hold_everything(bench: Bench) -> None:
    assert [one.quantity for one in cards(bench, 1000)] == [10]


def test_what_the_order_grew_by_gets_cards_of_its_own(bench: Bench) -> None:
    cards(bench)
    WorkOrder.objects.filter(pk=bench.order.pk).update(quantity=13)
    assert [(one.number, one.quantity) for one in cards(bench, 2)] == [(4, 2), (5, 1)]


def test_outsiders_make_no_cards(bench: Bench) -> None:
    for actor in outsiders(bench):
        with pytest.raises(Forbidden):
            cards(bench, actor=actor)


def test_a_closed_order_gets_no_cards(bench: Bench) -> None:
    move(bench.order, "cancel", machine=WORK_ORDER, actor=None, at=NOW)
    with pytest.raises(OrderClosed):
        cards(bench)


def test_too_many_cards_are_refused(bench: Bench) -> None:
    big = a_work_order(bench.cast, 201)
    with pytest.raises(BatchesTooMany):
        cards(bench, 1, work_order_id=big.pk)
    assert len(cards(bench, 2, work_order_id=big.pk)) == 101


def test_the_database_holds_the_cards_to_the_order(bench: Bench) -> None:
    cards(bench)
    row = {"work_order": bench.order, "made_by": bench.cast.master, "made_at": NOW}
    for changes, name in (
        ({"number": 9, "quantity": 1, "code": "00000000"}, "cards_within_order"),
        ({"number": 9, "quantity": 0, "code": "00000000"}, "batchcard_positive"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            BatchCard.objects.create(**(row | changes))
    other = a_work_order(bench.cast)
    for code in ("0000000", "0000000I", "0000000о"):
        with pytest.raises(IntegrityError, match="batchcard_code"), transaction.atomic():
            BatchCard.objects.create(**(row | {"work_order": other}), number=1, quantity=1,
                                     code=code)  # fmt: skip
    card = cards_of(bench.order)[0]
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        BatchCard.objects.filter(pk=card.pk).update(quantity=1)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        card.delete()


# --- a card by what was scanned ---------------------------------------------------------------
@pytest.mark.parametrize(
    "wrap",
    [
        lambda code: code,
        lambda code: f"{code[:4]}-{code[4:]}",
        lambda code: f" {code.lower()} \n",
        lambda code: f"https://portal.example/b/{code}",
        lambda code: f"http://127.0.0.1:8000/b/{code}/",
        lambda code: "реез:..зщкефд.яяя.и." + "".join(RUSSIAN.get(one, one) for one in code),
        lambda code: "".join(RUSSIAN.get(one, one) for one in code).lower(),
        lambda code: "реез№..зщкефд.и." + "".join(KAZAKH.get(one, one) for one in code),
    ],
)
def test_a_card_is_found_in_either_layout(bench: Bench, wrap: Any) -> None:
    for card in cards(bench, 1):
        assert card_of(wrap(card.code)) == card, card.code


@pytest.mark.parametrize(
    "text", ["", "   ", "7KQF92M", "не код", "0" * 500, "/", "\x01\x02", "🙂" * 8]
)
def test_what_is_no_code_finds_nothing(bench: Bench, text: str) -> None:
    cards(bench)
    assert card_of(text) is None


@given(text=st.text(max_size=300))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_scanned_is_read(bench: Bench, text: str) -> None:
    assert card_of(text.replace("\x00", "")) is None


def test_a_short_code_is_not_taken_for_a_check_code() -> None:
    code = new_code(CODE_LENGTH)
    assert clean_code(code, CODE_LENGTH) == code
    assert clean_code(code) == ""
    assert clean_code(new_code(), CODE_LENGTH) == ""


# --- what passed ------------------------------------------------------------------------------
def test_what_passed_is_summed_by_operation(bench: Bench) -> None:
    first, second, _third = cards(bench)
    painting = bench.order.operations.get(operation=bench.cast.painting)
    book(bench, first, 3)
    book(bench, first, -1)
    book(bench, first, 1, painting)
    book(bench, second, 4)
    assert batch_passed([first.pk, second.pk]) == {
        (first.pk, bench.cutting.pk): 2,
        (first.pk, painting.pk): 1,
        (second.pk, bench.cutting.pk): 4,
    }


def test_a_batch_never_has_more_than_it_holds_or_fewer_than_none(bench: Bench) -> None:
    card = cards(bench)[0]
    book(bench, card, 3)
    with pytest.raises(BatchFull):
        book(bench, card, 2)
    with pytest.raises(BatchHasLess):
        book(bench, card, -4)
    assert batch_passed([card.pk]) == {(card.pk, bench.cutting.pk): 3}


def test_nothing_more_leaves_no_row(bench: Bench) -> None:
    book(bench, cards(bench)[0], 0)
    assert not BatchOutput.objects.exists()


def test_an_operation_of_another_order_is_refused(bench: Bench) -> None:
    other = a_work_order(bench.cast).operations.first()
    with pytest.raises(BatchOfAnother):
        book(bench, cards(bench)[0], 1, other)


def test_the_database_holds_what_passed_to_the_batch(bench: Bench) -> None:
    card = cards(bench)[0]
    other = a_work_order(bench.cast).operations.first()
    row = {
        "card": card, "work_order_operation": bench.cutting, "passed_on": TODAY,
        "recorded_by": bench.cast.master, "recorded_at": NOW,
    }  # fmt: skip
    for changes, name in (
        ({"quantity": 5}, "batch_output_within"),
        ({"quantity": -1}, "batch_output_within"),
        ({"quantity": 1, "work_order_operation": other}, "batch_output_within"),
        ({"quantity": 0}, "batchoutput_says_something"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            BatchOutput.objects.create(**(row | changes))
    with pytest.raises(IntegrityError, match="batch_output_within"), transaction.atomic():
        BatchOutput.objects.bulk_create(BatchOutput(**row, quantity=3) for _time in range(2))
    kept = BatchOutput.objects.create(**row, quantity=4)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        BatchOutput.objects.filter(pk=kept.pk).update(quantity=1)


def test_an_operation_keeps_what_its_cards_say(bench: Bench) -> None:
    WorkOrderOperation.objects.filter(pk=bench.cutting.pk).update(done=3)
    first, second, _third = cards(bench)
    book(bench, first, 2)
    book(bench, second, 1)
    require_not_on_cards([bench.cutting.pk])
    WorkOrderOperation.objects.filter(pk=bench.cutting.pk).update(done=2)
    with pytest.raises(BookedOnCards):
        require_not_on_cards([bench.cutting.pk])
    require_not_on_cards([])
