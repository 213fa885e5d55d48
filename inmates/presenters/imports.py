"""The words of an import: problems by row and column, the columns of the template, the preview."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmates.enums import Ability, PayForm
from inmates.people_heads import (
    ABILITIES,
    ABILITY,
    ARRIVED,
    BORN,
    FROM,
    HEADS,
    IIN,
    NAME,
    PAY_FORM,
    PAY_FORMS,
    UNTIL,
)
from inmates.people_plan import Plan
from inmates.people_sheet import Problem
from inmates.presenters.import_words import SENTENCES
from portal.kernel.text import date_short

# Of one person; the labels of the enum speak of many.
ABLE_WORDS = {
    Ability.ABLE: gettext_lazy("able-bodied"),
    Ability.UNABLE: gettext_lazy("not able-bodied"),
    Ability.UNKNOWN: gettext_lazy("ability not known"),
}
DAYS = (BORN, ARRIVED, FROM, UNTIL)
LANGUAGES = ("ru", "kk", "en")
HARMLESS = frozenset(HEADS) - {NAME, IIN}
# Enough to find the cell by; a whole page typed into it is not repeated.
MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem as the page shows it."""

    row: int
    column: str
    typed: str
    text: str


def problem_rows(problems: Sequence[Problem], *, shows_identity: bool) -> list[ProblemRow]:
    """Problems with their words, in the order of the rows.

    A name, an IIN, and a head that may be a name are repeated only where `shows_identity`.
    """
    return [
        ProblemRow(
            row=one.row,
            column=head(one.column) if one.column in HEADS else "",
            typed=_shortened(one.typed) if shows_identity or one.column in HARMLESS else "",
            text=str(SENTENCES[one.code]) % dict(one.arguments)
            if one.arguments
            else str(SENTENCES[one.code]),
        )
        for one in problems
    ]


def _shortened(typed: str) -> str:
    return typed if len(typed) <= MOST_SHOWN else f"{typed[:MOST_SHOWN]}…"


def head(key: str) -> str:
    """The head of a column in the language of the page."""
    language = get_language() or "ru"
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return HEADS[key][place]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What one row would make true."""

    row: int
    number: str
    what: str
    details: str


def preview_rows(plan: Plan) -> list[PreviewRow]:
    """People and placements in the order of the file; no name is repeated here."""
    rows = [
        PreviewRow(
            one.row,
            one.number,
            _("New person"),
            _("born %(born)s, arrives %(arrives)s, %(ability)s")
            % {
                "born": date_short(one.born_on),
                "arrives": date_short(one.arrived_on),
                "ability": str(ABLE_WORDS[one.ability]),
            },
        )
        for one in plan.people
    ]
    rows += [
        PreviewRow(
            one.job.row,
            one.job.number,
            _("Placement"),
            _("%(post)s, %(workshop)s, from %(since)s, %(form)s")
            % {
                "post": one.job.post,
                "workshop": one.job.workshop,
                "since": date_short(one.job.since),
                "form": str(PayForm(one.job.pay_form).label).lower(),
            },
        )
        for one in plan.jobs
    ]
    return sorted(rows, key=lambda one: one.row)


def template_book(posts: Sequence[Any]) -> bytes:
    """An empty table with the heads in the language of the page, and what may stand in it."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format(
        {"num_format": "dd.mm.yyyy"}
    )  # fmt: skip
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(_("People"))
    for place, key in enumerate(HEADS):
        style = (
            text
            if key in (IIN, NAME)
            else day
            if key.endswith(("_on", "_from", "_until"))
            else None
        )
        sheet.set_column(place, place, 18, style)
        sheet.write_string(0, place, head(key), bold)
    sheet.freeze_panes(1, 1)
    words = book.add_worksheet(_("What may stand"))
    words.set_column(0, 2, 30)
    for place, name in enumerate((head("workshop"), head("post"))):
        words.write_string(0, place, name, bold)
    for row, post in enumerate(posts, start=1):
        words.write_string(row, 0, post.workshop.code)
        words.write_string(row, 1, post.name)
    for place, (key, known) in enumerate(((ABILITY, ABILITIES), (PAY_FORM, PAY_FORMS)), start=3):
        words.set_column(place, place, 24)
        words.write_string(0, place, head(key), bold)
        for row, word in enumerate(known, start=1):
            words.write_string(row, place, word)
    book.close()
    return written.getvalue()
