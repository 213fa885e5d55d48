"""Payslips four to a sheet, as plain data for templates/documents/payslips_folded.typ.

Called by the job that prints everybody's. To measure a slip costs the setter as much as to set it,
so its face is chosen here, by the widths of the letters; `panel_of` works in the present language.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import ImageFont

from inmates.enums import PaperLanguage, RunKind
from inmates.models import PayrollRun, Payslip, PayslipLine
from inmates.presenters.payslip import (
    ShownLine,
    document_labels,
    paid_in_words,
    questions,
    shown_slip,
    slip_notes,
)
from inmates.presenters.run_kinds import kind_name
from inmates.presenters.slip_differences import paid_by
from inmates.selectors.transfers import Transferred
from portal.documents.render import print_fonts
from portal.kernel.text import month_name, sum_text
from workshops.models import Post

Row = tuple[str, str, str]
# The panel of the template in points: what is inside of it, below the strip.
WIDTH = 257.9
ROOM = 361.4
FACES = (7.4, 6.8, 6.2, 5.6, 5.0)
# Of the template, in ems: a line, what is between two of a paragraph, between two paragraphs.
LINE, LEADING, SPACING, GAP, INDENT, QUIET, LARGE = 0.7, 0.42, 0.6, 0.5, 0.8, 0.84, 1.3
# Figures stand under each other: none is wider.
FIGURE = 0.62
# Before a sum, at least.
BEFORE_SUM = 0.8
# What the estimate may be wrong by.
MARGIN = 1.02
# No word is longer than a line: names that people type may be.
LONGEST_WORD = 30
SMALL_SPACE = "\N{ZERO WIDTH SPACE}"


def folded_document(run: PayrollRun, panels: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The data of one file; a slip too long for every face has a page of its own at the end."""
    labels = {}
    for language in PaperLanguage.values:
        with translation.override(language):
            labels[language] = _labels(run)
    return {
        "language": PaperLanguage.RUSSIAN.value,
        "title": labels[PaperLanguage.RUSSIAN]["title"],
        "labels": labels,
        "slips": [panel for panel in panels if panel["face"] is not None],
        "long": [panel for panel in panels if panel["face"] is None],
    }


def _labels(run: PayrollRun) -> dict[str, str]:
    return document_labels() | {
        "title": _("Payslip") if run.kind == RunKind.REGULAR else kind_name(run),
        "period": month_name(run.month),
        "questions": questions(),
        "fold": _("cut out and fold up at the marks: the figures are inside then"),
    }


def panel_of(
    slip: Payslip,
    lines: Iterable[PayslipLine],
    *,
    full_name: str,
    places: Sequence[str],
    year: Mapping[str, Decimal],
    transfers: Iterable[Transferred] | None = None,
) -> dict[str, Any]:
    """One slip in the present language, with the largest face it is estimated to fit in."""
    language = (get_language() or PaperLanguage.RUSSIAN).split("-")[0]
    shown = shown_slip(slip, lines)
    panel: dict[str, Any] = {
        "language": language,
        "number": slip.inmate.personnel_number,
        "person": _breakable(full_name or slip.inmate.personnel_number),
        "about": _breakable(" · ".join([slip.run.payer.name, *places])),
        "earned": [_row(line) for line in shown.earned],
        "withheld": [_row(line) for line in shown.withheld],
        "employer_pays": [_row(line) for line in shown.employer],
        "notes": [(one["text"], "", one["value"]) for one in slip_notes(slip, year, transfers)],
        "gross": sum_text(slip.gross),
        "taken": sum_text(paid_by(slip) - slip.gross),
        "to_account": sum_text(paid_by(slip)),
        "in_words": paid_in_words(slip, language),
    }
    panel["face"] = face_of(panel)
    return panel


def places_words(posts: Iterable[Post]) -> list[str]:
    """Workshop and post, each once."""
    return list(dict.fromkeys(f"{post.workshop.name}, {post.name}" for post in posts))


def _row(line: ShownLine) -> Row:
    counted = " × ".join(filter(None, [line.quantity, line.rate]))
    return _breakable(line.text), _breakable(counted or line.why), line.amount


def _breakable(text: str) -> str:
    """The text with a place to break in words that are longer than a line may be."""
    if len(text) <= LONGEST_WORD:
        return text
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", rf"\g<0>{SMALL_SPACE}", text)


def face_of(panel: Mapping[str, Any]) -> int | None:
    """The place in FACES of the largest face that keeps the slip to its panel; None: of none."""
    for place, face in enumerate(FACES):
        if height_of(panel, WIDTH / face) * face * MARGIN <= ROOM:
            return place
    return None


def height_of(panel: Mapping[str, Any], width: float) -> float:
    """The height of the slip in ems of its face; `width` is that of a line in ems."""
    height = sum(
        count * LINE + (count - 1) * LEADING + SPACING for count in _line_counts(panel, width)
    )
    rules = 4 + bool(panel["employer_pays"])
    gaps = 4 + bool(panel["employer_pays"])
    larger = (LARGE - 1) * LINE
    return height + larger + rules * SPACING + gaps * GAP


def _line_counts(panel: Mapping[str, Any], width: float) -> Iterator[int]:
    """How many lines each paragraph has."""
    yield 1
    yield _lines(panel["person"], "", " " * 20, width)
    yield _lines("", panel["about"] + " " * 24, "", width)
    for part, bare in (("earned", 2), ("withheld", 2), ("notes", 0), ("employer_pays", 1)):
        rows = panel[part]
        yield from [1] * (bare if rows or part != "employer_pays" else 0)
        for words, reason, amount in rows:
            yield _lines(words, reason, amount, width)
    yield _lines("", panel["in_words"], "", width)
    yield 2


def _lines(words: str, reason: str, amount: str, width: float) -> int:
    """The lines of one paragraph: its words greedily, the sum at the end."""
    count, at, space = 1, 0.0, _width(" ")
    pieces = [(word, 1.0) for word in words.replace(SMALL_SPACE, " ").split(" ")]
    if reason:
        shown = reason.replace(SMALL_SPACE, " ")
        pieces += [("·", QUIET), *((word, QUIET) for word in shown.split(" "))]
    if amount:
        pieces.append((amount, 1.0))
    for word, size in pieces:
        length = _width(word) * size
        if word is amount:
            length += BEFORE_SUM
        if at and at + length > width:
            count, at = count + 1, INDENT
        at += length + space
    return count


@lru_cache(maxsize=10_000)
def _width(word: str) -> float:
    """In ems; the words of a month's slips are the same again and again."""
    advances = _advances()
    return sum([advances.get(sign, 1.0) for sign in word])


@cache
def _advances() -> dict[str, float]:
    """The width of each letter of the print face, in ems; bold ones are within the margin."""
    letters = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x400, 0x530)]))
    faces = [ImageFont.truetype(Path(path), 1000) for path in print_fonts()]
    widths = {
        sign: max(face.getlength(sign) for face in faces) / 1000
        for sign in letters + "–—“”„«»№₸×\N{MINUS SIGN}÷…\N{MIDDLE DOT}"
    }
    return widths | dict.fromkeys("0123456789", max(FIGURE, *(widths[one] for one in "0123456789")))
