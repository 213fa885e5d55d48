"""Output on the card of a batch: booked with the people's pieces, taken away only by the card."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import WorkEntry
from inmates.refusals import SheetRefused
from inmates.services.attendance import AttendedDay
from inmates.services.output import CellEdit, Output, record_output, save_output
from portal.documents.codes import printed_code
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor, a_floor, fields, text
from tests.people import a_user, a_work_order, an_organisation
from workshops.models import BatchCard, BatchOutput
from workshops.refusals import BatchFull, BatchHasLess, BatchOfAnother, BookedOnCards
from workshops.selectors.batches import batch_passed
from workshops.services.batches import make_batch_cards

pytestmark = pytest.mark.usefixtures("on_friday")


@pytest.fixture
def cards(floor: Floor) -> list[BatchCard]:
    """The twenty of the floor in batches of five."""
    return make_batch_cards(actor=floor.cast.master, work_order_id=floor.order.pk, size=5, at=NOON)


def book(floor: Floor, card: BatchCard | None, *made: tuple[int, int], **changes: Any) -> int:
    """Pieces as (person, quantity) on the cutting, with the card."""
    day = changes.pop("day", FRIDAY)
    operation = changes.pop("operation", floor.cutting)
    entries = [
        Output(floor.placements[place].pk, operation.pk, day, quantity) for place, quantity in made
    ]
    return record_output(
        actor=floor.cast.master, entries=entries, at=NOON, card_id=card.pk if card else None
    )


def passed(floor: Floor, card: BatchCard) -> int:
    return batch_passed([card.pk]).get((card.pk, floor.cutting.pk), 0)


# --- the service ------------------------------------------------------------------------------
def test_pieces_of_several_people_are_one_row_of_the_batch(
    floor: Floor, cards: list[BatchCard]
) -> None:
    book(floor, cards[0], (0, 2), (1, 1))
    assert [row.quantity for row in BatchOutput.objects.all()] == [3]
    row = BatchOutput.objects.get()
    assert (row.passed_on, row.recorded_by) == (FRIDAY, floor.cast.master)
    assert WorkEntry.objects.count() == 2


def test_only_the_difference_goes_to_the_batch(floor: Floor, cards: list[BatchCard]) -> None:
    book(floor, None, (0, 4))
    book(floor, cards[0], (0, 6))
    assert passed(floor, cards[0]) == 2
    book(floor, cards[0], (0, 5))
    assert passed(floor, cards[0]) == 1
    book(floor, cards[0], (0, 5))
    assert passed(floor, cards[0]) == 1


def test_pieces_moved_between_people_leave_the_batch_as_it_is(
    floor: Floor, cards: list[BatchCard]
) -> None:
    book(floor, cards[0], (0, 4))
    book(floor, None, (0, 1), (1, 3))
    assert passed(floor, cards[0]) == 4
    assert BatchOutput.objects.count() == 1


def test_each_day_is_a_row_of_its_own(floor: Floor, cards: list[BatchCard]) -> None:
    book(floor, cards[0], (0, 2))
    book(floor, cards[0], (0, 1), day=THURSDAY)
    assert set(BatchOutput.objects.values_list("passed_on", "quantity")) == {
        (FRIDAY, 2),
        (THURSDAY, 1),
    }


def test_more_than_the_batch_holds_is_refused_whole(floor: Floor, cards: list[BatchCard]) -> None:
    with pytest.raises(BatchFull, match="осталось 5 шт"):
        book(floor, cards[0], (0, 3), (1, 3))
    assert not WorkEntry.objects.exists()


def test_what_another_card_has_is_not_taken_by_this_one(
    floor: Floor, cards: list[BatchCard]
) -> None:
    book(floor, cards[0], (0, 3))
    with pytest.raises(BatchHasLess):
        book(floor, cards[1], (0, 1))
    with pytest.raises(BookedOnCards, match="карточкам партий внесено 3"):
        book(floor, None, (0, 2))
    book(floor, cards[0], (0, 0))
    assert (passed(floor, cards[0]), WorkEntry.objects.count()) == (0, 0)


def test_what_is_on_no_card_is_taken_away_without_one(floor: Floor, cards: list[BatchCard]) -> None:
    book(floor, cards[0], (0, 3))
    book(floor, None, (1, 4))
    book(floor, None, (1, 0))
    assert passed(floor, cards[0]) == 3


def test_a_card_of_another_order_is_refused(floor: Floor, cards: list[BatchCard]) -> None:
    other = a_work_order(floor.cast).operations.first()
    with pytest.raises(BatchOfAnother):
        book(floor, cards[0], (0, 1), operation=other)


def test_the_order_is_asked_before_the_batch(floor: Floor, cards: list[BatchCard]) -> None:
    book(floor, None, (0, 18))
    with pytest.raises(SheetRefused):
        book(floor, cards[0], (1, 3))


def test_a_saved_page_books_on_its_card(floor: Floor, cards: list[BatchCard]) -> None:
    edit = CellEdit(floor.placements[0].pk, floor.cutting.pk, 0, 2)
    save_output(actor=floor.cast.master, day=FRIDAY, edits=[edit], at=NOON, card_id=cards[1].pk)
    assert passed(floor, cards[1]) == 2


# --- where a card leads -----------------------------------------------------------------------
def test_a_scanned_card_opens_the_output_of_its_batch(
    master: Client, floor: Floor, cards: list[BatchCard]
) -> None:
    card = cards[1]
    response = master.get(reverse("inmates:batch", args=[card.code]), follow=True)
    (address, _status), *_more = response.redirect_chain
    assert address == floor.url(part="output/") + (
        f"?order={floor.order.pk}&batch={printed_code(card.code)}"
    )
    html = text(response)
    assert "Партия 2, 5 шт." in html
    assert "в партии осталось 5" in html


def test_what_is_saved_on_that_page_is_on_the_card(
    master: Client, floor: Floor, cards: list[BatchCard]
) -> None:
    address = f"{floor.url(part='output/')}?batch={printed_code(cards[1].code)}"
    values = fields(master.get(address).content.decode())
    values |= {
        f"q-{floor.placements[0].pk}.{floor.cutting.pk}": "3",
        "batch": printed_code(cards[1].code),
        "order": str(floor.order.pk),
    }
    response = master.post(address, values)
    assert response.status_code == 302
    assert passed(floor, cards[1]) == 3
    assert "в партии осталось 2" in text(master.get(address))


def test_a_batch_that_is_full_refuses_and_keeps_what_was_typed(
    master: Client, floor: Floor, cards: list[BatchCard]
) -> None:
    address = f"{floor.url(part='output/')}?batch={cards[0].code}"
    values = fields(master.get(address).content.decode())
    values |= {
        f"q-{floor.placements[0].pk}.{floor.cutting.pk}": "6",
        "batch": cards[0].code,
        "order": str(floor.order.pk),
    }
    response = master.post(address, values)
    assert response.status_code == 422
    assert "в партии 1 осталось 5 шт., а вышло бы ещё 6" in text(response)
    assert 'value="6"' in text(response)
    assert not WorkEntry.objects.exists()


def test_a_card_of_another_order_is_not_followed_on_the_page(
    master: Client, floor: Floor, cards: list[BatchCard]
) -> None:
    other = a_work_order(floor.cast)
    html = text(master.get(f"{floor.url(part='output/')}?order={other.pk}&batch={cards[0].code}"))
    assert "Партия 1" not in html


@pytest.mark.parametrize("typed", ["{code}", "{printed}", "http://testserver/b/{code}"])
def test_the_field_takes_what_a_scanner_types(
    master: Client, floor: Floor, cards: list[BatchCard], typed: str
) -> None:
    code = cards[2].code
    scanned = typed.format(code=code, printed=printed_code(code))
    response = master.get(reverse("inmates:find_batch"), {"scanned": scanned})
    assert response.status_code == 302
    assert response["Location"].endswith(f"batch={printed_code(code)}")


def test_an_unknown_code_comes_back_with_a_sentence(master: Client, floor: Floor) -> None:
    order = {"scanned": "7KQF-92MT", "workshop": floor.cast.workshop.code}
    response = master.get(reverse("inmates:find_batch"), order, follow=True)
    assert "Карточки с таким кодом нет" in text(response)
    assert response.redirect_chain[0][0] == floor.url(part="output/")
    elsewhere = master.get(reverse("inmates:find_batch"), {"scanned": "нет", "workshop": "none"})
    assert elsewhere["Location"] == reverse("inmates:shifts")


def test_who_only_makes_it_comes_to_the_work_order(
    client: Client, floor: Floor, cards: list[BatchCard]
) -> None:
    client.force_login(floor.cast.operator)
    response = client.get(reverse("inmates:batch", args=[cards[0].code]))
    assert response["Location"] == (
        reverse("workshops:work_order", args=[floor.order.pk]) + "#batches"
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [("labour_officer", 302), ("accountant", 403), ("buyer", 403), ("analyst", 403)],
)
def test_a_card_by_role(
    client: Client, floor: Floor, cards: list[BatchCard], who: str, status: int
) -> None:
    client.force_login(getattr(floor.cast, who))
    assert client.get(reverse("inmates:batch", args=[cards[0].code])).status_code == status


def test_a_stranger_signs_in_first_and_comes_back(
    client: Client, floor: Floor, cards: list[BatchCard]
) -> None:
    response = client.get(reverse("inmates:batch", args=[cards[0].code]))
    assert response.status_code == 302
    assert f"/b/{cards[0].code}" in response["Location"]


def test_an_operator_elsewhere_does_not_learn_of_it(
    client: Client, floor: Floor, cards: list[BatchCard]
) -> None:
    other = an_organisation("state_enterprise", "РГП «Другое»", 77)
    client.force_login(a_user("other77@example.kz", other, "operator"))
    assert client.get(reverse("inmates:batch", args=[cards[0].code])).status_code == 404
    assert client.post(reverse("inmates:batch", args=[cards[0].code])).status_code == 405


# --- warnings ---------------------------------------------------------------------------------
def test_more_than_the_norm_allows_is_said_beside_the_person(master: Client, floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 120))
    floor.attend(AttendedDay(floor.placements[1].pk, FRIDAY, 120))
    book(floor, None, (0, 3), (1, 2))
    html = text(master.get(floor.url(part="output/")))
    assert html.count("По норме 180 мин, а отработано 120.") == 1


def test_other_work_orders_of_the_day_count_too(master: Client, floor: Floor) -> None:
    other = a_work_order(floor.cast)
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 120))
    book(floor, None, (0, 1))
    book(floor, None, (0, 2), operation=other.operations.first())
    html = text(master.get(f"{floor.url(part='output/')}?order={floor.order.pk}"))
    assert "По норме 180 мин, а отработано 120." in html
    assert 'data-beside="120' in html


def test_without_attendance_or_a_norm_nothing_is_said(master: Client, floor: Floor) -> None:
    book(floor, None, (0, 15))
    html = text(master.get(floor.url(part="output/")))
    assert html.count("data-load></span>") == 3


@pytest.mark.parametrize(
    ("typed", "quantity"), [("٣", 3), ("１２", 12), ("1\N{NO-BREAK SPACE}2", 12), ("12,0", 12)]
)
def test_digits_of_other_scripts_are_read(
    master: Client, floor: Floor, typed: str, quantity: int
) -> None:
    values = fields(master.get(floor.url(part="output/")).content.decode())
    values |= {
        f"q-{floor.placements[0].pk}.{floor.cutting.pk}": typed,
        "order": str(floor.order.pk),
    }
    assert master.post(floor.url(part="output/"), values).status_code == 302
    assert WorkEntry.objects.get().quantity == quantity


@pytest.mark.parametrize("typed", ["шесть", "6 шт", "1О", "²", "1,5", "-1"])
def test_what_is_no_count_is_refused_at_its_cell(master: Client, floor: Floor, typed: str) -> None:
    values = fields(master.get(floor.url(part="output/")).content.decode())
    values |= {
        f"q-{floor.placements[0].pk}.{floor.cutting.pk}": typed,
        "order": str(floor.order.pk),
    }
    response = master.post(floor.url(part="output/"), values)
    assert response.status_code == 422
    assert f"1601 {floor.names[0]}: Раскрой" in text(response)
    is_word = any(char.isalpha() for char in typed)
    assert (f"«{typed}» не количество; пишите цифрами." in text(response)) is is_word
    assert not WorkEntry.objects.exists()


def test_the_page_of_many_asks_no_more(client: Client, db: None) -> None:
    floor = a_floor(3)
    client.force_login(floor.cast.master)
    cards = make_batch_cards(actor=floor.cast.master, work_order_id=floor.order.pk, size=5, at=NOON)
    counts = []
    for place in range(3):
        book(floor, cards[0], (place, 1))
        address = f"{floor.url(part='output/')}?batch={cards[0].code}"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
    assert len(set(counts)) == 1
