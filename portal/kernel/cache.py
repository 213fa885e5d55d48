"""The cache in Redis, which no page may depend on; CACHES of the settings names it.

While Redis is away each process keeps a cache of its own, so that limits of sign-in attempts still
count, and asks Redis again after some seconds. What was kept before comes back with Redis: nothing
here may rely on a deletion, only on the time after which a value expires.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from portal.kernel.outages import RecentFailure

# Redis stands beside the portal: what takes longer than this is a fault.
CONNECT_SECONDS = 0.3
ANSWER_SECONDS = 1.0
FAILURE = RecentFailure("the cache in Redis", seconds=5.0)


def _with_spare(name: str) -> Callable[..., Any]:
    """The operation of the cache in Redis, or of the process's own where that fails."""
    in_redis = getattr(RedisCache, name)

    def operation(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        if not FAILURE.is_recent(self.address):
            try:
                return in_redis(self, *args, **kwargs)
            except RedisError as error:
                FAILURE.remember(self.address, error)
        return getattr(self.spare, name)(*args, **kwargs)

    return operation


class ForgivingRedisCache(RedisCache):
    """Django's cache in Redis with a short patience and a spare."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        patience = {
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, params | {"OPTIONS": patience | params.get("OPTIONS", {})})
        self.address = str(server)
        own = {name: value for name, value in params.items() if name != "OPTIONS"}
        self.spare = LocMemCache(f"instead of {server}", own)

    add = _with_spare("add")
    get = _with_spare("get")
    set = _with_spare("set")
    touch = _with_spare("touch")
    delete = _with_spare("delete")
    get_many = _with_spare("get_many")
    has_key = _with_spare("has_key")
    incr = _with_spare("incr")
    set_many = _with_spare("set_many")
    delete_many = _with_spare("delete_many")
    clear = _with_spare("clear")
