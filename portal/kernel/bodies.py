"""How much a request may bring: refused by its announced length, before anything reads it.

What arrives without a length is not read at all: Django takes its body for empty.
"""

import socket
import threading
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

MEGABYTE = 1024 * 1024
# Read and thrown away, so that a browser comes to the answer; it shows none while it still sends.
DRAIN_SECONDS = 5.0
SILENCE_SECONDS = 1.0
PIECE = 64 * 1024


class BodyLimitMiddleware:
    """413 for a body above MAX_BODY_MEGABYTES; neither memory nor disk grow by it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        length = int(announced) if announced.isdecimal() else 0
        if length <= settings.MAX_BODY_MEGABYTES * MEGABYTE:
            return self.get_response(request)
        _drain(request, length)
        page = loader.get_template("413.html").render({"most": settings.MAX_BODY_MEGABYTES})
        return HttpResponse(page, status=413)


def _drain(request: HttpRequest, length: int) -> None:
    """Read what still comes; whoever falls silent or goes on for too long is cut off."""
    stream, link = request.META.get("wsgi.input"), request.META.get("gunicorn.socket")
    # One read waits until its piece is whole: a byte a second is never silent and never done.
    cut = threading.Timer(DRAIN_SECONDS, _stop_listening, [link])
    if link is not None:
        link.settimeout(SILENCE_SECONDS)
        cut.start()
    until = time.monotonic() + DRAIN_SECONDS
    with suppress(OSError):
        while stream is not None and length > 0 and time.monotonic() < until:
            piece = stream.read(min(PIECE, length))
            if not piece:
                break
            length -= len(piece)
    cut.cancel()


def _stop_listening(link: Any) -> None:
    """A read that waits ends at once; the answer can still be sent."""
    with suppress(OSError):
        link.shutdown(socket.SHUT_RD)
