"""Pages of requests that time or another tab has overtaken: told in words, nothing broken."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from orders.models import Bid
from orders.services.awards import ReadyDayPassed
from portal.accounts.models import OrganisationTaxStatus, VatRate
from tests.files import a_pdf
from tests.orders.request_builders import (
    ANSWERS_BY,
    READY_ON,
    a_bid,
    a_draft,
    a_published,
    another_workshop,
    award,
    invite,
    the_customer,
)
from tests.people import TODAY, Cast
from workshops.models import WorkOrder, WorkshopOperator

AFTER_READY = f"{READY_ON + timedelta(days=1)}T09:00:00+00:00"


@pytest.fixture
def customer(client, cast: Cast) -> Any:
    client.force_login(the_customer())
    return client


@pytest.fixture
def operator(client, cast: Cast) -> Any:
    client.force_login(cast.operator)
    return client


def text_of(page: Any) -> str:
    return str(page.content.decode())


def test_reason_of_a_draft_with_a_null_byte_is_not_stored(customer) -> None:
    draft = a_draft()
    page = customer.post(f"/requests/{draft.pk}/withdraw/", {"reason": "нет\x00"}, follow=True)
    assert page.status_code == 200
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_drawing_from_an_old_tab_is_refused_in_words(customer, cast: Cast) -> None:
    request = a_published(cast)
    file = SimpleUploadedFile("чертёж.pdf", a_pdf())
    page = customer.post(f"/requests/{request.pk}/drawings/", {"file": file})
    assert page.status_code == 422
    assert "Заявка уже опубликована" in text_of(page)


def test_invitation_from_an_old_tab_is_refused_in_words(customer, cast: Cast) -> None:
    request = a_published(cast)
    page = customer.post(f"/requests/{request.pk}/workshops/", {})
    assert page.status_code == 422
    assert "приглашение не отзывают" in text_of(page)


def test_withdrawal_from_an_old_tab_is_refused_in_words(customer, cast: Cast) -> None:
    request = a_published(cast)
    award(request, a_bid(cast, request))
    page = customer.post(f"/requests/{request.pk}/withdraw/", {"reason": ""})
    assert page.status_code == 422
    assert 'class="message message-error"' in text_of(page)


def test_published_request_offers_no_form_to_change_it(customer, cast: Cast) -> None:
    request = a_published(cast)
    page = customer.get(f"/requests/{request.pk}/change/")
    assert (page.status_code, page["Location"]) == (302, f"/requests/{request.pk}/")


@pytest.mark.parametrize("day", [ANSWERS_BY, ANSWERS_BY + timedelta(days=1)])
def test_form_of_a_bid_is_offered_while_it_can_be_given(operator, cast: Cast, day: date) -> None:
    request = a_published(cast)
    with time_machine.travel(f"{day}T09:00:00+00:00", tick=False):
        page = operator.get(f"/operator/requests/{request.pk}/workshops/{cast.workshop.pk}/")
    assert page.status_code == (200 if day == ANSWERS_BY else 302)


def test_bid_whose_day_has_passed_is_not_chosen(customer, cast: Cast) -> None:
    request = a_published(cast)
    sewing, sewer = another_workshop(cast)
    invite(request, cast.workshop, sewing)
    over = a_bid(cast, request)
    later = a_bid(cast, request, sewing, sewer, ready_on=READY_ON + timedelta(days=9))
    with time_machine.travel(AFTER_READY, tick=False):
        customer.force_login(the_customer())
        page = text_of(customer.get(f"/requests/{request.pk}/"))
        assert f"/bids/{over.pk}/award/" not in page
        assert f"/bids/{later.pk}/award/" in page
        assert "Обещанный день прошёл" in page
        refused = customer.post(f"/requests/{request.pk}/bids/{over.pk}/award/")
        assert refused.status_code == 422
    assert str(ReadyDayPassed(day=READY_ON.strftime("%d.%m.%Y"))) in text_of(refused)
    assert not WorkOrder.objects.filter(part__isnull=False).exists()


def test_bid_is_chosen_on_the_day_it_promised(customer, cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    with time_machine.travel(f"{READY_ON}T09:00:00+00:00", tick=False):
        customer.force_login(the_customer())
        customer.post(f"/requests/{request.pk}/bids/{bid.pk}/award/")
    bid.refresh_from_db()
    assert bid.status == "won"


def test_vat_of_what_was_agreed_is_that_of_the_day(customer, cast: Cast) -> None:
    request = a_published(cast)
    award(request, a_bid(cast, request))
    before = VatRate.objects.get(effective_to=None)
    raised_on = TODAY + timedelta(days=30)
    VatRate.objects.filter(pk=before.pk).update(effective_to=raised_on)
    VatRate.objects.create(rate=before.rate + Decimal("0.05"), effective_from=raised_on)

    def vat(day: date) -> Decimal:
        with time_machine.travel(f"{day}T09:00:00+00:00", tick=False):
            customer.force_login(the_customer())
            [one] = customer.get(f"/requests/{request.pk}/").context["bids"]
        return one.priced.vat

    assert vat(raised_on) == vat(TODAY) > 0


def test_same_bid_after_the_tax_status_changed_is_a_new_one(cast: Cast) -> None:
    request = a_published(cast)
    first = a_bid(cast, request)
    assert first.is_vat_inside
    OrganisationTaxStatus.objects.filter(organisation=cast.enterprise).update(is_vat_payer=False)
    second = a_bid(cast, request)
    assert not second.is_vat_inside
    assert list(Bid.objects.filter(status="submitted")) == [second]


def test_work_order_names_nobody_of_the_customer_to_the_workshop(operator, cast: Cast) -> None:
    request = a_published(cast)
    work_order = award(request, a_bid(cast, request)).work_order
    page = text_of(operator.get(f"/workshops/work-orders/{work_order.pk}/"))
    assert the_customer().get_full_name() not in page
    assert "Заказчик" in page


def test_customer_is_not_told_to_choose_what_cannot_be_chosen(customer, cast: Cast) -> None:
    request = a_published(cast)
    a_bid(cast, request)
    with time_machine.travel(AFTER_READY, tick=False):
        customer.force_login(the_customer())
        pages = [text_of(customer.get(url)) for url in ("/requests/", f"/requests/{request.pk}/")]
    assert all("выбирать не из чего" in page for page in pages)


def test_bid_of_a_former_operator_is_no_turn_of_the_customer(customer, cast: Cast) -> None:
    request = a_published(cast)
    a_bid(cast, request)
    WorkshopOperator.objects.update(operator=cast.entrepreneur)
    turn = customer.get(f"/requests/{request.pk}/").context["turn"]
    assert turn.startswith("Ход мастерских")


def test_published_request_is_not_offered_for_publishing_again(customer, cast: Cast) -> None:
    request = a_published(cast)
    address = f"/requests/{request.pk}/publish/"
    page = customer.post(address)
    assert page.status_code == 422
    assert f'action="{address}"' not in text_of(page)
