"""The cache with Redis, without it, and with it again."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches

from portal.kernel import cache as module
from portal.kernel.cache import ForgivingRedisCache
from portal.kernel.outages import RecentFailure
from tests.processes import Redis

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _short_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FAILURE", RecentFailure("the cache in Redis", seconds=0.2))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def away() -> Iterator[ForgivingRedisCache]:
    cache = ForgivingRedisCache(NOWHERE, {"KEY_PREFIX": "test"})
    yield cache
    cache.spare.clear()


def test_the_portals_cache_is_this_one() -> None:
    assert isinstance(caches["default"], ForgivingRedisCache)


def test_with_redis_values_are_in_redis_alone(redis: Redis) -> None:
    cache = ForgivingRedisCache(redis.url, {})
    cache.set("a", [1, 2])
    assert cache.get("a") == [1, 2]
    assert cache.spare.get("a") is None


def test_every_operation_goes_on_without_redis(away: ForgivingRedisCache) -> None:
    assert away.add("count", 1, 60)
    assert not away.add("count", 5, 60)
    assert away.incr("count") == 2
    assert away.get("count") == 2
    assert away.has_key("count")
    assert "count" in away
    assert away.touch("count", 60)
    away.set_many({"a": 1, "b": 2}, 60)
    assert away.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert away.get_or_set("d", lambda: 4) == 4
    away.delete_many(["a"])
    assert away.delete("b")
    assert away.get("a", "none") == "none"
    away.clear()
    assert away.get("count") is None


def test_incr_of_what_is_not_there_says_so_in_both(away: ForgivingRedisCache, redis: Redis) -> None:
    for cache in (away, ForgivingRedisCache(redis.url, {})):
        with pytest.raises(ValueError, match="not found"):
            cache.incr("nothing")


def test_spare_is_one_for_all_threads_of_a_process(away: ForgivingRedisCache) -> None:
    """Django makes a cache object for each thread; attempts are counted over all of them."""
    away.set("attempts", 3)
    assert ForgivingRedisCache(NOWHERE, {"KEY_PREFIX": "test"}).get("attempts") == 3


def test_redis_is_asked_again_after_the_memory_has_passed(redis: Redis) -> None:
    cache = ForgivingRedisCache(redis.url, {})
    cache.set("before", "kept")
    redis.stop()
    assert cache.get("before") is None
    redis.start()
    cache.set("meanwhile", "here")
    assert cache.spare.get("meanwhile") == "here"
    time.sleep(0.25)
    cache.set("after", "there")
    assert cache.spare.get("after") is None
    assert cache.get("after") == "there"
    cache.spare.clear()


def test_hanging_redis_is_waited_for_once(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FAILURE", RecentFailure("the cache in Redis", seconds=30))
    cache = ForgivingRedisCache(redis.url, {})
    cache.set("a", 1)
    redis.freeze()
    began = time.monotonic()
    for _page in range(20):
        assert cache.get("a") is None
    assert time.monotonic() - began < module.ANSWER_SECONDS + 1.5
    assert len(caplog.messages) == 1
    cache.spare.clear()
