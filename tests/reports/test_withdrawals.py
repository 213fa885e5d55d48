"""The department sees a withdrawal first: by code, with what was done since; and overrides."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import CustodyStay
from inmates.services.places import answer_offer
from portal.kernel import clock
from portal.reports.consents.selectors import DAYS_SHOWN, withdrawals
from tests.inmates.consents import YESTERDAY, offered, signed, withdrawn
from tests.inmates.consents import papers as papers  # noqa: PLC0414 - a fixture
from tests.inmates.months import IIN, NAME, an_identity
from tests.inmates.second_place import second_place
from tests.people import NOW, TODAY, Cast, a_placement, an_inmate

EMPLOYMENT, PAGE = reverse("reports:employment"), reverse("reports:consents")


@pytest.fixture
def analyst(client: Client, papers: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.cookies["django_language"] = "en"
    client.force_login(papers.analyst)
    return client


def found(cast: Cast) -> list[Any]:
    return withdrawals([cast.institution], TODAY)


def test_a_withdrawal_stands_before_everything_else(analyst: Client, papers: Cast) -> None:
    inmate, _consent = withdrawn(papers)
    an_identity(inmate)
    page = analyst.get(EMPLOYMENT).content.decode()
    assert "№ 1648" in page
    assert "not offered yet" in page
    assert NAME not in page
    assert IIN not in page
    main = page.index("<h1")
    assert main < page.index("Consents to private work withdrawn") < page.index('id="pick-day"')


def test_without_a_withdrawal_the_page_is_as_before(analyst: Client, papers: Cast) -> None:
    signed(papers, an_inmate(papers))
    assert "Consents to private work withdrawn" not in analyst.get(EMPLOYMENT).content.decode()


def test_it_says_what_was_done_since(papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    (row,) = found(papers)
    assert (row.number, row.withdrawn_on, row.is_open) == ("1648", YESTERDAY, True)
    offer = offered(papers, inmate, after_id=consent.pk)
    (row,) = found(papers)
    assert (row.offered_on, row.is_open, row.works_again) == (TODAY, False, False)
    a_placement(papers, inmate, effective_from=TODAY)
    (row,) = found(papers)
    assert row.works_again
    assert offer.answer == "waiting"


def test_the_nearest_deadline_stands_first(papers: Cast) -> None:
    withdrawn(papers, "1", on=TODAY)
    withdrawn(papers, "2", on=TODAY - timedelta(days=5))
    first, second = found(papers)
    assert (first.number, second.number) == ("2", "1")
    assert first.due_by < second.due_by


def test_an_offer_taken_back_is_no_offer(papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    offer = offered(papers, inmate, after_id=consent.pk)
    answer_offer(actor=papers.labour_officer, offer_id=offer.pk, action="take_back", at=NOW)
    assert found(papers)[0].is_open


def test_a_declined_offer_is_told_without_a_reason(analyst: Client, papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    offer = offered(papers, inmate, after_id=consent.pk)
    answer_offer(actor=papers.labour_officer, offer_id=offer.pk, action="decline", at=NOW)
    (row,) = analyst.get(PAGE).context["withdrawals"]
    assert row["note"] == "declined; nothing else is recorded"
    assert row["tone"] == "ok"


def test_the_open_ones_stand_above_newer_ones(papers: Cast) -> None:
    inmate, consent = withdrawn(papers, "1")
    offered(papers, inmate, after_id=consent.pk)
    withdrawn(papers, "2", on=TODAY - timedelta(days=10))
    assert [row.number for row in found(papers)] == ["2", "1"]


def test_old_ones_are_left_out_unless_a_place_is_still_owed(papers: Cast) -> None:
    long_ago = TODAY - timedelta(days=DAYS_SHOWN + 30)
    withdrawn(papers, "1", on=long_ago)
    inmate, _consent = withdrawn(papers, "2", on=long_ago)
    a_placement(papers, inmate, effective_from=TODAY)
    other, consent = withdrawn(papers, "3", on=long_ago)
    offered(papers, other, after_id=consent.pk)
    assert [row.number for row in found(papers)] == ["1"]


def test_a_late_place_says_by_how_much(analyst: Client, papers: Cast) -> None:
    withdrawn(papers, on=date(2026, 11, 2))
    (row,) = analyst.get(PAGE).context["withdrawals"]
    assert (row["tone"], row["words"]) == ("bad", "not offered yet")
    assert row["note"].startswith("late by ")


def test_only_ones_own_institutions_are_seen(papers: Cast) -> None:
    inmate, _consent = withdrawn(papers)
    other, _post = second_place(papers)
    CustodyStay.objects.filter(inmate=inmate).update(institution=other)
    assert found(papers) == []
    assert len(withdrawals([other], TODAY)) == 1


def test_the_queries_do_not_grow(analyst: Client, papers: Cast) -> None:
    withdrawn(papers, "1")
    analyst.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        analyst.get(PAGE)
    for number in "23":
        withdrawn(papers, number)
    with CaptureQueriesContext(connection) as three:
        analyst.get(PAGE)
    assert len(one) == len(three) <= 12


def test_an_empty_page_says_so(analyst: Client, papers: Cast) -> None:
    page = analyst.get(PAGE).content.decode()
    assert "Nobody withdrew" in page
    assert "Everybody was placed in the order of the queue" in page
