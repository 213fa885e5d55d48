"""Making the daily facts: all of five years, and those of one more day.

Beside it plain SQL: the same rows by one INSERT … SELECT a month, in one transaction, into a table
with the same keys and no guards: no constraints, triggers, periods, horizon or locks. The rows must
be the same.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from inmates.models import Attendance, FactDirty, FactHorizon, LabourFact
from inmates.selectors import fact_sql
from inmates.services import facts
from portal.kernel.periods import Month
from tests.benchmarks.harness import Bar, Bench, Side, benchmark, times_as_long
from tests.benchmarks.person_days import BEGIN, END, fill_world
from tests.people import NOW, a_cast

# A Friday: the timesheets of the day are in, and each entry has left its mark.
NIGHT = date(2026, 11, 21)
DAY = NIGHT - timedelta(days=1)
OURS, PLAIN, NIGHTLY = "rebuild", "plain SQL", "nightly"
UNIT = "person-days"
PLAIN_TABLE = "bench_labourfact"
ROUNDS = 3


@benchmark("facts", "Daily facts of a country's prisons, five years")
def facts_of_five_years(bench: Bench) -> None:
    people = bench.size(full=4_000, quick=20, real=40_000)
    fill_world(a_cast(), people)
    _plain_table()
    person_days = people * (END - BEGIN).days
    whole = bench.interleave(
        Side(PLAIN, _plain(person_days), before=_empty_plain),
        Side(OURS, _rebuild(person_days), before=_empty_facts),
        rounds=ROUNDS,
    )
    _compare()
    night = bench.interleave(Side(NIGHTLY, _night(people), before=_evening))
    title = f"{people} people, five years"
    bench.floor(f"plain INSERT … SELECT, {title}", whole[PLAIN], unit=UNIT)
    bench.line(f"rebuild_facts, {title}", whole[OURS], unit=UNIT, against=whole[PLAIN])
    bench.line(f"nightly: one more day of {people} people", night[NIGHTLY], unit=UNIT)
    bench.bar(
        Bar(f"rebuild of five years beside plain SQL, {people} people",
            times_as_long(whole[OURS], whole[PLAIN]), at_most=1.5, goal=1.2)
    )  # fmt: skip
    bench.bar(
        Bar(f"nightly facts of one day against a full rebuild, {people} people",
            night[NIGHTLY].wall / whole[OURS].wall, at_most=0.05, goal=0.01)
    )  # fmt: skip


def _run(statement: str, values: dict | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _plain_table() -> None:
    _run(f"CREATE TABLE {PLAIN_TABLE} (LIKE inmates_labourfact INCLUDING IDENTITY)")
    _run(f"ALTER TABLE {PLAIN_TABLE} ADD PRIMARY KEY (id)")
    _run(f"CREATE INDEX ON {PLAIN_TABLE} (effective_from, institution_id)")


def _empty_plain() -> None:
    _run(f"TRUNCATE {PLAIN_TABLE}")


def _plain(person_days: int) -> Callable[[], int]:
    statement = fact_sql.BUILD_ALL.replace(
        "INSERT INTO inmates_labourfact", f"INSERT INTO {PLAIN_TABLE}"
    )

    def build() -> int:
        with transaction.atomic():
            month = Month.of(BEGIN)
            while month.first_day < END:
                end = min(month.next().first_day, END)
                _run(statement, facts._values(month, month.first_day, end))
                month = month.next()
        return person_days

    return build


def _empty_facts() -> None:
    _run("TRUNCATE inmates_labourfact")
    _run("TRUNCATE inmates_factdirty")
    FactHorizon.objects.all().delete()


def _rebuild(person_days: int) -> Callable[[], int]:
    def build() -> int:
        facts.rebuild_facts(begin=BEGIN, end=END, at=NOW)
        return person_days

    return build


def _evening() -> None:
    """Facts are made up to the day before, and every entry of the day has been noted."""
    month = Month.of(DAY)
    with transaction.atomic():
        facts._rebuild_month(month, DAY, None)
        FactHorizon.objects.update(built_until=DAY)
        FactDirty.objects.all().delete()
        entries = Attendance.objects.filter(worked_on=DAY).values_list("placement__inmate_id")
        FactDirty.objects.bulk_create(
            [
                FactDirty(
                    inmate_id=inmate_id, from_day=DAY, to_day=NIGHT, cause="attendance",
                    marked_at=NOW,
                )
                for (inmate_id,) in entries
            ]
        )  # fmt: skip
    _run("ANALYZE inmates_labourfact")


def _night(people: int) -> Callable[[], int]:
    at = datetime.combine(NIGHT, NOW.timetz())

    def refresh() -> int:
        facts.refresh_facts(on=NIGHT, at=at)
        return people

    return refresh


def _compare() -> None:
    """A fast rebuild of other rows would be worth nothing."""
    columns = fact_sql.COLUMNS
    ours, plain = (
        f"SELECT {columns} FROM {table}"  # noqa: S608 - constants of this file
        for table in ("inmates_labourfact", PLAIN_TABLE)
    )
    if _run(f"({ours} EXCEPT ALL {plain}) UNION ALL ({plain} EXCEPT ALL {ours})"):
        raise AssertionError("Plain SQL and the portal did not make the same facts.")
    if not LabourFact.objects.exists():
        raise AssertionError("No facts were made.")
