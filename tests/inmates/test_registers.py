"""Registers: what posted wages come to for each payee, equal to the ledger or not issued."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, Sum

from inmates.enums import RegisterCode
from inmates.identity import hmac_of_iin
from inmates.models import (
    InmateIdentity,
    PaymentCode,
    PaymentOrder,
    PaymentRegister,
    PayrollRun,
    Posting,
    RegisterRow,
    RegisterRun,
)
from inmates.register_refusals import NothingToRegister, PaymentCodeMissing, RegisterDiffers
from inmates.selectors.registers import apart_of, registers_visible_to, waiting_by_code
from inmates.services.payment_codes import load_payment_codes
from inmates.shipped_payment_codes import read_shipped_codes
from portal.accounts.models import RoleGrant
from portal.kernel import clock
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.identifiers import check_bin, check_iban
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.months import OCTOBER, attended, days_of
from tests.inmates.registers import a_named_worker, an_iin, issued, paid_october
from tests.inmates.second_place import second_place
from tests.people import Cast, a_user


@pytest.fixture
def october(pay: Cast) -> PayrollRun:
    return paid_october(pay)


def booked(code: str) -> Decimal:
    kinds = {"writs": {"account__kind": "creditor"}, "accounts": {"account__kind": "cash_control"}}
    rows = Posting.objects.filter(**kinds.get(code, {"account__code": code}))
    sums = rows.aggregate(c=Sum("credit"), d=Sum("debit"))
    return (sums["c"] or Decimal(0)) - (sums["d"] or Decimal(0))


@pytest.mark.parametrize("code", ["opv", "opvr", "so", "writs", "accounts"])
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
    identity.iin_hmac = hmac_of_iin(identity.iin)
    identity.save()
    second = issued(pay)
    row = second.rows.get()
    assert (second.previous, second.total, second.payable) == (first, 0, held.posted)
    assert (row.posted, row.brought, row.payable, row.period) == (
        0, held.carried, held.carried, OCTOBER.first_day,
    )  # fmt: skip


def test_rows_of_writs_go_to_their_creditor(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay, "writs")
    order = register.orders.get()
    row = register.rows.get()
    assert (order.payee, order.payee_account) == ("Тестова А.", "KZ949990000000000001")
    assert (row.writ.number, row.payable, order.amount) == ("AL-77", order.amount, row.posted)


def test_wages_go_to_the_account_of_the_institution(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay, "accounts")
    order = register.orders.get()
    assert order.payee == pay.colony.name_ru
    assert register.people == 3
    assert register.payable == register.total


def test_an_order_says_for_what_it_is_paid(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    order = register.orders.get()
    assert order.purpose == (
        f"Обязательные пенсионные взносы за 10.2026, реестр № {register.number}"
    )
    assert (order.knp, order.payee_account) == ("010", "KZ12009NPS0413609816")
    assert order.people == 2


def test_registers_are_numbered_without_gaps(pay: Cast, october: PayrollRun) -> None:
    numbers = [issued(pay, code).number for code in ("opv", "so", "writs")]
    assert numbers == ["2026-00001", "2026-00002", "2026-00003"]


def test_an_approved_month_has_contributions_and_no_wages_yet(pay: Cast) -> None:
    load_payment_codes()
    first_signature(pay)
    a_named_worker(pay, "1648")
    run = posted(pay)
    assert issued(pay, "opv").payable > 0
    with pytest.raises(NothingToRegister):
        issued(pay, "accounts")
    paid(pay, run)
    assert issued(pay, "accounts").payable == run.payslips.get().to_account


def test_a_run_is_in_one_register_of_a_payment(pay: Cast, october: PayrollRun) -> None:
    issued(pay, "so")
    with pytest.raises(NothingToRegister):
        issued(pay, "so", OCTOBER.next())
    assert issued(pay, "opvr").runs.get().run == october


def test_a_later_month_waits(pay: Cast, october: PayrollRun) -> None:
    with pytest.raises(NothingToRegister):
        issued(pay, "opv", OCTOBER.previous())


def test_two_months_stand_by_their_months(pay: Cast) -> None:
    load_payment_codes()
    first_signature(pay)
    september = OCTOBER.previous()
    inmate = a_named_worker(pay, "1649")
    attended(inmate.placements.get(), days_of(september, 5))
    runs = {posted(pay, september), posted(pay)}
    register = issued(pay)
    assert {row.run for row in register.runs.all()} == runs
    periods = register.rows.order_by("period").values_list("period", flat=True)
    assert list(periods) == [september.first_day, OCTOBER.first_day]
    order = register.orders.get()
    assert "09.2026, 10.2026" in order.purpose
    assert (register.people, order.people) == (1, 1)


@pytest.mark.parametrize("person", ["head", "master", "labour_officer", "analyst", "administrator"])
def test_only_the_accountant_issues(pay: Cast, october: PayrollRun, person: str) -> None:
    with pytest.raises(Forbidden):
        issued(pay, actor=getattr(pay, person))


def test_an_accountant_of_another_payer_or_place_does_not(pay: Cast, october: PayrollRun) -> None:
    private = a_user("pa@example.kz", pay.entrepreneur, "accountant")
    elsewhere, _post = second_place(pay)
    there = a_user("there@example.kz", pay.enterprise, "accountant")
    RoleGrant.objects.filter(membership__user=there).update(scope=elsewhere.organisation)
    for actor in (private, there):
        with pytest.raises(Forbidden):
            issued(pay, actor=actor)


def test_a_payment_without_its_codes_is_refused(pay: Cast, october: PayrollRun) -> None:
    PaymentCode.objects.filter(code="opv").delete()
    with pytest.raises(PaymentCodeMissing):
        issued(pay)
    assert not PaymentRegister.objects.exists()


# --- equal to the ledger, or not issued ---
@contextmanager
def without_guards() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE inmates_payslip SET so = so + 0.01 WHERE number LIKE '%/0002'", "so"),
        ("UPDATE inmates_posting SET credit = credit - 1 WHERE credit > 1 AND code = 'so'", "so"),
        ("UPDATE inmates_payslipline SET amount = amount + 5 WHERE kind = 'writ'", "writs"),
        ("UPDATE inmates_payslip SET settlement = -7", "accounts"),
        (
            (
                "UPDATE inmates_posting p SET account_id = b.id FROM inmates_ledgeraccount a,"
                " inmates_ledgeraccount b WHERE a.id = p.account_id AND a.code = 'so'"
                " AND b.code = 'opv'"
            ),
            "opv",
        ),
    ],
)
def test_a_register_that_differs_from_the_books_is_not_issued(
    pay: Cast, october: PayrollRun, sql: str, code: str
) -> None:
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(sql)
    with pytest.raises(RegisterDiffers) as refused:
        issued(pay, code)
    assert "check_books" in str(refused.value)
    assert refused.value.details["numbers"]
    assert not PaymentRegister.objects.exists()
    transaction.set_rollback(True)


def test_nothing_of_the_number_series_is_lost_by_a_refusal(pay: Cast, october: PayrollRun) -> None:
    with pytest.raises(NothingToRegister):
        issued(pay, "ipn")
    assert issued(pay).number == "2026-00001"


def forced(register: PaymentRegister, **fields: Any) -> PaymentRegister:
    """Another register of the same run, as somebody could write it past the service."""
    values = {
        name: getattr(register, name)
        for name in (
            "payer_id", "institution_id", "month", "payment_code_id", "made_by_id", "made_at",
            "sha256", "people", "code",
        )
    }  # fmt: skip
    values |= {"number": "2026-99999", "total": Decimal(0), "payable": Decimal(0)}
    values["previous"] = register
    return PaymentRegister.objects.create(**(values | fields))


def looked_at() -> None:
    """What the database looks at at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"total": Decimal("1.00")}, "register_is_the_ledger"),
        ({"payable": Decimal("1.00")}, "register_is_its_orders"),
        ({}, "register_brings_what_was_carried"),
    ],
)
def test_the_database_refuses_a_register_that_is_not_the_ledger(
    pay: Cast, october: PayrollRun, fields: dict[str, Any], sentence: str
) -> None:
    register = issued(pay, "opv" if not fields else "so")
    # Of social insurance nothing is carried when everybody has an IIN; here one has none.
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        second = forced(register, **fields)
        if fields:
            carry_on(register, second)
        looked_at()
    assert refused.value.constraint == sentence


def carry_on(register: PaymentRegister, second: PaymentRegister) -> None:
    """The second begins with what the first carried over."""
    for row in register.rows.exclude(carried=0):
        RegisterRow.objects.create(
            register=second, inmate_id=row.inmate_id, period=row.period, has_iin=False,
            posted=0, brought=row.carried, carried=row.carried, payable=0,
        )  # fmt: skip


def test_the_database_refuses_the_run_of_another_payer_or_a_later_month(
    pay: Cast, october: PayrollRun
) -> None:
    register = issued(pay, "so")
    for fields in ({"month": date(2026, 9, 1)}, {"payer_id": pay.entrepreneur.pk}):
        with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
            second = forced(register, code="opv", previous=None, **fields)
            RegisterRun.objects.create(register=second, run=october, code="opv")
            looked_at()
        assert refused.value.constraint == "register_of_its_runs"


def test_a_register_without_a_run_follows_another_one(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay, "so")
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        forced(register, code="opv", previous=None)
        looked_at()
    assert refused.value.constraint == "register_of_its_runs"


@pytest.mark.parametrize("model", [PaymentRegister, PaymentOrder, RegisterRow, RegisterRun])
def test_nothing_of_a_register_is_changed_or_removed(
    pay: Cast, october: PayrollRun, model: type[Model]
) -> None:
    issued(pay)
    row = model._default_manager.order_by("pk")[0]
    name = next(one.name for one in model._meta.fields if one.name in ("people", "posted", "code"))
    rows = model._default_manager.filter(pk=row.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**{name: getattr(row, name)})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = {row.pk}")  # noqa: S608 - a name of ours and a number


def test_nothing_is_added_to_a_register_later(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE inmates_paymentregister SET transaction_id = 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        PaymentOrder.objects.create(
            register=register, sequence=9, payee="x", purpose="x", amount=Decimal(1), people=1
        )
    assert refused.value.constraint == "register_written_once"
    transaction.set_rollback(True)


def test_the_digest_is_of_the_rows(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    lines = [
        f"{row.inmate_id};;{row.period};{row.posted};{row.brought};{row.set_off};{row.carried};"
        f"{row.payable}\n"
        for row in register.rows.order_by("inmate_id", "period")
    ]
    assert register.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()


# --- what waits ---
def test_what_waits_is_told_by_payment(pay: Cast, october: PayrollRun) -> None:
    found = waiting_by_code(pay.enterprise.pk, pay.institution.pk, OCTOBER)
    assert {"opv", "opvr", "so", "writs", "accounts"} <= set(found) <= set(RegisterCode.values)
    assert (found["opv"].people, found["opv"].amount) == (3, booked("opv"))
    assert (found["opv"].since, found["opv"].until) == (OCTOBER.first_day, OCTOBER.first_day)
    register = issued(pay)
    held = register.rows.get(has_iin=False)
    after = waiting_by_code(pay.enterprise.pk, pay.institution.pk, OCTOBER)["opv"]
    assert (after.since, after.carried) == (None, held.carried)
    assert waiting_by_code(pay.entrepreneur.pk, pay.institution.pk, OCTOBER) == {}


def test_what_stands_apart_is_told(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    apart = apart_of(register)
    held = register.rows.get(has_iin=False)
    assert (apart.without_iin, apart.without_iin_sum, apart.carried) == (
        1,
        held.posted,
        held.posted,
    )
    assert (apart.negative, apart.brought, apart.set_off) == (0, 0, 0)


def test_a_register_is_seen_by_accountant_and_head_of_its_payer(
    pay: Cast, october: PayrollRun
) -> None:
    register = issued(pay)
    on = clock.today()
    private = a_user("pa@example.kz", pay.entrepreneur, "accountant", "head")
    seen = [pay.accountant, pay.head]
    for user in (*seen, private, pay.master, pay.analyst, pay.administrator):
        sees = user in seen
        assert registers_visible_to(user, on).filter(pk=register.pk).exists() is sees


# --- the directory ---
def test_the_directory_is_loaded_once_and_never_overwritten(db: None) -> None:
    assert load_payment_codes() == len(RegisterCode)
    PaymentCode.objects.filter(code="opv").update(knp="099")
    assert load_payment_codes() == 0
    assert PaymentCode.objects.get(code="opv").knp == "099"


def test_the_shipped_directory_is_whole() -> None:
    rows = read_shipped_codes()
    assert [row["code"] for row in rows] == RegisterCode.values
    by_code = {row["code"]: row for row in rows}
    # documents.md: the codes that two sources agree on.
    expected = {"opv": "010", "opvr": "089", "so": "012", "vosms": "122", "oosms": "121",
                "ipn": "911", "social_tax": "911"}  # fmt: skip
    assert {code: by_code[code]["knp"] for code in expected} == expected
    assert by_code["ipn"]["kbk"] == "101201"
    for row in rows:
        assert row["source"]
        assert row["confidence"]
        assert all(row[f"name_{language}"] for language in ("ru", "kk", "en"))
        if row["recipient_account"]:
            check_iban(row["recipient_account"])
            check_bin(row["recipient_bin"])


def test_the_command_says_how_many(db: None) -> None:
    said = StringIO()
    call_command("load_payment_codes", stdout=said)
    assert said.getvalue() == f"{len(RegisterCode)} codes of payments entered\n"
