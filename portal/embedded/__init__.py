"""Development only: real PostgreSQL and Redis from their wheels where no URL is configured.

manage.py and the tests' conftest call `hold_for_process()`; settings ask for the URLs and the
development secrets. No Django here: this is imported before the settings are.
"""

import atexit
import contextlib
import fcntl
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from portal.embedded import servers
from portal.embedded.places import (
    EmbeddedError,
    Places,
    find_places,
    is_left_over,
    make_data_folder,
    make_folder,
    make_folders,
    set_aside_left_over,
)

__all__ = [
    "EmbeddedError",
    "data_folder",
    "database_url",
    "ensure",
    "hold",
    "hold_for_process",
    "redis_cache_url",
    "redis_url",
    "secret",
    "status",
    "stop",
]


def database_url() -> str:
    """DATABASE_URL, or the address the embedded PostgreSQL has once it runs."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    folder = quote(str(find_places().sockets))
    return f"postgres://{servers.ROLE}@/{servers.DATABASE}?host={folder}&port={servers.PORT}"


def redis_url() -> str:
    """REDIS_URL, or the embedded Redis as Celery writes it."""
    if url := os.environ.get("REDIS_URL"):
        return url
    return f"redis+socket://{quote(str(find_places().redis_socket))}?virtual_host=0"


def redis_cache_url() -> str:
    """CACHE_URL, REDIS_URL, or another database of the embedded Redis, for the cache."""
    if url := os.environ.get("CACHE_URL") or os.environ.get("REDIS_URL"):
        return url
    return f"unix://{quote(str(find_places().redis_socket))}?db=1"


def data_folder() -> Path:
    """Where development keeps what is not in the repository; made when missing."""
    places = find_places()
    make_data_folder(places)
    return places.data


def secret(name: str) -> str:
    """A development secret: made once, kept in the data folder, readable by its owner only."""
    folder = data_folder() / "secrets"
    make_folder(folder, 0o700)
    path = folder / name
    if not path.exists():
        fresh = folder / f".{name}.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another command was first: take its secret
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii")


def _wanted() -> list[servers.Server]:
    """A server whose URL is set is somebody else's."""
    every = {"DATABASE_URL": servers.POSTGRES, "REDIS_URL": servers.REDIS}
    return [server for variable, server in every.items() if not os.environ.get(variable)]


@contextmanager
def _starting(places: Places) -> Iterator[None]:
    """One command at a time starts or stops the servers of a folder."""
    make_folders(places)
    with servers.locked(places.servers / "start.lock"):
        yield


def _start(places: Places) -> None:
    wanted = _wanted()
    if is_left_over(places):
        _stop(places)
        set_aside_left_over(places)
    for server in wanted:
        servers.start(places, server)
    if servers.POSTGRES in wanted:
        servers.prepare_database(places)


def ensure() -> None:
    """Start what does not run; it stays until `stop` or until the last `hold` is left."""
    if _wanted():
        places = find_places()
        with _starting(places):
            _start(places)


@contextmanager
def hold() -> Iterator[None]:
    """The servers run inside; the last of all commands to leave stops them."""
    if not _wanted():
        yield
        return
    places = find_places()
    users = places.servers / "users.lock"
    with ExitStack() as using:
        with _starting(places):
            using.enter_context(servers.locked(users, fcntl.LOCK_SH))
            _start(places)
        owner = os.getpid()
        try:
            yield
        finally:
            if os.getpid() == owner:  # not in a child that was forked meanwhile
                with _starting(places):
                    using.close()
                    if not servers.is_locked(users):
                        _stop(places)


def hold_for_process() -> None:
    """`hold()` until this process ends; what prevents it is said in one sentence, exit code 1."""
    stack = ExitStack()
    try:
        stack.enter_context(hold())
    except EmbeddedError as error:
        sys.exit(str(error))
    atexit.register(stack.close)


def _stop(places: Places) -> None:
    for server in (servers.REDIS, servers.POSTGRES):
        servers.stop(places, server)


def stop() -> None:
    """Stop both, whoever uses them."""
    places = find_places()
    if places.servers.exists():
        with _starting(places):
            _stop(places)


def status() -> list[str]:
    """One line per fact, tab-separated."""
    places = find_places()
    lines = [f"data\t{places.data}", f"servers\t{places.servers}", f"sockets\t{places.sockets}"]
    for server in (servers.POSTGRES, servers.REDIS):
        if server not in _wanted():
            word = "not ours, its URL is set"
        elif not servers.is_running(places, server):
            word = "stopped"
        else:
            word = "running" if server.answers(places) else "running, does not answer"
        lines.append(f"{server.name}\t{word}")
    in_use = servers.is_locked(places.servers / "users.lock")
    return [*lines, f"in use\t{'yes' if in_use else 'no'}"]
