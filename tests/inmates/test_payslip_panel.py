"""Slips four to a sheet: the face is estimated, and the setter's own measure never differs."""

import random
import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from inmates.presenters.payslip_panel import (
    FACES,
    LONGEST_WORD,
    ROOM,
    SMALL_SPACE,
    WIDTH,
    _breakable,
    face_of,
    height_of,
)
from portal.documents.render import DocumentError, render_pdf
from tests.documents.test_render import AT, LABELS
from tests.inmates.printed import pages_of, plain

LONG = (
    "еңбекке ақы төлеудің ең төменгі мөлшері бойынша есептелген сома, Қазақстан Республикасының "
    "Еңбек кодексінің 110-бабы, түнгі уақыттағы жұмыс үшін үстемеақы"
)
# The height of a strip in points.
STRIP = 14 / 25.4 * 72
SHORT = "сомасынан 5 %; Әлеуметтік кодекс, 245-бап; жалақыдан МЗЖ шегерілген"
SHEET_LABELS = LABELS | {
    "title": "Есеп айырысу парағы",
    "period": "2026 жылғы қараша",
    "questions": "Сұрақтар: бухгалтерия.",
    "fold": "бүктеңіз",
}


def a_panel(earned: int = 1, withheld: int = 3, writs: int = 0, **changes: Any) -> dict[str, Any]:
    """A slip with so many lines; the reasons of writs are long."""
    row = ["Мерзімдік: ағаш ұстасы", "160 сағ × 600,00", "96\u00a0000,00"]
    tax = [
        "Міндетті зейнетақы жарнасы (МЗЖ)",
        "сомасынан 10 %; Әлеуметтік кодекс",
        "−9\u00a0600,00",
    ]
    writ = ["Атқару парағы № 12/2026, 1-кезек", f"{LONG}; {LONG}", "−24\u00a0000,00"]
    panel: dict[str, Any] = {
        "language": "kk",
        "number": "1047",
        "person": "Ахметов Нұрлан Серікұлы",
        "about": "«Еңбек» РМК (демо) · Ағаш шеберханасы, ағаш ұстасы",
        "earned": [row] * earned,
        "withheld": [tax] * withheld + [writ] * writs,
        "employer_pays": [["Әлеуметтік аударымдар (ӘА)", SHORT, "4\u00a0320,00"]] * 4,
        "notes": [["Жыл басынан есептелген", "", "960\u00a0000,00\u00a0₸"]] * 4,
        "gross": "96\u00a0000,00",
        "taken": "−9\u00a0600,00",
        "to_account": "86\u00a0400,00",
        "in_words": "Сексен алты мың төрт жүз теңге 00 тиын",
    } | changes
    panel["face"] = face_of(panel)
    return panel


def printed(*panels: dict[str, Any], checked: bool = True) -> bytes:
    data = {
        "title": "Есеп айырысу парағы",
        "language": "kk",
        "labels": {"kk": SHEET_LABELS, "ru": SHEET_LABELS},
        "slips": [one for one in panels if one["face"] is not None],
        "long": [one for one in panels if one["face"] is None],
        "checked": checked,
    }
    return render_pdf("payslips_folded.typ", data, created_at=AT, tagged=False)


def random_panel(chance: random.Random, number: int) -> dict[str, Any]:
    words = [*LONG.split(), "Щ" * 40, "МӘМС-ЖЖ", "iiii", "№", "16-бап"]

    def text(most: int) -> str:
        return _breakable(" ".join(chance.choices(words, k=chance.randint(1, most))))

    def rows(most: int) -> list[list[str]]:
        amount = f"−{chance.randint(1, 999)}\u00a0{chance.randint(100, 999)},00"
        return [
            [text(5), text(14) if chance.random() < 0.5 else "", amount]
            for _place in range(chance.randint(0, most))
        ]

    panel = a_panel(number=str(number), person=text(5), about=text(14), in_words=text(12)) | {
        "earned": rows(9),
        "withheld": rows(8),
        "employer_pays": rows(4),
    }
    return panel | {"face": face_of(panel)}


# --- The estimate against the setter ---


def test_ordinary_slip_has_the_largest_face():
    assert a_panel()["face"] == 0
    assert a_panel(earned=3)["face"] == 0


def test_estimate_is_never_short_of_the_measure():
    """Four hundred slips of any length: the template asserts that each fits its face."""
    chance = random.Random(5)  # noqa: S311 - lines to try, no secret
    panels = [random_panel(chance, number) for number in range(400)]
    faces = {panel["face"] for panel in panels}
    assert faces >= set(range(len(FACES))), "each face is tried"
    assert printed(*panels).startswith(b"%PDF")


def test_template_tells_a_wrong_estimate():
    long = a_panel(earned=12, writs=9) | {"face": 0}
    with pytest.raises(DocumentError) as caught:
        printed(long)
    assert "longer than estimated: 1047" in str(caught.value.__cause__)


@pytest.mark.parametrize(("earned", "writs"), [(12, 0), (1, 9), (6, 4), (12, 9), (40, 9)])
def test_worst_cases_are_printed_whole(earned: int, writs: int):
    rows = [[f"Жол {place}", LONG, f"{place},55"] for place in range(earned)]
    panel = a_panel(earned=0, writs=writs)
    panel["earned"] = rows
    panel["face"] = face_of(panel)
    text = plain(" ".join(pages_of(printed(panel, a_panel(number="1048")))))
    for place in range(earned):
        assert re.search(rf"Жол {place}\b", text), place
        assert f"{place},55" in text
    assert text.count("Атқару парағы") == writs
    assert text.count(SHEET_LABELS["to_account"]) == 2


def test_slip_too_long_for_every_face_has_a_page_of_its_own_at_the_end():
    long = a_panel(earned=40, writs=9, number="77777")
    assert long["face"] is None
    pages = PdfReader(BytesIO(printed(long, a_panel(), a_panel()))).pages
    sizes = [[round(float(side)) for side in page.mediabox[2:]] for page in pages]
    assert sizes[0] == [595, 842]
    assert set(map(tuple, sizes[1:])) == {(420, 595)}
    assert "77777" not in pages[0].extract_text()
    assert "77777" in pages[1].extract_text()


def test_longer_slips_have_smaller_faces():
    faces = [a_panel(earned=count)["face"] for count in (1, 10, 18, 22, 26)]
    known = [face for face in faces if face is not None]
    assert known == sorted(known)
    assert known[0] == 0
    assert known[-1] > 0


def test_estimate_is_not_far_off():
    """Or slips that fit at the largest face would be measured, which costs three times as much."""
    for count in range(1, 14):
        panel = a_panel(earned=count)
        if height_of(panel, WIDTH / FACES[0]) * FACES[0] < ROOM * 0.9:
            assert panel["face"] == 0


# --- On the sheet ---


def test_four_slips_stand_on_a_sheet():
    pages = pages_of(printed(*(a_panel(number=str(2000 + place)) for place in range(9))))
    assert len(pages) == 3
    assert [sum(f"200{place}" in page for place in range(9)) for page in pages] == [4, 4, 1]


def strip_texts(page: Any) -> list[str]:
    """What stands in the strips of a page: above the line that a folded slip ends at."""
    found: list[str] = []
    half = float(page.mediabox[3]) / 2

    def visit(text: str, outer: Any, own: Any, *_font: Any) -> None:
        up = own[4] * outer[1] + own[5] * outer[3] + outer[5]
        if text.strip() and (2 * half - up) % half < STRIP:
            found.append(text.strip())

    page.extract_text(visitor_text=visit)
    return found


def test_a_folded_slip_shows_the_number_alone():
    pdf = printed(*(a_panel(number=str(2000 + place)) for place in range(4)))
    (page,) = PdfReader(BytesIO(pdf)).pages
    shown = " ".join(strip_texts(page))
    for place in range(4):
        assert str(2000 + place) in shown
    for secret in ("Ахметов", "96", "86", "Еңбек", "Атқару", "қараша"):
        assert secret not in shown


def test_a_word_longer_than_a_line_can_be_broken():
    name = "Ы" * 95
    broken = _breakable(name)
    assert broken.replace(SMALL_SPACE, "") == name
    assert max(map(len, broken.split(SMALL_SPACE))) == LONGEST_WORD
    assert printed(a_panel(person=broken, about=broken)).startswith(b"%PDF")


def test_short_words_stay_as_they_are():
    assert _breakable(LONG) == LONG
    assert _breakable("Ы" * LONGEST_WORD) == "Ы" * LONGEST_WORD
