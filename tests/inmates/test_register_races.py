"""Two accountants at the same moment, over two real connections: one register, one transfer."""

from typing import Any

import pytest

from inmates.models import PaymentRegister, RegisterRun, Transfer
from inmates.services.bank import apply_bank_statement, receive_bank_statement
from portal.kernel import clock
from portal.kernel.errors import PortalError
from tests.inmates.books import check_books
from tests.inmates.months import make_pay
from tests.inmates.registers import a_line, issued, onec_file, paid_october, transferred
from tests.inmates.test_shift_races import at_once
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def october(no_broker: list[Any]) -> Cast:
    cast = make_pay()
    paid_october(cast)
    return cast


def refused(results: list[Any]) -> list[PortalError]:
    return [one for one in results if isinstance(one, PortalError)]


def test_of_two_registers_one_is_issued(october: Cast) -> None:
    results = at_once(lambda: issued(october), lambda: issued(october))
    assert len(refused(results)) == 1
    assert PaymentRegister.objects.count() == RegisterRun.objects.count() == 1
    assert PaymentRegister.objects.get().number == "2026-00001"


def test_registers_of_two_payments_do_not_wait_for_ever(october: Cast) -> None:
    results = at_once(lambda: issued(october, "opv"), lambda: issued(october, "so"))
    assert refused(results) == []
    numbers = PaymentRegister.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["2026-00001", "2026-00002"]


def test_a_transfer_by_hand_and_by_the_bank_is_one(october: Cast) -> None:
    order = issued(october).orders.get()
    row = receive_bank_statement(
        actor=october.accountant, payer_id=october.enterprise.pk, file_name="в.txt",
        content=onec_file(a_line(order)), at=clock.now(),
    )  # fmt: skip
    results = at_once(
        lambda: transferred(october, order, document="99"),
        lambda: apply_bank_statement(actor=october.accountant, statement_id=row.pk, at=clock.now()),
    )
    assert len(refused(results)) == 1
    assert Transfer.objects.count() == 1
    assert check_books() == []


def test_a_statement_is_entered_once(october: Cast) -> None:
    order = issued(october).orders.get()
    row = receive_bank_statement(
        actor=october.accountant, payer_id=october.enterprise.pk, file_name="в.txt",
        content=onec_file(a_line(order)), at=clock.now(),
    )  # fmt: skip

    def apply() -> Any:
        return apply_bank_statement(actor=october.accountant, statement_id=row.pk, at=clock.now())

    results = at_once(apply, apply)
    assert len(refused(results)) == 1
    assert Transfer.objects.count() == 1
