"""Real files for the tests, made when they are needed: pages, pictures, and things that are not."""

import io
import random
import zipfile
from typing import Any

from PIL import Image
from pypdf import PdfWriter


def pdf_writer(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 300)
    return writer


def written(thing: Any, *form: str) -> bytes:
    """The bytes of a `PdfWriter`, or of a picture in a format."""
    stream = io.BytesIO()
    if form:
        thing.save(stream, *form)
    else:
        thing.write(stream)
    return stream.getvalue()


def a_pdf(pages: int = 1) -> bytes:
    return written(pdf_writer(pages))


def a_picture(
    form: str = "PNG", width: int = 16, height: int = 12, *, noise: bool = False
) -> bytes:
    picture = Image.new("RGB", (width, height), "#8A4B14")
    if noise:
        picture.putdata(
            [tuple(random.Random(n).randbytes(3)) for n in range(width * height)]  # noqa: S311 - only noise
        )
    return written(picture, form)


def a_jpeg_with_gps(width: int = 16, height: int = 12, orientation: int = 1) -> bytes:
    """A photo that tells the telephone and the place."""
    picture = Image.new("RGB", (width, height), "#0B5C7D")
    exif = Image.Exif()
    exif[0x0110] = "Secret Phone"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (49.0, 57.0, 0.0), 3: "E", 4: (82.0, 36.0, 0.0)})
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=exif, comment=b"Secret comment")
    return stream.getvalue()


def a_zip(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "alert(1)")
    return stream.getvalue()


def an_exe() -> bytes:
    return b"MZ\x90\x00" + bytes(200) + b"PE\0\0" + b"%PDF-1.4\n%%EOF"
