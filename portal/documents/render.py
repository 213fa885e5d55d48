"""PDF from a Typst template and plain data: nothing else goes in, nothing is fetched.

Templates live in templates/documents and read their data as JSON. The fonts are the portal's
own, embedded in the file; without them a document is refused, never set in a strange face.
"""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.documents.apart import SettingFailed, set_apart
from portal.kernel.errors import PortalError

# The two weights of look.md, as the package names their files.
FONT_FILES = (
    "400Regular/GolosText_400Regular.ttf",
    "600SemiBold/GolosText_600SemiBold.ttf",
)
STANDARD = "a-2b"


class DocumentError(PortalError):
    """The document cannot be printed."""

    status = 503
    message = _("The document cannot be printed now. Please tell the administrator.")


class FontMissing(DocumentError):
    message = _("The document cannot be printed: the print font is missing. Run “make setup”.")


def templates_folder() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "documents"


def render_pdf(
    template_name: str, data: dict[str, Any], *, created_at: datetime, tagged: bool = True
) -> bytes:
    """The PDF/A-2b of `templates/documents/<template_name>` with `data`.

    The same template, data and `created_at` give the same bytes. Raises `DocumentError` when the
    font is missing or the template does not compile with this data, ValueError when `created_at`
    has no zone. Not `tagged`, a file of a thousand payslips is a tenth of the size: it is only
    printed, nobody listens to it.
    """
    template = _template(template_name, created_at)
    compiler = typst.Compiler(
        template,
        root=templates_folder(),
        font_paths=_fonts(_font_paths()),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", **_kind(created_at, tagged=tagged)
        )
    except typst.TypstError as error:
        raise DocumentError from error
    if warnings:
        # Typst only warns of a family it does not know and prints in another.
        raise DocumentError from RuntimeError("; ".join(w.message for w in warnings))
    if not isinstance(pdf, bytes):
        raise DocumentError
    return pdf


def render_long_pdf(template_name: str, data: dict[str, Any], *, created_at: datetime) -> bytes:
    """The same, untagged, set in a process of its own that takes its memory along (apart.py)."""
    order = {
        "template": str(_template(template_name, created_at)),
        "root": str(templates_folder()),
        "fonts": list(_font_paths()),
        "data": json.dumps(data, ensure_ascii=False),
        "pdf": _kind(created_at, tagged=False),
    }
    try:
        return set_apart(order)
    except SettingFailed as error:
        raise DocumentError from error


def _template(name: str, created_at: datetime) -> Path:
    if created_at.tzinfo is None:
        raise ValueError("a document is made at a moment with a zone")
    template = templates_folder() / name
    if template.parent != templates_folder() or not template.is_file():
        raise DocumentError(_("There is no such document template."))
    return template


def _kind(created_at: datetime, *, tagged: bool) -> dict[str, Any]:
    return {
        "pdf_standards": STANDARD,
        "pdf_tags": tagged,
        "timestamp": int(created_at.timestamp()),
    }


def print_fonts() -> list[Path]:
    """The files of the print face, regular and bold; `FontMissing` without them."""
    paths = [Path(settings.PRINT_FONTS) / name for name in FONT_FILES]
    if not all(path.is_file() for path in paths):
        raise FontMissing
    return paths


def _font_paths() -> tuple[str, ...]:
    return tuple(str(path.parent) for path in print_fonts())


@lru_cache(maxsize=2)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    """Read once for a process; neither the system's nor Typst's own faces may slip in."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)
    )
