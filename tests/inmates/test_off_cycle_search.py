"""The list of a run outside the month's order: short pages, looked through by number."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import PayrollRun
from tests.inmates.off_cycle import a_leaver, confirmed
from tests.people import Cast

NUMBERS = [f"{number}" for number in range(1601, 1628)]


@pytest.fixture
def leavers(pay: Cast, client: Client) -> Cast:
    """Twenty-seven people left in November."""
    for number in NUMBERS:
        a_leaver(pay, number)
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    return pay


def address(pay: Cast) -> str:
    return reverse("inmates:off_cycle", args=[pay.enterprise.pk, pay.institution.pk, "2026-11"])


def shown(client: Client, pay: Cast, **query: str) -> Any:
    return client.get(address(pay), {"kind": "release"} | query)


def listed(response: Any) -> list[str]:
    return [one["number"] for one in response.context["page"]]


def test_a_page_has_twenty_five_and_leads_to_the_next(leavers: Cast, client: Client) -> None:
    first = shown(client, leavers)
    assert listed(first) == NUMBERS[:25]
    text = first.content.decode()
    assert "Табельный номер" in text
    assert "Личные номера" not in text
    assert "27" in text
    assert "page=2" in text
    assert listed(shown(client, leavers, page="2")) == NUMBERS[25:]


def test_a_number_is_looked_for_without_a_script(leavers: Cast, client: Client) -> None:
    found = shown(client, leavers, number=" 1612 ")
    assert listed(found) == ["1612"]
    assert "kind=release&amp;number=1612" in found.content.decode()
    assert listed(shown(client, leavers, number="162")) == [one for one in NUMBERS if "162" in one]


@pytest.mark.parametrize("odd", ["\x00", "%", "'", "9" * 200, "нет"])
def test_what_nobody_has_in_their_number_is_told(leavers: Cast, client: Client, odd: str) -> None:
    response = shown(client, leavers, number=odd)
    assert response.status_code == 200
    if odd == "\x00":
        assert listed(response) == NUMBERS[:25]
        return
    text = response.content.decode()
    assert "Ни у кого из списка" in text
    assert "<textarea" not in text
    assert 'name="number"' in text


def test_left_empty_it_is_for_those_who_were_found(leavers: Cast, client: Client) -> None:
    for number in ("1626", "1627"):
        confirmed(leavers, number)
    query = "?kind=release&number=1627"
    answer = client.post(address(leavers) + query, {"numbers": "", "reason": "освобождён вчера"})
    assert answer.status_code == 302
    run = PayrollRun.objects.get()
    assert list(run.chosen.values_list("inmate__personnel_number", flat=True)) == ["1627"]


def test_the_search_stays_beside_a_refusal(leavers: Cast, client: Client) -> None:
    query = "?kind=release&number=1627"
    answer = client.post(address(leavers) + query, {"numbers": "", "reason": ""})
    assert answer.status_code == 422
    assert listed(answer) == ["1627"]
    assert 'value="1627"' in answer.content.decode()


def test_the_number_of_queries_does_not_grow(leavers: Cast, client: Client) -> None:
    shown(client, leavers)
    counts = []
    for query in ({}, {"number": "1612"}):
        with CaptureQueriesContext(connection) as seen:
            shown(client, leavers, **query)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16
