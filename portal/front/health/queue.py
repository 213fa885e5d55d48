"""What Redis and a worker behind it answer."""

import time
from datetime import datetime
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.utils.translation import gettext as _

from portal.front.health.findings import Finding, State, milliseconds, not_measured

CODES = ("broker", "cache", "worker")
LIMIT_SECONDS = 1.0
WORKER_SECONDS = 2


def look(_at: datetime) -> list[Finding]:
    broker = _broker()
    worker = _worker() if broker.state == State.OK else not_measured("worker", "broker")
    return [broker, _cache(), worker]


def _broker() -> Finding:
    began = time.monotonic()
    limits = dict(current_app.conf.broker_transport_options) | {
        "socket_timeout": LIMIT_SECONDS,
        "socket_connect_timeout": LIMIT_SECONDS,
    }
    try:
        with current_app.connection_for_write(transport_options=limits) as opened:
            opened.connect()
            version = opened.default_channel.client.info("server")["redis_version"]
    except Exception as error:  # noqa: BLE001 - whatever the transport raises means: away
        advice = _(
            "Start Redis and check REDIS_URL. Nothing is lost: jobs wait in the database "
            "and go by themselves."
        )
        return Finding("broker", State.DOWN, _kind(error), advice)
    value = f"Redis {version}, {milliseconds(time.monotonic() - began)}"
    return Finding("broker", State.OK, value)


def _cache() -> Finding:
    # Past Django's cache, which may hide a Redis that is away from the pages.
    began = time.monotonic()
    location: Any = settings.CACHES["default"]["LOCATION"]
    address = location if isinstance(location, str) else location[0]
    limits = {"socket_timeout": LIMIT_SECONDS, "socket_connect_timeout": LIMIT_SECONDS}
    try:
        with redis.Redis.from_url(address, **limits) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        advice = _("Start Redis and check CACHE_URL or REDIS_URL. Until then pages are slower.")
        return Finding("cache", State.DOWN, _kind(error), advice)
    return Finding("cache", State.OK, milliseconds(time.monotonic() - began))


def _kind(error: Exception) -> str:
    return _("does not answer (%(kind)s)") % {"kind": type(error).__name__}


def _worker() -> Finding:
    began = time.monotonic()
    # The first answer is enough: one that works is what is asked for.
    answers = current_app.control.inspect(timeout=WORKER_SECONDS, limit=1).ping()
    if not answers:
        value = _("nobody answers within %(seconds)s s") % {"seconds": WORKER_SECONDS}
        advice = _(
            "Start it: celery -A portal worker. One that is busy with a long job may be silent; "
            "the page of jobs shows its progress."
        )
        return Finding("worker", State.DOWN, value, advice)
    return Finding("worker", State.OK, milliseconds(time.monotonic() - began))
