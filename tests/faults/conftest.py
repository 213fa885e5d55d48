"""A running portal with production settings on the database of the tests, and its own Redis.

Both are started once for all tests of this folder that one process runs.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Redis, Web, deployed_on_test_database


@pytest.fixture(scope="session")
def only_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    redis = Redis(tmp_path_factory.mktemp("redis"))
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture(scope="session")
def only_web(
    django_db_setup: None, only_redis: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    places = {"MEDIA_ROOT": folder / "media", "TMPDIR": folder / "passing"}
    for place in places.values():
        place.mkdir()
    # Kept pages would outlive the rows of a test.
    variables = {name: str(place) for name, place in places.items()} | {"KEEP_PAGES_SECONDS": "0"}
    process = Web(folder / "web.log", deployed_on_test_database(only_redis.url) | variables)
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.stop()


@pytest.fixture
def own_redis(only_redis: Redis) -> Iterator[Redis]:
    """The Redis of the portal; a test may stop it, the next one finds it running."""
    yield only_redis
    only_redis.stop()
    only_redis.start()


@pytest.fixture
def web(transactional_db: None, only_web: Web) -> Iterator[Web]:
    """gunicorn; what a test has committed its pages see."""
    only_web.begin_anew()
    yield only_web
    # A fault that was not foreseen is no pass, whatever the pages said.
    faults = [line[-900:] for line in only_web.text.splitlines() if "Traceback" in line]
    assert faults == [], "after a change of static files: make setup"


@pytest.fixture
def media(only_web: Web) -> Path:
    """Where the portal keeps files."""
    return only_web.log.with_name("media")


@pytest.fixture
def passing(only_web: Web) -> Path:
    """Where the process puts files while it reads a form."""
    return only_web.log.with_name("passing")
