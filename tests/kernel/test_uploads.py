"""Files of every sort, good and bad, made here: what is kept, and what is refused and why."""

import io
import zipfile
import zlib
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from portal.kernel import pdfs, uploads
from portal.kernel.uploads import FileKind, UploadRefused, check_upload, clean_name, kind_of
from tests.files import a_jpeg_with_gps, a_pdf, a_picture, a_zip, an_exe, pdf_writer, written

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"


def upload(content: bytes, name: str = "plan.pdf", declared: str = "application/pdf") -> Any:
    return SimpleUploadedFile(name, content, content_type=declared)


def check(content: bytes, name: str = "plan.pdf", **options: Any) -> uploads.CheckedFile:
    return check_upload(upload(content, name), **options)


# --- What is kept ---
def test_pdf_is_kept_as_it_is_with_its_pages() -> None:
    content = a_pdf(3)
    checked = check(content, "чертёж.pdf")
    assert (checked.kind, checked.pages, checked.content) == (FileKind.PDF, 3, content)
    assert (checked.name, checked.size) == ("чертёж.pdf", len(content))
    assert (checked.width, checked.height) == (None, None)


@pytest.mark.parametrize(
    ("kind", "form", "name"),
    [
        (FileKind.PNG, "PNG", "plan.png"),
        (FileKind.JPEG, "JPEG", "plan.jpg"),
        (FileKind.WEBP, "WEBP", "plan.webp"),
    ],
)
def test_picture_is_kept_with_its_size(kind: FileKind, form: str, name: str) -> None:
    checked = check(a_picture(form, 40, 30), "plan.bin")
    assert (checked.kind, checked.name) == (kind, name)
    assert (checked.width, checked.height, checked.pages) == (40, 30, None)
    with Image.open(io.BytesIO(checked.content)) as again:
        assert again.format == form


def test_kind_comes_from_the_content_and_corrects_the_name() -> None:
    checked = check_upload(upload(a_picture("PNG"), "report.pdf", "application/pdf"))
    assert (checked.kind, checked.name) == (FileKind.PNG, "report.png")


def test_same_picture_twice_has_the_same_sum() -> None:
    assert check(a_picture("JPEG")).sha256 == check(a_picture("JPEG")).sha256
    assert len(check(a_picture("PNG")).sha256) == 64


def test_place_where_a_photo_was_taken_is_not_kept() -> None:
    original = a_jpeg_with_gps()
    with Image.open(io.BytesIO(original)) as before:
        assert before.getexif().get_ifd(0x8825)
    checked = check(original)
    with Image.open(io.BytesIO(checked.content)) as after:
        assert dict(after.getexif()) == {}
        assert "comment" not in after.info
    assert b"Secret Phone" not in checked.content


def test_photo_is_turned_as_its_exif_said() -> None:
    checked = check(a_jpeg_with_gps(width=40, height=20, orientation=6))
    assert (checked.width, checked.height) == (20, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png_is_taken(mode: str) -> None:
    assert check(written(Image.new(mode, (8, 8)), "PNG")).width == 8


def test_sixteen_bits_of_grey_do_not_turn_white() -> None:
    checked = check(written(Image.new("I;16", (4, 4), 0x8000), "PNG"))
    with Image.open(io.BytesIO(checked.content)) as after:
        assert after.getpixel((0, 0)) == 128


def test_cmyk_photo_is_taken() -> None:
    assert check(written(Image.new("CMYK", (8, 8)), "JPEG")).kind == FileKind.JPEG


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_is_hidden_behind_a_picture_is_not_kept(form: str) -> None:
    checked = check(a_picture(form) + a_zip("evil.js"))
    assert b"evil.js" not in checked.content
    assert not zipfile.is_zipfile(io.BytesIO(checked.content))


def test_png_comment_is_not_kept() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Secret Person")
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG", pnginfo=info)
    assert b"Secret" not in check(stream.getvalue()).content


# --- What is not what it says ---
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "drawing.svg"),
        (SVG, "drawing.png"),
        (HTML, "drawing.pdf"),
        (HTML + b"%PDF-1.4\n%%EOF", "drawing.pdf"),
        (an_exe(), "drawing.pdf"),
        (an_exe(), "drawing.jpg"),
        (a_zip("drawing.dwg"), "drawing.pdf"),
        (a_picture("GIF"), "drawing.png"),
        (a_picture("BMP"), "drawing.bmp"),
        (a_picture("TIFF"), "drawing.webp"),
        (b"just words", "drawing.pdf"),
        (b"\n%PDF-1.4", "drawing.pdf"),
    ],
)
def test_disguised_file_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(uploads.UploadKindUnknown) as refused:
        check(content, name)
    with translation.override("en"):
        assert f"“{name}”" in str(refused.value)


def test_kind_that_is_not_wanted_is_refused() -> None:
    with pytest.raises(uploads.UploadKindUnknown):
        check(a_pdf(), kinds=[FileKind.PNG])


def test_kind_of_nothing_is_nothing() -> None:
    assert kind_of(b"") is None


# --- Too much ---
def test_empty_file_is_refused() -> None:
    with pytest.raises(uploads.UploadEmpty):
        check(b"")


def test_large_file_is_refused_by_what_it_tells() -> None:
    file = upload(a_pdf())
    file.size = uploads.MAX_FILE_MEGABYTES * uploads.MEGABYTE + 1
    with pytest.raises(uploads.UploadTooLarge):
        check_upload(file)


def test_large_file_that_tells_a_small_size_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FILE_MEGABYTES", 1)
    file = upload(b"%PDF-" + bytes(uploads.MEGABYTE + 1))
    file.size = 10
    with pytest.raises(uploads.UploadTooLarge):
        check_upload(file)


def a_png_of(width: int, height: int) -> bytes:
    """A few hundred bytes that promise any number of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"), [(7000, 7000), (20_001, 10), (10, 20_001), (60_000, 60_000)]
)
def test_pixels_are_counted_before_anything_is_decoded(monkeypatch, width, height) -> None:
    def never(*_args: Any, **_options: Any) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "load", never)
    with pytest.raises(uploads.UploadTooManyPixels):
        check(a_png_of(width, height), "bomb.png")


def test_png_with_a_bomb_of_text_is_refused() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))
    plain = a_picture("PNG")
    with pytest.raises(uploads.UploadDamaged):
        check(plain[:33] + bomb + plain[33:])


def test_pages_are_limited(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_PAGES", 2)
    assert check(a_pdf(2)).pages == 2
    with pytest.raises(uploads.UploadTooManyPages):
        check(a_pdf(3))


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_moving_picture_is_refused(form: str) -> None:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(stream, form, save_all=True, append_images=frames[1:])
    with pytest.raises(uploads.UploadMoves):
        check(stream.getvalue())


# --- Damaged ---
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_cut_picture_is_refused(form: str) -> None:
    whole = a_picture(form, 200, 200, noise=True)
    with pytest.raises(uploads.UploadDamaged):
        check(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF",
        a_pdf()[:-40],
    ],
)
def test_broken_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(uploads.UploadDamaged):
        check(content)


def test_pdf_without_pages_is_refused() -> None:
    with pytest.raises(uploads.UploadDamaged):
        check(a_pdf(0))


def test_archive_behind_a_pdf_is_refused() -> None:
    with pytest.raises(uploads.UploadDamaged):
        check(a_pdf() + a_zip("evil.js"))


def test_spaces_behind_a_pdf_are_harmless() -> None:
    assert check(a_pdf() + b"\r\n\0\0  ").pages == 1


# --- A PDF that is more than pages ---
def test_protected_pdf_is_refused() -> None:
    writer = pdf_writer()
    writer.encrypt("secret", algorithm="RC4-128")
    with pytest.raises(uploads.UploadEncrypted):
        check(written(writer))


_ALERT = TextStringObject("app.alert(1)")


def _script(writer: PdfWriter) -> None:
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): _ALERT}
    names = ArrayObject([TextStringObject("a"), DictionaryObject(script)])
    tree = DictionaryObject({NameObject("/Names"): names})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


def _attachment(writer: PdfWriter) -> None:
    writer.add_attachment("evil.exe", an_exe())


def _open_action(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = _launch()


def _page_action(writer: PdfWriter) -> None:
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): _launch()})


def _link_that_launches(writer: PdfWriter) -> None:
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (0, 0, 9, 9)]),
            NameObject("/A"): _launch(),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])


def _form_that_is_a_program(writer: PdfWriter) -> None:
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer.root_object[NameObject("/AcroForm")] = form


def _bookmark_with_a_script(writer: PdfWriter) -> None:
    mark = writer.add_outline_item(title="Лист 1", page_number=0).get_object()
    mark[NameObject("/A")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")}
    )


def _field_on_no_page(writer: PdfWriter) -> None:
    keys = DictionaryObject({NameObject("/K"): _launch()})
    field = writer._add_object(DictionaryObject({NameObject("/AA"): keys}))
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([field])})
    writer.root_object[NameObject("/AcroForm")] = form


def _associated_file(writer: PdfWriter) -> None:
    file = DictionaryObject({NameObject("/EF"): DictionaryObject()})
    writer.root_object[NameObject("/AF")] = ArrayObject([writer._add_object(file)])


def _name_that_stands_elsewhere(writer: PdfWriter) -> None:
    action = _launch()
    action[NameObject("/S")] = writer._add_object(NameObject("/Launch"))
    writer.root_object[NameObject("/OpenAction")] = action


def _kind_of_note_that_stands_elsewhere(writer: PdfWriter) -> None:
    kind = writer._add_object(NameObject("/FileAttachment"))
    note = DictionaryObject({NameObject("/Subtype"): kind})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])


def _script_behind_a_jump(writer: PdfWriter) -> None:
    jump = DictionaryObject({NameObject("/S"): NameObject("/GoTo"), NameObject("/Next"): _launch()})
    writer.root_object[NameObject("/OpenAction")] = jump


def _launch() -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )


@pytest.mark.parametrize(
    "spoil",
    [
        _script,
        _attachment,
        _open_action,
        _page_action,
        _link_that_launches,
        _form_that_is_a_program,
        _bookmark_with_a_script,
        _field_on_no_page,
        _associated_file,
        _name_that_stands_elsewhere,
        _kind_of_note_that_stands_elsewhere,
        _script_behind_a_jump,
    ],
)
def test_active_pdf_is_refused(spoil: Any) -> None:
    writer = pdf_writer()
    spoil(writer)
    with pytest.raises(uploads.UploadActive):
        check(written(writer))


def test_pdf_with_bookmarks_is_taken() -> None:
    writer = pdf_writer(2)
    first = writer.add_outline_item(title="Лист 1", page_number=0)
    writer.add_outline_item(title="Узел", page_number=1, parent=first)
    assert check(written(writer)).pages == 2


def test_pdf_of_endless_parts_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_THINGS", 5)
    with pytest.raises(uploads.UploadDamaged):
        check(a_pdf(6))


def a_pdf_that_takes_seconds() -> bytes:
    """Eight million brackets in one text of the catalogue: read one by one."""
    text = b"(" * 4_000_000 + b")" * 4_000_000
    plain = written(pdf_writer())
    assert plain.count(b"/Catalog") == 1
    return plain.replace(b"/Catalog", b"/Catalog /X " + text)


def test_pdf_that_keeps_the_reader_busy_is_cut_off(monkeypatch) -> None:
    monkeypatch.setattr(pdfs, "CPU_SECONDS", 1)
    with pytest.raises(uploads.UploadEndless):
        check(a_pdf_that_takes_seconds())


def test_nobody_waits_for_a_pdf_longer_than_told(monkeypatch) -> None:
    monkeypatch.setattr(pdfs, "WAIT_SECONDS", 0.01)
    with pytest.raises(uploads.UploadEndless):
        check(a_pdf())


def test_pdf_that_fills_the_memory_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(pdfs, "MEMORY", 100 * uploads.MEGABYTE)
    with pytest.raises(uploads.UploadDamaged):
        check(a_pdf_that_takes_seconds())


def test_reader_runs_without_the_portal() -> None:
    """Else every uploaded drawing would wait for Django to start."""
    source = Path(pdfs.__file__).read_text(encoding="utf-8")
    assert "import portal" not in source
    assert "from portal" not in source
    assert "django" not in source.lower()


def test_pdf_with_ordinary_links_is_taken() -> None:
    writer = pdf_writer(2)
    writer.add_outline_item(title="Page two", page_number=1)
    writer.add_uri(page_number=0, uri="https://example.kz", rect=[0, 0, 9, 9])
    assert check(written(writer)).pages == 2
    assert len(PdfReader(io.BytesIO(written(writer))).pages) == 2


# --- Names ---
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\plans\\стол.pdf", "стол.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\0b\nc.pdf", "abc.pdf"),
        ("  plan 2.pdf ", "plan 2.pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("<script>.pdf", "<script>.pdf"),
    ],
)
def test_name_is_only_text(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_every_refusal_is_a_sentence_in_three_languages() -> None:
    for refusal in UploadRefused.__subclasses__():
        sentences = set()
        for language in ("ru", "kk", "en"):
            with translation.override(language):
                sentences.add(str(refusal(name="a.pdf", most=1)))
        assert len(sentences) == 3, refusal.__name__
        assert all("a.pdf" in sentence for sentence in sentences)
