"""PDFs: the face is ours and whole, the same data give the same file, refusals are readable."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from pypdf import PdfReader

from portal.documents.render import (
    DocumentError,
    FontMissing,
    render_long_pdf,
    render_pdf,
    templates_folder,
)
from portal.documents.words import amount_in_words
from portal.kernel.clock import ALMATY
from portal.kernel.text import money, sum_text

AT = datetime(2026, 12, 4, 10, 30, tzinfo=ALMATY)
KAZAKH = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
SIGNS = "₸ № « » — – … × % 0123456789"
LABELS = {
    "person": "Жұмыскер",
    "employer": "Жұмыс беруші",
    "institution": "Мекеме",
    "workplace": "Шеберхана және кәсіп",
    "number": "Табель нөмірі",
    "earned": "Есептелді",
    "quantity": "Саны",
    "rate": "Баға, ₸",
    "amount": "Сома, ₸",
    "gross": "Барлығы есептелді",
    "withheld": "Ұсталды",
    "total_withheld": "Барлығы ұсталды",
    "to_account": "ҚБШ-ға есептеледі",
    "employer_pays": "Жұмыс беруші сізден тыс төлейді",
    "received": "Алдым (қолы)",
    "date": "Күні",
}


def a_slip(**changes: object) -> dict[str, object]:
    """A Kazakh slip as the accountant's page hands it over: text only."""
    return {
        "title": "Есеп айырысу парағы",
        "period": "2026 жылғы қараша",
        "employer": "«Еңбек» РМК (демо)",
        "institution": "№ 16 мекеме (демо)",
        "workplace": "Ағаш шеберханасы · ағаш ұстасы",
        "person": "Ахметов Н. С.",
        "number": "1047",
        "language": "kk",
        "labels": LABELS,
        "earned": [
            {
                "text": "Үстел, құрастыру",
                "why": "қабылданған 120 дана",
                "quantity": "120",
                "rate": "350,00",
                "amount": sum_text(Decimal("42000")),
            },
            {"text": "Сағаттық төлем", "amount": sum_text(Decimal("43000"))},
        ],
        "withheld": [
            {"text": "МЗЖ, 10 %", "why": "", "amount": sum_text(Decimal("8500"))},
            {"text": "МӘМС", "why": "Мемлекет төлейді", "amount": sum_text(Decimal("0"))},
        ],
        "employer_pays": [{"text": "Әлеуметтік аударымдар", "amount": sum_text(Decimal("4250"))}],
        "totals": {
            "gross": sum_text(Decimal("85000")),
            "withheld": sum_text(Decimal("8500")),
            "to_account": money(Decimal("76500")),
            "in_words": amount_in_words(Decimal("76500"), "kk"),
        },
        "questions": "Сұрақтар: бухгалтерия, 12-кабинет.",
    } | changes


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    pages = " ".join(page.extract_text() for page in reader(pdf).pages)
    return " ".join(pages.split())


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Name of every face in the file, and whether it is embedded."""
    found = {}
    for page in reader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            face = font.get_object()["/DescendantFonts"][0].get_object()
            description = face["/FontDescriptor"].get_object()
            name = face["/BaseFont"].split("+")[-1]
            found[name] = "/FontFile2" in description or "/FontFile3" in description
    return found


@pytest.fixture
def own_template(settings, tmp_path):
    """A template folder of the test's own, with the shared paper in it."""
    folder = tmp_path / "templates/documents"
    folder.mkdir(parents=True)
    (folder / "base.typ").write_text((templates_folder() / "base.typ").read_text())
    settings.BASE_DIR = tmp_path

    def write(source: str) -> str:
        (folder / "own.typ").write_text('#import "base.typ": *\n' + source)
        return "own.typ"

    return write


PLAIN = '#show: paper.with(title: "T", language: "kk")\n#data.text'


def test_the_whole_kazakh_alphabet_and_the_tenge_sign_are_printed(own_template):
    text = f"{KAZAKH} {KAZAKH.lower()} {SIGNS}"
    pdf = render_pdf(own_template(PLAIN), {"text": text}, created_at=AT)
    assert text_of(pdf).replace(" ", "") == text.replace(" ", "")


def test_only_our_face_is_in_the_file_and_it_is_embedded():
    fonts = fonts_of(render_pdf("payslip.typ", a_slip(), created_at=AT))
    assert fonts
    assert all(name.startswith("GolosText") for name in fonts)
    assert all(fonts.values())


def test_the_file_calls_itself_pdf_a():
    pdf = render_pdf("payslip.typ", a_slip(), created_at=AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert reader(pdf).metadata.title == "Есеп айырысу парағы 2026 жылғы қараша"
    assert reader(pdf).metadata.creation_date == AT


def test_the_same_data_give_the_same_bytes():
    assert render_pdf("payslip.typ", a_slip(), created_at=AT) == render_pdf(
        "payslip.typ", a_slip(), created_at=AT
    )
    assert render_pdf("payslip.typ", a_slip(), created_at=AT) != render_pdf(
        "payslip.typ", a_slip(number="1048"), created_at=AT
    )


def test_a_payslip_prints_every_word_of_its_data():
    text = text_of(render_pdf("payslip.typ", a_slip(), created_at=AT))
    expected = [
        *LABELS.values(),
        "Есеп айырысу парағы",
        "№ 16 мекеме (демо)",
        "Ахметов Н. С.",
        "1047",
        "қабылданған 120 дана",
        "Мемлекет төлейді",
        "85 000,00",
        "76 500,00 ₸",
        "Жетпіс алты мың бес жүз теңге 00 тиын",
        "Сұрақтар: бухгалтерия, 12-кабинет.",
    ]
    assert [words for words in expected if words not in text.replace("\u00a0", " ")] == []


def test_an_ordinary_payslip_is_one_page_of_a5():
    many = a_slip()["withheld"] * 4
    pages = reader(render_pdf("payslip.typ", a_slip(withheld=many), created_at=AT)).pages
    assert len(pages) == 1
    assert [round(float(size)) for size in pages[0].mediabox[2:]] == [420, 595]


def test_a_file_that_nobody_listens_to_is_much_smaller():
    slips = {"slips": [a_slip(number=str(number)) for number in range(30)]}
    tagged = render_pdf("payslip.typ", slips, created_at=AT)
    bare = render_pdf("payslip.typ", slips, created_at=AT, tagged=False)
    assert len(bare) < len(tagged) / 3
    assert text_of(bare) == text_of(tagged)
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in bare


def test_a_long_payslip_goes_on_with_its_heads():
    line = {
        "text": "Үстел",
        "why": "қабылданды",
        "quantity": "1",
        "rate": "350,00",
        "amount": "350,00",
    }
    pdf = render_pdf("payslip.typ", a_slip(earned=[line] * 40), created_at=AT)
    pages = reader(pdf).pages
    assert len(pages) > 1
    assert "Сома, ₸" in pages[1].extract_text()


def test_a_long_document_set_apart_is_the_same():
    slips = {"slips": [a_slip(number=str(number)) for number in range(5)]}
    apart = render_long_pdf("payslip.typ", slips, created_at=AT)
    assert apart == render_pdf("payslip.typ", slips, created_at=AT, tagged=False)


def test_missing_data_is_told_from_apart():
    slip = a_slip()
    del slip["totals"]
    with pytest.raises(DocumentError) as caught:
        render_long_pdf("payslip.typ", slip, created_at=AT)
    assert "totals" in str(caught.value.__cause__)


def test_a_strange_face_is_refused_apart(own_template):
    source = PLAIN + '\n#text(font: "Comic Sans", "x")'
    with pytest.raises(DocumentError) as caught:
        render_long_pdf(own_template(source), {"text": "a"}, created_at=AT)
    assert "comic sans" in str(caught.value.__cause__).lower()


def test_a_setter_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr("portal.documents.apart.WAIT_SECONDS", 0.001)
    with pytest.raises(DocumentError) as caught:
        render_long_pdf("payslip.typ", a_slip(), created_at=AT)
    assert "too long" in str(caught.value.__cause__)


def test_an_unknown_template_is_not_set_apart():
    with pytest.raises(DocumentError):
        render_long_pdf("../base.html", {}, created_at=AT)


def test_optional_parts_may_be_absent():
    slip = a_slip(employer_pays=[], questions="", earned=[])
    text = text_of(render_pdf("payslip.typ", slip, created_at=AT))
    assert LABELS["employer_pays"] not in text
    assert LABELS["earned"] in text


def test_notes_are_printed_when_there_are_any():
    notes = [{"text": "Қазанның МЗЖ-сы аударылды", "value": "8 500,00"}]
    text = text_of(render_pdf("payslip.typ", a_slip(notes=notes), created_at=AT))
    assert "Қазанның МЗЖ-сы аударылды" in text


def test_many_slips_make_one_file_a_page_each():
    slips = [a_slip(number=str(number)) for number in range(30)]
    pages = reader(render_pdf("payslip.typ", {"slips": slips}, created_at=AT)).pages
    assert len(pages) == 30
    assert "29" in pages[29].extract_text()


def test_data_is_text_and_never_markup(own_template):
    evil = '#read("/etc/passwd") $x$ *b* @ref <b> \\ " {{ }}'
    pdf = render_pdf(own_template(PLAIN), {"text": evil}, created_at=AT)
    assert text_of(pdf).replace(" ", "") == evil.replace(" ", "")


def test_a_template_reads_nothing_outside_its_folder(own_template):
    with pytest.raises(DocumentError):
        render_pdf(own_template('#read("../../secret")'), {}, created_at=AT)


def test_a_face_that_is_not_ours_is_refused(own_template):
    source = PLAIN + '\n#text(font: "Comic Sans", "x")'
    with pytest.raises(DocumentError) as caught:
        render_pdf(own_template(source), {"text": "a"}, created_at=AT)
    assert "comic sans" in str(caught.value.__cause__).lower()


@pytest.mark.parametrize("name", ["none.typ", "../base.html", "/etc/passwd", ""])
def test_an_unknown_template_is_refused(name):
    with pytest.raises(DocumentError) as caught:
        render_pdf(name, {}, created_at=AT)
    assert str(caught.value) == "Нет такого образца документа."


def test_missing_data_is_refused_with_the_cause_behind_it():
    slip = a_slip()
    del slip["totals"]
    with pytest.raises(DocumentError) as caught:
        render_pdf("payslip.typ", slip, created_at=AT)
    assert "totals" in str(caught.value.__cause__)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        render_pdf("payslip.typ", a_slip(), created_at=AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ru", "нет шрифта для печати"), ("kk", "баспа қарпі жоқ"), ("en", "print font is missing")],
)
def test_a_missing_font_is_told_in_words(settings, tmp_path, language, sentence):
    settings.PRINT_FONTS = tmp_path
    with pytest.raises(FontMissing) as caught:
        render_pdf("payslip.typ", a_slip(), created_at=AT)
    with translation.override(language):
        assert sentence in str(caught.value)


def test_no_template_fetches_anything():
    for path in sorted(Path(templates_folder()).rglob("*.typ")):
        source = path.read_text()
        assert "@preview" not in source, path
        assert "http" not in source, path
