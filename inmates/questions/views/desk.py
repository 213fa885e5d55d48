"""The desk of an office outside the institutions: questions, their answers, paper letters.

To everybody but its officers these addresses lead nowhere (`question_officers`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from inmates.enums import PaperLanguage
from inmates.models import WageQuestion
from inmates.presenters.payslip import account_reason
from inmates.questions.answers import (
    answer_question,
    ask_name,
    enter_letter,
    print_letter,
    read_name,
    take_question,
)
from inmates.questions.enums import WageQuestionStatus
from inmates.questions.forms import AnswerForm, AskNameForm, LetterForm
from inmates.questions.letter import letter_document
from inmates.questions.presenters import (
    clock_of,
    desk_facts,
    desk_slip,
    letter_words,
    month_of,
    question_rows,
    timeline,
)
from inmates.questions.rules import may_read_name
from inmates.questions.selectors import (
    added_to,
    first_of,
    institution_of,
    is_shown_at_terminal,
    offices_of,
    questions_answered_by,
)
from portal.accounts.rules import question_officers
from portal.documents.render import render_pdf
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

PAGE_SIZE = 25
METHODS = ["GET", "HEAD", "POST"]
Status = WageQuestionStatus
Act = Callable[[HttpRequest, int], HttpResponse]


def _question(request: HttpRequest, question_id: int) -> WageQuestion:
    visible = questions_answered_by(request.user, clock.today())
    return get_object_or_404(visible, pk=question_id)


def act(view: Act) -> Act:
    """An act on one question: by its bare address (a reload, the way back from signing in) one
    comes to the question itself. The rule stands before it: others learn of no method either.
    """

    @wraps(view)
    def acted(request: HttpRequest, question_id: int) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return redirect("inmates:question", question_id=_question(request, question_id).pk)
        return view(request, question_id)

    return require_http_methods(METHODS)(acted)


@allow(question_officers)
@never_cache
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Questions to one's office; what waits first, with the days left."""
    on = clock.today()
    page = Paginator(questions_answered_by(request.user, on), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "rows": question_rows(page, on, "inmates:question")}
    return render(request, "inmates/questions/desk.html", context)


@allow(question_officers)
@never_cache
@require_safe
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question with the payslip it is about, and what may be done."""
    return _show(request, _question(request, question_id))


@allow(question_officers)
@never_cache
@require_http_methods(METHODS)
def question_enter(request: HttpRequest) -> HttpResponse:
    """A paper letter with a code becomes a question to one's office."""
    form = LetterForm(
        request.POST or None,
        offices=offices_of(request.user, clock.today()),
        cancel_url=reverse("inmates:questions"),
        initial={"language": PaperLanguage.RUSSIAN},
    )
    status = 200
    if request.method == "POST":
        entered = _entered(request, form) if form.is_valid() else None
        if entered is not None:
            return redirect("inmates:question", question_id=entered.pk)
        status = 422
    return render(request, "inmates/questions/enter.html", {"form": form}, status=status)


def _entered(request: HttpRequest, form: LetterForm) -> WageQuestion | None:
    try:
        entered = enter_letter(
            actor=request.user,
            code=form.cleaned_data["code"],
            submission=form.cleaned_data["submission"],
            wanted=form.asked(),
            at=clock.now(),
        )
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("The letter is entered; its days have begun."))
    return entered


@allow(question_officers)
@never_cache
@act
def question_take(request: HttpRequest, question_id: int) -> HttpResponse:
    """The officer answers for the question from now on."""
    row = _question(request, question_id)
    try:
        take_question(actor=request.user, question_id=row.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect("inmates:question", question_id=row.pk)


@allow(question_officers)
@never_cache
@act
def question_ask_name(request: HttpRequest, question_id: int) -> HttpResponse:
    """The person decides at the terminal whether the office learns who asks."""
    row = _question(request, question_id)
    form = AskNameForm(request.POST, action=_address("ask_name", row))
    told = _("The person is asked at the terminal.")
    if form.is_valid() and _done(request, form, ask_name, row, told):
        return redirect("inmates:question", question_id=row.pk)
    return _show(request, row, ask_name_form=form)


@allow(question_officers)
@never_cache
@act
def question_answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """The answer goes to the terminal, or waits to be printed as a letter."""
    row = _question(request, question_id)
    form = AnswerForm(request.POST, action=_address("answer", row))
    told = _("The question is answered.")
    if form.is_valid() and _done(request, form, answer_question, row, told):
        return redirect("inmates:question", question_id=row.pk)
    return _show(request, row, answer_form=form)


@allow(question_officers)
@never_cache
@act
def question_name(request: HttpRequest, question_id: int) -> HttpResponse:
    """The name, on this page alone; that it was read stands in the history of the question."""
    row = _question(request, question_id)
    if not may_read_name(row):
        raise Http404
    name = read_name(actor=request.user, question_id=row.pk, at=clock.now())
    return _show(request, row, full_name=name or _("No name is entered for this person."))


@allow(question_officers)
@never_cache
@act
def question_letter(request: HttpRequest, question_id: int) -> HttpResponse:
    """The letter in the person's language; each print stands in the history of the question."""
    row = _question(request, question_id)
    try:
        letter = print_letter(actor=request.user, question_id=row.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect("inmates:question", question_id=row.pk)
    with translation.override(row.language):
        data = letter_document(letter, row.language)
    pdf = render_pdf("question_letter.typ", data, created_at=row.answered_at or clock.now())
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="answer-{row.number}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _address(act: str, row: WageQuestion) -> str:
    return reverse(f"inmates:question_{act}", args=[row.pk])


def _done(
    request: HttpRequest, form: Form, service: Callable[..., Any], row: WageQuestion, told: str
) -> bool:
    """Whether the service did it; a refusal stands on the form."""
    try:
        service(actor=request.user, question_id=row.pk, at=clock.now(), **form.cleaned_data)
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, told)
    return True


def _show(request: HttpRequest, row: WageQuestion, **more: Any) -> HttpResponse:
    """The page; with a form that was refused it is 422 and keeps what was typed."""
    on = clock.today()
    row = _question(request, row.pk)
    place, is_shown = institution_of(row.inmate, on), is_shown_at_terminal(row, on)
    is_open = row.status in (Status.TAKEN, Status.NAME_ASKED)
    context = {
        "question": row,
        "title": _("Question № %(number)s") % {"number": row.number},
        "crumbs": [{"label": _("Questions about wages"), "url": reverse("inmates:questions")},
                   {"label": row.number}],
        "clock": clock_of(row, on),
        "month": month_of(row),
        "facts": desk_facts(row),
        "shown": desk_slip(row),
        "account_reason": account_reason(row.payslip) if row.payslip else "",
        "rows": timeline(row, is_desk=True),
        "added": question_rows(added_to(row, request.user, on), on, "inmates:question"),
        "first": first_of(row, request.user, on) if row.follows_id else None,
        "may_read_name": may_read_name(row),
        "may_ask_name": row.status == Status.TAKEN and is_shown
        and not (row.is_named or row.name_reason),
        "letter": letter_words(row, is_shown=is_shown, is_held=place is not None),
        "ask_name_form": AskNameForm(action=_address("ask_name", row)),
        "answer_form": AnswerForm(action=_address("answer", row)) if is_open else None,
    }  # fmt: skip
    # Somebody was faster, or the question is not taken: what was typed is shown to be copied.
    context["unsent"] = None if is_open else more.get("answer_form")
    status = 422 if {"ask_name_form", "answer_form"} & set(more) else 200
    return render(request, "inmates/questions/question.html", context | more, status=status)
