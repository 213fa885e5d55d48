"""Databases that live as long as a benchmark: one migrated, the others copied from it.

They stand beside the portal's own database on the same server, so nothing of it is ever touched.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection

FAMILY = "portal_bench_"
PREFIX = f"{FAMILY}{os.getpid()}"


def _run(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _left_over() -> list[str]:
    """Databases of benchmarks that were killed before they could drop them."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [FAMILY])
        names = [row[0] for row in cursor.fetchall()]
    return [name for name in names if not is_alive(name)]


def is_alive(name: str) -> bool:
    """Whether the process that made this database still runs."""
    process = name.removeprefix(FAMILY).partition("_")[0]
    return process.isdecimal() and Path(f"/proc/{process}").exists()


def _drop(name: str) -> None:
    connection.close()
    _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    # Processes that a benchmark starts read it from here.
    os.environ["PORTAL_BENCH_DB"] = name


@contextmanager
def migrated_database() -> Iterator[str]:
    """The database the others are copied from; nobody is connected to it inside."""
    for left in _left_over():
        _drop(left)
    name = f"{PREFIX}_migrated"
    _run(f'CREATE DATABASE "{name}"')
    try:
        _connect_to(name)
        call_command("migrate", verbosity=0)
        connection.close()
        yield name
    finally:
        _drop(name)


@contextmanager
def copied_database(template: str, benchmark: str) -> Iterator[str]:
    """A database of one benchmark, connected to; dropped afterwards."""
    name = f"{PREFIX}_{benchmark}"
    connection.close()
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        _connect_to(name)
        yield name
    finally:
        _drop(name)
        _connect_to(template)
