"""Questions in words: for who asked, for the office, for the letter and for the public figures."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmates.models import Payslip, PayslipLine, QuestionLook, WageQuestion
from inmates.presenters.payslip import ShownSlip, line_title, shown_slip
from inmates.questions.enums import (
    WAITING,
    AnswerWay,
    NamePurpose,
    QuestionChannel,
    WageQuestionStatus,
)
from inmates.questions.rules import may_read_name
from inmates.questions.selectors import line_of, lines_of, looks_of
from portal.kernel import text
from portal.kernel.states import history_of
from portal.kernel.workdays import workdays_between

Rows = list[dict[str, Any]]
Status = WageQuestionStatus
NEWS = {
    "send": gettext_lazy("The question is sent"),
    "take": gettext_lazy("The office looks into it"),
    "ask_name": gettext_lazy("The office asks for the name"),
    "give_name": gettext_lazy("The name is given to the office"),
    "keep_name": gettext_lazy("The name is kept back"),
    "answer": gettext_lazy("Answered"),
    "withdraw": gettext_lazy("Taken back by who asked"),
}
BY_OFFICE = {"take", "ask_name", "answer"}
# A writ is found by its number in a public register, an order or a ruling names the person:
# without a name neither is told.
HIDDEN = "•••"


def clock_of(question: WageQuestion, on: date) -> dict[str, str]:
    """How many working days are left, or days over, with the tone; nothing once it is closed."""
    if question.status not in WAITING:
        return {"tone": "quiet", "words": ""}
    if on > question.due_on:
        over = (on - question.due_on).days
        words = ngettext("%(days)s day late", "%(days)s days late", over)
        return {"tone": "bad", "words": words % {"days": text.number(over)}}
    left = workdays_between(on, question.due_on)
    if not left:
        return {"tone": "warn", "words": _("today is the last day")}
    words = ngettext("%(days)s working day left", "%(days)s working days left", left)
    return {"tone": "info", "words": words % {"days": text.number(left)}}


def month_of(question: WageQuestion) -> str:
    """The month it is about, or that it is about none."""
    if question.payslip is None:
        return _("No particular month")
    return _capital_month(question.payslip)


def _capital_month(slip: Payslip) -> str:
    return text.month_name(slip.run.month).capitalize()


def slip_choices(slips: Iterable[Payslip]) -> list[tuple[int, str]]:
    """Payslips to choose from: the month, the payer and what went to the account."""
    return [
        (slip.pk, f"{_capital_month(slip)} · {slip.run.payer.name} · {text.money(slip.to_account)}")
        for slip in slips
    ]


def question_rows(questions: Iterable[WageQuestion], on: date, url_name: str) -> Rows:
    """Rows of a list with the clock of each."""
    return [
        {
            "question": one,
            "url": reverse(url_name, args=[one.pk]),
            "topic": one.get_topic_display(),
            "month": month_of(one),
            "clock": clock_of(one, on),
            "is_late": one.status in WAITING and one.due_on < on,
            "is_waiting": one.status in WAITING,
            # Of another office nobody learns that the code was used there.
            "is_added": one.follows is not None and one.follows.addressee_id == one.addressee_id,
        }
        for one in questions
    ]


def desk_facts(question: WageQuestion) -> Rows:
    """What the office knows: never whose question it is."""
    facts = [
        {"label": _("Topic"), "value": question.get_topic_display()},
        {"label": _("Month"), "value": month_of(question)},
        {"label": _("Institution"), "value": question.institution.organisation.name},
        {"label": _("Answer by"), "value": text.date_short(question.due_on)},
        {"label": _("How it came"), "value": question.get_channel_display(),
         "note": _unsure(question)},
        {"label": _("How the answer goes"), "value": question.get_answer_way_display(),
         "note": question.get_language_display()},
        {"label": _("Who asked"), "value": _who(question)},
    ]  # fmt: skip
    if question.payslip is not None:
        payer = {"label": _("Payer"), "value": question.payslip.run.payer.name}
        facts.insert(2, payer)
    if line := asked_line(question):
        facts.insert(2, {"label": _("Line of the payslip"), "value": line_title(discreet(line))})
    if question.taken_by is not None:
        facts.append({"label": _("Who looks into it"), "value": question.taken_by.get_full_name()})
    return facts


def _unsure(question: WageQuestion) -> str:
    if question.channel != QuestionChannel.PUBLIC:
        return ""
    return _("Whoever has the payslip in hand may have written it.")


def _who(question: WageQuestion) -> str:
    return _("The name may be read") if may_read_name(question) else _("Without a name")


def asked_line(question: WageQuestion) -> PayslipLine | None:
    """The line it is about, if it is about one."""
    if question.payslip is None or question.line_sequence is None:
        return None
    return line_of(question.payslip, question.line_sequence)


def discreet(line: PayslipLine) -> PayslipLine:
    """The line without the number of its writ and the papers it goes by; never saved."""
    if line.writ is not None:
        line.writ.number = HIDDEN
    line.arguments = without_papers(line.arguments)
    return line


def without_papers(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an explanation, and of those that follow it, with each paper hidden."""
    told = dict(arguments)
    if "basis" in told:
        told["basis"] = HIDDEN
    if "then" in told:
        told["then"] = [[code, without_papers(more)] for code, more in told["then"]]
    return told


def desk_slip(question: WageQuestion) -> ShownSlip | None:
    """The payslip it is about, line by line; papers only where the name may be read."""
    if question.payslip is None:
        return None
    lines = lines_of(question.payslip)
    if not may_read_name(question):
        lines = [discreet(line) for line in lines]
    return shown_slip(question.payslip, lines)


def timeline(question: WageQuestion, *, is_desk: bool) -> Rows:
    """What happened, oldest first; officers by name at their own desk, else as the office."""
    rows: Rows = []
    for change in history_of(question):
        is_office = change.action in BY_OFFICE
        office = question.addressee.name if is_office else ""
        actor = change.actor.get_full_name() if change.actor and is_desk else office
        rows.append(
            {
                "at": change.at,
                "text": NEWS.get(change.action, change.action),
                "status": change.to_status,
                "who": actor,
                "reason": question.name_reason if change.action == "ask_name" else "",
            }
        )
    for look in looks_of(question):
        who = look.actor.get_full_name() if is_desk else question.addressee.name
        rows.append({"at": look.at, "tone": "info", "who": who, **look_words(question, look)})
    if question.read_at is not None:
        rows.append({"at": question.read_at, "text": _("The answer was read at the terminal"),
                     "tone": "ok"})  # fmt: skip
    return sorted(rows, key=lambda row: row["at"])


def letter_words(question: WageQuestion, *, is_shown: bool, is_held: bool) -> list[str]:
    """What the officer does with the letter; nothing where the person reads at a terminal."""
    is_wanted = question.answer_way == AnswerWay.LETTER
    if question.status != Status.ANSWERED or (is_shown and not is_wanted):
        return []
    words = []
    if not is_wanted and is_held:
        words.append(
            _(
                "A letter with a new PIN was printed after the question: no terminal shows it any "
                "more, so the answer goes on paper."
            )
        )
    if may_read_name(question):
        words.append(_("The letter carries the name and the personnel number."))
    else:
        words.append(_("The letter carries the personnel number and no name."))
    if is_held:
        words.append(_("Close it and send it to the institution that stands on it."))
    else:
        words.append(_("Nobody holds the person any more: hand it to them alone, at your office."))
    return [*words, _("That you printed it stands in the history.")]


def look_words(question: WageQuestion, look: QuestionLook) -> dict[str, str]:
    """What an officer learned of who asked: the name, or the number a letter is addressed to."""
    if look.purpose != NamePurpose.LETTER:
        return {"text": _("The name was read"), "reason": look.get_purpose_display()}
    given_at = question.name_given_at
    has_name = question.is_named or (given_at is not None and given_at <= look.at)
    to = _("To the name and the number") if has_name else _("To the number, without the name")
    return {"text": _("The letter was printed"), "reason": to}


def office_look_rows(looks: Iterable[QuestionLook]) -> list[dict[str, str]]:
    """For the person alone: when an office learned who they are, and which; no officer by name."""
    return [
        {
            "when": text.moment(look.at),
            "what": look_words(look.question, look)["text"],
            "who": look.question.addressee.name,
            "why": look_words(look.question, look)["reason"],
            "number": look.question.number,
        }
        for look in looks
    ]


def person_facts(question: WageQuestion) -> Rows:
    """One's own question, as one asked it."""
    facts = [
        {"label": _("Topic"), "value": question.get_topic_display()},
        {"label": _("Month"), "value": month_of(question)},
        {"label": _("Who answers"), "value": question.addressee.name},
        {"label": _("Asked"), "value": text.date_short(question.asked_at)},
        {"label": _("Answer by"), "value": text.date_short(question.due_on)},
        {"label": _("How the answer comes"), "value": question.get_answer_way_display()},
        {"label": _("My name"), "value": _shown_name(question)},
    ]
    if line := asked_line(question):
        facts.insert(2, {"label": _("Line of the payslip"), "value": line_title(line)})
    return facts


def _shown_name(question: WageQuestion) -> str:
    if may_read_name(question):
        return _("the office may read it")
    if question.channel != QuestionChannel.TERMINAL:
        return _("not given: the question came with the code of your payslip")
    return _("not given")


def person_lead(question: WageQuestion) -> str:
    """Whose turn it is, in one sentence."""
    match question.status:
        case Status.ANSWERED:
            return _("The answer is below.")
        case Status.WITHDRAWN:
            return _("You have taken it back. Nothing more will happen.")
        case Status.NAME_ASKED:
            return _("The office asks whether it may know your name. You decide.")
    due = text.date_short(question.due_on)
    return _("The office answers by %(day)s, that day included.") % {"day": due}


def outside_facts(question: WageQuestion) -> Rows:
    """What whoever asked by a code follows: no month, no person, no number."""
    return [
        {"label": _("Sent"), "value": text.date_short(question.asked_at)},
        {"label": _("Who answers"), "value": question.addressee.get_kind_display()},
        {"label": _("Answer by"), "value": text.date_short(question.due_on)},
    ]
