"""Pages of pay rates, applications and kinds of earnings: who sees which, what they answer."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import (
    TaxApplication,
)
from inmates.rate_refusals import (
    RateOfStranger,
)
from tests.inmates.months import (
    a_piece_rate,
    a_worker,
)
from tests.inmates.test_pay_rates import NOVEMBER, a_strange_post, entered, get, steps
from tests.people import (
    PASSWORD,
    Cast,
    a_placement,
    a_user,
    an_hourly_rate,
    an_inmate,
)
from workshops.models import Post, Workshop


def test_the_list_shows_rates_with_their_history(pay: Cast, client: Client) -> None:
    entered(pay, "640.00")
    entered(pay, "650.00", unit="piece", post_id=None, operation_id=pay.cutting.pk, per_pieces=10)
    text = (
        get(client, "accountant", "pay_rates").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    )
    for part in ("640,00 ₸ в час", "600,00 ₸ в час", "650,00 ₸ за 10 шт.", "Столярный цех: Столяр"):
        assert part in text
    one = get(client, "accountant", "pay_rates", post=pay.joiners.pk).content.decode()
    assert "640,00" in one
    assert "650,00" not in one


def test_a_head_reads_rates_and_enters_none(pay: Cast, client: Client) -> None:
    page = get(client, "head", "pay_rates")
    assert page.status_code == 200
    assert reverse("inmates:pay_rate_enter") not in page.content.decode()
    assert get(client, "head", "pay_rate_enter").status_code == 403


def test_another_payer_s_rates_are_out_of_sight(pay: Cast, client: Client) -> None:
    an_hourly_rate(pay, "999.00", payer=pay.entrepreneur)
    a_user("own@example.kz", pay.entrepreneur, "accountant")
    assert "999,00" not in get(client, "accountant", "pay_rates").content.decode()
    other = get(client, "own", "pay_rates").content.decode()
    assert "999,00" in other
    assert "600,00" not in other


def test_the_list_asks_the_same_for_one_rate_and_for_three(
    pay: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.login(username="accountant@example.kz", password=PASSWORD)
    counts = []
    for amount in ("600.00", "640.00", "660.00"):
        entered(pay, amount, date(2026, 11, len(counts) + 1))
        a_piece_rate(
            pay, payer=pay.enterprise, effective_from=date(2024 + len(counts), 1, 1),
            effective_to=date(2024 + len(counts), 6, 1),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("inmates:pay_rates"))
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_a_rate_is_entered_on_its_page(pay: Cast, client: Client) -> None:
    a_placement(pay, an_inmate(pay))
    page = get(client, "accountant", "pay_rate_enter", post=pay.joiners.pk)
    assert f'value="post-{pay.joiners.pk}" selected' in page.content.decode()
    values = {
        "payer": pay.enterprise.pk, "subject": f"post-{pay.joiners.pk}", "amount": "640,00",
        "unit": "hour", "on": "01.11.2026",
    }  # fmt: skip
    answer = client.post(reverse("inmates:pay_rate_enter"), values)
    assert answer.status_code == 302
    assert steps(pay)[-1] == ("640.00", NOVEMBER, None)


def test_the_choices_are_the_payer_s_own_and_name_the_institution(
    pay: Cast, client: Client
) -> None:
    strange = a_strange_post(pay)
    # Of another payer at the same institution: nothing of it is offered.
    other = Workshop.objects.create(
        institution=pay.institution, code="wood-16b", name_ru="Столярный цех"
    )
    theirs = Post.objects.create(workshop=other, name_ru="Столяр", trade=pay.trade, seats=2)
    a_placement(pay, an_inmate(pay, "1700"), post=theirs, payer=pay.entrepreneur)
    a_placement(pay, an_inmate(pay))
    page = get(client, "accountant", "pay_rate_enter").content.decode()
    assert "Столярный цех: Столяр (Учреждение № 16 (тест))" in page
    assert f'value="post-{pay.joiners.pk}"' in page
    for post in (strange, theirs):
        assert f'value="post-{post.pk}"' not in page
    values = {
        "payer": pay.enterprise.pk, "subject": f"post-{strange.pk}", "amount": "640,00",
        "unit": "hour", "on": "01.11.2026",
    }  # fmt: skip
    answer = client.post(reverse("inmates:pay_rate_enter"), values)
    assert answer.status_code == 422
    assert str(RateOfStranger.message) in str(answer.context["form"].errors["subject"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "piece"}, "unit"),
        ({"per_pieces": "5"}, "per_pieces"),
        ({"amount": "0"}, "amount"),
        ({"subject": "post-0"}, "subject"),
    ],
)
def test_a_form_that_does_not_fit_says_where(
    pay: Cast, client: Client, changes: dict[str, str], field: str
) -> None:
    a_placement(pay, an_inmate(pay))
    client.login(username="accountant@example.kz", password=PASSWORD)
    values = {
        "payer": pay.enterprise.pk, "subject": f"post-{pay.joiners.pk}", "amount": "640,00",
        "unit": "hour", "on": "01.11.2026",
    } | changes  # fmt: skip
    answer = client.post(reverse("inmates:pay_rate_enter"), values)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert len(steps(pay)) == 1


def test_the_applications_page_shows_who_has_none(pay: Cast, client: Client) -> None:
    a_worker(pay, "1648")
    a_placement(pay, an_inmate(pay, "1650"))
    everybody = get(client, "accountant", "tax_applications").content.decode()
    without = get(client, "accountant", "tax_applications", show="without").content.decode()
    assert "1648" in everybody
    assert "1650" in everybody
    assert "1648" not in without
    assert "1650" in without
    assert get(client, "accountant", "tax_applications", payer="999999").status_code == 404


def test_an_application_is_entered_and_ended_on_its_pages(pay: Cast, client: Client) -> None:
    a_placement(pay, an_inmate(pay, "1650"))
    client.login(username="accountant@example.kz", password=PASSWORD)
    address = reverse("inmates:tax_application_enter")
    assert client.post(address, {"number": "9999", "on": "01.11.2026"}).status_code == 422
    assert client.post(address, {"number": " 1650 ", "on": "01.11.2026"}).status_code == 302
    row = TaxApplication.objects.get()
    end = reverse("inmates:tax_application_end", args=[row.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"on": "вчера"}).status_code == 422
    assert client.post(end, {"on": "01.12.2026"}).status_code == 302
    row.refresh_from_db()
    assert row.effective_to == date(2026, 12, 1)


@pytest.mark.parametrize("who", ["accountant", "head", "admin"])
def test_the_kinds_of_earnings_are_read(pay: Cast, client: Client, who: str) -> None:
    text = get(client, who, "earning_kinds").content.decode()
    assert "Доплата за ночные часы" in text
    assert "Возмещение вреда здоровью" in text
