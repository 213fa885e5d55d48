"""`python -P portal/probe.py`: does the web process answer? Exit code 0 if so; for engines.

Asks as the proxy would, so that neither ALLOWED_HOSTS nor HTTPS stands in the way. The standard
library alone: it runs every half minute.
"""

import http.client
import os
import sys

PATH = "/health/live"
SECONDS = 4.0


def host_asked_for() -> str:
    """The first of ALLOWED_HOSTS that is a name, and not a pattern."""
    names = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    plain = [name.removeprefix(".") for name in names if name and name != "*"]
    return plain[0] if plain else "localhost"


def status_of(port: int, path: str = PATH) -> int:
    """The status of the answer, 0 where there is none."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        link.request("GET", path, headers={"Host": host_asked_for(), "X-Forwarded-Proto": "https"})
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        link.close()


if __name__ == "__main__":
    sys.exit(0 if status_of(int(os.environ.get("PORT", "8000"))) == 200 else 1)
