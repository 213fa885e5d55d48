"""Processes of their own for the tests: gunicorn, a Redis that may be stopped, a caller by HTTP.

Only what was started here is ever ended.
"""

import http.client
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from portal.embedded import places

# Long enough for a machine that does much else; whoever is right never waits for it.
PATIENCE = 120.0
HOST = "127.0.0.1"
# Nothing of the developer's shell but this comes into a process of a deployment.
INHERITED = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
GUNICORN = ("gunicorn", "-c", "python:portal.gunicorn", "portal.wsgi")


def wait_until(is_true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """Ask every twentieth of a second until it is true; fail when patience ends."""
    began = time.monotonic()
    while not is_true():
        if time.monotonic() - began > seconds:
            pytest.fail(f"waited {seconds} s in vain: {what}", pytrace=True)
        time.sleep(0.05)
    return time.monotonic() - began


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def environment_of(variables: Mapping[str, str]) -> dict[str, str]:
    """A bare environment, our programs first on the path, and what the deployment sets."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    binaries = str(Path(sys.executable).parent)
    path = os.pathsep.join([binaries, inherited.get("PATH", os.defpath)])
    return inherited | {"PATH": path, "PYTHONWARNINGS": "default"} | dict(variables)


class Process:
    """One program with its log; it leads a group of its own, so that no child is left over."""

    def __init__(self, command: Iterable[str], log: Path, variables: Mapping[str, str]) -> None:
        self.command = list(command)
        self.log = log
        self.heard = 0
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                self.command,
                cwd=settings.BASE_DIR,
                env=environment_of(variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        """What it has said, since `begin_anew` if that was called."""
        return self.log.read_text(errors="replace")[self.heard :]

    def begin_anew(self) -> None:
        self.heard = 0
        self.heard = len(self.text)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def wait_for(self, is_ready: Callable[[], bool], what: str) -> None:
        wait_until(lambda: is_ready() or not self.is_alive, f"{what}\n{self.text[-2000:]}")
        assert self.is_alive, self.text

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def stop(self, seconds: float = 15.0) -> float:
        """As an engine stops a container: SIGTERM, and SIGKILL for what is left of the group."""
        began = time.monotonic()
        if self.is_alive:
            self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - began

    def kill(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait(10)

    def group(self) -> list[int]:
        """Processes of its group that still live."""
        return [pid for pid in _pids() if _group_of(pid) == self.process.pid]

    def memory(self) -> int:
        """Resident bytes of the whole group, at its highest so far."""
        return sum(_peak_of(pid) for pid in self.group())


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _group_of(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return -1
    return -1 if fields[0] == "Z" else int(fields[2])


def _peak_of(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


class PostOffice:
    """The least of a mail server: takes every letter by SMTP and keeps it."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        letters = self.letters

        class Counter(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 test\r\n")
                while line := self.rfile.readline():
                    word = line.strip().upper()[:4]
                    if word == b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        text = b"".join(iter(self.rfile.readline, b".\r\n"))
                        letters.append(message_from_bytes(text, policy=policy.default))
                    self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

        self.server = socketserver.ThreadingTCPServer((HOST, 0), Counter)
        self.server.daemon_threads = True
        self.url = f"smtp://{HOST}:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class Redis:
    """A Redis on a port of its own, which a test may stop, freeze and start again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://{HOST}:{self.port}/0"
        self.process: Process | None = None

    def start(self) -> None:
        program = str(places.programs(places.find_places())[1])
        options = f"--port {self.port} --bind {HOST} --save  --appendonly no --dir {self.folder}"
        self.process = Process([program, *options.split(" ")], self.folder / "redis.log", {})
        self.process.wait_for(lambda: listens(self.port), "Redis")

    def stop(self) -> None:
        if self.process is not None:
            self.process.signal(signal.SIGCONT)
            self.process.stop()

    def freeze(self) -> None:
        """It still takes connections and answers nothing: worse than being away."""
        assert self.process is not None
        self.process.signal(signal.SIGSTOP)


@dataclass
class Answer:
    """What came back, in how many seconds."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


class Caller:
    """A browser's manners by plain HTTP: keeps cookies, sends the token of forms."""

    def __init__(self, port: int, **headers: str) -> None:
        self.port = port
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, headers)

    def post(self, path: str, fields: Mapping[str, object], **headers: str) -> Answer:
        """Send a form; its token is the cookie's, as after opening its page."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(fields | token).encode(), kind | headers)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None,
        headers: Mapping[str, str],
    ) -> Answer:
        sent = self.headers | dict(headers)
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.monotonic()
        link = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            link.request(method, path, body=body, headers=sent)
            answer = link.getresponse()
            content = answer.read()
        finally:
            link.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(answer.status, answer.headers, content, time.monotonic() - began)

    def sign_in(self, email: str, password: str) -> Answer:
        self.get("/accounts/login/")
        return self.post("/accounts/login/", {"login": email, "password": password})


def deployed_on_test_database(redis_url: str) -> dict[str, str]:
    """The environment of production settings on the database and the keys of the tests."""
    link = connection.settings_dict
    folder = quote(str(link["OPTIONS"]["host"]), safe="")
    port = link["OPTIONS"].get("port", "5432")
    return {
        "DATABASE_URL": f"postgres://{link['USER']}@/{link['NAME']}?host={folder}&port={port}",
        "REDIS_URL": redis_url,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEY": settings.SALT_KEY,
        "IDENTITY_HMAC_KEY": settings.IDENTITY_HMAC_KEY,
        "HTTPS": "off",
        "PUBLIC_URL": "https://portal.example",
        "WEB_WORKERS": "1",
        "WEB_THREADS": "4",
    }


class Web(Process):
    """gunicorn as a deployment runs it, on a port of its own."""

    def __init__(self, log: Path, variables: Mapping[str, str]) -> None:
        self.port = free_port()
        super().__init__(GUNICORN, log, dict(variables) | {"PORT": str(self.port)})

    def wait_until_ready(self) -> None:
        self.wait_for(lambda: listens(self.port) and self.answers(), "gunicorn")

    def answers(self) -> bool:
        try:
            return Caller(self.port).get("/static/img/favicon.svg").status in (200, 404)
        except OSError:
            return False

    def caller(self, **headers: str) -> Caller:
        return Caller(self.port, **headers)
