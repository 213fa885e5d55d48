"""Default deny: a view without a rule is refused, and every refusal has a reason.

A rule of a view is `rule(user, on) -> Verdict`; a rule of a service is `can_x(user, thing, on)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock
from portal.kernel.errors import Forbidden

View = Callable[..., HttpResponse]
Rule = Callable[..., "Verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it be done, and if not, why: a button greys out with it, a service refuses with it."""

    ok: bool
    reason: str | Promise = ""
    # Refused as if there were no such page: that it is there is no business of who asks.
    is_hidden: bool = False

    def __bool__(self) -> bool:
        return self.ok

    def require(self) -> None:
        """Raise `Forbidden` with the reason unless it is allowed."""
        if not self.ok:
            raise Forbidden(self.reason or None)


YES = Verdict(ok=True)


def no(reason: str | Promise) -> Verdict:
    """A refusal with its reason."""
    return Verdict(ok=False, reason=reason)


# To whom a page does not exist at all: 404, as an address that leads nowhere.
OUT_OF_SIGHT = Verdict(ok=False, is_hidden=True)


def signed_in(user: Any, on: Any) -> Verdict:
    """Anybody with an account."""
    return YES if user.is_authenticated else no(_("Please sign in."))


def anyone(user: Any, on: Any) -> Verdict:
    """The rule of a public page."""
    return YES


def way_back(request: HttpRequest) -> str:
    """Where to go after signing in: the page itself, or the page whose form was sent.

    A form cannot be sent again from an address, so the page it stood on is the better way back;
    where the browser does not tell that page, the address itself answers in words.
    """
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    )
    if request.method in ("GET", "HEAD") or not is_ours:
        return request.get_full_path()
    page = urlsplit(came_from)
    # Two slashes at the beginning would name another host.
    return urlunsplit(("", "", "/" + page.path.lstrip("/"), page.query, ""))


def allow(rule: Rule) -> Callable[[View], View]:
    """Guard a view: a visitor is sent to sign in, others get 403 with the rule's reason.

    Where the rule says `OUT_OF_SIGHT`, it is 404 without a word.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            verdict = rule(request.user, clock.today())
            if verdict:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(way_back(request))
            if verdict.is_hidden:
                raise Http404
            raise PermissionDenied(str(verdict.reason))

        guarded.access_rule = rule  # type: ignore[attr-defined]  # read by the middleware
        return guarded

    return decorate


def public(view: View) -> View:
    """Open a view to everybody, on purpose."""
    return allow(anyone)(view)


class DefaultDenyMiddleware:
    """Refuses every view that carries no rule and is not listed in THIRD_PARTY_ACCESS."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "access_rule", None) is not None:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        access = settings.THIRD_PARTY_ACCESS.get(name)
        if access == "public":
            return None
        if access == "signed_in":
            if request.user.is_authenticated:
                return None
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied(str(_("This page is not open to anyone.")))
