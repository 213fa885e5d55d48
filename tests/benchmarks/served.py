"""The portal served by gunicorn with two workers, and a small client with eight connections.

gunicorn's plain workers end each connection with its answer, so each request makes its own; the
client is raw sockets, for it runs on the same processors as what it measures.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain

CONNECTIONS = 8
WORKERS = 2
START_SECONDS = 60
HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(path: str) -> Iterator[int]:
    """Its port, once `path` is answered; settings and database are those of this process."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--workers", str(WORKERS)]
    process = subprocess.Popen(  # noqa: S603 - our own server
        [
            *command,
            "--bind",
            f"{HOST}:{port}",
            "--log-level",
            "error",
            "--access-logfile",
            "/dev/null",
        ],
        env=os.environ.copy(),
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, path, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)


def _wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {process.returncode}")
        try:
            ask(port, path)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn does not answer")


def ask(port: int, path: str, cookie: str = "") -> float:
    """Seconds until the whole page was here; another answer than 200 is an error."""
    head = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    begun = time.perf_counter()
    with socket.create_connection((HOST, port), timeout=START_SECONDS) as connection:
        connection.sendall(head.encode())
        first = connection.recv(65536)
        while connection.recv(65536):
            pass
    seconds = time.perf_counter() - begun
    if not first.startswith(OK):
        raise AssertionError(f"{path} answers {first[:40]!r}")
    return seconds


def load(port: int, path: str, cookie: str, count: int) -> list[float]:
    """The seconds of `count` requests over eight connections, in the order of length."""

    def one_connection(requests: int) -> list[float]:
        return [ask(port, path, cookie) for _ in range(requests)]

    shares = [
        count // CONNECTIONS + (number < count % CONNECTIONS) for number in range(CONNECTIONS)
    ]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sorted(chain.from_iterable(pool.map(one_connection, shares)))


def percentile(ordered: list[float], share: float) -> float:
    """The value that so large a share of the ordered values does not exceed."""
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]
