"""Wages while PostgreSQL or Redis is started anew in the middle of them.

Both servers are the test's own, in a folder of their own, and so is the worker, which nobody starts
again: the shared ones are never touched.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from inmates.enums import RunStatus
from inmates.models import PayrollRun
from portal.embedded import places, servers
from portal.kernel.models import TaskStatus
from tests.inmates.books import approved
from tests.inmates.months import started
from tests.inmates.survivors import (
    BATCH,
    CALCULATE,
    POST,
    a_payer,
    assert_calculated_as,
    assert_nothing_half_done,
    assert_posted_as,
    falls_silent,
    is_done,
    slips_of,
    task_of,
    undisturbed_books,
)
from tests.people import Cast
from tests.processes import Redis, deployed_on_test_database
from tests.worker import Worker, _forget_connections, wait_until
from tests.worker_faults import Faults

pytestmark = pytest.mark.django_db(transaction=True)
SEEDS = (1, 2)


class Postgres:
    """A PostgreSQL of the test's own, on a socket of its own and no network."""

    def __init__(self, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PORTAL_DATA", str(folder))
            self.places = places.find_places()

    def start(self) -> None:
        places.make_folders(self.places)
        servers.start(self.places, servers.POSTGRES)

    def stop(self) -> None:
        servers.stop(self.places, servers.POSTGRES)

    def start_anew(self) -> None:
        """As an update of the system does it: whoever is connected is cut off."""
        self.stop()
        self.start()

    def crash(self) -> None:
        """Nothing is said to anybody, and the next start recovers from the log of writes."""
        pid = servers._process(self.places, servers.POSTGRES)
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not servers.is_running(self.places, servers.POSTGRES))
        self.start()

    def take_tables_of(self, link: dict) -> None:
        """The empty tables of the tests' database, with constraints and triggers, as they are."""
        programs, _redis = places.programs(self.places)
        name, options = link["NAME"], link["OPTIONS"]
        source = [f"--host={options.get('host') or link['HOST']}", f"--username={link['USER']}"]
        source.append(f"--port={options.get('port') or link['PORT'] or 5432}")
        own = [f"--host={self.places.sockets}", f"--username={servers.ROLE}"]
        secret = os.environ | {"PGPASSWORD": link["PASSWORD"] or ""}
        tables = subprocess.run(  # noqa: S603 - our own program
            [programs / "pg_dump", *source, "--schema-only", "--no-owner", "--create", name],
            env=secret,
            capture_output=True,
            check=True,
        ).stdout
        subprocess.run(  # noqa: S603 - our own program
            [programs / "psql", *own, "--quiet", "--dbname=postgres", "--set=ON_ERROR_STOP=1"],
            input=tables,
            capture_output=True,
            check=True,
        )


@dataclass
class Machine:
    """Both servers and what befalls the worker between them."""

    postgres: Postgres
    redis: Redis
    faults: Faults


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """PostgreSQL runs as an account of its own, which must be able to walk here."""
    path = Path(tempfile.mkdtemp(prefix="portal-wages-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def own_servers(django_db_setup: None, folder: Path) -> Iterator[tuple[Postgres, Redis]]:
    postgres, redis = Postgres(folder / "data"), Redis(folder)
    try:
        postgres.start()
        postgres.take_tables_of(connection.settings_dict)
        redis.start()
        yield postgres, redis
    finally:
        redis.stop()
        postgres.stop()
        if postgres.places.servers != postgres.places.data:
            shutil.rmtree(postgres.places.servers, ignore_errors=True)


@pytest.fixture
def machine(
    transactional_db: None, own_servers: tuple[Postgres, Redis], tmp_path: Path
) -> Iterator[Machine]:
    """The test and its worker on the servers of their own, until the test is over."""
    postgres, redis = own_servers
    link, broker = connection.settings_dict, current_app.conf.broker_url
    prefix = current_app.conf.broker_transport_options
    kept = {name: link[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "OPTIONS")}
    connection.close()
    options = {"host": str(postgres.places.sockets), "port": servers.PORT}
    link |= {"HOST": "", "PORT": "", "USER": servers.ROLE, "PASSWORD": ""}
    link["OPTIONS"] = kept["OPTIONS"] | options
    current_app.conf.broker_url = redis.url
    # The worker goes by the name of the database, which each process of the tests has its own of.
    own = {"global_keyprefix": f"{link['NAME']}."}
    current_app.conf.broker_transport_options = prefix | own
    _forget_connections()
    variables = deployed_on_test_database(redis.url)
    variables |= {"FAULTS": str(tmp_path), "PAYROLL_BATCH": str(BATCH)}
    worker = Worker(tmp_path / "worker.log", "--pool", "prefork", "--concurrency", "1", **variables)
    try:
        worker.wait_until_ready()
        yield Machine(postgres, redis, Faults(tmp_path))
        assert worker.process.poll() is None, "nobody has to start the worker again"
    finally:
        worker.stop()
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        connection.close()
        link |= kept
        current_app.conf.broker_url = broker
        current_app.conf.broker_transport_options = prefix
        _forget_connections()


def in_the_middle(machine: Machine, task: str, act: Callable[[], None]) -> None:
    """The worker stands before one of its statements, and goes on when it has happened."""
    wait_until(lambda: machine.faults.happened(task))
    connection.close()
    act()
    machine.faults.go_on(task)


def calculated_undisturbed(cast: Cast) -> PayrollRun:
    run = started(cast)
    wait_until(lambda: is_done(run))
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED
    return run


def goes_on(machine: Machine, run: PayrollRun, client: Client, cast: Cast) -> None:
    """The page shows that it is not over; beat finds it silent, and it comes to its end."""
    log = (machine.faults.folder / "worker.log").read_text(errors="replace")
    assert task_of(run).status == TaskStatus.RUNNING, log[-4000:]
    assert_nothing_half_done(run)
    client.force_login(cast.accountant)
    page = client.get(reverse("inmates:payroll_run", args=[run.pk])).content.decode()
    assert 'id="run-progress"' in page
    falls_silent(run)
    wait_until(lambda: is_done(run))
    assert task_of(run).attempts == 2


def test_wages_survive_a_database_started_anew(machine: Machine, client: Client) -> None:
    """Twice while they are calculated, once while they are posted, each at a random moment."""
    cast, faults, postgres = a_payer(), machine.faults, machine.postgres
    run = calculated_undisturbed(cast)
    expected, statements = slips_of(run), faults.statements(CALCULATE)
    books = undisturbed_books(cast, run)
    die = Random(7)  # noqa: S311 - the same moments every time
    for fault in (postgres.start_anew, postgres.crash):
        faults.order(CALCULATE, "wait", die.randint(10, statements - 5))
        run = started(cast)
        in_the_middle(machine, CALCULATE, fault)
        is_cut_off(machine, run, CALCULATE)
        goes_on(machine, run, client, cast)
        assert_calculated_as(run, expected)
    faults.order(POST, "wait", die.randint(10, faults.statements(CALCULATE) // 2))
    run = approved(cast, run)
    in_the_middle(machine, POST, postgres.crash)
    is_cut_off(machine, run, POST)
    assert run.payslips.exclude(number="").count() == 0
    goes_on(machine, run, client, cast)
    assert_posted_as(run, books)


def is_cut_off(machine: Machine, run: PayrollRun, task: str) -> None:
    """The attempt has come to its end: its connection was gone."""
    counted, went_on = (machine.faults.folder / f"{task}.{word}" for word in ("count", "go"))
    wait_until(lambda: counted.exists() and counted.stat().st_mtime_ns > went_on.stat().st_mtime_ns)
    assert not is_done(run)


def test_wages_survive_a_redis_started_anew(machine: Machine, client: Client) -> None:
    """The work goes on without it; what was in it comes again from the outbox."""
    cast, redis = a_payer(), machine.redis
    run = calculated_undisturbed(cast)
    expected, books = slips_of(run), undisturbed_books(cast, run)

    def start_anew() -> None:
        redis.stop()
        redis.start()

    machine.faults.order(CALCULATE, "wait", 25)
    run = started(cast)
    in_the_middle(machine, CALCULATE, start_anew)
    wait_until(lambda: is_done(run))
    assert task_of(run).attempts == 1
    assert_calculated_as(run, expected)

    machine.faults.order(POST, "wait", 25)
    run = approved(cast, run)
    wait_until(lambda: is_taken(run))
    in_the_middle(machine, POST, start_anew)
    wait_until(lambda: is_done(run))
    assert_posted_as(run, books)


def is_taken(run: PayrollRun) -> bool:
    """Beat, whose minute passes at once, sends again what Redis has forgotten."""
    if task_of(run).status in (TaskStatus.RUNNING, TaskStatus.DONE):
        return True
    falls_silent(run)
    return False
