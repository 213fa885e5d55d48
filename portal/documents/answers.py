"""A printed document as the answer of a view: in which language, under which name."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

# Paper is Russian or Kazakh.
PRINT_LANGUAGES = ("ru", "kk")


def print_language(request: HttpRequest) -> str:
    """The language asked for, else the reader's; Russian where it is neither."""
    asked = request.GET.get("language") or get_language() or ""
    return asked if asked in PRINT_LANGUAGES else PRINT_LANGUAGES[0]


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """The PDF to keep, and not in the cache of a shared computer."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
            "Cache-Control": "no-store",
        },
    )
