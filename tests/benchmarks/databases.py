"""Databases that live as long as a benchmark: one migrated, the others copied from it.

They stand beside the portal's own database on the same server, so nothing of it is ever touched.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

PREFIX = f"portal_bench_{os.getpid()}"


def _run(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


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
