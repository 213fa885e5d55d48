"""Faults that a test orders of a worker process in the middle of its work, by files in a folder.

`<task>.fuse` holds what befalls the next attempt of the task, and at which of its statements:
"die 12 3.5" kills the process 3.5 ms after the 12th was begun, "wait 12" stops before it until
`<task>.go` appears. `<task>.reached` says that it happened, `<task>.count` how many statements
an attempt that lived has sent. `tests.worker_app` installs them, `Faults` orders them.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.backends.signals import connection_created
from psycopg2.extensions import cursor as PsycopgCursor  # noqa: N812 - a class named in lower case

from portal.kernel import queue

PATIENCE = 60.0


class Faults:
    """The test's side of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def order(self, task: str, act: str, statement: int, milliseconds: float = 0.0) -> None:
        """What befalls the next attempt; it is seen whole or not at all."""
        self.forget(task)
        fresh = self.folder / f"{task}.new"
        fresh.write_text(f"{act} {statement} {milliseconds}")
        fresh.rename(self.folder / f"{task}.fuse")

    def happened(self, task: str) -> bool:
        return (self.folder / f"{task}.reached").exists()

    def go_on(self, task: str) -> None:
        (self.folder / f"{task}.go").touch()

    def statements(self, task: str) -> int:
        """Of the last attempt that came to its end."""
        return int((self.folder / f"{task}.count").read_text())

    def forget(self, *tasks: str) -> None:
        for task in tasks:
            for suffix in ("fuse", "reached", "go"):
                (self.folder / f"{task}.{suffix}").unlink(missing_ok=True)


class Fuse:
    """Counts the statements of one attempt, and does what was ordered at one of them."""

    def __init__(self, folder: Path, task: str) -> None:
        self.folder, self.task = folder, task
        self.sent = 0
        self.timer: threading.Timer | None = None
        self.act, self.statement, self.milliseconds = self._take()

    def _take(self) -> tuple[str, int, float]:
        """Each order befalls one process."""
        mine = self.folder / f"{self.task}.{os.getpid()}"
        try:
            (self.folder / f"{self.task}.fuse").rename(mine)
        except FileNotFoundError:
            return "", 0, 0.0
        act, statement, milliseconds = mine.read_text().split()
        mine.unlink()
        return act, int(statement), float(milliseconds)

    def burn(self) -> None:
        self.sent += 1
        if self.sent != self.statement:
            return
        if self.act == "wait":
            self._wait()
        elif self.milliseconds:
            self.timer = threading.Timer(self.milliseconds / 1000, self._die)
            self.timer.start()
        else:
            self._die()

    def _wait(self) -> None:
        self._tell()
        end = time.monotonic() + PATIENCE
        while not (self.folder / f"{self.task}.go").exists() and time.monotonic() < end:
            time.sleep(0.02)

    def _die(self) -> None:
        self._tell()
        os.kill(os.getpid(), signal.SIGKILL)

    def _tell(self) -> None:
        (self.folder / f"{self.task}.reached").touch()

    def put_out(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        (self.folder / f"{self.task}.count").write_text(str(self.sent))


class FusedCursor(PsycopgCursor):
    """Every statement burns the fuse of the attempt that sends it, COPY too."""

    fuse: Fuse | None = None

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's own name
        if FusedCursor.fuse is not None:
            FusedCursor.fuse.burn()
        super().execute(query, vars)

    def copy_expert(self, *args: Any, **kwargs: Any) -> None:
        if FusedCursor.fuse is not None:
            FusedCursor.fuse.burn()
        super().copy_expert(*args, **kwargs)


def install(folder: Path) -> None:
    """In a worker: each attempt of a task takes the fuse that is laid for it."""
    real = queue._run

    def run(name: str, body: Callable[..., None], progress: queue.Progress) -> None:
        FusedCursor.fuse = fuse = Fuse(folder, name)
        try:
            real(name, body, progress)
        finally:
            FusedCursor.fuse = None
            fuse.put_out()

    queue._run = run
    connection_created.connect(_count_here, weak=False)


def _count_here(connection: Any, **_signal: Any) -> None:
    connection.connection.cursor_factory = FusedCursor
