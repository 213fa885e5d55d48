"""What a piece of work costs: seconds, processor seconds of both sides, statements.

Used by the harness; `settings` hands the cursor to the connection, so COPY is counted too, which
Django's own wrappers do not see.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2.extensions import cursor as PsycopgCursor  # noqa: N812 - a class named in lower case

NANOSECOND = 1e-9
# Django asks it of a connection it has kept; the work did not.
HEALTH_CHECK = "SELECT 1"


class CountingCursor(PsycopgCursor):
    """Counts every statement sent over the connections of this process."""

    statements = 0

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's own name
        CountingCursor.statements += query != HEALTH_CHECK
        super().execute(query, vars)

    def copy_expert(self, *args: Any, **kwargs: Any) -> None:
        CountingCursor.statements += 1
        super().copy_expert(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: `rows` is what the work itself says it has made; None where nobody could count."""

    rows: int
    wall: float
    cpu: float
    server_cpu: float | None
    statements: int


def backend_process() -> int | None:
    """The process of this connection's PostgreSQL backend, if it runs on this machine."""
    from django.db import connection

    connection.ensure_connection()
    host = connection.connection.info.host
    if not host.startswith("/") and host not in ("localhost", "127.0.0.1"):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def processor_seconds(process: int | None) -> float | None:
    """What a process has used of the processor, to the nanosecond; its children are not counted."""
    if process is None:
        return None
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) * NANOSECOND
    except (OSError, IndexError):
        return None


def cost_of(work: Callable[[], int], *, process: int | None) -> Cost:
    """Run the work once and count."""
    statements = CountingCursor.statements
    server = processor_seconds(process)
    cpu, wall = time.process_time(), time.perf_counter()
    rows = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    server_after = processor_seconds(process)
    used = None if server is None or server_after is None else server_after - server
    return Cost(rows, wall, cpu, used, CountingCursor.statements - statements)
