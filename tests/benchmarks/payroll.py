"""A month of wages from the stored inputs to the posted ledger, of generated people by the piece.

Each has 22 days, 66 entries of output in the month and none to three writs. The portal's side is
the whole chain: payslips with an explanation of every line in commits of a batch, the second
calculation, the approval, the second calculation once more, and the books. Its rows are slips,
lines, entries and postings; the floors write the same rows, ready, into the same tables with all
constraints and triggers on, in one commit. The accounts of the ledger stand from the month before.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

from celery import current_app
from django.db import connection, models, transaction

from inmates.enums import RunStatus
from inmates.models import JournalEntry, PayrollRun, Payslip, PayslipLine, Posting
from inmates.services import calculation
from inmates.services.approval import approve_payroll_run
from inmates.services.payroll import start_payroll_run
from inmates.services.posting import post_payroll_run
from portal.accounts.enums import OrganisationKind
from portal.kernel.periods import Month
from portal.kernel.queue import Progress, run_here
from tests.benchmarks.harness import Bar, Bench, Side, Timing, benchmark, pace, times_as_long
from tests.benchmarks.payroll_floor import floor_values, insert_select
from tests.inmates.books import first_signature
from tests.inmates.crowd import Ground, ground_for, settle_crowd
from tests.inmates.months import lock_sheets, make_pay
from tests.people import NOW, an_hourly_rate, an_organisation
from workshops.models import Institution, Post, Workshop

OCTOBER = Month(2026, 10)
OF_SLIPS = (Payslip, PayslipLine)
TABLES = (*OF_SLIPS, JournalEntry, Posting)
ROWS_OF_ONE_INSERT = 1_000
ENTRIES_A_DAY = 3
# Ten thousand objects with their lines and postings take the ORM a minute a round.
ROUNDS_OF_MANY = 3
MEBIBYTE = 2**20
OURS, FIRST = "portal", "payslips alone"
BULK, COPY, SQL = "bulk_create", "COPY", "INSERT … SELECT"


@dataclass
class Payroll:
    """One crowd, and the ways of paying it. The ready rows are those the portal has computed."""

    people: int
    ground: Ground
    institution: Institution
    run: PayrollRun = field(init=False)
    # The peak of the process during the first chain, before the bench itself holds any rows.
    memory: float | None = None
    texts: dict[type[models.Model], str] = field(default_factory=dict)
    values: dict[type[models.Model], list[dict[str, Any]]] = field(default_factory=dict)
    floor: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(len(rows) for rows in self.values.values())

    @property
    def rows_of_slips(self) -> int:
        return sum(len(self.values[model]) for model in OF_SLIPS)

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

    def stand_in(self) -> None:
        """Nobody is paid, and a run stands to which ready rows can be written."""
        _empty_tables()
        PayrollRun.objects.create(
            pk=self.floor["run"],
            payer=self.ground.cast.enterprise,
            institution=self.institution,
            month=OCTOBER.first_day,
            status=RunStatus.CALCULATING,
            started_by=self.ground.cast.accountant,
            created_at=NOW,
        )

    def calculate(self) -> None:
        """What a worker does: it takes the run, works it off and checks it."""

        def body(progress: Progress) -> None:
            calculation.calculate_payroll_run(run_id=self.run.pk, progress=progress, at=NOW)

        run_here(self.run.task_run, body)

    def post(self) -> None:
        """What the head and then a worker do: approval, the check once more, the books."""
        self.run = approve_payroll_run(actor=self.ground.cast.head, run_id=self.run.pk, at=NOW)

        def body(progress: Progress) -> None:
            post_payroll_run(run_id=self.run.pk, progress=progress, at=NOW)

        run_here(self.run.task_run, body)

    def chain(self) -> int:
        """From the stored inputs to the posted ledger."""
        self.calculate()
        self.post()
        return self.rows

    def slips_alone(self) -> int:
        """The first calculation, without the check at its end."""
        real = calculation.check_payroll_run
        calculation.check_payroll_run = lambda *, run_id, at: 0
        try:
            self.calculate()
        finally:
            calculation.check_payroll_run = real
        return self.rows_of_slips

    def weigh(self) -> None:
        """The chain once, for what it needs of memory."""
        self.order()
        self.memory = peak_of(self.chain)

    def keep_rows(self) -> None:
        """The rows of a chain, as text for COPY and as values for the ORM."""
        self.order()
        self.chain()
        self.run.refresh_from_db()
        if self.run.status != RunStatus.APPROVED:
            raise AssertionError(f"The run is not posted: {self.run.status}.")
        for model in TABLES:
            self.texts[model] = _copied_out(model)
            self.values[model] = list(model._base_manager.order_by("pk").values())
        self.floor = floor_values(self.run)
        sums = _sums()
        self.stand_in()
        self.insert_select()
        if _sums() != sums or sums["slips"] != self.people:
            raise AssertionError(f"The floor pays something else: {_sums()}, not {sums}.")

    def copy(self) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            for model, text in self.texts.items():
                cursor.copy_expert(f"COPY {model._meta.db_table} FROM STDIN", StringIO(text))
        return self.rows

    def create_in_bulk(self) -> int:
        with transaction.atomic():
            for model, rows in self.values.items():
                for part in _parts(model, rows):
                    model._base_manager.bulk_create([model(**row) for row in part])
        return self.rows

    def insert_select(self) -> int:
        insert_select(self.floor)
        return self.rows_of_slips


def _parts(model: type[models.Model], rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """What one INSERT takes; the postings of an entry stand in one, or the database refuses."""
    if model is not Posting:
        for start in range(0, len(rows), ROWS_OF_ONE_INSERT):
            yield rows[start : start + ROWS_OF_ONE_INSERT]
        return
    part: list[dict[str, Any]] = []
    for _entry, postings in groupby(rows, key=lambda row: row["entry_id"]):
        part += postings
        if len(part) >= ROWS_OF_ONE_INSERT:
            yield part
            part = []
    if part:
        yield part


def peak_of(work: Callable[[], Any]) -> float | None:
    """The most memory this process held during the work, in MiB; None where nobody can tell."""
    gc.collect()
    try:
        # From here on the kernel remembers a new peak.
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return None
    work()
    status = Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")
    return int(status[1].split()[0]) * 1024 / MEBIBYTE


def _sums() -> dict[str, Any]:
    """What must be the same whoever computes it; tax and writs the floor knows but roughly."""
    sums = {name: models.Sum(name) for name in ("gross", "opv", "so", "oosms", "opvr")}
    slips = Payslip.objects.aggregate(slips=models.Count("id"), **sums)
    return slips | {"lines": PayslipLine.objects.count()}


def _empty_tables() -> None:
    """No run, and nothing that hangs on one; the accounts of the ledger stay."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {PayrollRun._meta.db_table} CASCADE")


def _copied_out(model: type[models.Model]) -> str:
    text = StringIO()
    with connection.cursor() as cursor:
        rows = f"SELECT * FROM {model._meta.db_table} ORDER BY id"  # noqa: S608 - a table of ours
        cursor.copy_expert(f"COPY ({rows}) TO STDOUT", text)
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
    first_signature(ground.cast)
    payrolls = []
    for number, people in enumerate(sizes, start=70):
        institution, post = _a_place(ground, str(number))
        settle_crowd(
            ground, people, post, first_number=number * 100_000, entries_a_day=ENTRIES_A_DAY
        )
        payrolls.append(Payroll(people, ground, institution))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    for payroll in payrolls:
        payroll.weigh()
    for payroll in payrolls:
        payroll.keep_rows()
    # A worker holds no rows of anybody's: the collector is not to count these again and again.
    gc.collect()
    gc.freeze()
    return payrolls


def _sides(payroll: Payroll) -> list[Side]:
    return [
        Side(COPY, payroll.copy, before=payroll.stand_in),
        Side(SQL, payroll.insert_select, before=payroll.stand_in),
        Side(BULK, payroll.create_in_bulk, before=payroll.stand_in),
        Side(FIRST, payroll.slips_alone, before=payroll.order),
        Side(OURS, payroll.chain, before=payroll.order),
    ]


def _sizes(bench: Bench) -> tuple[int, ...]:
    """Few, some, the promised 2 000, and many; the promised 20 000 where somebody has the time."""
    sizes = [
        bench.size(full=200, quick=10),
        bench.size(full=1_000, quick=20),
        bench.size(full=2_000, quick=30),
        bench.size(full=10_000, quick=40),
    ]
    if bench.is_full:
        sizes.append(20_000)
    return tuple(sizes)


@benchmark("payroll", "Payroll")
def payroll(bench: Bench) -> None:
    few, some, promised, many, *whole = _payrolls(_sizes(bench))
    few_sides = [Side(FIRST, few.slips_alone, before=few.order), _chain_of(few)]
    of_few = bench.interleave(*few_sides, rounds=ROUNDS_OF_MANY)
    of_some = bench.interleave(*_sides(some))
    of_promised = bench.interleave(*_sides(promised), rounds=ROUNDS_OF_MANY)
    beside = replace(_chain_of(some), name="of some")
    of_many = bench.interleave(*_sides(many), beside, rounds=ROUNDS_OF_MANY)
    measured = [(some, of_some), (promised, of_promised), (many, of_many)]
    measured += [(one, bench.interleave(*_sides(one), rounds=ROUNDS_OF_MANY)) for one in whole]
    for one, times in measured:
        _report(bench, one, times)
    bench.bar(
        Bar(
            f"payroll wall time, {many.people} against {some.people} people",
            times_as_long(of_many[OURS], of_many["of some"]),
            at_most=10.5,
            goal=10,
        )
    )
    _report_statements(bench, [(few, of_few), *measured])


def _chain_of(payroll: Payroll) -> Side:
    return Side(OURS, payroll.chain, before=payroll.order)


def _report(bench: Bench, one: Payroll, times: dict[str, Timing]) -> None:
    people = one.people
    bench.floor(f"COPY of the rows of {people} people", times[COPY], unit="rows")
    bench.floor(f"slips and lines by one INSERT … SELECT, {people}", times[SQL], unit="rows")
    bench.floor(f"the rows by bulk_create, {people}", times[BULK], unit="rows")
    bench.line(f"payslips alone, {people} people", times[FIRST], unit="rows")
    ours = times[OURS]
    bench.line(f"inputs to ledger, {people} people", ours, unit="rows", against=times[BULK])
    each = Timing(tuple(replace(run, rows=people) for run in ours.runs))
    bench.line(f"the same for each of {people} people", each, unit="people", each=True)
    bench.bar(
        Bar(
            f"payroll rows a second against bulk_create, {people} people",
            pace(ours, times[BULK]),
            at_least=1.0,
            goal=2.0,
            note="slips, lines with explanations, ledger; checked twice",
        )
    )
    bench.bar(
        Bar(
            f"payslips per processor second against SQL, {people} people",
            _thrift(times[FIRST], times[SQL]),
            at_least=0.30,
            goal=0.5,
            note="slips and lines with explanations",
        )
    )
    bench.bar(Bar(f"peak memory, {people} people", one.memory, at_most=1024, unit="MiB"))


def _thrift(ours: Timing, theirs: Timing) -> float | None:
    """How many times as many rows for a second of both processors; None where half is unknown."""
    if ours.server_cpu is None or theirs.server_cpu is None:
        return None
    return theirs.both_cpu / ours.both_cpu


def _report_statements(bench: Bench, runs: list[tuple[Payroll, dict[str, Timing]]]) -> None:
    for side in (FIRST, OURS):
        counts = {payroll.people: times[side].statements for payroll, times in runs}
        few, some, *_more = counts
        bench.bar(
            Bar(
                f"statements of a run, {some} people more than {few}",
                counts[some] - counts[few],
                at_most=0,
                unit="",
                note=side,
            )
        )
    for payroll, times in runs:
        bench.bar(
            Bar(
                f"statements of a run, {payroll.people} people",
                times[FIRST].statements,
                at_most=40 + 2 * payroll.people / 1_000,
                unit="",
                note=FIRST,
            )
        )
