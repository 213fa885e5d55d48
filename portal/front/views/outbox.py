"""What static/js/outbox.js asks before it sends what waited in a browser."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel.access import public


@never_cache
@require_safe
@public
def sender(request: HttpRequest) -> HttpResponse:
    """Who is signed in now, and the token of the moment: a form that waited has an old one.

    Open to everybody, because "nobody" is an answer too; another site cannot read it.
    """
    user = str(request.user.pk) if request.user.is_authenticated else None
    return JsonResponse({"user": user, "token": get_token(request)})
