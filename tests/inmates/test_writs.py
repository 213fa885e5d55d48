"""The register's service: entered, changed by succession, suspended, resumed, ended, refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from inmates.closed_refusals import ReasonOfClosedMonth
from inmates.models import BackdatedChange, Inmate, WritOfExecution, WritSuspension
from inmates.refusals import BeingCalculated
from inmates.selectors.writs import register, writs_visible_to
from inmates.services.writs import add_writ, change_writ, end_writ, resume_writ, suspend_writ
from inmates.writ_refusals import (
    NotOurWorker,
    SuspensionBeginsLater,
    WritBeginsLater,
    WritEnded,
    WritNotSuspended,
)
from inmates.writ_terms import WritTerms
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.models import AuditEvent
from tests.inmates.books import first_signature, posted
from tests.inmates.months import a_worker, a_writ, started
from tests.inmates.test_two_payers import for_a_second_payer
from tests.people import NOW, TODAY, Cast, a_placement, an_inmate

NOVEMBER = date(2026, 11, 1)
OCTOBER_1 = date(2026, 10, 1)


def money(amount: str) -> Decimal:
    return Decimal(amount)


def a_quarter(**changes: Any) -> WritTerms:
    values: dict[str, Any] = {"kind": "alimony", "queue": 1, "share": (1, 4), "payee": "взыскатель"}
    return WritTerms(**(values | changes))


def a_debt(amount: str = "50000.00", **changes: Any) -> WritTerms:
    values: dict[str, Any] = {"kind": "claim", "queue": 5, "debt": money(amount), "payee": "банк"}
    return WritTerms(**(values | changes))


def added(cast: Cast, terms: WritTerms | None = None, **fields: Any) -> WritOfExecution:
    values: dict[str, Any] = {
        "actor": cast.accountant, "personnel_number": "1648", "number": "ИЛ-1", "on": NOVEMBER,
        "at": NOW,
    }  # fmt: skip
    return add_writ(terms=terms or a_quarter(), **(values | fields))


def acted(service: Any, cast: Cast, writ: WritOfExecution, on: date, **fields: Any) -> Any:
    values = {"actor": cast.accountant, "writ_id": writ.pk, "on": on, "at": NOW}
    return service(**(values | fields))


def suspended(cast: Cast, writ: WritOfExecution, on: date = NOVEMBER, **fields: Any) -> Any:
    return acted(suspend_writ, cast, writ, on, **({"basis": "определение"} | fields))


@pytest.fixture
def worker(pay: Cast) -> Inmate:
    return a_worker(pay)


# Entered.


def test_a_writ_is_entered_with_its_order_and_fee(pay: Cast, worker: Inmate) -> None:
    terms = a_debt(
        fee=money("5000.00"), bailiff="ЧСИ Тестов", bailiff_account="KZ86125KZT5004100100",
        order_number="77", ordered_on=date(2026, 10, 20), received_on=date(2026, 10, 25),
    )  # fmt: skip
    row = added(pay, terms, number=" ИЛ-7 ")
    row.refresh_from_db()
    assert (row.inmate, row.number, row.queue, row.debt) == (worker, "ИЛ-7", 5, money("50000.00"))
    assert (row.fee, row.bailiff, row.order_number) == (money("5000.00"), "ЧСИ Тестов", "77")
    assert (row.effective_from, row.effective_to) == (NOVEMBER, None)
    event = AuditEvent.objects.get(action="writ_added")
    assert (event.actor, event.subject_id) == (pay.accountant, row.pk)


def test_the_same_number_twice_is_refused(pay: Cast, worker: Inmate) -> None:
    added(pay)
    with pytest.raises(PortalError, match=r"уже|already"):
        added(pay)
    assert WritOfExecution.objects.count() == 1


def test_a_number_belongs_to_one_person(pay: Cast, worker: Inmate) -> None:
    a_writ(worker, "ИЛ-1", amount=money("1.00"), effective_to=OCTOBER_1)
    a_worker(pay, "1700")
    with pytest.raises(PortalError):
        added(pay, personnel_number="1700")


def test_somebody_who_works_for_another_payer_is_nobody(pay: Cast) -> None:
    inmate = an_inmate(pay)
    for_a_second_payer(pay, inmate)
    with pytest.raises(NotOurWorker):
        added(pay)
    row = added(pay, actor=pay.private_accountant)
    assert row.inmate == inmate


def test_somebody_whose_placement_ended_is_nobody(pay: Cast) -> None:
    a_placement(pay, an_inmate(pay), effective_to=OCTOBER_1)
    with pytest.raises(NotOurWorker):
        added(pay)


@pytest.mark.parametrize("who", ["head", "master", "labour_officer", "administrator", "stranger"])
def test_only_an_accountant_of_the_payer_enters(pay: Cast, worker: Inmate, who: str) -> None:
    with pytest.raises((Forbidden, NotOurWorker)):
        added(pay, actor=getattr(pay, who))
    assert not WritOfExecution.objects.exists()


@pytest.mark.parametrize("wrong", [{"share": None}, {"debt": money("5.00")}, {"queue": 2}])
def test_terms_that_ask_for_nothing_or_two_things_are_refused_by_the_database(
    pay: Cast, worker: Inmate, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="writ_claims_one_thing"):
        added(pay, a_quarter(**wrong))


def test_a_fee_of_nothing_is_refused_by_the_database(pay: Cast, worker: Inmate) -> None:
    with pytest.raises(IntegrityError, match="writ_fee_positive"):
        added(pay, a_debt(fee=money("0.00")))


# Months that are settled.


def test_a_day_of_an_approved_month_asks_for_a_reason_or_a_paper(pay: Cast, worker: Inmate) -> None:
    first_signature(pay)
    writ = a_writ(worker, "ИЛ-0", amount=money("100.00"))
    posted(pay)
    last = date(2026, 10, 31)
    why = {"correction": "Лист пришёл позже"}
    for refused in (
        lambda: added(pay, on=last),
        lambda: acted(change_writ, pay, writ, last, terms=a_quarter()),
        lambda: acted(resume_writ, pay, writ, last),
    ):
        with pytest.raises(ReasonOfClosedMonth, match="октябрь 2026"):
            refused()
    assert suspended(pay, writ, date(2026, 10, 20)).effective_to is None
    assert acted(resume_writ, pay, writ, date(2026, 10, 25), **why).effective_to is None
    changed = acted(change_writ, pay, writ, date(2026, 10, 30), terms=a_quarter(), **why)
    assert added(pay, on=last, **why).effective_from == last
    assert acted(end_writ, pay, changed, last, basis="окончено").effective_to == last
    found = BackdatedChange.objects.filter(cause="writ", changed_by=pay.accountant)
    assert set(found.values_list("first_day", flat=True)) == {
        date(2026, 10, day) for day in (20, 25, 30, 31)
    }


def test_while_the_month_is_calculated_nothing_is_entered(pay: Cast, worker: Inmate) -> None:
    started(pay)
    with pytest.raises(BeingCalculated):
        added(pay, on=date(2026, 10, 20))
    # A later month does not depend on it.
    assert added(pay, on=NOVEMBER).pk


# Changed by succession.


def test_other_terms_follow_the_old_ones(pay: Cast, worker: Inmate) -> None:
    old = added(pay, on=OCTOBER_1)
    new = acted(change_writ, pay, old, NOVEMBER, terms=a_quarter(share=(1, 3)))
    old.refresh_from_db()
    assert (old.effective_to, old.share_denominator) == (NOVEMBER, 4)
    assert (new.number, new.effective_from, new.effective_to) == ("ИЛ-1", NOVEMBER, None)
    assert (new.share_numerator, new.share_denominator) == (1, 3)
    assert AuditEvent.objects.get(action="writ_changed").details == {"before": old.pk}


def test_terms_of_the_same_day_are_written_over(pay: Cast, worker: Inmate) -> None:
    old = added(pay)
    new = acted(change_writ, pay, old, NOVEMBER, terms=a_debt("70000.00"))
    again = acted(change_writ, pay, old, NOVEMBER, terms=a_debt("70000.00"))
    assert new.pk == again.pk == old.pk
    assert (again.kind, again.debt, again.share_numerator) == ("claim", money("70000.00"), None)
    assert WritOfExecution.objects.count() == 1


def test_a_change_before_the_beginning_is_refused(pay: Cast, worker: Inmate) -> None:
    with pytest.raises(WritBeginsLater):
        acted(change_writ, pay, added(pay), OCTOBER_1, terms=a_debt())


def test_a_suspension_goes_on_over_a_change(pay: Cast, worker: Inmate) -> None:
    old = added(pay, on=OCTOBER_1)
    suspended(pay, old, date(2026, 10, 10))
    new = acted(change_writ, pay, old, NOVEMBER, terms=a_debt())
    rows = WritSuspension.objects.order_by("effective_from")
    assert [(row.writ_id, row.effective_from, row.effective_to) for row in rows] == [
        (old.pk, date(2026, 10, 10), NOVEMBER), (new.pk, NOVEMBER, None),
    ]  # fmt: skip


def test_a_suspension_of_later_moves_to_the_new_terms(pay: Cast, worker: Inmate) -> None:
    old = added(pay, on=OCTOBER_1)
    row = suspended(pay, old, date(2026, 12, 1))
    past = suspended(pay, old, date(2026, 10, 5), until=date(2026, 10, 9))
    new = acted(change_writ, pay, old, NOVEMBER, terms=a_debt())
    row.refresh_from_db()
    past.refresh_from_db()
    assert (row.writ_id, past.writ_id) == (new.pk, old.pk)


# Suspended and resumed.


def test_suspended_and_resumed(pay: Cast, worker: Inmate) -> None:
    writ = added(pay, on=OCTOBER_1)
    row = suspended(pay, writ)
    assert (row.effective_from, row.effective_to, row.basis) == (NOVEMBER, None, "определение")
    acted(resume_writ, pay, writ, date(2026, 11, 20))
    row.refresh_from_db()
    assert row.effective_to == date(2026, 11, 20)
    actions = AuditEvent.objects.order_by("id").values_list("action", flat=True)
    assert list(actions)[-2:] == ["writ_suspended", "writ_resumed"]


def test_suspended_twice_is_refused(pay: Cast, worker: Inmate) -> None:
    writ = added(pay)
    suspended(pay, writ)
    with pytest.raises(PortalError):
        suspended(pay, writ, date(2026, 11, 10))
    assert WritSuspension.objects.count() == 1


def test_suspended_again_after_it_was_resumed(pay: Cast, worker: Inmate) -> None:
    writ = added(pay)
    suspended(pay, writ, until=date(2026, 11, 10))
    suspended(pay, writ, date(2026, 11, 10))
    assert WritSuspension.objects.count() == 2


def test_what_is_not_suspended_is_not_resumed(pay: Cast, worker: Inmate) -> None:
    writ = added(pay)
    with pytest.raises(WritNotSuspended):
        acted(resume_writ, pay, writ, NOVEMBER)
    suspended(pay, writ, date(2026, 11, 10))
    with pytest.raises(WritNotSuspended):
        acted(resume_writ, pay, writ, NOVEMBER)
    with pytest.raises(SuspensionBeginsLater):
        acted(resume_writ, pay, writ, date(2026, 11, 10))


def test_a_suspension_without_a_paper_is_refused(pay: Cast, worker: Inmate) -> None:
    with pytest.raises(IntegrityError, match="writsuspension_has_basis"):
        suspended(pay, added(pay), basis="  ")


# Ended.


def test_an_ended_writ_stands_still(pay: Cast, worker: Inmate) -> None:
    writ = added(pay, on=OCTOBER_1)
    acted(end_writ, pay, writ, NOVEMBER, basis="окончено производство")
    writ.refresh_from_db()
    assert (writ.effective_to, writ.ended_basis) == (NOVEMBER, "окончено производство")
    for act in (
        lambda: acted(end_writ, pay, writ, NOVEMBER, basis="ещё раз"),
        lambda: suspended(pay, writ),
        lambda: acted(resume_writ, pay, writ, NOVEMBER),
        lambda: acted(change_writ, pay, writ, NOVEMBER, terms=a_debt()),
    ):
        with pytest.raises(WritEnded):
            act()


def test_a_writ_does_not_end_on_the_day_it_begins(pay: Cast, worker: Inmate) -> None:
    with pytest.raises(WritBeginsLater):
        acted(end_writ, pay, added(pay), NOVEMBER, basis="ошибка")


def test_a_document_that_ended_may_come_again(pay: Cast, worker: Inmate) -> None:
    writ = added(pay, on=OCTOBER_1)
    acted(end_writ, pay, writ, NOVEMBER, basis="возвращён взыскателю")
    again = added(pay, on=date(2026, 11, 20))
    assert again.number == writ.number


@pytest.mark.parametrize("service", [change_writ, suspend_writ, resume_writ, end_writ])
def test_whoever_does_not_pay_the_person_keeps_nothing(
    pay: Cast, worker: Inmate, service: Any
) -> None:
    writ = added(pay, on=OCTOBER_1)
    fields: dict[str, Any] = {
        change_writ: {"terms": a_debt()}, resume_writ: {},
    }.get(service, {"basis": "x"})  # fmt: skip
    for who in ("head", "labour_officer", "stranger"):
        with pytest.raises(Forbidden):
            acted(service, pay, writ, NOVEMBER, **(fields | {"actor": getattr(pay, who)}))


# Who sees what.


def test_each_payer_sees_the_writs_of_its_own_workers(pay: Cast, worker: Inmate) -> None:
    other = an_inmate(pay, "1700")
    for_a_second_payer(pay, other)
    ours, theirs = (
        a_writ(worker, "ИЛ-1", amount=money("1.00")),
        a_writ(other, "ИЛ-2", amount=money("1.00")),
    )
    assert list(writs_visible_to(pay.accountant, TODAY)) == [ours]
    assert list(writs_visible_to(pay.head, TODAY)) == [ours]
    assert list(writs_visible_to(pay.private_accountant, TODAY)) == [theirs]
    assert not writs_visible_to(pay.master, TODAY).exists()
    assert not writs_visible_to(pay.stranger, TODAY).exists()


def test_a_writ_that_came_after_the_person_left_is_not_seen(pay: Cast) -> None:
    worker = an_inmate(pay)
    a_placement(pay, worker, effective_to=OCTOBER_1)
    while_here = a_writ(worker, "ИЛ-1", amount=money("1.00"))
    a_writ(worker, "ИЛ-2", amount=money("1.00"), effective_from=OCTOBER_1)
    assert list(writs_visible_to(pay.accountant, TODAY)) == [while_here]


def test_a_writ_that_ended_before_the_person_came_is_not_seen(pay: Cast) -> None:
    worker = an_inmate(pay)
    a_placement(pay, worker, effective_from=OCTOBER_1)
    a_writ(worker, "ИЛ-1", amount=money("1.00"), effective_to=OCTOBER_1)
    assert not writs_visible_to(pay.accountant, TODAY).exists()


def test_the_register_has_each_document_once_in_its_part(pay: Cast, worker: Inmate) -> None:
    first = added(pay, on=OCTOBER_1)
    second = acted(change_writ, pay, first, NOVEMBER, terms=a_quarter(share=(1, 3)))
    gone = added(pay, a_debt(), number="ИЛ-2", on=OCTOBER_1)
    acted(end_writ, pay, gone, NOVEMBER, basis="погашено")
    held = added(pay, a_debt(), number="ИЛ-3")
    suspended(pay, held)
    of = {
        state: list(register(pay.accountant, TODAY, state=state))
        for state in ("open", "suspended", "ended")
    }
    assert of == {"open": [second, held], "suspended": [held], "ended": [gone]}


def test_the_register_is_searched_by_number_and_by_payer(pay: Cast, worker: Inmate) -> None:
    row = added(pay, number="КЗ-2026/17")
    a_placement(pay, an_inmate(pay, "1700"))
    assert list(register(pay.accountant, TODAY, typed="2026/17")) == [row]
    assert list(register(pay.accountant, TODAY, typed="1648")) == [row]
    assert not register(pay.accountant, TODAY, typed="1700").exists()
    assert list(register(pay.accountant, TODAY, payer_id=pay.enterprise.pk)) == [row]
    assert not register(pay.accountant, TODAY, payer_id=pay.entrepreneur.pk).exists()
