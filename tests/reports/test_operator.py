"""The operator's page: counts told apart by operator and place, against the same told in Python."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import PayrollRun, Payslip
from orders.services.answers import confirm_order
from orders.services.bids import withdraw_bid
from orders.services.requests import publish_request
from portal.accounts.models import Membership, RoleGrant
from portal.kernel.money import format_money
from portal.kernel.periods import Month
from portal.reports.operator.selectors import goods_due, places_of_operator, wage_runs
from tests.inmates.months import a_worker as a_paid_worker
from tests.inmates.months import calculated, make_pay, no_broker  # noqa: F401 - a fixture
from tests.orders.builders import DUE, a_sent_order, an_entrepreneurs_offer
from tests.orders.request_builders import (
    ANSWERS_BY,
    a_bid,
    a_draft,
    a_published,
    another_workshop,
    award,
    invite,
)
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_placement, a_user, a_work_order
from tests.reports.test_views import signed_in, text_of
from tests.reports.worlds import a_person, a_post, a_sheet, a_worker, an_institution, reasons
from workshops.models import Workshop, WorkshopOperator

PAGE = "/reports/operator/"
OCTOBER = Month(2026, 10)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel("2026-11-22T09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def pay(db: None, no_broker: list[Any]) -> Cast:  # noqa: F811 - the fixture imported above
    return make_pay()


def a_second_place(cast: Cast, number: str = "22") -> Workshop:
    """A workshop of the same operator in another institution, with a post."""
    post = a_post(an_institution(cast, number), cast)
    WorkshopOperator.objects.create(
        workshop=post.workshop, operator=cast.enterprise, effective_from=LONG_AGO, basis="договор"
    )
    return post.workshop


def place_of(cast: Cast, number: str = "16") -> Any:
    places = places_of_operator(cast.operator, TODAY)
    return next(place for place in places if place.institution.number == number)


def test_page_opens_to_the_operator(cast: Cast) -> None:
    page = signed_in(cast.operator).get(PAGE)
    assert page.status_code == 200
    assert "Учреждение № 16 (тест)" in text_of(page)


@pytest.mark.parametrize("role", ["accountant", "buyer", "master", "analyst", "administrator"])
def test_page_is_forbidden_to_other_roles(cast: Cast, role: str) -> None:
    assert signed_in(getattr(cast, role)).get(PAGE).status_code == 403


def test_page_refuses_a_wrong_method_and_nobody(cast: Cast, client: Any) -> None:
    assert signed_in(cast.operator).post(PAGE).status_code == 405
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")


def test_operator_of_another_business_sees_its_own_places_only(cast: Cast) -> None:
    other = a_user("other@example.kz", cast.entrepreneur, "operator")
    assert places_of_operator(other, TODAY) == []
    assert "не ведёт ни одной мастерской" in text_of(signed_in(other).get(PAGE))
    an_entrepreneurs_offer(cast)
    [place] = places_of_operator(other, TODAY)
    assert [workshop.name for workshop in place.workshops] == ["Сварочный цех"]
    assert [workshop.name for workshop in place_of(cast).workshops] == ["Столярный цех"]


def test_a_role_limited_to_a_place_sees_that_place(cast: Cast) -> None:
    second = a_second_place(cast)
    assert len(places_of_operator(cast.operator, TODAY)) == 2
    limited = a_user("limited@example.kz")
    membership = Membership.objects.create(
        user=limited, organisation=cast.enterprise, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(
        membership=membership,
        role="operator",
        scope=second.institution.organisation,
        effective_from=LONG_AGO,
    )
    [place] = places_of_operator(limited, TODAY)
    assert place.institution.number == "22"


def test_a_workshop_handed_over_is_no_longer_there(cast: Cast) -> None:
    WorkshopOperator.objects.update(effective_to=TODAY)
    assert places_of_operator(cast.operator, TODAY) == []
    assert len(places_of_operator(cast.operator, TODAY - timedelta(days=1))) == 1


def test_orders_are_counted_once_by_state_and_seller(cast: Cast) -> None:
    a_sent_order(cast)
    order = a_sent_order(cast)
    confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)
    an_entrepreneurs_offer(cast)
    place = place_of(cast)
    assert dict(place.orders) == {"sent": 1, "confirmed": 1}
    assert (place.open_work, place.late_work) == (1, 0)


def test_orders_of_a_former_seller_are_not_counted(cast: Cast) -> None:
    a_sent_order(cast)
    WorkshopOperator.objects.update(operator=cast.entrepreneur)
    other = a_user("other@example.kz", cast.entrepreneur, "operator")
    [place] = places_of_operator(other, TODAY)
    assert place.orders["sent"] == 0


def test_requests_that_wait_for_a_bid_are_counted(cast: Cast) -> None:
    request = a_published(cast)
    a_draft()
    assert place_of(cast).requests == {request.pk}
    page = text_of(signed_in(cast.operator).get(PAGE))
    assert '<a href="/operator/requests/">1 заявка ждёт предложения</a>' in page
    bid = a_bid(cast, request)
    assert place_of(cast).requests == set()
    withdraw_bid(actor=cast.operator, bid_id=bid.pk, at=NOW)
    assert place_of(cast).requests == {request.pk}


def test_requests_of_other_workshops_and_past_days_do_not_wait(cast: Cast) -> None:
    sewing, _sewer = another_workshop(cast)
    request = a_draft()
    invite(request, sewing)
    publish_request(actor=request.created_by, request_id=request.pk, at=NOW)
    assert place_of(cast).requests == set()
    a_published(cast)
    assert len(place_of(cast).requests) == 1
    [place] = places_of_operator(cast.operator, ANSWERS_BY + timedelta(days=1))
    assert place.requests == set()


def test_work_is_late_after_its_day_and_not_on_it(cast: Cast) -> None:
    for day in (TODAY - timedelta(days=1), TODAY, None):
        work = a_work_order(cast)
        work.due_on = day
        work.save()
    place = place_of(cast)
    assert (place.open_work, place.late_work) == (3, 1)


def test_people_are_heads_of_the_last_day_with_an_entry(cast: Cast) -> None:
    known = reasons()
    workers = [a_worker(cast, cast.institution, is_full_time=False) for _number in range(4)]
    twice = a_placement(cast, workers[0].inmate, is_full_time=False)
    a_sheet(workers[0], TODAY)
    a_sheet(twice, TODAY, 60)
    a_sheet(workers[1], TODAY, 0, known["sick"])
    a_sheet(workers[2], TODAY - timedelta(days=1))
    a_worker(cast, cast.institution, effective_to=TODAY)
    a_person(cast.institution)
    place = place_of(cast)
    assert (place.expected, place.entered_on, place.sheets, place.present) == (4, TODAY, 2, 1)
    page = text_of(signed_in(cast.operator).get(PAGE))
    assert "1 из 4" in page
    assert "внесено 2 из 4" in page


def test_people_not_entered_today_are_no_zero(cast: Cast) -> None:
    worker = a_worker(cast, cast.institution)
    a_sheet(worker, TODAY - timedelta(days=2))
    place = place_of(cast)
    assert (place.entered_on, place.present) == (TODAY - timedelta(days=2), 1)
    page = text_of(signed_in(cast.operator).get(PAGE))
    assert "— из 1" in page
    assert "20.11.2026" in page


def test_people_entered_long_ago_are_told_as_no_timesheet(cast: Cast) -> None:
    a_sheet(a_worker(cast, cast.institution), TODAY - timedelta(days=31))
    place = place_of(cast)
    assert (place.expected, place.entered_on) == (1, None)


def test_people_of_two_places_are_not_mixed(cast: Cast) -> None:
    second = a_second_place(cast)
    a_sheet(a_worker(cast, cast.institution), TODAY)
    there = a_worker(cast, second.institution, post=second.posts.get())
    a_sheet(there, TODAY - timedelta(days=1))
    assert place_of(cast).entered_on == TODAY
    assert place_of(cast, "22").entered_on == TODAY - timedelta(days=1)


def test_goods_stand_by_date_with_their_customer(cast: Cast) -> None:
    order = a_sent_order(cast)
    confirm_order(actor=cast.operator, order_id=order.id, due_on=date(2026, 11, 25), at=NOW)
    stock = a_work_order(cast)
    found = list(goods_due([cast.workshop.pk], 10))
    assert [work.due_on for work in found] == [date(2026, 11, 25), None]
    assert found[1].pk == stock.pk
    page = text_of(signed_in(cast.operator).get(PAGE))
    assert "Ясли-сад «Тест»" in page
    assert page.index("25.11.2026") < page.index("без срока")


def test_goods_of_a_request_have_its_customer(cast: Cast) -> None:
    request = a_published(cast)
    made = award(request, a_bid(cast, request))
    [work] = goods_due([cast.workshop.pk], 10)
    assert work == made.work_order
    page = text_of(signed_in(cast.operator).get(PAGE))
    assert request.customer.name in page
    assert "На склад" not in page


def test_goods_beyond_the_limit_are_announced(cast: Cast) -> None:
    for _number in range(13):
        a_work_order(cast)
    page = text_of(signed_in(cast.operator).get(PAGE))
    assert page.count("На склад") == 12
    assert "Есть и другие" in page


def test_wage_fund_is_the_sum_of_the_slips(pay: Cast) -> None:
    for number in ("1648", "1649"):
        a_paid_worker(pay, number)
    run = calculated(pay)
    [found] = wage_runs(pay.operator, TODAY, OCTOBER)
    slips = list(Payslip.objects.filter(run=run))
    assert len(slips) == 2
    assert found.sum_gross == sum(slip.gross for slip in slips) > 0
    page = text_of(signed_in(pay.operator).get(PAGE)).replace("\xa0", " ")
    assert format_money(found.sum_gross).replace("\xa0", " ") in page


def test_money_due_adds_up_to_what_the_slips_cost(pay: Cast) -> None:
    a_paid_worker(pay)
    calculated(pay)
    shown = signed_in(pay.operator).get(PAGE).context["money"]
    [slip] = Payslip.objects.all()
    cost = slip.gross + slip.so + slip.oosms + slip.opvr + slip.social_tax
    assert sum((row["amount"] for row in shown), Decimal(0)) == cost
    assert [row["due_on"] for row in shown] == sorted(row["due_on"] for row in shown)
    assert {row["due_on"] for row in shown} == {date(2026, 11, 10), date(2026, 11, 25)}


@pytest.mark.parametrize("status", ["calculating", "incomplete"])
def test_wages_that_are_not_finished_make_nothing_due(pay: Cast, status: str) -> None:
    a_paid_worker(pay)
    run = calculated(pay)
    PayrollRun.objects.filter(pk=run.pk).update(status=status)
    page = signed_in(pay.operator).get(PAGE)
    assert page.context["money"] == []
    assert PayrollRun.objects.get().get_status_display() in text_of(page)


def test_wages_of_another_payer_are_not_shown(pay: Cast) -> None:
    a_paid_worker(pay)
    calculated(pay)
    an_entrepreneurs_offer(pay)
    other = a_user("other@example.kz", pay.entrepreneur, "operator")
    assert signed_in(other).get(PAGE).context["money"] == []


def test_whoever_handed_a_workshop_over_still_sees_what_its_last_month_makes_due(
    pay: Cast,
) -> None:
    a_paid_worker(pay)
    calculated(pay)
    WorkshopOperator.objects.update(effective_to=date(2026, 11, 1))
    page = signed_in(pay.operator).get(PAGE)
    assert page.context["rows"] == []
    assert len(page.context["money"]) >= 3
    assert "10.11.2026" in text_of(page)


def test_a_role_limited_to_a_place_sees_the_wages_of_that_place(pay: Cast) -> None:
    a_paid_worker(pay)
    calculated(pay)
    RoleGrant.objects.filter(membership__user=pay.operator).update(
        scope=an_institution(pay, "22").organisation
    )
    pay.operator.__dict__.pop("_grants", None)
    assert list(wage_runs(pay.operator, TODAY, OCTOBER)) == []


def test_a_month_not_calculated_is_a_word_and_no_zero(pay: Cast) -> None:
    page = signed_in(pay.operator).get(PAGE, {"month": "2026-11"})
    assert page.context["total"]["gross"] is None
    assert "не рассчитано" in text_of(page)


@pytest.mark.parametrize(
    "month", ["2027-01", "nonsense", "2026-13", "0000-01", "1900-01", "2023-12", "  "]
)
def test_page_refuses_a_month_nobody_can_mean(pay: Cast, month: str) -> None:
    page = signed_in(pay.operator).get(PAGE, {"month": month})
    assert page.status_code == 400
    assert 'aria-invalid="true"' in text_of(page)


def test_page_asks_as_often_for_three_places_as_for_one(cast: Cast) -> None:
    def queries() -> int:
        client = signed_in(cast.operator)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    a_sheet(a_worker(cast, cast.institution), TODAY)
    a_sent_order(cast)
    a_work_order(cast)
    queries()
    one = queries()
    for number in ("22", "25"):
        shop = a_second_place(cast, number)
        a_sheet(a_worker(cast, shop.institution, post=shop.posts.get()), TODAY)
        a_work_order(cast)
        a_sent_order(cast)
    assert queries() == one
