"""`make run`: the whole portal on this machine, from an empty folder to an open page.

Called by manage.py without servers held: a busy port is told before anything is started.
"""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal import embedded

STOP_SECONDS = 40
PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>


class Command(BaseCommand):
    help = "Start the databases, migrate, fill the demo once, and run web, worker and beat."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        port = chosen_port()
        returned = 0
        with embedded.hold(), stop_asked_for():
            self.prepare()
            self.greet(port)
            returned = run_processes(port)
        if returned:
            raise CommandError(f"A process of the Procfile ended by itself (code {returned}).")
        self.stdout.write("Stopped.")

    def prepare(self) -> None:
        self.stdout.write("Preparing the database…")
        call_command("migrate", interactive=False, verbosity=0)
        # Left behind by a first filling that was cut short: it is then done again from the start.
        unfinished = embedded.data_folder() / "seed-unfinished"
        if unfinished.exists() or not get_user_model().objects.exists():
            self.stdout.write("Filling the demo, once. This takes a few minutes…")
            self.stdout.flush()
            unfinished.touch()
            call_command("seed", stdout=self.stdout)
            unfinished.unlink()

    def greet(self, port: int) -> None:
        accounts = StringIO()
        call_command("seed", "--print-accounts", stdout=accounts)
        self.stdout.write("\nDemo accounts:")
        # One a line: role, tab, e-mail, tab, password.
        self.stdout.write(accounts.getvalue().rstrip("\n"))
        self.stdout.write(f"\nOpen http://127.0.0.1:{port}   (Ctrl-C stops everything)\n")
        self.stdout.flush()


def chosen_port() -> int:
    """PORT, 8000 if unset; refused when it is no number or is taken."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT must be a number from 1 to 65535, not «{text}».")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                advice = "Stop what uses it, or choose another: PORT=8001 make run"
                raise CommandError(f"Port {port} is already in use. {advice}") from error
            raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from error
    return port


class StopAsked(BaseException):
    """Ctrl-C or a signal; not an Exception, so that nothing on the way swallows it."""


@contextmanager
def stop_asked_for() -> Iterator[None]:
    """Ctrl-C, `kill` and a closed terminal all end the run in order and are no error."""

    def ask(_number: int, _frame: object) -> None:
        raise StopAsked

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        signal.signal(number, ask)
    try:
        yield
    except StopAsked:
        pass
    finally:
        for number in numbers:
            # A second impatient Ctrl-C must not interrupt the servers' orderly end.
            signal.signal(number, signal.SIG_IGN)


def end_with(parent: int) -> None:
    """In the child: be asked to stop when the parent dies, even by `kill -9` (Linux only)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel was told
        os.kill(os.getpid(), signal.SIGTERM)


def run_processes(port: int) -> int:
    """Run the Procfile until it ends or we are asked to stop; 0 when we were asked."""
    binaries = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": os.pathsep.join([binaries, os.environ.get("PATH", os.defpath)]),
        "PORTAL_DATA": str(embedded.data_folder()),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "honcho", "start", "--port", str(port)]
    parent = os.getpid()
    process = subprocess.Popen(  # noqa: S603 - honcho with our own Procfile
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,  # Ctrl-C comes to us; we pass it on once, in order
        preexec_fn=lambda: end_with(parent),  # noqa: PLW1509 - no threads run here yet
    )
    try:
        return process.wait()
    except StopAsked:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return 0
