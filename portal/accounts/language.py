"""The language of a page: what was chosen here, else what the person chose before, else Russian.

The browser's own wish is not asked: a browser set up in English is no sign of its reader here.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portal.accounts.models import User

CODES = {code for code, _name in settings.LANGUAGES}


class ChosenLanguageMiddleware:
    """Speaks the chosen language and keeps it with the account, for mail and background work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in CODES else self._of_person(request)
        self._remember(request, chosen)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response

    def _of_person(self, request: HttpRequest) -> str:
        if request.user.is_authenticated and request.user.language in CODES:
            return request.user.language
        return settings.LANGUAGE_CODE

    def _remember(self, request: HttpRequest, chosen: str) -> None:
        # A visitor's page asks nothing of the database: only a session can hold a person.
        if chosen not in CODES or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if request.user.is_authenticated and request.user.language != chosen:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
