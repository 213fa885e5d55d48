"""How the portal is: a page for the administrator and two answers for machines."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.front.health.database import is_reachable
from portal.front.health.examine import examine
from portal.front.health.findings import State, overall
from portal.kernel import clock
from portal.kernel.access import allow, public

administrators = role_holders(Role.ADMINISTRATOR)


@never_cache
@require_safe
@allow(administrators)
def health(request: HttpRequest) -> HttpResponse:
    """Each part with its state, what was measured and what to do."""
    at = clock.now()
    findings = examine(at)
    troubled = [one for one in findings if one.state != State.OK]
    context = {
        "findings": findings,
        "state": overall(findings),
        "troubled": len(troubled),
        "count": len(findings),
        "at": at,
    }
    return render(request, "front/health.html", context)


@never_cache
@require_safe
@public
def live(request: HttpRequest) -> HttpResponse:
    """This process answers; it asks nobody."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
@public
def ready(request: HttpRequest) -> HttpResponse:
    """Pages can be served: the database answers. Without Redis they can, so it is not asked."""
    if is_reachable():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "down", "part": "database"}, status=503)
