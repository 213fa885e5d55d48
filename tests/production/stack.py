"""A deployment on this machine: the commands of compose.yaml with servers of its own."""

import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest

from portal.embedded import places, servers
from tests.processes import Caller, Process, free_port, listens, wait_until
from tests.production.files import service

SECRETS = {
    "SECRET_KEY": "an invented key of fifty characters and more, 1234567890 !",
    "FIELD_KEY": "another invented key",
    "IDENTITY_HMAC_KEY": "a third invented key",
}
NAME = "portal.example"


class Servers:
    """PostgreSQL and Redis in a folder of their own, on unix sockets."""

    def __init__(self, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PORTAL_DATA", str(folder / "data"))
            self.places = places.find_places()
        places.make_folders(self.places)

    def start(self) -> None:
        for server in (servers.POSTGRES, servers.REDIS):
            servers.start(self.places, server)
        servers.prepare_database(self.places)

    def start_database(self) -> None:
        servers.start(self.places, servers.POSTGRES)

    def stop_database(self) -> None:
        servers.stop(self.places, servers.POSTGRES)

    def stop(self) -> None:
        for server in (servers.REDIS, servers.POSTGRES):
            servers.stop(self.places, server)

    @property
    def addresses(self) -> dict[str, str]:
        folder, redis = quote(str(self.places.sockets)), quote(str(self.places.redis_socket))
        return {
            "DATABASE_URL": f"postgres://{servers.ROLE}@/{servers.DATABASE}?host={folder}",
            "REDIS_URL": f"redis+socket://{redis}?virtual_host=0",
            "CACHE_URL": f"unix://{redis}?db=1",
        }

    def ask(self, question: str, *values: object) -> list[tuple]:
        link = psycopg2.connect(
            host=str(self.places.sockets), user=servers.ROLE, dbname=servers.DATABASE
        )
        try:
            with link, link.cursor() as cursor:
                cursor.execute(question, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            link.close()


class Deployment:
    """What compose would start, in its order, with its commands and its variables."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-production-"))
        self.folder.chmod(0o755)
        self.servers = Servers(self.folder)
        self.port = free_port()
        self.processes: dict[str, Process] = {}

    def variables(self, name: str) -> dict[str, str]:
        """Those of the service, with this machine's addresses in place of the containers'."""
        here = self.servers.addresses | {
            "MEDIA_ROOT": str(self.folder / "media"),
            "PORT": str(self.port),
        }
        own = dict(service(name)["environment"])
        assert set(here) <= set(own), "compose.yaml sets each of them"
        return own | here | SECRETS | {"ALLOWED_HOSTS": NAME, "WEB_WORKERS": "1"}

    def command(self, name: str) -> list[str]:
        schedule = str(self.folder / "celerybeat-schedule")
        words = [str(word) for word in service(name)["command"]]
        return [schedule if word.endswith("celerybeat-schedule") else word for word in words]

    def run(self, name: str) -> Process:
        process = Process(self.command(name), self.folder / f"{name}.log", self.variables(name))
        self.processes[name] = process
        return process

    def start(self) -> None:
        self.servers.start()
        migrate = self.run("migrate")
        # Hundreds of tables and triggers, while other tests use the processors.
        wait_until(lambda: not migrate.is_alive, "the migration step", seconds=180)
        assert migrate.process.returncode == 0, migrate.text
        for name in ("web", "worker", "beat"):
            self.run(name)
        self.processes["web"].wait_for(lambda: listens(self.port), "web")

    def caller(self) -> Caller:
        """A browser behind the proxy that ends HTTPS."""
        return Caller(self.port, Host=NAME, X_Forwarded_Proto="https")

    def close(self) -> None:
        for process in self.processes.values():
            process.kill()
        self.servers.stop()
        if self.servers.places.servers != self.servers.places.data:
            shutil.rmtree(self.servers.places.servers, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
