"""“I disagree” at a reading terminal: one's questions, a new one, its answer.

Whoever stands at the terminal is `request.terminal_person`; on any other device these are 404.
"""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.models import Payslip, WageQuestion
from inmates.presenters.payslip import line_title
from inmates.questions.enums import WAITING, AnswerWay, WageQuestionStatus
from inmates.questions.forms import TerminalQuestionForm
from inmates.questions.presenters import (
    clock_of,
    office_look_rows,
    person_facts,
    person_lead,
    question_rows,
    slip_choices,
    timeline,
)
from inmates.questions.selectors import (
    SLIPS_SHOWN,
    addressees_of,
    institution_of,
    line_of,
    office_looks,
    questions_of,
    slips_of,
)
from inmates.questions.services import (
    ask_wage_question,
    give_name,
    keep_name,
    note_answer_read,
    withdraw_question,
)
from inmates.views.terminal_gate import terminal_person
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.text import month_name

ACTS = {"withdraw": withdraw_question, "give-name": give_name, "keep-name": keep_name}
METHODS = ["GET", "HEAD", "POST"]
MOST_SHOWN = 20
# As long as the page of looks goes back.
LOOKS_OF = timedelta(days=365)


@terminal_person
@require_safe
def terminal_questions(request: Any) -> HttpResponse:
    """What one has asked, the newest first."""
    person, on = request.terminal_person, clock.today()
    rows = question_rows(questions_of(person)[:MOST_SHOWN], on, "inmates:terminal_question")
    # The month from whose page “I disagree” was pressed goes along to the form.
    month = request.GET.get("month", "")[:7]
    offices = office_look_rows(office_looks(person, on - LOOKS_OF))
    context = {"rows": rows, "month": month, "offices": offices}
    return render(request, "inmates/questions/terminal_list.html", context)


@terminal_person
@require_http_methods(METHODS)
def terminal_question_new(request: Any) -> HttpResponse:
    """Topic, month, own words, the office: sent with a number and a last day for the answer."""
    person, on = request.terminal_person, clock.today()
    place = institution_of(person, on)
    slips = list(slips_of(person)[:SLIPS_SHOWN])
    about, sequence = _about(request, slips)
    form = TerminalQuestionForm(
        request.POST or None,
        slips=slip_choices(slips),
        offices=addressees_of(place, on) if place else [],
        is_about_line=bool(sequence),
        cancel_url=reverse("inmates:terminal_questions"),
        initial={
            "slip": about.pk if about else "",
            "line": sequence,
            "answer_way": AnswerWay.TERMINAL,
        },
    )
    status = 200
    if request.method == "POST":
        sent = _sent(request, form) if form.is_valid() else None
        if sent is not None:
            return redirect("inmates:terminal_question", question_id=sent.pk)
        status = 422
    context = {"form": form, "about": _words(about, sequence)}
    return render(request, "inmates/questions/terminal_new.html", context, status=status)


def _about(request: Any, slips: list[Payslip]) -> tuple[Payslip | None, int | None]:
    """The payslip and the line from which “I disagree” was pressed, if they are the person's."""
    given = request.POST if request.method == "POST" else request.GET
    slip = next(
        (
            one
            for one in slips
            if str(one.pk) == given.get("slip") or f"{one.run.month:%Y-%m}" == given.get("month")
        ),
        None,
    )
    sequence = given.get("line", "")
    if slip is None or not sequence.isdecimal() or line_of(slip, int(sequence[:4])) is None:
        return slip, None
    return slip, int(sequence[:4])


def _words(slip: Payslip | None, sequence: int | None) -> str:
    """The line that is asked about, above the form."""
    line = line_of(slip, sequence) if slip and sequence else None
    if slip is None or line is None:
        return ""
    return f"{month_name(slip.run.month).capitalize()}: {line_title(line)}"


def _sent(request: Any, form: TerminalQuestionForm) -> WageQuestion | None:
    try:
        return ask_wage_question(
            inmate_id=request.terminal_person.pk,
            submission=form.cleaned_data["submission"],
            wanted=form.asked(request.terminal_visit.language),
            at=clock.now(),
        )
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return None


@terminal_person
@require_safe
def terminal_question(request: Any, question_id: int) -> HttpResponse:
    """One's question with its answer; that it was read is kept for the office."""
    row = _own(request, question_id)
    if row.status == WageQuestionStatus.ANSWERED and row.read_at is None:
        note_answer_read(inmate_id=request.terminal_person.pk, question_id=row.pk, at=clock.now())
    return _show(request, row)


@terminal_person
@require_http_methods(METHODS)
def terminal_question_act(request: Any, question_id: int, act: str) -> HttpResponse:
    """Take it back; give one's name, or keep it. By its bare address: the question itself."""
    if act not in ACTS:
        raise Http404
    row = _own(request, question_id)
    if request.method != "POST":
        return redirect("inmates:terminal_question", question_id=row.pk)
    try:
        ACTS[act](inmate_id=request.terminal_person.pk, question_id=row.pk, at=clock.now())
    except PortalError as refusal:
        return _show(request, _own(request, question_id), refusal=str(refusal))
    return redirect("inmates:terminal_question", question_id=row.pk)


def _own(request: Any, question_id: int) -> WageQuestion:
    return get_object_or_404(questions_of(request.terminal_person), pk=question_id)


def _show(request: HttpRequest, row: WageQuestion, refusal: str = "") -> HttpResponse:
    on = clock.today()
    context = {
        "question": row,
        "title": _("Question № %(number)s") % {"number": row.number},
        "lead": person_lead(row),
        "clock": clock_of(row, on),
        "facts": person_facts(row),
        "rows": timeline(row, is_desk=False),
        "may_withdraw": row.status in WAITING,
        "refusal": refusal,
    }
    status = 409 if refusal else 200
    return render(request, "inmates/questions/terminal_one.html", context, status=status)
