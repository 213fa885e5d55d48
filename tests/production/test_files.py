"""Dockerfile, .dockerignore, compose.yaml and .env.example, checked without an engine."""

import ast
import fnmatch
import re
import subprocess

import pytest
import yaml

from tests.production.files import (
    ROOT,
    Stage,
    compose,
    example,
    instructions,
    interpolated,
    read,
    service,
    stages,
)

OURS = ("migrate", "web", "worker", "beat")
THEIRS = ("db", "redis")
FILES = ("Dockerfile", "compose.yaml", ".env.example", ".dockerignore")
# What belongs to the machine or the shell and not to a deployment.
NOT_OURS = {"PATH", "XDG_DATA_HOME", "PORTAL_TEST_DB", "DJANGO_SETTINGS_MODULE"}
SECRET = re.compile(r"KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL|EMAIL_URL")


# --- What is read and what is documented ---
def read_by_code() -> set[str]:
    """Names of variables that the portal asks the environment for, found in its syntax."""
    names = set()
    for path in sorted([*(ROOT / "portal").rglob("*.py"), ROOT / "manage.py"]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names |= names_asked(node)
    return names - NOT_OURS


def names_asked(node: ast.AST) -> set[str]:
    """`env.kind("X")`, `secret("X")`, `os.environ.get("X")`, `os.environ["X"]`, `"X" in env…`."""
    if isinstance(node, ast.Call):
        asked = ast.unparse(node.func)
        is_asking = re.fullmatch(r"env\.\w+|secret|os\.environ\.(get|pop|setdefault)", asked)
        first = node.args[0] if is_asking and node.args else None
    elif isinstance(node, ast.Subscript):
        first = node.slice if ast.unparse(node.value) == "os.environ" else None
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
        where = ast.unparse(node.comparators[0])
        first = node.left if where in ("env.ENVIRON", "os.environ") else None
    else:
        first = None
    is_name = isinstance(first, ast.Constant) and re.fullmatch(r"[A-Z][A-Z0-9_]*", str(first.value))
    return {str(first.value)} if is_name else set()


@pytest.mark.parametrize(
    "code",
    [
        'env.str("X", default="")',
        'secret("X")',
        'os.environ.get("X")',
        'os.environ["X"]',
        '"X" in env.ENVIRON',
    ],
)
def test_the_reader_of_the_code_sees_each_way_of_asking(code: str) -> None:
    assert {name for node in ast.walk(ast.parse(code)) for name in names_asked(node)} == {"X"}


def test_example_names_every_variable_that_is_read_and_no_other() -> None:
    read_somewhere = read_by_code() | interpolated(read("compose.yaml"))
    assert set(example()) == read_somewhere


def test_example_as_it_stands_sets_nothing() -> None:
    """Copied and not filled in, it changes nothing and brings no password of ours."""
    assert not re.search(r"^[A-Z]", read(".env.example"), re.MULTILINE)
    assert all(not value for name, value in example().items() if name.endswith("_KEY"))
    assert example()["POSTGRES_PASSWORD"] == ""


# --- Dockerfile ---
@pytest.fixture(scope="module")
def built() -> list[Stage]:
    return stages(read("Dockerfile"))


def test_parser_joins_lines_and_drops_comments() -> None:
    text = '# a\nFROM one AS two\nRUN a \\\n && b\nCMD ["x", "y z"]\n'
    (stage,) = stages(text)
    assert (stage.image, stage.name) == ("one", "two")
    assert stage.instructions[0].rest == "a && b"
    assert stage.instructions[1].words == ["x", "y z"]


def test_images_are_pinned_to_a_version(built: list[Stage]) -> None:
    own = {stage.name for stage in built if stage.name}
    images = {stage.image for stage in built} - own
    images |= {service(name)["image"] for name in THEIRS}
    assert len(images) == 4
    for image in images:
        assert re.fullmatch(r"[a-z]+:\d+(\.\d+)?-[a-z-]+", image), image


def test_packages_of_the_front_end_are_built_inside_by_the_lock_file(built: list[Stage]) -> None:
    front = next(stage for stage in built if stage.name == "front")
    (run,) = front.all("RUN")
    assert front.image.startswith("node:")
    assert "npm ci" in run.rest
    assert "--ignore-scripts" in run.rest
    assert {"package.json", "package-lock.json", ".npmrc"} <= set(front.all("COPY")[0].words)


def test_last_stage_has_no_tool_that_built_it(built: list[Stage]) -> None:
    last = built[-1]
    assert len(built) >= 3
    assert last.image.startswith("python:3.12-slim")
    runs = " ".join(one.rest for one in last.all("RUN"))
    assert not re.search(r"\b(npm|node|pip|apt-get|gcc|curl|git)\b", runs)
    sources = [word for one in last.all("COPY") for word in one.words if word.startswith("--from")]
    assert set(sources) == {"--from=packages", "--from=built"}
    assert len(last.all("COPY")) == 2


def test_last_stage_runs_as_nobody_in_particular(built: list[Stage]) -> None:
    last = built[-1]
    (user,) = last.all("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user.rest)
    order = [one.word for one in last.instructions]
    assert order.index("USER") > max(i for i, word in enumerate(order) if word in ("RUN", "COPY"))
    assert f"--uid {user.rest.split(':')[0]}" in last.all("RUN")[0].rest


def test_catalogues_and_static_files_are_made_while_building(built: list[Stage]) -> None:
    stage = next(stage for stage in built if stage.name == "built")
    commands = " ".join(one.rest for one in stage.all("RUN"))
    assert "manage.py catalogues --compile" in commands
    assert "manage.py collectstatic --noinput" in commands


def test_image_keeps_no_secret(built: list[Stage]) -> None:
    for stage in built:
        for one in [*stage.all("ENV"), *stage.all("ARG"), *stage.all("LABEL")]:
            assert not SECRET.search(one.rest), one.rest
    assert not built[-1].all("ARG")


def test_image_starts_what_compose_starts_and_asks_the_same_probe(built: list[Stage]) -> None:
    last = built[-1]
    (command,), (check,) = last.all("CMD"), last.all("HEALTHCHECK")
    assert command.words == service("web")["command"]
    asked = yaml.safe_load(check.rest.partition("CMD ")[2])
    assert ["CMD", *asked] == service("web")["healthcheck"]["test"]
    assert (ROOT / asked[-1]).is_file()
    assert "WEB_HOST=0.0.0.0" in last.all("ENV")[0].rest


# --- What goes into the image ---
def goes_in(path: str, rules: list[str]) -> bool:
    """The last rule that fits decides, as the engine reads .dockerignore; a folder fits its files.

    `**/` at the beginning stands for any folder, also none.
    """
    is_in = True
    for rule in rules:
        pattern, brings = rule.removeprefix("!"), rule.startswith("!")
        parts = path.split("/")
        heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        if pattern.startswith("**/"):
            fits = any(fnmatch.fnmatchcase(part, pattern[3:]) for part in parts)
        else:
            fits = any(fnmatch.fnmatchcase(head, pattern) for head in heads)
        if fits:
            is_in = brings
    return is_in


@pytest.fixture(scope="module")
def rules() -> list[str]:
    lines = [line.strip() for line in read(".dockerignore").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", ".env", ".env.example", "tests/people.py", "tests/data/x.json", ".ci/run",
        "node_modules/bootstrap/package.json", "staticfiles/staticfiles.json", ".venv/bin/python",
        "media/drawing.pdf", "compose.yaml", "Dockerfile", "README.md", "requirements-dev.txt",
        "portal/__pycache__/settings.cpython-312.pyc", "portal/locale/ru/LC_MESSAGES/django.mo",
    ],
)  # fmt: skip
def test_stays_outside_of_the_image(rules: list[str], path: str) -> None:
    assert not goes_in(path, rules)


@pytest.mark.parametrize(
    "path",
    [
        "manage.py", "portal/settings.py", "portal/probe.py", "requirements.txt", "package.json",
        "package-lock.json", ".npmrc", "templates/503.html", "static/css/portal.css",
        "portal/locale/kk/LC_MESSAGES/django.po", "orders/models/orders.py", "inmates/payroll.py",
        "workshops/apps.py", "inmates/data/pay_parameters.json", "templates/documents/base.typ",
    ],
)  # fmt: skip
def test_goes_into_the_image(rules: list[str], path: str) -> None:
    assert (ROOT / path).is_file(), "the test itself is out of date"
    assert goes_in(path, rules)


def test_whole_code_goes_into_the_image_and_nothing_else(rules: list[str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    inside = {path.split("/")[0] for path in listed if path and goes_in(path, rules)}
    assert inside == {
        *("manage.py", "portal", "workshops", "orders", "inmates", "templates", "static"),
        *("requirements.txt", "package.json", "package-lock.json", ".npmrc"),
    }


# --- compose.yaml ---
def test_services_and_the_order_of_their_start() -> None:
    assert set(compose()["services"]) == {*OURS, *THEIRS}
    assert service("migrate")["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("web", "worker", "beat"):
        assert service(name)["depends_on"] == {
            "db": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }


def test_migration_is_one_step_and_not_started_again() -> None:
    step = service("migrate")
    assert step["command"] == ["python", "manage.py", "migrate", "--noinput"]
    assert step["restart"] == "no"
    assert step["healthcheck"] == {"disable": True}


def test_everything_that_stays_is_watched_and_started_again() -> None:
    for name in {*OURS, *THEIRS} - {"migrate"}:
        check = service(name)["healthcheck"]
        assert check["test"][0] in ("CMD", "CMD-SHELL"), name
        assert {"interval", "timeout", "retries"} <= set(check), name
        assert service(name)["restart"] == "unless-stopped", name


def test_only_the_web_is_published_and_only_on_this_machine() -> None:
    published = {
        name: one["ports"] for name, one in compose()["services"].items() if "ports" in one
    }
    assert published == {"web": ["127.0.0.1:${PORTAL_PORT:-8000}:8000"]}
    assert compose()["networks"]["inside"] == {"internal": True}
    for name in THEIRS:
        assert service(name)["networks"] == ["inside"]


def test_no_password_stands_in_the_file() -> None:
    for name, one in compose()["services"].items():
        for variable, value in one.get("environment", {}).items():
            if SECRET.search(variable):
                assert "${POSTGRES_PASSWORD:?" in value, f"{variable} of {name}"
    assert interpolated(read("compose.yaml")) == {"POSTGRES_PASSWORD", "PORTAL_PORT"}


def test_compose_starts_nothing_without_a_password() -> None:
    assert ":?" in service("db")["environment"]["POSTGRES_PASSWORD"]
    assert ":?" in service("web")["environment"]["DATABASE_URL"]


def test_our_services_share_one_image_one_env_file_and_few_rights() -> None:
    for name in OURS:
        one = service(name)
        assert (one["build"], one["image"], one["env_file"]) == (".", "sheberhana:local", ".env")
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["volumes"] == ["media:/data/media"]
        assert set(one["environment"]) <= set(example())


def test_time_to_end_is_longer_than_gunicorns_grace() -> None:
    from portal import gunicorn

    assert gunicorn.graceful_timeout < 10
    assert service("web")["stop_grace_period"] == "30s"
    assert service("worker")["stop_grace_period"] == "5m"


def test_volumes_are_declared() -> None:
    used = {
        volume.split(":")[0]
        for one in compose()["services"].values()
        for volume in one.get("volumes", [])
    }
    assert used == set(compose()["volumes"]) == {"database", "media"}


# --- All of them ---
@pytest.mark.parametrize("name", FILES)
def test_files_name_no_host_of_a_package_registry(name: str) -> None:
    assert not re.search(r"https?://(?!portal\.example)", read(name))
    assert not re.search(r"pypi|registry|npmjs|docker\.io|ghcr|quay", read(name))


def test_instructions_are_known_words() -> None:
    words = {one.word for one in instructions(read("Dockerfile"))}
    known = {"FROM", "RUN", "COPY", "ENV", "WORKDIR", "USER", "EXPOSE", "STOPSIGNAL"}
    assert words <= known | {"HEALTHCHECK", "CMD"}


def test_gunicorn_limits_what_a_client_may_send() -> None:
    from portal import gunicorn

    assert gunicorn.limit_request_line <= 8190
    assert gunicorn.limit_request_fields <= 100
    assert gunicorn.max_requests > gunicorn.max_requests_jitter > 0
    assert gunicorn.accesslog is None
