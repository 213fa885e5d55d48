"""Addresses of the wages pages that nobody should type: an answer in words, never a fault."""

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import Inmate
from tests.inmates.months import OCTOBER, a_worker, calculated
from tests.people import Cast

WORDS = "Запрос непонятен"
NUL = "%00"


@pytest.fixture
def accountant(pay: Cast, client: Client) -> Client:
    a_worker(pay)
    calculated(pay)
    client.force_login(pay.accountant)
    return client


@pytest.mark.parametrize("month", ["9999-12", "2101-01", "1999-12", "0000-01"])
def test_a_month_of_no_time_is_one_that_is_not_known(accountant: Client, month: str) -> None:
    for name in ("workers", "extra_pay", "payroll_runs", "timesheets"):
        address = reverse(f"inmates:{name}")
        told = accountant.get(address, {"month": month})
        unknown = accountant.get(address, {"month": "2026-13"})
        assert told.status_code == unknown.status_code == 200, name
        assert str(told.context.get("month")) == str(unknown.context.get("month")), name
    book = reverse("inmates:workers_xlsx", args=[7])
    assert accountant.get(book, {"month": month}).status_code == 404


@pytest.mark.parametrize("month", ["9999-12", "1999-12"])
def test_a_month_of_no_time_in_a_path_is_not_found(
    pay: Cast, accountant: Client, month: str
) -> None:
    place = [pay.enterprise.pk, pay.workshop.institution.pk]
    board = reverse("inmates:payroll_board", args=[*place, month])
    assert accountant.get(board).status_code == 404
    known = reverse("inmates:payroll_board", args=[*place, str(OCTOBER)])
    assert accountant.get(known).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/payroll/writs/?q=", "/workers/?q=", "/people/?q=", "/search/?q=", "/payroll/accounts/?q="],
)
def test_nul_in_a_search_is_answered_in_words(accountant: Client, address: str) -> None:
    response = accountant.get(address + NUL)
    assert response.status_code in (200, 400, 403)
    if response.status_code == 400:
        assert WORDS in response.content.decode()
    assert accountant.get(address + "%2500").status_code in (200, 403, 404)


def test_nul_that_reaches_the_database_is_refused_on_a_page(
    accountant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_arguments: object, **_more: object) -> None:
        Inmate.objects.filter(personnel_number="\x00").exists()

    monkeypatch.setattr("inmates.views.month_board.payroll_places", ask)
    response = accountant.get(reverse("inmates:payroll_runs"), {"q": "\x00"})
    assert response.status_code == 400
    assert WORDS in response.content.decode()


def test_nul_in_a_path_is_no_fault(accountant: Client) -> None:
    assert accountant.get("/workshops/%00/").status_code in (400, 404)
