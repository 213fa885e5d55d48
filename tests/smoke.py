"""`make run` as a new user would: fresh data, pages that answer, an orderly end, a quick restart.

Run by `make smoke`; not collected by pytest. Only processes started here are ended.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
FIRST_SECONDS = 300
LATER_SECONDS = 15
STOP_SECONDS = 60


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own http
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


class Run:
    """One `make run`, its output, and the seconds until the first page answered."""

    def __init__(self, data: Path, port: int) -> None:
        environment = os.environ | {"PORTAL_DATA": str(data), "PORT": str(port)}
        for name in ("DATABASE_URL", "REDIS_URL", "MAKEFLAGS", "MAKELEVEL"):
            environment.pop(name, None)
        self.address = f"http://127.0.0.1:{port}"
        self.started_at = time.monotonic()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            ["make", "run"],  # noqa: S607 - whichever make the user has
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_for_page(self, seconds: float) -> float:
        while time.monotonic() - self.started_at < seconds:
            if self.process.poll() is not None:
                self.fail("`make run` ended by itself")
            if fetch(self.address)[0] == 200:
                return time.monotonic() - self.started_at
            time.sleep(0.3)
        return self.fail(f"no page after {seconds} s (last status {fetch(self.address)[0]})")

    def fail(self, sentence: str) -> float:
        say("".join(self.lines[-60:]))
        sys.exit(f"smoke: {sentence}")

    def stop(self) -> None:
        """As Ctrl-C in a terminal: the signal goes to the whole group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(STOP_SECONDS)
        self.reader.join(5)


@contextmanager
def running(data: Path, port: int) -> Iterator[Run]:
    run = Run(data, port)
    try:
        yield run
    finally:
        run.stop()


def check_pages(run: Run) -> None:
    text = "".join(run.lines)
    accounts = [line for line in run.lines if re.fullmatch(r"[^\t]+\t\S+@\S+\t\S+\s*", line)]
    if "Demo accounts:" not in text or not accounts:
        run.fail("the demo accounts were not printed")
    status, page = fetch(f"{run.address}/accounts/login/")
    if status != 200 or "csrfmiddlewaretoken" not in page:
        run.fail(f"the sign-in page answers {status}")
    for path, wanted in {"/no-such-page/": 404, "/accounts/logout/": 200}.items():
        status, _ = fetch(run.address + path)
        if status != wanted:
            run.fail(f"{path} answers {status}, not {wanted}")


def check_stopped(run: Run, data: Path, port: int) -> None:
    environment = os.environ | {"PORTAL_DATA": str(data)}
    status = subprocess.run(
        [sys.executable, "-m", "portal.embedded", "status"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "running" in status:
        run.fail(f"servers are left over:\n{status}")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            run.fail(f"something still listens on port {port}")


def check_busy_port(data: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        run = Run(data, port)
        run.process.wait(60)
        run.reader.join(5)
        if f"Port {port} is already in use" not in "".join(run.lines):
            run.fail("a busy port is not told in a sentence")


def main() -> None:
    data = Path(tempfile.mkdtemp(prefix="portal-smoke-"))
    data.chmod(0o755)  # as root the servers run as somebody else
    port = free_port()
    try:
        check_busy_port(data)
        for name, limit in (("first", FIRST_SECONDS), ("later", LATER_SECONDS)):
            with running(data, port) as run:
                seconds = run.wait_for_page(limit)
                say(f"{name} start: a page after {seconds:.1f} s (at most {limit})")
                check_pages(run)
            check_stopped(run, data, port)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    say("smoke: all is well")


if __name__ == "__main__":
    main()
