"""The pages of the register: works; wrong method; same role elsewhere; no right; nobody."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.forms.writs import AddWritForm, ChangeWritForm, SuspendForm, terms_as_typed
from inmates.models import Inmate, WritOfExecution, WritSuspension
from inmates.writ_terms import WritTerms
from portal.kernel.models import AuditEvent
from tests.inmates.books import first_signature, posted
from tests.inmates.months import NAME, a_worker, a_writ, an_identity, calculated
from tests.inmates.test_two_payers import for_a_second_payer, started_by_the_second, worked_off
from tests.people import LONG_AGO, TODAY, Cast, a_user

REGISTER = reverse("inmates:writs")
ADD = reverse("inmates:writ_add")
TYPED = {
    "asks": "debt", "amount": "120 000,50", "queue": "5", "payee": "АО «Тестбанк»",
    "payee_account": "KZ86 125K ZT50 0410 0100", "bailiff": "ЧСИ Тестов", "fee": "12 000",
    "order_number": "77", "ordered_on": "20.10.2026", "on": "01.11.2026",
}  # fmt: skip


@pytest.fixture
def worker(pay: Cast) -> Inmate:
    inmate = a_worker(pay)
    an_identity(inmate)
    return inmate


@pytest.fixture
def writ(worker: Inmate) -> WritOfExecution:
    return a_writ(worker, "ИЛ-1", queue=5, kind="claim", debt=Decimal("50000.00"))


@pytest.fixture
def desk(client: Client, pay: Cast) -> Client:
    client.force_login(pay.accountant)
    return client


def page_of(writ: WritOfExecution, name: str = "writ", *more: str) -> str:
    return reverse(f"inmates:{name}", args=[writ.pk, *more])


def text(response: Any) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


# Read.


def test_the_register_names_nobody_and_is_recorded(desk: Client, writ: WritOfExecution) -> None:
    shown = text(desk.get(REGISTER))
    assert "ИЛ-1" in shown
    assert "№ 1648" in shown
    assert "50 000,00" in shown
    assert NAME not in shown
    event = AuditEvent.objects.get(action="writs_listed")
    assert event.details == {"writs": [writ.pk]}


def test_the_parts_of_the_register(desk: Client, writ: WritOfExecution) -> None:
    assert "ИЛ-1" not in text(desk.get(REGISTER, {"state": "ended"}))
    assert "ИЛ-1" not in text(desk.get(REGISTER, {"state": "suspended"}))
    assert "ИЛ-1" not in text(desk.get(REGISTER, {"q": "ИЛ-9"}))
    assert "ИЛ-1" in text(desk.get(REGISTER, {"q": "1648", "payer": "nobody"}))


def test_the_register_asks_as_often_for_three_as_for_one(desk: Client, pay: Cast) -> None:
    counts = []
    for numbers in (["1648"], ["1649", "1650"]):
        for number in numbers:
            inmate = a_worker(pay, number)
            a_writ(inmate, f"ИЛ-{number}", amount=Decimal("50000.00"), fee=Decimal("1.00"))
        calculated(pay)
        desk.get(REGISTER)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(REGISTER).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_accountant_reads_the_name_and_that_is_recorded(
    desk: Client, writ: WritOfExecution
) -> None:
    assert NAME in text(desk.get(page_of(writ)))
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"identity_read", "writ_read"} <= actions


def test_the_head_reads_without_a_name_and_without_acts(
    client: Client, pay: Cast, writ: WritOfExecution
) -> None:
    client.force_login(pay.head)
    shown = text(client.get(page_of(writ)))
    assert "ИЛ-1" in shown
    assert NAME not in shown
    assert page_of(writ, "writ_change") not in shown
    assert page_of(writ, "writ_act", "end") not in shown
    assert client.get(ADD).status_code == 403


def test_a_page_tells_what_each_month_withheld_and_what_is_left(
    desk: Client, pay: Cast, worker: Inmate
) -> None:
    first_signature(pay)
    writ = a_writ(
        worker, "БАНК", queue=5, kind="claim", debt=Decimal("50000.75"), fee=Decimal("5000.08")
    )
    posted(pay)
    shown = text(desk.get(page_of(writ)))
    # 35 549 are split 50 000,75 : 5 000,08; see test_writ_stories.
    for amount in ("32 317,00", "17 683,75", "3 232,00", "1 768,08", "35 549,00"):
        assert (amount in shown) is (amount != "35 549,00"), amount


def test_a_page_tells_alimony_in_arrears(desk: Client, pay: Cast, worker: Inmate) -> None:
    first_signature(pay)
    writ = a_writ(worker, "АЛ-1", amount=Decimal("50000.00"))
    posted(pay)
    assert "6 800,00" in text(desk.get(page_of(writ)))
    assert "6 800,00" in text(desk.get(REGISTER))


def test_a_private_payer_sees_its_own_months_alone(client: Client, pay: Cast) -> None:
    inmate = a_worker(pay, days=10)
    for_a_second_payer(pay, inmate)
    writ = a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    calculated(pay)
    worked_off(started_by_the_second(pay))
    client.force_login(pay.private_accountant)
    shown = text(client.get(page_of(writ)))
    # A quarter of its own 19 440; of the enterprise's 43 200 neither the sum nor who it is.
    assert "4 860,00" in shown
    assert "10 800,00" not in shown.split("<h2>")[2]
    assert pay.enterprise.name_ru not in shown
    client.force_login(pay.accountant)
    assert "4 860,00" not in text(client.get(page_of(writ)))


# Entered and changed.


def test_a_writ_is_entered_as_people_type_it(desk: Client, worker: Inmate) -> None:
    response = desk.post(ADD, TYPED | {"personnel_number": " 1648 ", "number": "КЗ-1"})
    row = WritOfExecution.objects.get()
    assert response["Location"] == page_of(row)
    assert (row.debt, row.fee) == (Decimal("120000.50"), Decimal("12000.00"))
    assert (row.payee_account, row.received_on) == ("KZ86125KZT5004100100", None)


def test_a_refused_entry_keeps_what_was_typed(desk: Client, worker: Inmate) -> None:
    response = desk.post(ADD, TYPED | {"personnel_number": "9999", "number": "КЗ-1"})
    assert response.status_code == 422
    assert "КЗ-1" in text(response)
    assert "9999" in text(response)
    assert not WritOfExecution.objects.exists()


def test_other_terms_begin_with_what_is_left(
    desk: Client, pay: Cast, writ: WritOfExecution
) -> None:
    first_signature(pay)
    posted(pay)
    address = page_of(writ, "writ_change")
    # 35 549 of 50 000 are withheld.
    assert "14 451,00" in text(desk.get(address))
    answer = desk.post(address, TYPED | {"amount": "14 000"})
    new = WritOfExecution.objects.latest("effective_from")
    assert answer["Location"] == page_of(new)
    assert (new.number, new.debt) == ("ИЛ-1", Decimal("14000.00"))
    refused = desk.post(page_of(new, "writ_change"), TYPED | {"on": "01.10.2026"})
    assert refused.status_code == 422
    assert "14 451,00" not in text(desk.get(page_of(new, "writ_change")))


def test_suspended_resumed_and_ended_from_its_page(desk: Client, writ: WritOfExecution) -> None:
    def act(name: str, **fields: str) -> int:
        return desk.post(page_of(writ, "writ_act", name), fields).status_code

    assert act("suspend", on="01.11.2026", basis="определение суда") == 302
    shown = text(desk.get(page_of(writ)))
    assert "определение суда" in shown
    assert page_of(writ, "writ_act", "suspend") not in shown
    assert act("resume", on="20.11.2026") == 302
    assert WritSuspension.objects.get().effective_to.isoformat() == "2026-11-20"
    assert act("resume", on="21.11.2026") == 422
    assert act("end", on="22.11.2026") == 422
    assert act("end", on="22.11.2026", basis="погашено") == 302
    shown = text(desk.get(page_of(writ)))
    assert "погашено" in shown
    assert page_of(writ, "writ_act", "end") not in shown
    assert act("rewrite") == 404


# Who may not.


def test_a_stranger_and_a_payer_elsewhere_see_nothing(
    client: Client, pay: Cast, writ: WritOfExecution
) -> None:
    elsewhere = a_user("other@example.kz", pay.entrepreneur, "accountant")
    for user, status in ((elsewhere, 404), (pay.master, 403), (pay.stranger, 403)):
        client.force_login(user)
        assert client.get(page_of(writ)).status_code == status
        assert client.get(page_of(writ, "writ_change")).status_code == status
        ended = client.post(page_of(writ, "writ_act", "end"), {"on": "01.11.2026", "basis": "x"})
        assert ended.status_code == status
    client.force_login(elsewhere)
    assert "ИЛ-1" not in text(client.get(REGISTER))
    client.logout()
    assert client.get(REGISTER).status_code == 302
    writ.refresh_from_db()
    assert writ.effective_to is None


def test_wrong_methods(desk: Client, writ: WritOfExecution) -> None:
    assert desk.post(REGISTER).status_code == 405
    assert desk.post(page_of(writ)).status_code == 405
    assert desk.get(page_of(writ, "writ_act", "end")).status_code == 405
    assert desk.delete(ADD).status_code == 405


# Forms.


def form(**typed: str) -> ChangeWritForm:
    return ChangeWritForm(TYPED | typed)


def test_a_share_is_typed_as_a_fraction() -> None:
    typed = form(asks="share", share=" 1 / 3 ", amount="", queue="1")
    assert typed.is_valid(), typed.errors
    terms = typed.terms()
    assert isinstance(terms, WritTerms)
    assert (terms.kind, terms.share, terms.amount, terms.debt) == ("alimony", (1, 3), None, None)


def test_a_fixed_sum_is_alimony_of_queue_one() -> None:
    terms = _terms(asks="fixed", amount="30 000", queue="1", share="1/4")
    assert (terms.kind, terms.amount, terms.share) == ("alimony", Decimal("30000.00"), None)


def _terms(**typed: str) -> WritTerms:
    sent = form(**typed)
    assert sent.is_valid(), sent.errors
    return sent.terms()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"asks": "share", "share": "0.25", "queue": "1"}, "share"),
        ({"asks": "share", "share": "4/3", "queue": "1"}, "share"),
        ({"asks": "share", "share": "1/0", "queue": "1"}, "share"),
        ({"asks": "share", "share": "", "queue": "1"}, "share"),
        ({"asks": "share", "share": "1/4", "queue": "2"}, "queue"),
        ({"asks": "fixed", "amount": "", "queue": "1"}, "amount"),
        ({"asks": "debt", "amount": "0"}, "amount"),
        ({"fee": "0"}, "fee"),
        ({"fee": "1,005"}, "fee"),
        ({"payee": " "}, "payee"),
        ({"payee_account": "KZ00"}, "payee_account"),
        ({"queue": "6"}, "queue"),
        ({"on": ""}, "on"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_field(typed: dict[str, str], field: str) -> None:
    sent = form(**typed)
    assert not sent.is_valid()
    assert set(sent.errors) == {field}


def test_a_new_writ_needs_a_person_and_a_number() -> None:
    assert set(AddWritForm(TYPED).errors) == {"personnel_number", "number"}


def test_a_suspension_ends_after_it_begins() -> None:
    sent = SuspendForm({"on": "10.11.2026", "until": "10.11.2026", "basis": "суд"})
    assert set(sent.errors) == {"until"}
    assert SuspendForm({"on": "10.11.2026", "until": "", "basis": "суд"}).is_valid()


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"share_numerator": 1, "share_denominator": 4}, ("share", "1/4", None)),
        ({"amount": Decimal("5.00")}, ("fixed", "", Decimal("5.00"))),
        ({"debt": Decimal("9.00"), "kind": "claim"}, ("debt", "", Decimal("7.00"))),
    ],
)
def test_the_form_begins_with_the_present_terms(
    columns: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    values: dict[str, Any] = {"queue": 1, "kind": "alimony", "payee": "кто", "number": "1"}
    row = WritOfExecution(effective_from=LONG_AGO, **(values | columns))
    shown = terms_as_typed(row, debt_left=Decimal("7.00"), fee_left=Decimal("0.00"), on=TODAY)
    assert (shown["asks"], shown["share"], shown["amount"]) == expected
    assert (shown["fee"], shown["on"], shown["payee"]) == (None, TODAY, "кто")
