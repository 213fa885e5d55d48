"""How often somebody may fail: a count in the cache by whom and what, forgotten after a while.

Called by public views that a machine could use to guess. Without Redis the cache counts in the
process alone, so a fault lets more attempts through and never closes a page.
"""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """Where a request came from; behind the proxy of a deployment, what the proxy says of it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "")
        # The proxy appends what it saw; whatever stands before was written by the caller.
        last = forwarded.rpartition(",")[2].strip()
        if last:
            return last
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(what: str, who: str) -> str:
    return f"failures:{what}:{salted_hmac(what, who).hexdigest()[:32]}"


def failures_of(what: str, who: str) -> int:
    """How many failures are remembered."""
    return int(cache.get(_key(what, who)) or 0)


def remember_failure(what: str, who: str, *, seconds: int) -> None:
    """One more; all are forgotten `seconds` after the first."""
    key = _key(what, who)
    if not cache.add(key, 1, seconds):
        try:
            cache.incr(key)
        except ValueError:
            # It was forgotten between the two questions.
            cache.set(key, 1, seconds)


def is_within_limit(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more, of what is no failure too; False from the (most + 1)-th on."""
    remember_failure(what, who, seconds=seconds)
    return failures_of(what, who) <= most
