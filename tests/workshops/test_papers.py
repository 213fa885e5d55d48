"""The papers of a work order: the sheet for the bench and the cards of its batches, read back."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from pypdf import PdfReader

from portal.documents.codes import printed_code
from portal.kernel.states import move
from tests.people import NOW, Cast, a_user, a_work_order, an_organisation
from workshops.models import BatchCard, Operation, RequestedPart, WorkOrder, WorkOrderOperation
from workshops.presenters.papers import batch_path, cards_document, sheet_document
from workshops.services.batches import make_batch_cards
from workshops.states import WORK_ORDER


@pytest.fixture
def order(cast: Cast) -> WorkOrder:
    order = a_work_order(cast, 12)
    WorkOrder.objects.filter(pk=order.pk).update(due_on=date(2026, 12, 15))
    order.refresh_from_db()
    return order


def cards(cast: Cast, order: WorkOrder, size: int = 5) -> list[BatchCard]:
    return make_batch_cards(actor=cast.master, work_order_id=order.pk, size=size, at=NOW)


def read(response: Any) -> tuple[int, str]:
    """How many pages the PDF has, and its text in one line."""
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    pages = PdfReader(BytesIO(response.content)).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    return len(pages), text.replace("\N{NO-BREAK SPACE}", " ")


def address(order: WorkOrder, name: str) -> str:
    return reverse(f"workshops:{name}", args=[order.pk])


# --- the sheet --------------------------------------------------------------------------------
def test_the_sheet_says_what_is_to_be_made(client: Client, cast: Cast, order: WorkOrder) -> None:
    client.force_login(cast.master)
    pages, text = read(client.get(address(order, "work_order_sheet"), {"language": "ru"}))
    assert pages == 1
    for words in (
        order.number, "Игровой уголок «Юрта»", "15.12.2026", "Столярный цех", "1. Раскрой",
        "2. Покраска", "Шанырак", "Берёза", "Принял: должность, подпись",
    ):  # fmt: skip
        assert words in text
    # Sixty minutes by the norm, twelve pieces: twelve hours.
    assert "60 12 12" in text
    assert "650" not in text
    # The measures of a part, and not the area that is let.
    assert "Размеры" in text
    assert "Площадь" not in text


def test_the_sheet_in_kazakh(client: Client, cast: Cast, order: WorkOrder) -> None:
    client.force_login(cast.operator)
    response = client.get(address(order, "work_order_sheet"), {"language": "kk"})
    _pages, text = read(response)
    assert "«Киіз үй» ойын бұрышы" in text
    assert "Тапсырма" in text
    assert "Операция" in text
    assert "Өлшемдері" in text
    assert f'work-order-{order.number}-kk.pdf"' in response["Content-Disposition"]


def test_a_language_paper_does_not_have_is_russian(
    client: Client, cast: Cast, order: WorkOrder
) -> None:
    client.force_login(cast.master)
    response = client.get(address(order, "work_order_sheet"), {"language": "de"})
    assert "-ru.pdf" in response["Content-Disposition"]


def test_a_part_made_once_has_no_norm_and_no_bill(cast: Cast, order: WorkOrder) -> None:
    part = RequestedPart.objects.create(title="Кронштейн")
    step = Operation.objects.create(part=part, sequence=1, name_ru="Гибка", trade=cast.trade)
    own = WorkOrder.objects.create(
        number="2026-00099", workshop=cast.workshop, part=part, quantity=3, created_at=NOW
    )
    operation = WorkOrderOperation.objects.create(work_order=own, operation=step, quantity=3)
    data = sheet_document(own, [operation], [], str, NOW.date())
    assert (data["operations"][0]["norm"], data["operations"][0]["total"]) == ("—", "—")
    assert (data["product"], data["parts"]) == ("Кронштейн", [])


def test_the_code_of_the_sheet_leads_to_the_work_order(cast: Cast, order: WorkOrder) -> None:
    seen: list[str] = []
    sheet_document(order, [], [], lambda path: seen.append(path) or path, NOW.date())
    assert seen == [address(order, "work_order")]


# --- the cards --------------------------------------------------------------------------------
def test_each_batch_has_a_card_with_its_code(client: Client, cast: Cast, order: WorkOrder) -> None:
    made = cards(cast, order)
    client.force_login(cast.master)
    pages, text = read(client.get(address(order, "batch_cards")))
    assert pages == 1
    for card in made:
        assert f"Партия {card.number}" in text
        assert printed_code(card.code) in text
    assert text.count("1. Раскрой") == 3
    assert "Отсканируйте, чтобы внести выработку" in text


@pytest.mark.parametrize(("size", "pages"), [(12, 1), (3, 1), (2, 2), (1, 3)])
def test_four_cards_stand_on_a_sheet(
    client: Client, cast: Cast, order: WorkOrder, size: int, pages: int
) -> None:
    cards(cast, order, size)
    client.force_login(cast.master)
    assert read(client.get(address(order, "batch_cards")))[0] == pages


def test_the_cards_in_kazakh(client: Client, cast: Cast, order: WorkOrder) -> None:
    cards(cast, order)
    client.force_login(cast.master)
    _pages, text = read(client.get(address(order, "batch_cards"), {"language": "kk"}))
    assert "1-топтама" in text
    assert "Өнімді енгізу үшін сканерлеңіз" in text


def test_a_card_leads_to_the_output_of_its_batch(cast: Cast, order: WorkOrder) -> None:
    made = cards(cast, order)
    seen: list[str] = []
    cards_document(order, made, [], lambda path: seen.append(path) or path)
    assert seen == [batch_path(card) for card in made]
    assert resolve(seen[0]).view_name == "inmates:batch"
    assert seen[0] == f"/b/{made[0].code}"


def test_without_batches_there_are_no_cards(client: Client, cast: Cast, order: WorkOrder) -> None:
    client.force_login(cast.master)
    assert client.get(address(order, "batch_cards")).status_code == 404


@pytest.mark.parametrize("name", ["work_order_sheet", "batch_cards", "make_cards"])
def test_papers_are_for_those_who_make_it(
    client: Client, cast: Cast, order: WorkOrder, name: str
) -> None:
    cards(cast, order)
    method = client.post if name == "make_cards" else client.get
    wrong = client.get if name == "make_cards" else client.post
    assert method(address(order, name)).status_code == 302
    client.force_login(cast.buyer)
    assert method(address(order, name)).status_code == 403
    other = an_organisation("state_enterprise", "РГП «Другое»", 76)
    client.force_login(a_user("other76@example.kz", other, "operator"))
    assert method(address(order, name)).status_code == 404
    client.force_login(cast.master)
    assert wrong(address(order, name)).status_code == 405


# --- the page ---------------------------------------------------------------------------------
def test_a_master_makes_the_cards_on_the_page(client: Client, cast: Cast, order: WorkOrder) -> None:
    client.force_login(cast.master)
    page = client.get(address(order, "work_order")).content.decode()
    assert f'action="{address(order, "make_cards")}"' in page
    response = client.post(address(order, "make_cards"), {"size": "5"}, follow=True)
    html = response.content.decode()
    assert "Готово: 3 карточки." in html
    assert [one.quantity for one in BatchCard.objects.order_by("number")] == [5, 5, 2]
    assert "Сделать карточки" not in html
    assert all(printed_code(one.code) in html for one in BatchCard.objects.all())


@pytest.mark.parametrize("size", ["", "0", "-2", "пять", "1,5"])
def test_a_size_that_is_none(client: Client, cast: Cast, order: WorkOrder, size: str) -> None:
    client.force_login(cast.master)
    response = client.post(address(order, "make_cards"), {"size": size})
    assert response.status_code == 422
    assert not BatchCard.objects.exists()


def test_a_second_click_is_refused_in_words(client: Client, cast: Cast, order: WorkOrder) -> None:
    cards(cast, order)
    client.force_login(cast.master)
    response = client.post(address(order, "make_cards"), {"size": "5"})
    assert response.status_code == 422
    assert "уже разбиты на партии" in response.content.decode()


def test_an_operator_looks_and_does_not_make(client: Client, cast: Cast, order: WorkOrder) -> None:
    client.force_login(cast.operator)
    html = client.get(address(order, "work_order")).content.decode()
    assert "Это задание не разбито на партии." in html
    assert "Сделать карточки" not in html
    assert client.post(address(order, "make_cards"), {"size": "5"}).status_code == 422
    assert not BatchCard.objects.exists()


def test_a_closed_order_offers_no_cards(client: Client, cast: Cast, order: WorkOrder) -> None:
    move(order, "cancel", machine=WORK_ORDER, actor=None, at=NOW)
    client.force_login(cast.master)
    assert "Сделать карточки" not in client.get(address(order, "work_order")).content.decode()


def test_many_batches_ask_no_more(client: Client, cast: Cast, order: WorkOrder) -> None:
    client.force_login(cast.master)
    counts = []
    for size in (12, 4):
        own = a_work_order(cast, 12)
        cards(cast, own, size)
        client.get(address(own, "work_order"))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(own, "work_order"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
