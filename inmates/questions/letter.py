"""The answer as a letter that is closed: plain data for templates/documents/question_letter.typ.

The first side is the address, folded outwards; the words are inside. It is no paper of the
registry: its number is known to the office and to the person, and is checked nowhere else.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from inmates.models import WageQuestion
from inmates.presenters.payslip import line_title
from inmates.questions.presenters import asked_line, month_of
from portal.kernel.text import date_long
from workshops.models import Institution


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed, and its address: "" without a name, `place` null where nobody holds them."""

    question: WageQuestion
    full_name: str
    place: Institution | None


def letter_document(letter: Letter, language: str) -> dict[str, Any]:
    """The letter in the present language, which is `language`.

    Where nobody holds the person any more no institution stands on it: it is handed out.
    """
    question = letter.question
    office = question.addressee
    number = _("Personnel number %(number)s") % {"number": question.inmate.personnel_number}
    officer = question.answered_by
    return {
        "language": language,
        "title": _("Answer to question № %(number)s") % {"number": question.number},
        "from": {"name": office.name, "lines": _lines(office.address, office.phone)},
        "to": {
            "name": letter.full_name or number,
            "lines": _lines(number if letter.full_name else "", *_address(letter)),
        },
        "closed": _("Personal. To be opened by the addressee alone."),
        "fold": _("Fold along the lines, the address outwards, and close."),
        "facts": _facts(question),
        "asked_title": _("You asked"),
        "asked": question.text or question.get_topic_display(),
        "answer_title": _("Answer"),
        "answer": [part for part in (question.answer or "").splitlines() if part.strip()],
        "signature": officer.get_full_name() if officer else "",
        "again": _(
            "You disagree with the answer? Ask another office at the terminal, or with the code of "
            "the payslip."
        ),
    }


def _address(letter: Letter) -> tuple[str, ...]:
    if letter.place is None:
        return (_("Handed out at the office: the person is not held any more"),)
    place = letter.place.organisation
    return place.name, place.address


def _lines(*lines: str) -> list[str]:
    return [line for line in lines if line]


def _facts(question: WageQuestion) -> list[dict[str, str]]:
    facts = [
        {"label": _("Month"), "value": month_of(question)},
        {"label": _("Topic"), "value": question.get_topic_display()},
        {"label": _("Asked"), "value": date_long(question.asked_at)},
    ]
    if question.answered_at is not None:
        facts.append({"label": _("Answered"), "value": date_long(question.answered_at)})
    if line := asked_line(question):
        facts.append({"label": _("Line of the payslip"), "value": line_title(line)})
    return facts
