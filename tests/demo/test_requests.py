"""The production requests of the demo: what its customer and the operators find."""

from datetime import date

import pytest
from django.test import override_settings

from orders.models import Bid, Drawing, ProductionRequest
from orders.presenters.bids import compared
from orders.selectors.requests import (
    bids_for_customer,
    requests_posted_by,
    requests_received_by,
)
from portal.accounts.models import User
from portal.accounts.selectors import vat_rate_on
from portal.demo import build
from portal.demo.requests import a_sketch
from portal.demo.sources import read_data
from portal.demo.users import email_of
from portal.kernel.uploads import FileKind, kind_of
from workshops.selectors.offers import operators_on

TODAY = date(2026, 11, 22)


@pytest.fixture
def demo(db, monkeypatch, tmp_path):
    monkeypatch.setattr(build, "write_accounts", lambda _lines: None)
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        build.build_demo(today=TODAY, people=40)
        yield


def user(code: str) -> User:
    return User.objects.get(email=email_of(code))


def test_customer_has_one_request_with_two_bids_and_one_draft(demo) -> None:
    rows = requests_posted_by(user("customer"), TODAY)
    assert {(row.status, row.bid_count) for row in rows} == {("published", 2), ("draft", 0)}


def test_each_bid_is_the_best_in_something(demo) -> None:
    request = ProductionRequest.objects.get(status="published")
    bids = bids_for_customer(request)
    operators = operators_on(TODAY, {bid.workshop_id for bid in bids})
    cheap, early = compared(request, bids, operators, vat_rate_on(TODAY).rate, TODAY)
    assert (cheap.is_best_price, cheap.is_earliest) == (True, False)
    assert (early.is_best_price, early.is_earliest) == (False, True)
    assert len({bid.bidder_id for bid in bids}) == 2
    assert not cheap.is_late


@pytest.mark.parametrize("code", ["operator", "entrepreneur"])
def test_both_operators_find_it(demo, code: str) -> None:
    (request,) = requests_received_by(user(code), TODAY)
    assert request.status == "published"
    assert request.has_answer


def test_drawing_is_one_that_the_portal_takes(demo) -> None:
    drawing = Drawing.objects.get()
    assert (drawing.width, drawing.height) == (700, 900)
    with drawing.file.open("rb") as file:
        assert kind_of(file.read(16)) == FileKind.PNG
    assert a_sketch() == a_sketch()


def test_stages_ask_for_trades_of_the_demo(demo) -> None:
    trades = {row["code"] for row in read_data("places")["trades"]}
    named = {
        trade
        for row in read_data("requests")["rows"]
        for bid in row["bids"]
        for _name, trade in bid["stages"]
    }
    assert named <= trades
    assert all(bid.stages.count() == 3 for bid in Bid.objects.all())
