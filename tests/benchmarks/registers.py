"""A register of 20 000 rows: issued from the books, and handed out as XLSX, CSV and PDF."""

import random
from decimal import Decimal
from typing import Any

from tests.benchmarks.harness import Bar, Bench, Side, benchmark
from tests.benchmarks.slips import a_run

FORMATS = ("xlsx", "csv", "pdf")


def posted_run(cast: Any, count: int) -> Any:
    """A run of so many people with IINs, approved and posted as a worker does it."""
    from django.db import transaction

    from inmates.models import PayrollRun
    from inmates.services.books import wages_of_run, write_entries
    from portal.kernel.periods import Month

    run = a_run(cast, count)
    give_iins(run)
    balance_lines(run)
    with transaction.atomic():
        wages_of_run(run)
        write_entries(
            run, "wages", on=Month.of(run.month).last_day, document="B-1", at=run.calculated_at
        )
    # The books are what is measured against; how a run is approved is measured elsewhere.
    execute(
        "UPDATE inmates_payrollrun SET status = 'approved', approved_by_id = %s,"
        " approved_at = calculated_at, posted_at = calculated_at, checked_at = calculated_at,"
        " difference_count = 0, number = 'B-1' WHERE id = %s",
        [cast.head.pk, run.pk],
    )
    return PayrollRun.objects.get(pk=run.pk)


def execute(statement: str, values: list[Any]) -> None:
    """Past the guards of approval: nothing of them is measured here."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)


def give_iins(run: Any) -> None:
    """Everybody has an IIN of twelve digits and a hash of it; they belong to nobody."""
    from inmates.models import InmateIdentity

    rows = list(InmateIdentity.objects.filter(inmate__payslips__run=run))
    chance = random.Random(7)  # noqa: S311 - invented digits, no secret
    for place, row in enumerate(rows):
        row.iin = f"900101{chance.randint(300000, 399999)}"
        row.iin_hmac = f"{place:064x}"
    InmateIdentity.objects.bulk_update(rows, ["iin", "iin_hmac"], batch_size=1_000)


def balance_lines(run: Any) -> None:
    """The invented sums of the lines are put right: those of pension are the slip's."""
    execute(
        "UPDATE inmates_payslipline l SET amount = s.opv FROM inmates_payslip s"
        " WHERE s.id = l.payslip_id AND l.code = 'opv' AND s.run_id = %s",
        [run.pk],
    )


@benchmark("registers", "A register of payments")
def registers(bench: Bench) -> None:
    from inmates.models import PaymentRegister
    from inmates.services.payment_codes import load_payment_codes
    from inmates.services.registers import issue_register
    from portal.kernel import clock, queue
    from portal.kernel.periods import Month
    from tests.inmates.months import make_pay

    count = bench.size(full=20_000, quick=12)
    queue.send = lambda _run_id: True  # type: ignore[assignment]  # no worker listens here
    cast = make_pay()
    load_payment_codes()
    run = posted_run(cast, count)

    def forget() -> None:
        execute(
            "TRUNCATE inmates_registerrow, inmates_paymentorder, inmates_registerrun,"
            " inmates_paymentregister CASCADE",
            [],
        )

    def issue() -> int:
        register = issue_register(
            actor=cast.accountant, payer_id=run.payer_id, institution_id=run.institution_id,
            month=Month.of(run.month), code="opv", at=clock.now(),
        )  # fmt: skip
        return int(register.people)

    issued = bench.interleave(Side("issue", issue, before=forget), rounds=3)["issue"]
    bench.line(f"register of {count} rows issued", issued, unit="rows")
    register = PaymentRegister.objects.get()
    if register.rows.count() != count or register.payable <= Decimal(0):
        raise AssertionError("not the register of everybody")
    sides = [Side(kind, lambda kind=kind: handed_out(cast, register, kind)) for kind in FORMATS]
    times = bench.interleave(*sides, rounds=3)
    for kind in FORMATS:
        bench.line(f"{kind.upper()} of {count} rows", times[kind], unit="rows")
    bench.bar(
        Bar("register in three formats, seconds", sum(times[kind].wall for kind in FORMATS),
            at_most=10.0, unit="s", note="names and IINs decrypted for each, looks on record")
    )  # fmt: skip
    bench.bar(Bar("register issued, seconds", issued.wall, at_most=10.0, unit="s"))


def handed_out(cast: Any, register: Any, kind: str) -> int:
    """What the page does for the accountant."""
    from django.test import RequestFactory

    from inmates.views.register_files import register_file

    request = RequestFactory().get("/")
    request.user = cast.accountant
    response = register_file(request, register_id=register.pk, kind=kind)
    if response.status_code != 200:
        raise AssertionError(response.status_code)
    return int(register.people)
