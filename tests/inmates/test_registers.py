"""Registers: what posted wages come to for each payee, equal to the ledger or not issued."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum

from inmates.enums import LineKind, RegisterCode
from inmates.models import (
    InmateIdentity,
    PaymentOrder,
    PaymentRegister,
    PayrollRun,
    PayslipLine,
    Posting,
    RegisterRow,
)
from inmates.register_refusals import NothingToRegister, PaymentCodeMissing, RegisterDiffers
from inmates.models import PaymentCode
from portal.kernel.errors import ConstraintRefused, Forbidden
from tests.inmates.months import OCTOBER
from tests.inmates.registers import an_iin, issued, paid_october
from tests.people import Cast


@pytest.fixture
def october(pay: Cast) -> PayrollRun:
    return paid_october(pay)


def booked(code: str) -> Decimal:
    kinds = {"writs": {"account__kind": "creditor"}, "accounts": {"account__kind": "cash_control"}}
    rows = Posting.objects.filter(**kinds.get(code, {"account__code": code}))
    sums = rows.aggregate(c=Sum("credit"), d=Sum("debit"))
    return (sums["c"] or Decimal(0)) - (sums["d"] or Decimal(0))


@pytest.mark.parametrize("code", ["opv", "opvr", "so", "ipn", "writs", "accounts"])
def test_a_register_equals_the_ledger_to_the_tiyn(
    pay: Cast, october: PayrollRun, code: str
) -> None:
    register = issued(pay, code)
    assert register.total == booked(code) > 0
    assert register.rows.aggregate(s=Sum("posted"))["s"] == register.total
    assert register.orders.aggregate(s=Sum("amount"))["s"] == register.payable
    assert register.number.startswith("2026-")
    assert len(register.sha256) == 64


def test_a_person_without_an_iin_stands_apart_and_waits(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    row = register.rows.get(has_iin=False)
    assert row.inmate.personnel_number == "1650"
    assert (row.payable, row.carried, row.order) == (0, row.posted, None)
    assert register.payable == register.total - row.posted


def test_an_iin_that_comes_later_brings_the_row_into_the_next_register(
    pay: Cast, october: PayrollRun
) -> None:
    first = issued(pay)
    with pytest.raises(NothingToRegister):
        issued(pay)
    held = first.rows.get(has_iin=False)
    identity = InmateIdentity.objects.get(inmate=held.inmate)
    identity.iin = an_iin(1650)
    from inmates.identity import hmac_of_iin

    identity.iin_hmac = hmac_of_iin(identity.iin)
    identity.save()
    second = issued(pay)
    row = second.rows.get()
    assert (second.previous, second.total, second.payable) == (first, 0, held.posted)
    assert (row.posted, row.brought, row.payable, row.period) == (
        0, held.carried, held.carried, OCTOBER.first_day,
    )  # fmt: skip
