"""What PostgreSQL answers, over a connection of its own that waits two seconds and no longer."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import psycopg2
from django.db import connection as portal_connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.front.health.findings import Finding, State, milliseconds, not_measured, one_place
from portal.kernel.clock import ALMATY
from portal.kernel.tasks import BEAT

CODES = ("database", "migrations", "extensions", "alphabet", "clock", "beat", "jobs")
LIMIT_SECONDS = 2
OLDEST_VERSION = 15
# Exclusion constraints on periods rest on the one, likeness in the search on the other.
NEEDED_EXTENSIONS = ("btree_gist", "pg_trgm")
BEAT_SILENT_SECONDS = 60
JOB_WAITS_SECONDS = 5 * 60
SKEW_WARN, SKEW_DOWN = 2.0, 30.0
OFFSET_HOURS = 5
JOBS = """
    SELECT count(*) FILTER (WHERE status NOT IN ('done', 'failed')),
           extract(epoch FROM %s - min(created_at) FILTER (WHERE status IN ('waiting', 'sent'))),
           count(*) FILTER (WHERE status = 'failed' AND finished_at > %s - interval '1 day')
    FROM kernel_taskrun
"""
HEARTBEAT = "SELECT at FROM kernel_heartbeat WHERE name = %s"


@contextmanager
def connection() -> Iterator[Any]:
    """The portal's database as its settings name it, but nobody waits for it long."""
    parameters = portal_connection.get_connection_params() | {"connect_timeout": LIMIT_SECONDS}
    with closing(psycopg2.connect(**parameters)) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", [LIMIT_SECONDS * 1000])
            yield cursor


def is_reachable() -> bool:
    """The one question of the probe of readiness."""
    try:
        with connection() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.Error:
        return False
    return True


def look(at: datetime) -> list[Finding]:
    began = time.monotonic()
    try:
        with connection() as cursor:
            found = [_server(cursor, began), _migrations(cursor), _extensions(cursor)]
            found += [_alphabet(cursor), _clock(cursor, at)]
            if found[1].state == State.OK:
                return [*found, _beat(cursor, at), _jobs(cursor, at)]
            return [*found, *(not_measured(code, "migrations") for code in ("beat", "jobs"))]
    except psycopg2.Error as error:
        return [_away(error), *(not_measured(code, "database") for code in CODES[1:])]


def _away(error: psycopg2.Error) -> Finding:
    # The kind alone: the driver's text names hosts, users and databases.
    value = _("does not answer (%(kind)s)") % {"kind": type(error).__name__}
    advice = _("Start PostgreSQL and check DATABASE_URL; on your own machine: make run.")
    return Finding("database", State.DOWN, value, advice)


def _one(cursor: Any, statement: str, *values: Any) -> tuple[Any, ...]:
    cursor.execute(statement, values)
    return cursor.fetchone()


def _server(cursor: Any, began: float) -> Finding:
    (number,) = _one(cursor, "SELECT current_setting('server_version_num')::int")
    major = number // 10000
    value = f"PostgreSQL {major}.{number % 10000}, {milliseconds(time.monotonic() - began)}"
    if major < OLDEST_VERSION:
        advice = _("Move to PostgreSQL %(version)s or newer.") % {"version": OLDEST_VERSION}
        return Finding("database", State.DOWN, value, advice)
    return Finding("database", State.OK, value)


def _migrations(cursor: Any) -> Finding:
    (exists,) = _one(cursor, "SELECT to_regclass('django_migrations') IS NOT NULL")
    applied: set[tuple[str, str]] = set()
    if exists:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    known = MigrationLoader(None).disk_migrations
    missing = [
        key
        for key, migration in known.items()
        if key not in applied and not (migration.replaces and set(migration.replaces) <= applied)
    ]
    if not missing:
        return Finding("migrations", State.OK, _("all changes are applied"))
    value = ngettext(
        "%(count)s change is not applied", "%(count)s changes are not applied", len(missing)
    )
    advice = _("Run: python manage.py migrate")
    return Finding("migrations", State.DOWN, value % {"count": len(missing)}, advice)


def _extensions(cursor: Any) -> Finding:
    cursor.execute("SELECT extname FROM pg_extension")
    there = {name for (name,) in cursor.fetchall()}
    missing = [name for name in NEEDED_EXTENSIONS if name not in there]
    if missing:
        value = _("missing: %(names)s") % {"names": ", ".join(missing)}
        advice = _("As the owner of the database run: %(statement)s") % {
            "statement": "; ".join(f"CREATE EXTENSION {name}" for name in missing)
        }
        return Finding("extensions", State.DOWN, value, advice)
    return Finding("extensions", State.OK, ", ".join(NEEDED_EXTENSIONS))


def _alphabet(cursor: Any) -> Finding:
    encoding, is_lowered = _one(
        cursor, "SELECT current_setting('server_encoding'), lower('ӘҚЁ') = 'әқё'"
    )
    advice = _("Make the database anew with encoding UTF8 and locale C.UTF-8, then restore it.")
    if encoding != "UTF8":
        return Finding("alphabet", State.DOWN, encoding, advice)
    if not is_lowered:
        value = _("%(encoding)s, but Ә does not become ә") % {"encoding": encoding}
        return Finding("alphabet", State.DOWN, value, advice)
    return Finding("alphabet", State.OK, f"{encoding}, Ә → ә")


def _clock(cursor: Any, at: datetime) -> Finding:
    there, hours = _one(
        cursor,
        "SELECT extract(epoch FROM clock_timestamp())::float8, extract(epoch FROM "
        "(now() AT TIME ZONE 'Asia/Almaty') - (now() AT TIME ZONE 'UTC'))::int / 3600",
    )
    return judged_clock(at, there - time.time(), hours)


def judged_clock(at: datetime, skew: float, database_hours: int) -> Finding:
    """The verdict over the difference of two clocks and over both sets of time zones."""
    offset = at.astimezone(ALMATY).utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset is not None else 0
    if {hours, database_hours} != {OFFSET_HOURS}:
        value = _("Almaty: UTC%(here)+d here, UTC%(there)+d in the database") % {
            "here": hours, "there": database_hours,
        }  # fmt: skip
        return Finding("clock", State.DOWN, value, _("Update the time zone data (tzdata)."))
    value = _("the database differs by %(seconds)s s; Almaty is UTC+5") % {
        "seconds": one_place(abs(skew))
    }
    if abs(skew) < SKEW_WARN:
        return Finding("clock", State.OK, value)
    state = State.DOWN if abs(skew) >= SKEW_DOWN else State.WARN
    return Finding("clock", state, value, _("Set both machines by a time server (NTP)."))


def _beat(cursor: Any, at: datetime) -> Finding:
    cursor.execute(HEARTBEAT, [BEAT])
    row = cursor.fetchone()
    advice = _("Start it: celery -A portal beat. Without it nothing waiting is sent again.")
    if row is None:
        return Finding("beat", State.DOWN, _("has never been heard"), advice)
    silent = int((at - row[0]).total_seconds())
    value = _("heard %(seconds)s s ago") % {"seconds": max(silent, 0)}
    if silent > BEAT_SILENT_SECONDS:
        return Finding("beat", State.DOWN, value, advice)
    return Finding("beat", State.OK, value)


def _jobs(cursor: Any, at: datetime) -> Finding:
    unfinished, oldest, failed = _one(cursor, JOBS, at, at)
    value = _("unfinished: %(unfinished)s, failed in a day: %(failed)s") % {
        "unfinished": unfinished, "failed": failed,
    }  # fmt: skip
    if oldest is not None and oldest > JOB_WAITS_SECONDS:
        advice = _("A job waits for minutes: look at worker and beat, then at the page of jobs.")
        return Finding("jobs", State.WARN, value, advice)
    if failed:
        advice = _("Read the reasons on the page of jobs and retry there.")
        return Finding("jobs", State.WARN, value, advice)
    return Finding("jobs", State.OK, value)
