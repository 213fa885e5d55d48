"""What the sheets of a shift and of a month share: the words about closed days, the empty cache."""

from django.http import HttpRequest, HttpResponse


def explanation(request: HttpRequest) -> str:
    """What was written about closed days, in one line."""
    return " ".join(request.POST.get("correction", "").replace("\x00", "").split())


def not_stored(response: HttpResponse) -> HttpResponse:
    """Names are not left in the cache of a shared computer."""
    response["Cache-Control"] = "no-store"
    return response
