"""The statement of an account over ten years: a page of it asks no more than that of one year."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import LedgerAccount
from inmates.selectors.ledger import account_sums, statement_lines
from portal.kernel import clock
from portal.kernel.periods import Period
from tests.benchmarks.statements import LAST, MONTHS, ten_years
from tests.people import Cast

PERIODS = {"ten": LAST.plus(1 - MONTHS).first_day, "one": LAST.plus(-11).first_day}


@pytest.fixture
def account(pay: Cast) -> LedgerAccount:
    return ten_years(pay)


def page_of(client: Client, account: LedgerAccount, period: str, **query: object) -> object:
    address = reverse("inmates:account_statement", args=[account.pk])
    since = f"{PERIODS[period]:%d.%m.%Y}"
    until = f"{clock.today():%d.%m.%Y}"
    return client.get(address, {"since": since, "until": until} | query)


def test_ten_years_ask_as_much_as_one(client: Client, pay: Cast, account: LedgerAccount) -> None:
    client.force_login(pay.accountant)
    counts = {}
    for period in PERIODS:
        page_of(client, account, period)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert page_of(client, account, period).status_code == 200
        counts[period] = len(asked)
    assert counts["ten"] <= counts["one"]


def test_the_balance_goes_on_from_page_to_page(
    client: Client, pay: Cast, account: LedgerAccount
) -> None:
    client.force_login(pay.accountant)
    period = Period(PERIODS["ten"], clock.today())
    lines = statement_lines(pay.accountant, clock.today(), account, period)
    assert len(lines) > MONTHS * 5
    balance, seen = 0, 0
    first = page_of(client, account, "ten").context["page"]
    for number in first.paginator.page_range:
        page = page_of(client, account, "ten", page=number).context["page"]
        for line in page.object_list:
            balance += line.credit - line.debit
            assert line.balance == balance
            seen += 1
    closed = account_sums(LedgerAccount.objects.filter(pk=account.pk)).get()
    assert seen == len(lines)
    assert balance == closed.credits - closed.debits
