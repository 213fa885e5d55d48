"""A running portal with production settings on the database of the tests, and its own Redis."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Redis, Web, deployed_on_test_database


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def web(transactional_db: None, own_redis: Redis, tmp_path: Path) -> Iterator[Web]:
    """gunicorn; what a test has committed its pages see."""
    process = Web(tmp_path / "web.log", deployed_on_test_database(own_redis.url))
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.stop()
    # A fault that was not foreseen is no pass, whatever the pages said.
    assert "Traceback" not in process.text, process.text
