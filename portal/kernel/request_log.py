"""The outermost middleware: an id for each request and one line about how it went."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from portal.kernel.logs import request_context
from portal.kernel.masking import MASK, mask_text

log = logging.getLogger("portal.request")

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{7,63}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Parts of an address that open something to whoever knows them.
SECRET_PARTS = ("key", "token", "uidb36")
# Where people read their own record: which page it was would tell what they have asked, and where.
OWN_PAGES, OWN_ROUTE = "/terminal/", "inmates:terminal"
# A probe comes every few seconds and says nothing while all is well.
QUIET_ROUTES = {"front:health_live", "front:health_ready"}


class RequestLogMiddleware:
    """Takes or makes the request's id, answers with it, and logs one line; never queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = accepted_id(request.headers.get(HEADER, "")) or str(uuid.uuid4())
        with request_context(request, request_id):
            began = time.perf_counter()
            response = self.get_response(request)
            _log_line(request, response, milliseconds=int((time.perf_counter() - began) * 1000))
        response[HEADER] = request_id
        return response


def accepted_id(text: str) -> str:
    """The caller's id if it is short, plain and could be nobody's number; else nothing."""
    if UUID.fullmatch(text):
        return text
    return text if SANE.fullmatch(text) and mask_text(text) == text else ""


def shown_path(request: HttpRequest) -> str:
    """The path without its query and without the parts that are secrets."""
    path = request.path
    if path.startswith(OWN_PAGES) and path != OWN_PAGES:
        return f"{OWN_PAGES}{MASK}"
    match = getattr(request, "resolver_match", None) or _match_with_slash(path)
    for part in SECRET_PARTS:
        value = match.kwargs.get(part) if match else None
        if value:
            path = path.replace(str(value), MASK)
    return path


def _match_with_slash(path: str) -> ResolverMatch | None:
    """What an address without its last slash leads on to: the secret stands in it already."""
    try:
        return resolve(path + "/")
    except Resolver404:
        return None


def _log_line(request: HttpRequest, response: HttpResponse, *, milliseconds: int) -> None:
    match = getattr(request, "resolver_match", None)
    route = match.view_name if match else ""
    is_own = request.path.startswith(OWN_PAGES)
    facts = {
        "method": request.method,
        "path": shown_path(request),
        "route": OWN_ROUTE if is_own and route else route,
        "status": response.status_code,
        "ms": milliseconds,
        # Only whom the page itself has asked for: a line costs no query.
        "user": getattr(getattr(request, "_cached_user", None), "pk", None),
    }
    log.log(_level(request, response, route), "request", extra=facts)


def _level(request: HttpRequest, response: HttpResponse, route: str) -> int:
    if response.status_code >= 500:
        return logging.ERROR
    is_static = not route and request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}")
    return logging.DEBUG if route in QUIET_ROUTES or is_static else logging.INFO
