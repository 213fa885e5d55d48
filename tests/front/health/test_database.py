"""PostgreSQL up, away, hanging, too old, unmigrated, with another alphabet, with another clock."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.postgres.operations import CreateExtension
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal.front.health import database
from portal.front.health.findings import State
from portal.kernel import clock
from portal.kernel.models import Heartbeat, TaskRun, TaskStatus
from portal.kernel.tasks import send_waiting_tasks

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_is_well(seen):
    Heartbeat.objects.create(name="beat", at=clock.now())
    found = seen(database.look)
    assert tuple(found) == database.CODES
    assert {one.state for one in found.values()} == {State.OK}
    assert found["database"].value.startswith("PostgreSQL ")
    assert not any(one.advice for one in found.values())


def test_nobody_at_the_port(seen, database_at):
    database_at(HOST="127.0.0.1", PORT="1")
    found = seen(database.look)
    assert found["database"].state == State.DOWN
    assert "OperationalError" in found["database"].value
    assert "DATABASE_URL" in found["database"].advice
    rest = [found[code] for code in database.CODES[1:]]
    assert {one.state for one in rest} == {State.WARN}, "consequences are not told as faults"
    assert not database.is_reachable()


def test_the_drivers_words_are_not_shown(seen, database_at):
    """They name the host, the user and the database."""
    database_at(HOST="/nowhere", USER="secret_user", NAME="secret_database")
    found = seen(database.look)["database"]
    assert "secret" not in found.value + found.advice
    assert "/nowhere" not in found.value + found.advice


def test_a_server_that_hangs_is_not_waited_for(seen, database_at, silent_port):
    database_at(HOST="127.0.0.1", PORT=str(silent_port))
    began = time.monotonic()
    assert seen(database.look)["database"].state == State.DOWN
    assert time.monotonic() - began < 4


def test_a_slow_statement_is_cut(seen, monkeypatch):
    monkeypatch.setattr(database, "LIMIT_SECONDS", 1)
    monkeypatch.setattr(database, "HEARTBEAT", "SELECT now() FROM pg_sleep(30) WHERE %s <> ''")
    began = time.monotonic()
    found = seen(database.look)
    assert time.monotonic() - began < 4
    assert "QueryCanceled" in found["database"].value


def test_too_old(seen, monkeypatch):
    monkeypatch.setattr(database, "OLDEST_VERSION", 99)
    found = seen(database.look)["database"]
    assert found.state == State.DOWN
    assert "99" in found.advice


def test_a_change_that_is_not_applied(seen):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("kernel", "0002_heartbeat_and_request_id")
    try:
        found = seen(database.look)
    finally:
        recorder.record_applied("kernel", "0002_heartbeat_and_request_id")
    assert found["migrations"].state == State.DOWN
    assert "1" in found["migrations"].value
    assert "migrate" in found["migrations"].advice
    assert found["beat"].state == found["jobs"].state == State.WARN
    assert seen(database.look)["migrations"].state == State.OK


def test_extensions_that_our_migrations_make_are_asked_for():
    made = set()
    for migration in MigrationLoader(None).disk_migrations.values():
        made |= {one.name for one in migration.operations if isinstance(one, CreateExtension)}
    assert made == set(database.NEEDED_EXTENSIONS)


def test_a_missing_extension(seen, monkeypatch):
    monkeypatch.setattr(database, "NEEDED_EXTENSIONS", ("btree_gist", "no_such_thing"))
    found = seen(database.look)["extensions"]
    assert found.state == State.DOWN
    assert "no_such_thing" in found.value
    assert "btree_gist" not in found.value
    assert "CREATE EXTENSION no_such_thing" in found.advice


@pytest.mark.parametrize(
    ("encoding", "told"), [("SQL_ASCII", "SQL_ASCII"), ("UTF8", "Ә")], ids=["encoding", "locale"]
)
def test_a_database_that_does_not_know_the_letters(seen, database_at, encoding, told):
    """Made with the wrong encoding, or with the locale C, as `LANG=C initdb` makes it."""
    name = f"{connection.settings_dict['NAME']}_{encoding.lower()}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'"
        )
    try:
        database_at(NAME=name)
        found = seen(database.look)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert found["alphabet"].state == State.DOWN
    assert told in found["alphabet"].value
    assert found["migrations"].state == State.DOWN, "an empty database is an unmigrated one"
    assert found["extensions"].state == State.DOWN


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, State.OK), (-5, State.WARN), (5, State.WARN), (90, State.DOWN)]
)
def test_the_clocks_differ(seen, seconds, state):
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
        found = seen(database.look)["clock"]
    assert found.state == state
    assert bool(found.advice) == (state != State.OK)


@pytest.mark.parametrize(
    ("at", "hours"),
    [(datetime(2024, 2, 1, tzinfo=UTC), 5), (datetime(2026, 11, 22, tzinfo=UTC), 6)],
    ids=["here", "in the database"],
)
def test_old_time_zones_are_told(at, hours):
    """Without the change of 2024-03-01 Almaty is an hour ahead, here or in the database."""
    found = database.judged_clock(at, 0.0, hours)
    assert found.state == State.DOWN
    assert "tzdata" in found.advice


@pytest.mark.parametrize(
    ("ago", "state"), [(0, State.OK), (59, State.OK), (65, State.DOWN), (9999, State.DOWN)]
)
def test_beat_is_silent(seen, ago, state):
    Heartbeat.objects.create(name="beat", at=clock.now() - timedelta(seconds=ago))
    found = seen(database.look)["beat"]
    assert found.state == state
    assert str(ago) in found.value or str(ago + 1) in found.value


def test_beat_that_never_spoke(seen):
    found = seen(database.look)["beat"]
    assert found.state == State.DOWN
    assert "celery -A portal beat" in found.advice


def test_the_tick_of_beat_is_noted_once_and_anew():
    send_waiting_tasks()
    first = Heartbeat.objects.get(name="beat").at
    send_waiting_tasks()
    assert Heartbeat.objects.get(name="beat").at > first


def a_run(status: str, minutes: int, **fields: object) -> TaskRun:
    at = clock.now() - timedelta(minutes=minutes)
    return TaskRun.objects.create(
        name="tests.x", key=f"{status}{minutes}", created_at=at, status=status, **fields
    )


@pytest.mark.parametrize(
    ("status", "minutes", "state"),
    [
        (TaskStatus.WAITING, 1, State.OK),
        (TaskStatus.WAITING, 10, State.WARN),
        (TaskStatus.SENT, 10, State.WARN),
        (TaskStatus.RUNNING, 10, State.OK),
        (TaskStatus.DONE, 10, State.OK),
    ],
)
def test_jobs_that_wait(seen, status, minutes, state):
    a_run(status, minutes)
    assert seen(database.look)["jobs"].state == state


def test_jobs_that_failed_are_told_for_a_day(seen):
    a_run(TaskStatus.FAILED, 5, finished_at=clock.now() - timedelta(days=2))
    assert seen(database.look)["jobs"].state == State.OK
    a_run(TaskStatus.FAILED, 6, finished_at=clock.now())
    found = seen(database.look)["jobs"]
    assert found.state == State.WARN
    assert found.advice
