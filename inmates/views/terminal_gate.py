"""The gate of reading terminals: which device it is, who reads at it, and no way out of it.

A browser with a terminal's cookie gets the pages under /terminal/ and nothing else of the portal,
whoever is signed in there. A view of a person at a terminal carries `@terminal_person`, and reads
`request.terminal_person` (the inmate), `request.terminal_visit` and `request.terminal`; all three
are None elsewhere, and the view answers 404. Its templates extend inmates/terminal/base.html.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from inmates.enums import PaperLanguage
from inmates.models import Terminal, TerminalVisit
from inmates.selectors.terminals import open_visit, terminal_of_secret
from inmates.services.terminal_visits import see_visit
from inmates.terminal.limits import SIGN_EVERY
from inmates.terminal.refusals import VisitOver
from portal.kernel import clock
from portal.kernel.access import YES, Verdict, View
from portal.kernel.errors import PortalError

DEVICE_COOKIE, VISIT_COOKIE = "terminal", "terminal_visit"
# As long as browsers keep a cookie at most; every sign-in begins the time anew.
DEVICE_COOKIE_AGE = 400 * 24 * 3600
# Answers of the portal's own error pages, which lead out; a form with errors (422) does not.
ERRORS = (400, 403, 404, 405, 409, 413, 500, 503)
NO_STORE = "no-store, private"


def on_terminal(user: Any, on: Any) -> Verdict:
    """The rule that stands on these views: the device decides, no account does."""
    return YES


def terminal_only(view: View) -> View:
    """Open on an activated terminal, to whoever stands before it; 404 on any other device."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "terminal", None) is None:
            raise Http404
        return view(request, *args, **kwargs)

    guarded.access_rule = on_terminal  # type: ignore[attr-defined]  # read by DefaultDeny
    return guarded


def terminal_visitor(view: View) -> View:
    """Open to whoever is signed in at a terminal, be it with the PIN of a letter alone."""

    @terminal_only
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.terminal_person is None:
            return redirect("inmates:terminal")
        return view(request, *args, **kwargs)

    return guarded


def terminal_person(view: View) -> View:
    """Open to the person who is signed in at a terminal: `request.terminal_person`.

    Nobody signed in is sent to the first page; who has only the PIN of a letter chooses one first.
    """

    @terminal_visitor
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.terminal_visit.must_choose:
            return redirect("inmates:terminal_pin")
        return view(request, *args, **kwargs)

    return guarded


class TerminalMiddleware:
    """Puts the terminal, the visit and the person on the request, and shuts all other doors.

    The innermost: what any view or other middleware answers passes here first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.terminal = request.terminal_visit = request.terminal_person = None
        secret = request.COOKIES.get(DEVICE_COOKIE, "")
        terminal = terminal_of_secret(secret) if secret else None
        if terminal is None:
            return self._elsewhere(request, was_terminal=bool(secret))
        request.user = AnonymousUser()
        _speak(request, request.GET.get("language", ""))
        if _is_let_through(request):
            return _unkept(self.get_response(request))
        if terminal.revoked_at is not None:
            return wrong_page(request, 403, _("This terminal is closed. Tell the labour officer."))
        if not request.path.startswith(reverse("inmates:terminal")):
            return redirect("inmates:terminal")
        _find_visit(request, terminal)
        response = self.get_response(request)
        if response.status_code in ERRORS and not hasattr(response, "is_of_terminal"):
            response = wrong_page(request, response.status_code)
        return _unkept(response)

    def _elsewhere(self, request: Any, *, was_terminal: bool) -> HttpResponse:
        """Any other browser; one that was a terminal stays shut until it is activated anew.

        The machine still stands where it stood: freed, it would be a way out into the portal.
        """
        if was_terminal and not _is_let_through(request):
            request.user = AnonymousUser()
            _speak(request, request.GET.get("language", ""))
            return wrong_page(request, 403, _("This terminal is closed. Tell the labour officer."))
        return self.get_response(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """A refusal keeps its sentence on the terminal's own page."""
        if request.terminal is None or not isinstance(error, PortalError):
            return None
        return wrong_page(request, error.status, str(error))


def _is_let_through(request: HttpRequest) -> bool:
    """What a page is drawn with, reports of the browser, and the way to be activated anew."""
    free = (f"/{settings.STATIC_URL.strip('/')}/", reverse("csp_report"))
    return request.path.startswith(free) or request.path == reverse("inmates:terminal_activate")


def _find_visit(request: Any, terminal: Terminal) -> None:
    request.terminal = terminal
    token, at = request.COOKIES.get(VISIT_COOKIE, ""), clock.now()
    visit = open_visit(terminal, token, at) if token else None
    if visit is None:
        return
    if at - visit.seen_at >= SIGN_EVERY / 4:
        try:
            see_visit(visit=visit, at=at)
        except VisitOver:  # ended elsewhere between the two statements
            return
    request.terminal_visit, request.terminal_person = visit, visit.inmate
    _speak(request, visit.language)


def _speak(request: Any, language: str) -> None:
    """Russian or Kazakh: what the person chose, until then what the portal speaks first."""
    chosen = language if language in PaperLanguage.values else settings.LANGUAGE_CODE
    translation.activate(chosen)
    request.LANGUAGE_CODE = chosen


def _unkept(response: HttpResponse) -> HttpResponse:
    """Nothing of a terminal stays in the browser."""
    response["Cache-Control"] = NO_STORE
    return response


def wrong_page(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    """What went wrong, in the terminal's own frame, with the way back into it."""
    sentences = {
        404: _("There is no such page here."),
        500: _("Something is wrong with the portal. Try again in a few minutes."),
        503: _("The portal is being looked after. Try again in a few minutes."),
    }
    words = reason or sentences.get(status, _("This did not work. Try once more."))
    response = render(request, "inmates/terminal/wrong.html", {"reason": words}, status=status)
    response.is_of_terminal = True  # type: ignore[attr-defined]  # read by the middleware
    return _unkept(response)


def keep_device(response: HttpResponse, secret: str) -> None:
    """The browser is the terminal from now on."""
    response.set_cookie(
        DEVICE_COOKIE, secret, max_age=DEVICE_COOKIE_AGE, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def keep_visit(response: HttpResponse, token: str) -> None:
    """Until the browser is closed at the latest; the server ends it much earlier."""
    response.set_cookie(
        VISIT_COOKIE, token, path=reverse("inmates:terminal"), httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def forget_visit(response: HttpResponse, visit: TerminalVisit | None) -> None:
    """The cookie goes, and with it whatever the browser kept of the pages."""
    response.delete_cookie(VISIT_COOKIE, path=reverse("inmates:terminal"), samesite="Strict")
    if visit is not None:
        response["Clear-Site-Data"] = '"cache"'
