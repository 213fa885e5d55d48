"""Requisites of payments: entered by the administrator from a day on, and missed before issuing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import PaymentCode
from inmates.register_refusals import PaymentCodeMissing, RequisitesEntered
from inmates.selectors.registers import codes_in_force, requisites_in_force
from inmates.services.payment_codes import Requisites, enter_requisites, load_payment_codes
from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.inmates.months import OCTOBER
from tests.inmates.registers import issued, paid_october
from tests.people import Cast

LIST = reverse("inmates:requisites")
OFFICE = Requisites(
    recipient="УГД по району (тест)", recipient_bin="160440007161",
    recipient_account="KZ24070105KSN0000000", recipient_bik="KKMFKZ2A", recipient_kbe="11",
    knp="911", source="письмо УГД",
)  # fmt: skip


@pytest.fixture(autouse=True)
def codes(db: None) -> None:
    load_payment_codes()


def entered(cast: Cast, code: str = "ipn", **fields: Any) -> PaymentCode:
    values = {
        "actor": cast.administrator, "payer_id": None, "since": clock.today(),
        "requisites": OFFICE, "at": clock.now(),
    }  # fmt: skip
    return enter_requisites(code=code, **(values | fields))


def test_what_was_in_force_is_ended_and_kept(cast: Cast) -> None:
    old = codes_in_force(clock.today())["ipn"]
    made = entered(cast)
    old.refresh_from_db()
    assert (old.effective_to, old.recipient_account) == (clock.today(), "")
    found = codes_in_force(clock.today())["ipn"]
    assert found == made
    assert (found.recipient_account, found.recipient_kk) == (
        OFFICE.recipient_account, OFFICE.recipient,
    )  # fmt: skip
    same = ("kbk", "penalty_knp", "needs_iin", "is_set_off_in_total", "sort_order", "name_kk")
    assert [getattr(found, name) for name in same] == [getattr(old, name) for name in same]
    assert codes_in_force(clock.today() - timedelta(days=1))["ipn"] == old
    event = AuditEvent.objects.get(action="requisites_entered")
    assert (event.actor, event.details["code"]) == (cast.administrator, "ipn")


def test_the_office_of_one_payer_goes_before_that_of_all(cast: Cast) -> None:
    entered(cast)
    own = entered(cast, payer_id=cast.enterprise.pk)
    on = clock.today()
    assert codes_in_force(on, cast.enterprise.pk)["ipn"] == own
    for other in (None, cast.entrepreneur.pk):
        assert codes_in_force(on, other)["ipn"].payer is None
    assert list(codes_in_force(on, cast.enterprise.pk)) == list(codes_in_force(on))
    assert requisites_in_force(on).filter(code="ipn").count() == 2


def test_the_same_day_twice_is_refused(cast: Cast) -> None:
    entered(cast)
    for since in (clock.today(), clock.today() - timedelta(days=9)):
        with pytest.raises(RequisitesEntered):
            entered(cast, since=since)
    assert PaymentCode.objects.filter(code="ipn").count() == 2


def test_an_unknown_payment_has_no_requisites(cast: Cast) -> None:
    PaymentCode.objects.filter(code="ipn").delete()
    with pytest.raises(PaymentCodeMissing):
        entered(cast)


@pytest.mark.parametrize("who", ["accountant", "head", "labour_officer", "master", "analyst"])
def test_only_the_administrator_enters_them(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        entered(cast, actor=cast.users[who])


def test_the_shipped_codes_leave_them_alone(cast: Cast) -> None:
    entered(cast)
    entered(cast, "social_tax", payer_id=cast.enterprise.pk)
    assert load_payment_codes() == 0


def test_an_order_goes_to_the_office_of_its_payer(pay: Cast) -> None:
    paid_october(pay)
    entered(pay, "social_tax", payer_id=pay.enterprise.pk)
    order = issued(pay, "social_tax").orders.get()
    assert (order.payee, order.payee_bin, order.payee_account) == (
        OFFICE.recipient, OFFICE.recipient_bin, OFFICE.recipient_account,
    )  # fmt: skip


# --- the page ---
def page_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture
def desk(client: Client, pay: Cast) -> Client:
    paid_october(pay)
    client.cookies["django_language"] = "ru"
    client.force_login(pay.administrator)
    return client


def typed(**changes: str) -> dict[str, str]:
    values = {
        "payer": "", "since": f"{clock.today():%d.%m.%Y}", "recipient": OFFICE.recipient,
        "recipient_bin": "1604 4000 7161", "recipient_account": "kz24 0701 05KS N000 0000",
        "recipient_bik": "KKMFKZ2A", "recipient_kbe": "11", "knp": "911", "source": "письмо",
    }  # fmt: skip
    return values | changes


def test_the_administrator_enters_them_on_the_page(desk: Client, pay: Cast) -> None:
    assert page_of(desk.get(LIST)).count("Счёт не внесён.") == 2
    new = reverse("inmates:requisites_new", args=["ipn"])
    assert "Все плательщики без своих" in page_of(desk.get(new))
    done = desk.post(new, typed(payer=str(pay.enterprise.pk)), follow=True)
    text = page_of(done)
    assert "Реквизиты внесены" in text
    assert f"{OFFICE.recipient_account} {OFFICE.recipient_bik} 11" in text
    assert codes_in_force(clock.today(), pay.enterprise.pk)["ipn"].payer == pay.enterprise
    again = desk.post(new, typed(payer=str(pay.enterprise.pk)))
    assert again.status_code == 422
    assert "уже внесены" in page_of(again)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient_account", "KZ24070105KSN0000001"),
        ("recipient_bin", "123"),
        ("recipient_bik", "KK"),
        ("recipient_kbe", "111"),
        ("knp", "9"),
        ("since", "31.02.2026"),
        ("recipient", ""),
        ("source", ""),
        ("payer", "999999"),
    ],
)
def test_what_is_typed_wrong_stays_on_the_form(desk: Client, field: str, value: str) -> None:
    new = reverse("inmates:requisites_new", args=["ipn"])
    response = desk.post(new, typed(**{field: value}))
    assert response.status_code == 422
    assert not PaymentCode.objects.filter(recipient_ru=OFFICE.recipient).exists()


def test_an_unknown_code_has_no_page(desk: Client) -> None:
    assert desk.get(reverse("inmates:requisites_new", args=["party"])).status_code == 404


# --- warnings to the accountant ---
def test_what_has_no_account_is_told_before_it_is_issued_and_after(
    client: Client, pay: Cast
) -> None:
    paid_october(pay)
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    registers = reverse("inmates:payment_registers") + f"?month={OCTOBER}"
    before = page_of(client.get(registers))
    # The income tax, the social tax where there is one, and the account of the institution.
    assert "Счёт получателя не внесён" in before
    assert "Счёт учреждения не внесён" in before
    for code in ("social_tax", "accounts"):
        page = reverse("inmates:payment_register", args=[issued(pay, code).pk])
        assert "1 поручение без счёта получателя" in page_of(client.get(page))
    page = reverse("inmates:payment_register", args=[issued(pay, "opv").pk])
    assert "без счёта получателя" not in page_of(client.get(page))


def test_with_requisites_nothing_is_warned_of(client: Client, pay: Cast) -> None:
    paid_october(pay)
    for code in ("ipn", "social_tax"):
        entered(pay, code)
    Organisation.objects.filter(pk=pay.colony.pk).update(iban=OFFICE.recipient_account)
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    registers = reverse("inmates:payment_registers") + f"?month={OCTOBER}"
    assert "не внесён" not in page_of(client.get(registers))
    page = reverse("inmates:payment_register", args=[issued(pay, "social_tax").pk])
    assert "без счёта" not in page_of(client.get(page))
