"""Payment registers somebody may see, what waits for one, and what is transferred of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from inmates.enums import FINAL_RUNS, RegisterCode, RunStatus
from inmates.models import (
    InmateIdentity,
    PaymentCode,
    PaymentOrder,
    PaymentRegister,
    PayrollRun,
    RegisterRow,
    RegisterRun,
    Transfer,
)
from inmates.rules import PAYROLL_READERS
from inmates.selectors.payroll import granted_q
from inmates.selectors.register_sql import carried_sums, waiting_rows
from portal.accounts.models import Organisation
from portal.kernel.periods import Month, period_q

ZERO = Decimal("0.00")


def registers_visible_to(user: Any, on: date, *roles: str) -> "QuerySet[PaymentRegister]":
    """The registers of payers in which the user is accountant or head, at their places."""
    return PaymentRegister.objects.filter(
        granted_q(user, on, roles or PAYROLL_READERS, payer="payer", institution="institution")
    )


def with_transfers(registers: "QuerySet[PaymentRegister]") -> "QuerySet[PaymentRegister]":
    """Each with its payment orders, how many of them are transferred and what is apart."""
    orders = PaymentOrder.objects.filter(register=OuterRef("pk")).order_by().values("register")
    done = standing_transfers().filter(order__register=OuterRef("pk")).order_by()
    return registers.annotate(
        order_count=Coalesce(Subquery(orders.annotate(c=Count("pk")).values("c")), 0),
        done_count=Coalesce(
            Subquery(done.values("order__register").annotate(c=Count("pk")).values("c")), 0
        ),
    )


def codes_in_force(on: date, payer_id: int | None = None) -> dict[str, PaymentCode]:
    """How each payment is transferred on a day, in the order of the directory.

    Of a payer its own row goes before that of all.
    """
    of_whom = Q(payer=None) | Q(payer=payer_id) if payer_id is not None else Q(payer=None)
    rows = PaymentCode.objects.filter(of_whom, period_q(on)).order_by(
        "sort_order", F("payer").asc(nulls_first=True), "id"
    )
    return {row.code: row for row in rows}


def requisites_in_force(on: date) -> "QuerySet[PaymentCode]":
    """Of all payers and of single ones, in the order of the directory."""
    return (
        PaymentCode.objects.filter(period_q(on))
        .select_related("payer")
        .order_by("sort_order", F("payer__sort_ru").asc(nulls_first=True), "id")
    )


def payers_of_wages() -> "QuerySet[Organisation]":
    """Whoever had a run of wages, by name."""
    paying = PayrollRun.objects.order_by().values("payer")
    return Organisation.objects.filter(pk__in=paying).order_by("sort_ru", "id")


def runs_waiting(
    payer_id: int, institution_id: int, month: Month, code: str
) -> "QuerySet[PayrollRun]":
    """The posted runs of wages up to a month that no register of the code has.

    Wages themselves are in the books once they are paid.
    """
    statuses = (RunStatus.PAID,) if code == RegisterCode.ACCOUNTS else FINAL_RUNS
    taken = RegisterRun.objects.filter(run=OuterRef("pk"), code=code)
    return PayrollRun.objects.filter(
        ~Exists(taken),
        payer=payer_id,
        institution=institution_id,
        month__lte=month.first_day,
        status__in=statuses,
    ).order_by("month", "id")


def has_unpaid_runs(payer_id: int, institution_id: int, month: Month) -> bool:
    """Wages up to a month are posted and their payment is not entered; one query."""
    return PayrollRun.objects.filter(
        payer=payer_id,
        institution=institution_id,
        month__lte=month.first_day,
        status=RunStatus.APPROVED,
        is_reversed=False,
    ).exists()


def last_register(payer_id: int, institution_id: int, code: str) -> PaymentRegister | None:
    """The end of the chain of registers of one payment."""
    return PaymentRegister.objects.filter(
        payer=payer_id, institution=institution_id, code=code, following=None
    ).first()


def carried_rows(register: PaymentRegister) -> "QuerySet[RegisterRow]":
    """What it leaves to the next one."""
    return register.rows.exclude(carried=0)


def with_iin(inmates: Iterable[int]) -> set[int]:
    """Whose IIN is known; nothing is decrypted, one query."""
    known = InmateIdentity.objects.filter(inmate__in=list(inmates), iin_hmac__isnull=False)
    return set(known.values_list("inmate_id", flat=True))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of one payment is posted and in no register, and what the last one carried over."""

    code: str
    people: int
    amount: Decimal
    since: date | None
    until: date | None
    carried: Decimal = ZERO
    # Of what is carried: of people whose IIN is known by now, and of everybody.
    ripe: Decimal = ZERO
    above: Decimal = ZERO


def waiting_by_code(payer_id: int, institution_id: int, month: Month) -> dict[str, Waiting]:
    """By code, two queries; a code of which nothing waits is left out."""
    found = {
        code: Waiting(code, people, amount, since, until)
        for code, people, amount, since, until in waiting_rows(
            payer_id, institution_id, month.first_day
        )
    }
    for code, people, total, ripe, above in carried_sums(payer_id, institution_id):
        old = found.get(code) or Waiting(code, people, ZERO, None, None)
        found[code] = replace(old, carried=total, ripe=ripe, above=above)
    return found


def register_rows(register: PaymentRegister) -> "QuerySet[RegisterRow]":
    """By payee, personnel number and month."""
    return register.rows.select_related("inmate", "writ", "order").order_by(
        F("order__sequence").asc(nulls_last=True), "inmate__personnel_number", "period", "id"
    )


@dataclass(frozen=True, slots=True)
class Apart:
    """What is in the register and not transferred by it, or less than posted: sums and people."""

    without_iin: int
    without_iin_sum: Decimal
    negative: int
    negative_sum: Decimal
    brought: Decimal
    set_off: Decimal
    carried: Decimal


def apart_of(register: PaymentRegister) -> Apart:
    """One query."""
    no_iin, below = Q(has_iin=False), Q(posted__lt=0)
    row = register.rows.aggregate(
        without_iin=Count("inmate", filter=no_iin, distinct=True),
        without_iin_sum=Coalesce(Sum("posted", filter=no_iin), ZERO),
        negative=Count("pk", filter=below),
        negative_sum=Coalesce(Sum("posted", filter=below), ZERO),
        brought=Coalesce(Sum("brought"), ZERO),
        set_off=Coalesce(Sum("set_off", filter=Q(set_off__gt=0)), ZERO),
        carried=Coalesce(Sum("carried"), ZERO),
    )
    return Apart(**row)


def standing_transfers() -> "QuerySet[Transfer]":
    """Those that nobody took back; of an order there is one at most."""
    return Transfer.objects.filter(reversal=None)


def not_transferred() -> Q:
    """Orders that the bank has not carried out."""
    return ~Q(Exists(standing_transfers().filter(order=OuterRef("pk"))))


def orders_of(register: PaymentRegister) -> "QuerySet[PaymentOrder]":
    """The payment orders in order, each with what the bank did: also what was taken back."""
    told = Transfer.objects.select_related("reversal").order_by("sequence")
    return register.orders.prefetch_related(Prefetch("transfers", told)).order_by("sequence")


def open_orders(user: Any, on: date, payer_id: int, *roles: str) -> "QuerySet[PaymentOrder]":
    """The payment orders of a payer that no transfer is entered for.

    Each has `first_posted`: when the first of its wages was posted; none where all is carried over.
    """
    visible = registers_visible_to(user, on, *roles).filter(payer=payer_id)
    return (
        PaymentOrder.objects.filter(not_transferred(), register__in=visible)
        .annotate(first_posted=Min("register__runs__run__posted_at"))
        .select_related("register")
        .order_by("register__made_at", "register_id", "sequence")
    )
