"""A form sent twice is done once: the decorator `@once`, under `@allow`, and what it keeps.

The browser names each submission (`{% submission %}` puts the name into the form) and may send it
again when the line was cut before the answer came (static/js/outbox.js). Views that take such
forms carry `@once`; `kernel.forget_submissions` throws away what nobody will send any more.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac

from portal.kernel import clock
from portal.kernel.access import View
from portal.kernel.models import Submission

FIELD = "submission"
# Set by the script: "now" while the page waits for the answer, "later" from the queue.
OUTBOX, SENDER = "X-Outbox", "X-Outbox-User"
# Not typed by anybody: the same form comes back with another of each.
NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}
# A browser may hold an entry for long: a laptop in a drawer, a holiday, an illness.
KEEP_DAYS = 90

# Level, text, tags: a list and no tuple, because it comes out of JSON as one.
Message = list[Any]


def once(view: View) -> View:
    """Do a named POST once; sent again, it is answered with what the first led to and said.

    The name is committed together with what the view wrote, or neither is. A second one that
    arrives while the first runs waits for it. Done is what is answered with a redirect: after any
    other answer, or an error, the name is free and the form may be sent again. The same name with
    other content is another save.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = submission_key(request)
        if key is None or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.headers.get(SENDER, str(request.user.pk)) != str(request.user.pk):
            # Typed by who was signed in before: neither done nor shown in another name.
            return JsonResponse({"outcome": "another"}, status=403)
        with transaction.atomic():
            return _once(request, key, lambda: view(request, *args, **kwargs))

    return guarded


def submission_key(request: HttpRequest) -> uuid.UUID | None:
    """The name of this submission; None for what is no POST or has no readable one."""
    if request.method != "POST":
        return None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def forget_submissions(*, at: datetime) -> int:
    """Names older than `KEEP_DAYS` are gone. How many; twice is harmless."""
    gone, _by_model = Submission.objects.filter(at__lt=at - timedelta(days=KEEP_DAYS)).delete()
    return gone


def _once(request: HttpRequest, key: uuid.UUID, act: Any) -> HttpResponse:
    content = _content_of(request)
    user: Any = request.user
    new = Submission(user=user, key=key, content=content, path=request.path[:400], at=clock.now())
    # A second one waits here until the first has ended, and is then not written.
    Submission.objects.bulk_create([new], ignore_conflicts=True)
    row = Submission.objects.select_for_update().get(user=user, key=key)
    is_new = row.pk == new.pk
    if not is_new and row.content == content:
        return _answer(request, row.outcome, _take(request))
    earlier = len(messages.get_messages(request))
    response = act()
    location = response.get("Location", "")
    if not location:
        if is_new:
            row.delete()
        return response
    said = _take(request)
    row.content, row.path, row.at = content, new.path, new.at
    row.outcome = {"location": location, "messages": said[earlier:]}
    row.save()
    return _answer(request, row.outcome, said[:earlier], response)


def _content_of(request: HttpRequest) -> str:
    """What was typed, and where, as a mark that can be compared and not read."""
    typed = sorted(one for one in request.POST.lists() if one[0] not in NOT_CONTENT)
    files = sorted(
        (name, str(one.name), one.size)
        for name, several in request.FILES.lists()
        for one in several
        if isinstance(one, UploadedFile)
    )
    text = json.dumps([request.get_full_path(), typed, files])
    return salted_hmac("portal.kernel.once", text, algorithm="sha256").hexdigest()


def _answer(
    request: HttpRequest,
    outcome: dict[str, Any],
    earlier: list[Message],
    response: HttpResponse | None = None,
) -> HttpResponse:
    """A redirect for who sent a form; for the script where to go and what was said.

    `earlier` are messages that waited for the next page before this form came. Of an answer that
    was lost on its way they may be the same.
    """
    way, said = request.headers.get(OUTBOX), outcome["messages"]
    _say(request, [one for one in earlier if one not in said])
    if way != "later":
        # From the queue they are shown beside the name of the sheet, not on whatever page is next.
        _say(request, said)
    if way is not None:
        return JsonResponse({"outcome": "done", **outcome})
    return response or HttpResponse(status=302, headers={"Location": outcome["location"]})


def _take(request: HttpRequest) -> list[Message]:
    """The messages that wait for the next page; they no longer do. Once in a request."""
    return [
        [one.level, str(one.message), one.extra_tags or ""]
        for one in messages.get_messages(request)
    ]


def _say(request: HttpRequest, said: Iterable[Message]) -> None:
    for level, text, tags in said:
        messages.add_message(request, level, text, extra_tags=tags, fail_silently=True)
