"""One view for a page and for its part: htmx gets the part, everybody else the page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx wants a piece of the page (not a boosted link or a restored history)."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not htmx.boosted and not htmx.history_restore_request


def part_or_page(
    request: HttpRequest,
    page: str,
    part: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render `part` for htmx and `page`, which includes it, for everybody else."""
    template = part if asks_for_part(request) else page
    response = render(request, template, dict(context), status=status)
    # A browser must not show the cached part when it wants the page.
    response["Vary"] = ", ".join(filter(None, [response.get("Vary"), "HX-Request"]))
    return response
