"""The stamp of a paper: its QR code is read from the print, and leads to the check."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
import typst
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import translation
from PIL import Image

from portal.documents.models import IssuedDocument
from portal.documents.render import FONT_FILES, render_pdf, templates_folder
from portal.documents.stamp import check_address, qr_code, qr_svg, stamp_of
from portal.kernel.clock import ALMATY
from tests.documents.papers import a_document
from tests.documents.qr_reader import modules_of, read
from tests.documents.test_render import a_slip, reader, text_of
from tests.people import Cast

AT = datetime(2026, 12, 4, 10, 30, tzinfo=ALMATY)
ADDRESS = "https://sheberhana.example/verify/7KQF92MTXW4C/"
MILLIMETRE = 300 / 25.4


def a_made_up_document() -> IssuedDocument:
    return IssuedDocument(number="2026-00017", code="7KQF92MTXW4C", issued_at=AT)


def printed(template: str, data: dict) -> Image.Image:
    """The first page as a picture of 300 dots an inch."""
    fonts = [str((Path(settings.PRINT_FONTS) / name).parent) for name in FONT_FILES]
    png = typst.compile(
        templates_folder() / template,
        root=templates_folder(),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="png",
        ppi=300,
    )
    first = png[0] if isinstance(png, list) else png
    return Image.open(io.BytesIO(first)).convert("L")


def corner(page: Image.Image) -> Image.Image:
    """The top right corner, where the code of every document stands."""
    left, right = page.width - 52 * MILLIMETRE, page.width - 10 * MILLIMETRE
    return page.crop((int(left), int(6 * MILLIMETRE), int(right), int(44 * MILLIMETRE)))


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_code_is_read_from_the_printed_payslip(language: str):
    with translation.override(language):
        slip = a_slip(stamp=stamp_of(a_made_up_document(), ADDRESS))
    assert read(modules_of(corner(printed("payslip.typ", slip)))) == ADDRESS


def test_printed_modules_are_those_of_the_code():
    slip = a_slip(stamp=stamp_of(a_made_up_document(), ADDRESS))
    wanted = [[bool(cell) for cell in row] for row in qr_code(ADDRESS).matrix]
    assert modules_of(corner(printed("payslip.typ", slip))) == wanted


def test_reader_does_not_read_what_is_not_there():
    page = printed("payslip.typ", a_slip(stamp=stamp_of(a_made_up_document(), ADDRESS + "x")))
    assert read(modules_of(corner(page))) == ADDRESS + "x"


def test_module_is_large_enough_for_a_telephone():
    slip = a_slip(stamp=stamp_of(a_made_up_document(), ADDRESS))
    page = corner(printed("payslip.typ", slip))
    heights = range(130, 330, 10)
    dark = [x for x in range(page.width) if any(page.getpixel((x, y)) < 128 for y in heights)]
    width = (max(dark) - min(dark)) / MILLIMETRE
    assert width / len(qr_code(ADDRESS).matrix) > 0.5


def test_stamp_is_printed_in_words_too():
    with translation.override("kk"):
        slip = a_slip(stamp=stamp_of(a_made_up_document(), ADDRESS))
    pdf = render_pdf("payslip.typ", slip, created_at=AT)
    text = text_of(pdf).replace("\N{NO-BREAK SPACE}", " ")
    for words in ("2026-00017", "7KQF-92MT-XW4C", "04.12.2026", "тексеру кодын", "example/verify"):
        assert words in text, words
    assert len(reader(pdf).pages) == 1


def test_paper_without_a_stamp_is_printed_as_before():
    assert "verify" not in text_of(render_pdf("payslip.typ", a_slip(stamp=None), created_at=AT))


def test_slip_with_fourteen_lines_keeps_to_one_page():
    """Five operations, four withholdings, four payments of the employer, four notes: as paid."""
    line = {"text": "Үстел", "why": "", "quantity": "4", "rate": "350,00", "amount": "350,00"}
    taken = {"text": "МЗЖ", "why": "85 000,00 теңгеден; Әлеуметтік кодекс", "amount": "8 500,00"}
    slip = a_slip(
        earned=[line] * 5, withheld=[taken] * 5, employer_pays=[taken] * 4,
        notes=[{"text": "Жұмыс істелді", "value": "19 күн"}] * 4,
        stamp=stamp_of(a_made_up_document(), ADDRESS),
    )  # fmt: skip
    assert len(reader(render_pdf("payslip.typ", slip, created_at=AT)).pages) == 1


def test_long_slip_has_its_stamp_once_on_its_first_page():
    line = {"text": "Үстел", "why": "қабылданды", "amount": "350,00"}
    slip = a_slip(earned=[line] * 45, stamp=stamp_of(a_made_up_document(), ADDRESS))
    pages = reader(render_pdf("payslip.typ", slip, created_at=AT)).pages
    assert len(pages) > 1
    assert ["7KQF-92MT-XW4C" in page.extract_text() for page in pages] == [
        True, *[False] * (len(pages) - 1),
    ]  # fmt: skip


def test_drawing_is_plain_svg_with_its_quiet_zone():
    drawing = qr_svg(ADDRESS)
    assert drawing.startswith("<svg")
    assert "script" not in drawing
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")
    side = len(qr_code(ADDRESS).matrix) + 8
    assert f'width="{side}" height="{side}"' in drawing


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_stamp_speaks_the_language_of_the_paper(language: str):
    with translation.override(language):
        stamp = stamp_of(a_made_up_document(), ADDRESS)
    words = {"ru": "Код проверки", "kk": "Тексеру коды", "en": "Check code"}
    assert stamp["labels"]["code"] == words[language]
    assert "sheberhana.example/verify" in stamp["labels"]["how"]


def test_address_in_the_code_opens_the_check(cast: Cast, client: Client):
    made = a_document(cast)
    address = check_address(RequestFactory().get("/", headers={"host": "testserver"}), made)
    assert address == f"http://testserver/verify/{made.code}/"
    page = client.get(address.removeprefix("http://testserver"))
    assert page.status_code == 200
    assert made.number in page.content.decode()


def test_deployed_portal_prints_its_public_name(cast: Cast, settings):
    settings.IS_DEPLOYED = True
    settings.PUBLIC_URL = "https://sheberhana.example"
    made = a_document(cast)
    inner = RequestFactory().get("/", headers={"host": "10.0.0.7:8000"})
    assert check_address(inner, made) == f"https://sheberhana.example/verify/{made.code}/"
