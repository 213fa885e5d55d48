"""What may be uploaded, checked by content and never by name: `check_upload`, called by services.

A picture is drawn anew, so that neither EXIF nor anything hidden beside it is kept. The whole
request is limited before it is read (kernel/bodies.py); here each file is.
"""

import hashlib
import io
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from portal.kernel.errors import PortalError
from portal.kernel.pdfs import PdfBroken, PdfEndless, inspect_pdf

MEGABYTE = 1024 * 1024
MAX_FILE_MEGABYTES = 20
MAX_PAGES = 200
MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
MAX_NAME = 100
JPEG_QUALITY = 90


class FileKind(models.TextChoices):
    """Kinds of files that are known by their content."""

    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG picture")
    JPEG = "jpeg", _("JPEG picture")
    WEBP = "webp", _("WebP picture")


CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
}
ENDINGS = {FileKind.PDF: "pdf", FileKind.PNG: "png", FileKind.JPEG: "jpg", FileKind.WEBP: "webp"}
# A telephone's JPEG may carry a second picture for depth; the first one is the drawing.
FORMATS = {FileKind.PNG: "PNG", FileKind.JPEG: "JPEG", FileKind.WEBP: "WEBP"}
MAX_THINGS = 50_000


class UploadRefused(PortalError):
    """A file that is not kept; the sentence says why and what to do."""

    status = 422


class UploadTooLarge(UploadRefused):
    message = _("“%(name)s” is larger than %(most)s MB. Make it smaller or split it into parts.")


class UploadEmpty(UploadRefused):
    message = _("“%(name)s” is empty. Choose the file once more.")


class UploadKindUnknown(UploadRefused):
    message = _(
        "“%(name)s” is not what its name says: inside there is no PDF, PNG, JPEG or WebP. "
        "Save it in one of these formats."
    )


class UploadDamaged(UploadRefused):
    message = _("“%(name)s” is damaged and cannot be opened to the end. Save it once more.")


class UploadEndless(UploadRefused):
    message = _(
        "“%(name)s” takes too long to look through. Print it into a new PDF and choose that one."
    )


class UploadEncrypted(UploadRefused):
    message = _("“%(name)s” is protected by a password. Save it without one.")


class UploadTooManyPages(UploadRefused):
    message = _("“%(name)s” has more than %(most)s pages. Split it into parts.")


class UploadTooManyPixels(UploadRefused):
    message = _("“%(name)s” has too many pixels: at most %(most)s million. Save it smaller.")


class UploadMoves(UploadRefused):
    message = _("“%(name)s” is a moving picture. Save one frame of it.")


class UploadActive(UploadRefused):
    message = _(
        "“%(name)s” holds a program or other files, not only pages. "
        "Print it into a new PDF and choose that one."
    )


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: what it really is, and its bytes as they will be stored."""

    kind: FileKind
    name: str
    content: bytes
    pages: int | None = None
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        return len(self.content)

    def as_file(self) -> "ContentFile[bytes]":
        """For a FileField; the storage takes its own name."""
        return ContentFile(self.content, name=f"upload.{ENDINGS[self.kind]}")


def check_upload(file: Any, kinds: Collection[str] = tuple(FileKind)) -> CheckedFile:
    """The file as it may be stored, or an `UploadRefused` with its sentence.

    `file` is Django's uploaded file: its declared type and the ending of its name are not asked.
    Refused: empty, too large, not one of `kinds` inside, damaged, a protected or an active PDF,
    too many pages or pixels, a moving picture, something hidden after the end.
    """
    name = clean_name(str(file.name or ""))
    if file.size > MAX_FILE_MEGABYTES * MEGABYTE:
        raise UploadTooLarge(name=name, most=MAX_FILE_MEGABYTES)
    content = file.read(MAX_FILE_MEGABYTES * MEGABYTE + 1)
    if len(content) > MAX_FILE_MEGABYTES * MEGABYTE:
        raise UploadTooLarge(name=name, most=MAX_FILE_MEGABYTES)
    if not content:
        raise UploadEmpty(name=name)
    kind = kind_of(content)
    if kind is None or kind not in kinds:
        raise UploadKindUnknown(name=name)
    name = f"{PurePath(name).stem or 'file'}.{ENDINGS[kind]}"
    if kind == FileKind.PDF:
        return CheckedFile(kind, name, content, pages=_check_pdf(content, name))
    return _redrawn(content, kind, name)


def kind_of(content: bytes) -> FileKind | None:
    """What the first bytes say; they stand at the very beginning or it is not that kind."""
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    return None


def clean_name(name: str) -> str:
    """The name as text to show: no folders, no control or direction signs, not endless."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(
        sign for sign in bare if unicodedata.category(sign)[0] not in "CZ" or sign == " "
    )
    path = PurePath(shown.strip(" .") or "file")
    return f"{path.stem[:MAX_NAME]}{path.suffix[:10]}"


# --- PDF ---
def _check_pdf(content: bytes, name: str) -> int:
    """How many pages; refused unless it opens, is open to everybody and does nothing by itself."""
    # Other formats are hidden after the end: an archive is read from there.
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\r\n\t \0"):
        raise UploadDamaged(name=name)
    return _pages_of(content, name)


def _pages_of(content: bytes, name: str) -> int:
    try:
        facts = inspect_pdf(content, MAX_PAGES, MAX_THINGS)
    except PdfEndless as error:
        raise UploadEndless(name=name) from error
    except PdfBroken as error:
        raise UploadDamaged(name=name) from error
    if facts.is_encrypted:
        raise UploadEncrypted(name=name)
    if facts.pages == 0:
        raise UploadDamaged(name=name)
    if facts.pages > MAX_PAGES:
        raise UploadTooManyPages(name=name, most=MAX_PAGES)
    if facts.is_active:
        raise UploadActive(name=name)
    return facts.pages


# --- Pictures ---
def _redrawn(content: bytes, kind: FileKind, name: str) -> CheckedFile:
    """The picture, decoded whole and written anew, turned as its EXIF said."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
            # Known from the header: nothing is decoded before the size is found bearable.
            _check_size(picture, name)
            picture.verify()
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
            picture.load()
            fresh = _plain(ImageOps.exif_transpose(picture))
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadTooManyPixels(name=name, most=MAX_PIXELS // 1_000_000) from error
    except Exception as error:  # a stranger's bytes may break the decoder anywhere
        raise UploadDamaged(name=name) from error
    written = io.BytesIO()
    options: dict[str, Any] = {} if kind == FileKind.PNG else {"quality": JPEG_QUALITY}
    fresh.save(written, FORMATS[kind], **options)
    return CheckedFile(kind, name, written.getvalue(), width=fresh.width, height=fresh.height)


def _check_size(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise UploadTooManyPixels(name=name, most=MAX_PIXELS // 1_000_000)
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise UploadMoves(name=name)


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels alone: no profile, no comment, no place where it was taken."""
    if picture.mode.startswith("I"):
        # A scanner's sixteen bits of grey: a plain conversion would cut all of it to white.
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif picture.mode not in ("1", "L", "RGB", "RGBA"):
        has_alpha = picture.mode in ("P", "PA", "LA", "La", "RGBa")
        picture = picture.convert("RGBA" if has_alpha else "RGB")
    picture.info = {}
    return picture
