"""Asks for pages inside this process, through the whole handler and without a socket."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client

_served: list[Any] = []


def _application() -> Any:
    if not _served:
        _served.append(get_wsgi_application())
    return _served[0]


def session_cookie(user: Any = None, **kept: Any) -> str:
    """The Cookie header of a person, or of a visitor with something in the session."""
    client = Client()
    if user is not None:
        client.force_login(user)
    session = client.session
    session.update(kept)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def get(path: str, cookie: str = "") -> bytes:
    """The body of a page that answers 200; another answer is an error of the benchmark."""
    answered: list[str] = []
    path, _mark, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookie,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    response = _application()(environ, lambda status, _headers: answered.append(status))
    body = b"".join(response)
    response.close()
    if answered != ["200 OK"]:
        raise AssertionError(f"{path} answers {answered}")
    return body
