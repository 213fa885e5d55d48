"""The address of a payslip whose month was calculated again leads on, and tells nobody anything."""

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import PayrollRun
from tests.inmates.months import a_worker, calculated
from tests.people import Cast, a_user

LEADS_ON = "рассчитали заново"
BOARD = 'href="/payroll/"'


def address(slip_id: int, name: str = "payslip") -> str:
    return reverse(f"inmates:{name}", args=[slip_id])


@pytest.fixture
def old_slip(pay: Cast) -> int:
    """The key of a slip that the second calculation of its month replaced."""
    a_worker(pay)
    key = calculated(pay).payslips.get().pk
    assert calculated(pay).payslips.get().pk != key
    return key


@pytest.mark.parametrize("name", ["payslip", "payslip_pdf"])
def test_an_old_address_leads_to_the_months(
    pay: Cast, client: Client, old_slip: int, name: str
) -> None:
    client.force_login(pay.accountant)
    answer = client.get(address(old_slip, name))
    assert answer.status_code == 404
    html = answer.content.decode()
    assert LEADS_ON in html
    assert BOARD in html
    present = PayrollRun.objects.get().payslips.get().pk
    assert client.get(address(present)).status_code == 200


def test_a_stranger_cannot_tell_an_old_slip_from_one_that_never_was(
    pay: Cast, client: Client, old_slip: int
) -> None:
    present = PayrollRun.objects.get().payslips.get().pk
    client.force_login(a_user("other@example.kz", pay.entrepreneur, "accountant"))
    shown = [client.get(address(key)) for key in (old_slip, present, 10**9)]
    assert {answer.status_code for answer in shown} == {404}
    assert "1648" not in shown[1].content.decode()
    assert len({answer.templates[0].name for answer in shown}) == 1


def test_whoever_has_no_payroll_gets_the_ordinary_refusal(
    pay: Cast, client: Client, old_slip: int
) -> None:
    client.force_login(pay.master)
    answer = client.get(address(old_slip))
    assert answer.status_code == 403
    assert LEADS_ON not in answer.content.decode()
