"""What browsers are told beside the page, and what they report back about it."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.kernel.access import public

log = logging.getLogger(__name__)

# No page asks for any of them; what is not named a browser may still offer.
UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in UNUSED)
# A page with a fault is seen by many browsers: some reports a minute are enough to know.
REPORTS_A_MINUTE = 30
REPORT_BYTES = 8 * 1024


class PermissionsPolicyMiddleware:
    """No page may use the camera, the place or any other sense of the device."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


class UnreadableAddressMiddleware:
    """400 where an address with the character NUL reached the database, which cannot hold it.

    Forms refuse it field by field, and pages that take it for what it is answer as they do.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an unreadable request; None for any other error."""
        has_nul = "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info
        if not has_nul or not isinstance(error, ValueError):
            return None
        unreadable = BadRequest("an address with the character NUL")
        response: HttpResponse = response_for_exception(request, unreadable)
        return response


@csrf_exempt
@require_POST
@public
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser tells what the content security policy stopped; only hosts and rules are logged.

    Addresses may name an order or a person, so neither paths nor samples are kept.
    """
    too_long = int(request.META.get("CONTENT_LENGTH") or 0) > REPORT_BYTES
    if not too_long and _may_be_logged():
        report = _report(request)
        if report is not None:
            log.warning(
                "content security policy stopped %s from %s",
                _word(report.get("effective-directive") or report.get("violated-directive")),
                _origin(report.get("blocked-uri")),
            )
    return HttpResponse(status=204)


def _report(request: HttpRequest) -> dict[str, Any] | None:
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):  # nested deeper than any browser writes
        return None
    report = sent.get("csp-report") if isinstance(sent, dict) else None
    return report if isinstance(report, dict) else None


def _may_be_logged() -> bool:
    cache.add("csp-reports", 0, timeout=60)
    try:
        return cache.incr("csp-reports") <= REPORTS_A_MINUTE
    except ValueError:  # the minute ended between the two
        return True


def _word(value: object) -> str:
    """The name of a rule; anything else somebody sent is not repeated into the log."""
    text = str(value or "")[:40]
    known = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return text if text.removesuffix("-elem").removesuffix("-attr") in known else "something"


def _origin(value: object) -> str:
    """«inline», «data», or the host of an address."""
    text = str(value or "")[:500]
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        host = ""
    if host:
        return host if host.isascii() and host.replace(".", "").replace("-", "").isalnum() else "?"
    return text if text in ("inline", "eval", "data", "blob", "wasm-eval") else "?"
