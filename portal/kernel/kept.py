"""Public pages, and parts of pages, kept in the cache until what they tell changes.

Views call it. An edition names the state of the data a page is made of: a stamp that every
committed change renews, the day, and the release. A kept page is found by its edition, so nothing
is ever deleted, and a Redis that was away for an hour cannot bring an old page back; whatever no
stamp tells (a new translation) ends with KEEP_PAGES_SECONDS. Only visitors are answered with a
whole kept page, and the token of the forms in it is that visitor's own.
"""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

PREFIX = "kept"
# A message waits for one reader.
MESSAGES_COOKIE = "messages"
# What a session may hold of somebody who is still answered with kept pages; an app adds its keys.
# With any other key in it (a person, a message) every page is made anew.
SHOWN_OF_SESSION: set[str] = set()
NOT_SHOWN_OF_SESSION: set[str] = set()


def edition_of(stamp: Callable[[], str], on: date) -> str:
    """The edition of the day, or nothing where pages are not kept; `stamp` asks the database."""
    if not settings.KEEP_PAGES_SECONDS:
        return ""
    known = stamp()
    # The manifest's hash changes with every static file, whose old names a release takes away.
    release = getattr(staticfiles_storage, "manifest_hash", "")
    return f"{known}:{on.isoformat()}:{release}" if known else ""


def kept_page(
    request: HttpRequest, edition: str, address: str, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page kept for `address`, else the one `make` answers; kept if it may be shown to anyone.

    `address` is the page's own: asked for with anything else in the query, it is made anew, or
    invented queries would fill the cache.
    """
    shown = _shown_of(request) if edition else None
    if shown is None or request.get_full_path() != address:
        return make()
    # A page may name its own host and scheme, in a link for other sites.
    key = _key(edition, str(request.scheme), request.get_host(), address, shown)
    found = cache.get(key)
    if found is None:
        place = secrets.token_hex(32)
        request.csrf_place = place  # type: ignore[attr-defined]  # read by the context processor
        response = make()
        if response.status_code != 200 or response.cookies:
            return _with_token(request, place, response.content, response)
        found = (place, response.content)
        cache.set(key, found, settings.KEEP_PAGES_SECONDS)
    place, body = found
    return _with_token(request, place, body, HttpResponse())


def kept_part(edition: str, name: str, make: Callable[[], str]) -> SafeString:
    """A part that is the same for everybody who reads this language, kept under its name."""
    if not edition:
        return mark_safe(make())  # noqa: S308 - a rendered template, escaped there
    key = _key(edition, "part", name)
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, settings.KEEP_PAGES_SECONDS)
    return mark_safe(found)  # noqa: S308 - the same


def csrf_place(request: HttpRequest) -> dict[str, Any]:
    """Context processor: in a page about to be kept the token is left open."""
    place = getattr(request, "csrf_place", None)
    return {"csrf_token": place} if place else {}


def _key(edition: str, *names: str) -> str:
    return ":".join((PREFIX, edition, get_language() or "", *names))


def _shown_of(request: HttpRequest) -> str | None:
    """What of the session the page shows, "" of most visitors; None where it may show more."""
    if request.method not in ("GET", "HEAD") or request.headers.get("HX-Request"):
        return None
    if request.COOKIES.get(MESSAGES_COOKIE) or not _is_plainly_named(request):
        return None
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    held = dict(request.session.items())
    if held.keys() - SHOWN_OF_SESSION - NOT_SHOWN_OF_SESSION:
        return None
    return ",".join(f"{name}={held[name]}" for name in sorted(held.keys() & SHOWN_OF_SESSION))


def _is_plainly_named(request: HttpRequest) -> bool:
    """Whether the host is written as links write it.

    ALLOWED_HOSTS takes any port, case and a dot at the end: invented ones would fill the cache.
    """
    host = request.get_host()
    name, _port = split_domain_port(host)
    known = urlsplit(settings.PUBLIC_URL).netloc
    return host in (name, f"{name}:{request.META.get('SERVER_PORT')}", known)


def _with_token(
    request: HttpRequest, place: str, body: bytes, response: HttpResponse
) -> HttpResponse:
    token = get_token(request)
    response.content = body.replace(place.encode(), token.encode())
    return response
