"""The public side: a question by the code of a payslip, its state, and the figures of all.

Nothing here tells whose payslip a code belongs to, or whether it was used before.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from inmates.enums import PaperLanguage
from inmates.models import WageQuestion
from inmates.questions.enums import AnswerWay
from inmates.questions.figure_words import figures_context
from inmates.questions.forms import CodeQuestionForm
from inmates.questions.presenters import clock_of, outside_facts
from inmates.questions.selectors import kinds_that_answer, parameter_in_force, question_with_key
from inmates.questions.services import ask_by_code
from portal.kernel import clock
from portal.kernel.access import public
from portal.kernel.errors import PortalError
from portal.kernel.limits import client_address, is_within_limit

# Sent from one address of the network in an hour, right codes and wrong ones together.
MOST_AN_HOUR = 10
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def ask_outside(request: HttpRequest) -> HttpResponse:
    """Whoever has a payslip in hand asks about it without a name."""
    on = clock.today()
    language = PaperLanguage.KAZAKH if get_language() == "kk" else PaperLanguage.RUSSIAN
    form = CodeQuestionForm(
        request.POST or None,
        kinds=kinds_that_answer(on),
        initial={"language": language, "answer_way": AnswerWay.TERMINAL},
    )
    status = 200
    if request.method == "POST":
        sent, status = _send(request, form)
        if sent is not None:
            return redirect("inmates:question_outside", key=sent.key)
    context = {"form": form, "term": parameter_in_force(on)}
    return render(request, "inmates/questions/ask.html", context, status=status)


def _send(request: HttpRequest, form: CodeQuestionForm) -> tuple[WageQuestion | None, int]:
    """The question sent, or None and the status of the page that says why not."""
    if not form.is_valid():
        return None, 422
    sender = client_address(request)
    if not is_within_limit("wage-question", sender, most=MOST_AN_HOUR, seconds=HOUR):
        form.add_error(None, _("Too many questions came from your network. Try in an hour."))
        return None, 429
    try:
        sent = ask_by_code(
            code=form.cleaned_data["code"],
            submission=form.cleaned_data["submission"],
            wanted=form.asked(),
            at=clock.now(),
        )
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return None, 422
    return sent, 200


@require_safe
@never_cache
@public
def question_outside(request: HttpRequest, key: UUID) -> HttpResponse:
    """What became of the question: its state and its last day, and no word of the answer."""
    row = question_with_key(key)
    if row is None:
        raise Http404
    context = {
        "question": row,
        "facts": outside_facts(row),
        "clock": clock_of(row, clock.today()),
    }
    response = render(request, "inmates/questions/sent.html", context)
    # The address is the key: no search engine keeps it.
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@public
def question_figures(request: HttpRequest) -> HttpResponse:
    """How many questions of what kind, and how long answers took: quarters that are over."""
    return render(request, "inmates/questions/figures.html", figures_context(clock.today()))
