"""Payroll of 1 000 and 10 000 generated people × 22 days, two of three paid by the piece.

Each side writes the slips and lines of one month into empty tables with all constraints on: the
portal in one commit a batch, the others in one. Slips and lines with their explanations count as
rows; the ledger does not stand yet.
"""

import gc
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from celery import current_app
from django.db import connection, models, transaction

from inmates.models import PayrollRun, Payslip, PayslipLine
from inmates.services.calculation import calculate_payroll_run
from inmates.services.payroll import start_payroll_run
from portal.accounts.enums import OrganisationKind
from portal.kernel.periods import Month
from portal.kernel.queue import Progress, run_here
from tests.benchmarks.harness import Bar, Bench, Side, Timing, benchmark, pace, times_as_long
from tests.benchmarks.payroll_floor import floor_values, insert_select
from tests.inmates.crowd import Ground, ground_for, settle_crowd
from tests.inmates.months import lock_sheets, make_pay
from tests.people import NOW, an_hourly_rate, an_organisation
from workshops.models import Institution, Post, Workshop

OCTOBER = Month(2026, 10)
TABLES = (Payslip, PayslipLine)
ROWS_OF_ONE_INSERT = 1_000
# Ten thousand objects and their lines take the ORM a dozen seconds a round.
ROUNDS_OF_MANY = 3
OURS, BULK, COPY, SQL = "portal", "bulk_create", "COPY", "INSERT … SELECT"


@dataclass
class Payroll:
    """One crowd, and the ways of paying it. The ready rows are those the portal has computed."""

    people: int
    ground: Ground
    institution: Institution
    run: PayrollRun = field(init=False)
    texts: dict[type[models.Model], str] = field(default_factory=dict)
    values: dict[type[models.Model], list[dict[str, Any]]] = field(default_factory=dict)
    floor: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(len(rows) for rows in self.values.values())

    def order(self) -> None:
        """Nobody is paid, and the run waits for a worker."""
        _empty_tables()
        cast = self.ground.cast
        lock_sheets(cast, OCTOBER, post__workshop__institution=self.institution.pk)
        self.run = start_payroll_run(
            actor=cast.accountant,
            payer_id=cast.enterprise.pk,
            institution_id=self.institution.pk,
            month=OCTOBER,
            at=NOW,
        )

    def calculate(self) -> int:
        """What a worker does: it takes the run, works it off and says that it is done."""

        def body(progress: Progress) -> None:
            calculate_payroll_run(run_id=self.run.pk, progress=progress, at=NOW)

        run_here(self.run.task_run, body)
        return self.rows

    def keep_rows(self) -> None:
        """The rows of a calculation, as text for COPY and as values for the ORM."""
        self.order()
        self.calculate()
        for model in TABLES:
            self.texts[model] = _copied_out(model)
            self.values[model] = list(model._base_manager.order_by("pk").values())
        self.floor = floor_values(self.run)
        sums = _sums()
        _empty_tables()
        self.insert_select()
        if _sums() != sums or sums["slips"] != self.people:
            raise AssertionError("The floor pays something else than the portal.")

    def copy(self) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            for model, text in self.texts.items():
                cursor.copy_expert(f"COPY {model._meta.db_table} FROM STDIN", StringIO(text))
        return self.rows

    def create_in_bulk(self) -> int:
        with transaction.atomic():
            for model, rows in self.values.items():
                model._base_manager.bulk_create(
                    [model(**row) for row in rows], batch_size=ROWS_OF_ONE_INSERT
                )
        return self.rows

    def insert_select(self) -> int:
        insert_select(self.floor)
        return self.rows


def _sums() -> dict[str, Any]:
    """What must be the same whoever computes it; tax and writs the floor knows but roughly."""
    sums = {name: models.Sum(name) for name in ("gross", "opv", "so", "oosms", "opvr")}
    slips = Payslip.objects.aggregate(slips=models.Count("id"), **sums)
    return slips | {"lines": PayslipLine.objects.count()}


def _empty_tables() -> None:
    names = ", ".join(model._meta.db_table for model in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def _copied_out(model: type[models.Model]) -> str:
    text = StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} TO STDOUT", text)
    return text.getvalue()


def _a_place(ground: Ground, number: str) -> tuple[Institution, Post]:
    """An institution of its own for each crowd, where the same enterprise pays."""
    cast = ground.cast
    colony = an_organisation(OrganisationKind.INSTITUTION, f"Учреждение № {number}", int(number))
    institution = Institution.objects.create(
        organisation=colony, number=number, department=cast.department, security="medium"
    )
    workshop = Workshop.objects.create(
        institution=institution, code=f"bench-{number}", name_ru="Цех"
    )
    post = Post.objects.create(workshop=workshop, name_ru="Швея", trade=cast.trade, seats=9)
    an_hourly_rate(cast, "600.00", post=post)
    return institution, post


def _payrolls(sizes: tuple[int, ...]) -> list[Payroll]:
    """The crowds, in one database: a run reads its people among all the others' days."""
    # No worker of anybody's may hear of these runs.
    current_app.conf.broker_url = "memory://"
    ground = ground_for(make_pay(), sum(sizes))
    payrolls = []
    for number, people in enumerate(sizes, start=70):
        institution, post = _a_place(ground, str(number))
        settle_crowd(ground, people, post, first_number=number * 100_000)
        payrolls.append(Payroll(people, ground, institution))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    for payroll in payrolls:
        payroll.keep_rows()
    # A worker holds no rows of anybody's: the collector is not to count these again and again.
    gc.collect()
    gc.freeze()
    return payrolls


def _sides(payroll: Payroll) -> list[Side]:
    return [
        Side(COPY, payroll.copy, before=_empty_tables),
        Side(SQL, payroll.insert_select, before=_empty_tables),
        Side(BULK, payroll.create_in_bulk, before=_empty_tables),
        Side(OURS, payroll.calculate, before=payroll.order),
    ]


@benchmark("payroll", "Payroll")
def payroll(bench: Bench) -> None:
    sizes = (
        bench.size(full=200, quick=10),
        bench.size(full=1_000, quick=20),
        bench.size(full=10_000, quick=40),
    )
    few, some, many = _payrolls(sizes)
    of_few = bench.interleave(Side(OURS, few.calculate, before=few.order), rounds=ROUNDS_OF_MANY)
    of_some = bench.interleave(*_sides(some))
    beside = Side("of some", some.calculate, before=some.order)
    of_many = bench.interleave(*_sides(many), beside, rounds=ROUNDS_OF_MANY)
    for people, times in ((some.people, of_some), (many.people, of_many)):
        _report(bench, people, times)
    bench.bar(
        Bar(
            f"payroll wall time, {many.people} against {some.people} people",
            times_as_long(of_many[OURS], of_many["of some"]),
            at_most=10.5,
            goal=10,
        )
    )
    _report_statements(bench, [(few, of_few), (some, of_some), (many, of_many)])


def _report(bench: Bench, people: int, times: dict[str, Timing]) -> None:
    bench.floor(f"COPY of the rows of {people} people", times[COPY], unit="rows")
    bench.floor(f"the same by one INSERT … SELECT, {people}", times[SQL], unit="rows")
    bench.floor(f"the same by bulk_create, {people}", times[BULK], unit="rows")
    bench.line(f"payroll run, {people} people", times[OURS], unit="rows", against=times[BULK])
    bench.bar(
        Bar(
            f"payroll rows a second against bulk_create, {people} people",
            pace(times[OURS], times[BULK]),
            at_least=1.0,
            goal=2.0,
            note="slips and lines with explanations, no ledger yet",
        )
    )
    bench.bar(
        Bar(
            f"payslips per processor second against SQL, {people} people",
            _thrift(times[OURS], times[SQL]),
            at_least=0.30,
            goal=0.5,
        )
    )


def _thrift(ours: Timing, theirs: Timing) -> float | None:
    """How many times as many rows for a second of both processors; None where half is unknown."""
    if ours.server_cpu is None or theirs.server_cpu is None:
        return None
    return theirs.both_cpu / ours.both_cpu


def _report_statements(bench: Bench, runs: list[tuple[Payroll, dict[str, Timing]]]) -> None:
    counts = {payroll.people: times[OURS].statements for payroll, times in runs}
    few, some, _many = counts
    bench.bar(
        Bar(
            f"statements of a run, {some} people more than {few}",
            counts[some] - counts[few],
            at_most=0,
            unit="",
        )
    )
    for people, statements in counts.items():
        bench.bar(
            Bar(
                f"statements of a run, {people} people",
                statements,
                at_most=40 + 2 * people / 1_000,
                unit="",
            )
        )
