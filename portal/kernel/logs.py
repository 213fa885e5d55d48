"""How every process logs: one JSON object a line in a deployment, readable lines in development.

settings.py takes `configuration()`; portal/celery.py gives it to workers and beat. Every line, also
a library's, passes `mask_event`, so that no identity reaches a file.
"""

import logging.config
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from django.http import HttpRequest

from portal.kernel.masking import is_identity_key, mask_mapping

# Objects and copies of arguments that libraries hang on their records.
DROPPED = ("request", "data", "server_time", "color_message")
SHORTEST_TYPED = 3

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def request_context(request: HttpRequest, request_id: str) -> Iterator[None]:
    """Inside, each line carries the id and hides what this request has posted about a person."""
    held = _request.set(request)
    try:
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            yield
    finally:
        _request.reset(held)


@contextmanager
def task_context(name: str, task_run: str, request_id: str) -> Iterator[None]:
    """Inside, each line of a task carries its name, its row and the request it came from."""
    ids = {"task": name, "task_run": task_run} | ({"request_id": request_id} if request_id else {})
    with structlog.contextvars.bound_contextvars(**ids):
        yield


def current_request_id() -> str:
    """The id of the request, or of the task's request, that is being served; else nothing."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def typed_identities() -> list[str]:
    """What the present request posted in identity fields; nothing is parsed for this."""
    request = _request.get()
    posted = getattr(request, "_post", None)
    if not posted:
        return []
    values = [value for key in posted if is_identity_key(key) for value in posted.getlist(key)]
    words = {word for value in values for word in (value, *value.split())}
    # Longest first: the whole name goes before its parts.
    return sorted((word for word in words if len(word) >= SHORTEST_TYPED), key=len, reverse=True)


def mask_event(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The last processor before the line is written."""
    for key in DROPPED:
        event.pop(key, None)
    return mask_mapping(event, typed_identities())


def configuration(*, level: str, is_json: bool) -> dict[str, Any]:
    """`LOGGING` of the settings: one handler, one format, everybody's lines go through it."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if is_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    added = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask_event,
        renderer,
    ]
    to_root = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": added,
                "processors": shown,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Libraries that bring handlers of their own: their lines would go past the mask.
            "django": to_root | {"level": "INFO"},
            "django.server": to_root | {"level": "INFO"},
            "gunicorn.error": to_root,
            # A page that was refused or not found is no fault of the portal.
            "django.request": {"level": "ERROR"},
        },
    }


def use_in_celery(loglevel: int | None = None, **_signal: Any) -> None:
    """Receiver of Celery's `setup_logging`: its own formats are not used; --loglevel counts."""
    from django.conf import settings  # noqa: PLC0415 - settings import this module

    logging.config.dictConfig(settings.LOGGING)
    if loglevel:
        logging.getLogger().setLevel(loglevel)
