"""What the portal does while one of its servers is away.

`server_error` is handler500 of portal.urls: where PostgreSQL does not answer, a page in three
languages says so (503). `RecentFailure` spares the next pages the wait for a Redis that has just
failed; queue.py and cache.py ask it.
"""

import logging
import sys
import time

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader
from django.utils.cache import add_never_cache_headers
from django.views import defaults

log = logging.getLogger(__name__)

RETRY_SECONDS = 30
# Classes of SQLSTATE: connection lost, no room for another connection, server going down.
# A connection that was never made has no code at all.
AWAY_CODES = ("08", "53", "57P")


class RecentFailure:
    """Remembers for some seconds that a server did not answer; one for all threads.

    Kept by address, so that another server is not blamed for it.
    """

    def __init__(self, what: str, seconds: float) -> None:
        self.what = what
        self.seconds = seconds
        self._until: dict[str, float] = {}

    def is_recent(self, address: str) -> bool:
        return time.monotonic() < self._until.get(address, 0.0)

    def remember(self, address: str, error: Exception) -> None:
        log.warning("%s does not answer; asked again in %s s: %s", self.what, self.seconds, error)
        self._until[address] = time.monotonic() + self.seconds


def is_database_away(error: BaseException | None) -> bool:
    """Whether the error means that PostgreSQL cannot be reached, and no fault of a statement."""
    cause = getattr(error, "__cause__", None)
    code = getattr(cause, "pgcode", None) or ""
    if type(error) is DatabaseError:
        # The driver's word for a server that fell while it answered; Django's own has no cause.
        return hasattr(cause, "pgcode") and not code
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return not code or code.startswith(AWAY_CODES)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400. Django's own reads the form once more for its token, and where the form cannot
    be read that is another error: a 500 with a traceback from each middleware."""
    return HttpResponseBadRequest(loader.get_template("400.html").render())


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of an error that nobody caught; Django calls it inside its `except`."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError) and is_database_away(error):
        return database_away(request, error)
    return defaults.server_error(request)


def database_away(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """503 without asking for a session, a person or a row; logged once, in one line."""
    log.error("no database for %s %s: %s", request.method, request.path, str(error).strip())
    response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    # htmx swaps nothing for such a status; a whole page in place of a part would be worse.
    response["HX-Reswap"] = "none"
    add_never_cache_headers(response)
    # Django's mark that nothing is left to say; without it each page adds a traceback.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - as said above
    return response
