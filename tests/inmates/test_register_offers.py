"""What the list of registers offers: no button leads into "there is nothing to transfer"."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmates.identity import hmac_of_iin
from inmates.models import Inmate, InmateIdentity, PaymentRegister, PayrollRun
from inmates.register_refusals import StatementUnreadable
from inmates.selectors.registers import waiting_by_code
from tests.inmates.months import OCTOBER
from tests.inmates.registers import an_iin, issued, paid_october
from tests.people import Cast

LIST = reverse("inmates:payment_registers")


@pytest.fixture
def october(pay: Cast) -> PayrollRun:
    return paid_october(pay)


@pytest.fixture
def reader(client: Client, pay: Cast, october: PayrollRun) -> Client:
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    return client


def shown(reader: Client) -> str:
    text: str = reader.get(LIST, {"month": "2026-10"}).content.decode()
    return text.replace("\N{NO-BREAK SPACE}", " ")


def issue_all(reader: Client, pay: Cast, **sent: str) -> Any:
    args = [pay.enterprise.pk, pay.institution.pk, "2026-10"]
    return reader.post(reverse("inmates:register_issue", args=args), sent)


def told_the_iin() -> None:
    inmate = Inmate.objects.get(personnel_number="1650")
    iin = an_iin(1650)
    InmateIdentity.objects.filter(inmate=inmate).update(iin=iin, iin_hmac=hmac_of_iin(iin))


def test_what_waits_for_an_iin_is_told_and_not_offered(reader: Client, pay: Cast) -> None:
    assert "Составить все реестры" in shown(reader)
    issue_all(reader, pay)
    text = shown(reader)
    assert "когда будет введён ИИН этих людей" in text
    assert "Составлять нечего" in text
    assert "Составить все реестры" not in text
    assert 'name="code"' not in text


def test_it_is_offered_once_the_iin_is_entered_and_then_no_more(reader: Client, pay: Cast) -> None:
    issue_all(reader, pay)
    told_the_iin()
    assert 'name="code" value="opv"' in shown(reader)
    made = PaymentRegister.objects.count()
    assert issue_all(reader, pay, code="opv").status_code == 302
    assert PaymentRegister.objects.count() == made + 1
    assert 'value="opv"' not in shown(reader)


def test_what_is_ripe_is_of_people_with_an_iin(october: PayrollRun, pay: Cast) -> None:
    register = issued(pay, "opv")
    carried = sum(row.carried for row in register.rows.all())
    held = waiting_by_code(pay.enterprise.pk, pay.institution.pk, OCTOBER)["opv"]
    assert (held.carried, held.above, held.ripe, held.people) == (carried, carried, 0, 1)
    told_the_iin()
    ripe = waiting_by_code(pay.enterprise.pk, pay.institution.pk, OCTOBER)["opv"]
    assert (ripe.carried, ripe.ripe) == (carried, carried)


def test_a_month_with_nothing_says_so(reader: Client, pay: Cast) -> None:
    text = reader.get(LIST, {"month": "2026-09"}).content.decode()
    assert "Составлять нечего" in text
    assert "Составить все реестры" not in text


def test_a_file_that_is_no_statement_is_told_all_kinds_that_are_read() -> None:
    assert "XLSX, ODS" in str(StatementUnreadable(name="x.pdf"))
