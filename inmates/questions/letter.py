"""The answer as a letter that is closed: plain data for templates/documents/question_letter.typ.

The first side is the address, folded outwards; the words are inside. It is no paper of the
registry: its number is known to the office and to the person, and is checked nowhere else.
"""

from typing import Any

from django.utils.translation import gettext as _

from inmates.models import WageQuestion
from inmates.presenters.payslip import line_title
from inmates.questions.presenters import asked_line, month_of
from portal.kernel.text import date_long


def letter_document(question: WageQuestion, full_name: str, language: str) -> dict[str, Any]:
    """The letter in the present language, which is `language`."""
    office, place = question.addressee, question.institution.organisation
    officer = question.answered_by
    return {
        "language": language,
        "title": _("Answer to question № %(number)s") % {"number": question.number},
        "from": {"name": office.name, "lines": _lines(office.address, office.phone)},
        "to": {
            "name": full_name or _("Personnel number %(number)s") % {"number": _number(question)},
            "lines": _lines(
                _("Personnel number %(number)s") % {"number": _number(question)},
                place.name,
                place.address,
            ),
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


def _number(question: WageQuestion) -> str:
    return str(question.inmate.personnel_number)


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
