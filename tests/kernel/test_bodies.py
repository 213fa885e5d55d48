"""A body above the limit is refused by its length, before a form or a file is read."""

import socket
import threading
import time
from contextlib import suppress
from io import BytesIO

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from portal.kernel import bodies
from portal.kernel.bodies import MEGABYTE, BodyLimitMiddleware

WORDS = ("Слишком много для одной отправки", "Бір жібергенге тым көп", "Too much at once")


class Body(BytesIO):
    """A body that tells how much of it was read, and in how large pieces."""

    def __init__(self, length: int) -> None:
        super().__init__(b"x" * length)
        self.pieces: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.pieces.append(len(piece))
        return piece


def asked(body: Body | None, announced: str | None) -> HttpRequest:
    request = RequestFactory().post("/anywhere/")
    request.META["wsgi.input"] = body
    if announced is None:
        del request.META["CONTENT_LENGTH"]
    else:
        request.META["CONTENT_LENGTH"] = announced
    return request


def never(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the page was asked")


def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


@pytest.fixture(autouse=True)
def _one_megabyte(settings) -> None:
    settings.MAX_BODY_MEGABYTES = 1


@pytest.mark.parametrize("announced", [None, "", "0", "17", str(MEGABYTE), "-5", "many"])
def test_smaller_body_is_the_pages_matter(announced: str | None) -> None:
    body = Body(20)
    assert BodyLimitMiddleware(fine)(asked(body, announced)).content == b"fine"
    assert body.pieces == []


def test_larger_body_is_refused_in_three_languages_and_thrown_away_in_pieces() -> None:
    body = Body(MEGABYTE + 1)
    response = BodyLimitMiddleware(never)(asked(body, str(MEGABYTE + 1)))
    html = response.content.decode()
    assert response.status_code == 413
    assert all(word in html for word in WORDS)
    assert "не больше 1 МБ" in html
    assert sum(body.pieces) == MEGABYTE + 1
    assert max(body.pieces) <= bodies.PIECE


def test_sender_that_stops_is_not_waited_for() -> None:
    body = Body(10)
    assert BodyLimitMiddleware(never)(asked(body, str(5 * MEGABYTE))).status_code == 413
    assert body.pieces == [10, 0]


def test_silent_sender_is_cut_off() -> None:
    """gunicorn hands its socket along; a read that takes too long ends in an OSError."""

    class Silent(Body):
        def read(self, size: int | None = -1, /) -> bytes:
            raise TimeoutError

    class Link:
        patience = 0.0

        def settimeout(self, seconds: float) -> None:
            self.patience = seconds

    request = asked(Silent(0), str(5 * MEGABYTE))
    request.META["gunicorn.socket"] = link = Link()
    assert BodyLimitMiddleware(never)(request).status_code == 413
    assert link.patience == bodies.SILENCE_SECONDS


def test_slow_sender_is_heard_for_some_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 1.0, 4.9, 5.1])
    monkeypatch.setattr(bodies.time, "monotonic", lambda: next(moments))
    body = Body(MEGABYTE * 2)
    assert BodyLimitMiddleware(never)(asked(body, str(MEGABYTE * 2))).status_code == 413
    assert len(body.pieces) == 2


def test_sender_of_a_byte_now_and_then_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never silent for long, and its piece is never whole."""
    monkeypatch.setattr(bodies, "DRAIN_SECONDS", 0.4)
    ours, theirs = socket.socketpair()
    is_over = threading.Event()

    def drip() -> None:
        with suppress(OSError):
            while not is_over.wait(0.05):
                theirs.send(b"x")

    sender = threading.Thread(target=drip)
    with ours, theirs, ours.makefile("rb") as stream:
        request = asked(None, str(5 * MEGABYTE))
        request.META |= {"wsgi.input": stream, "gunicorn.socket": ours}
        sender.start()
        began = time.monotonic()
        guard = threading.Timer(5, is_over.set)
        guard.start()
        assert BodyLimitMiddleware(never)(request).status_code == 413
        assert time.monotonic() - began < 3
        ours.sendall(b"the answer")
        assert theirs.recv(20) == b"the answer"
        guard.cancel()
        is_over.set()
        sender.join()


def test_refused_before_session_and_form(client: Client) -> None:
    """The whole portal; without a database, as no mark of pytest asks for one."""
    response = client.post("/accounts/login/", {"login": "x" * (MEGABYTE + 1)})
    assert response.status_code == 413
    assert "camera=()" in response["Permissions-Policy"]
    assert "default-src 'self'" in response["Content-Security-Policy"]
