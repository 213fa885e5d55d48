"""Uploads that are far too large or not what they say, sent to the real gunicorn."""

import http.client
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orders.models import ProductionRequest
from portal.accounts.models import User
from portal.kernel.bodies import DRAIN_SECONDS, MEGABYTE
from tests.faults.people import signed_in
from tests.orders.request_builders import a_draft, the_customer
from tests.processes import HOST, Answer, Caller, Web

pytestmark = pytest.mark.django_db(transaction=True)

BOUNDARY = "a-boundary"
HUGE = 500 * MEGABYTE
BLOCK = b"\0" * MEGABYTE
# What a process may grow by while it refuses; the file would be twelve times as much.
GROWTH = 40 * MEGABYTE
DISGUISED = (
    ("чертёж.pdf", b"MZ\x90\0" + b"\0" * 5000),
    ("drawing.pdf", b"PK\x03\x04" + b"\0" * 5000),
    ("drawing.png", b"<?php system($_GET['x']); ?>"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
)


@pytest.fixture
def customer(web: Web) -> User:
    return the_customer()


@pytest.fixture
def draft(customer: User) -> ProductionRequest:
    return a_draft(customer)


@pytest.fixture
def caller(web: Web, customer: User, draft: ProductionRequest) -> Caller:
    caller = signed_in(web, customer)
    assert caller.get(f"/requests/{draft.pk}/").status == 200
    return caller


def form(caller: Caller, name: str, content: bytes) -> tuple[bytes, bytes]:
    """The beginning and the end of a form with one file."""
    begin = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f"{caller.cookies['csrftoken']}\r\n--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return begin.encode() + content, f"\r\n--{BOUNDARY}--\r\n".encode()


def send_file(caller: Caller, draft: ProductionRequest, name: str, content: bytes) -> Answer:
    begin, end = form(caller, name, content)
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return caller.send("POST", f"/requests/{draft.pk}/drawings/", begin + end, kind)


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def files_left_under(folder: Path) -> list[Path]:
    """What is still there when the server has ended the request, a moment after its answer."""
    until = time.monotonic() + 5
    while files_under(folder) and time.monotonic() < until:
        time.sleep(0.05)
    return files_under(folder)


def test_file_of_500_megabytes_is_refused_and_nothing_grows(
    web: Web, caller: Caller, draft: ProductionRequest, passing: Path
) -> None:
    begin, end = form(caller, "drawing.pdf", b"%PDF-1.7")
    before = web.memory()
    seen: set[Path] = set()

    def pieces() -> Iterator[bytes]:
        yield begin
        for number in range(HUGE // MEGABYTE):
            if number % 100 == 0:
                seen.update(files_under(passing))
            yield BLOCK
        yield end

    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(begin) + HUGE + len(end)),
    }
    try:
        answer = caller.send("POST", f"/requests/{draft.pk}/drawings/", pieces(), headers)
    except (BrokenPipeError, ConnectionResetError):
        # A machine so busy that the patience with the sender ended first: cut off is refused too.
        answer = None
    assert answer is None or answer.status == 413
    assert web.memory() - before < GROWTH
    assert seen | set(files_under(passing)) == set()
    assert draft.drawings.count() == 0
    assert caller.get(f"/requests/{draft.pk}/").status == 200


def test_page_of_the_refusal_says_how_much_is_taken(caller: Caller, web: Web) -> None:
    content = b"\0" * (33 * MEGABYTE)
    answer = caller.send("POST", "/accounts/login/", content, {"Content-Type": "text/plain"})
    assert answer.status == 413
    assert "не больше 32 МБ" in answer.text
    assert re.search(r"32 МБ-тан артық", answer.text)


def test_announced_flood_that_never_comes_is_refused_at_once(web: Web, caller: Caller) -> None:
    link = http.client.HTTPConnection(HOST, web.port, timeout=DRAIN_SECONDS + 10)
    link.putrequest("POST", "/accounts/login/")
    link.putheader("Content-Length", str(HUGE))
    link.endheaders()
    answer = link.getresponse()
    assert answer.status == 413
    answer.read()
    link.close()


def test_flood_without_a_length_is_not_read(web: Web, caller: Caller, passing: Path) -> None:
    before = web.memory()
    link = http.client.HTTPConnection(HOST, web.port, timeout=30)
    link.putrequest("POST", "/accounts/login/")
    link.putheader("Transfer-Encoding", "chunked")
    link.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    link.endheaders()
    try:
        for _block in range(HUGE // MEGABYTE // 5):
            link.send(b"%x\r\n%b\r\n" % (len(BLOCK), BLOCK))
        link.send(b"0\r\n\r\n")
        assert link.getresponse().status == 403
    except (BrokenPipeError, ConnectionResetError):
        pass  # hung up on: the better answer
    finally:
        link.close()
    assert web.memory() - before < GROWTH
    assert files_under(passing) == []


def test_disguised_file_is_refused_in_words(
    caller: Caller, draft: ProductionRequest, media: Path, passing: Path
) -> None:
    for name, content in DISGUISED:
        answer = send_file(caller, draft, name, content)
        assert answer.status == 422, name
        assert "внутри" in answer.text, name
    assert draft.drawings.count() == 0
    assert files_under(media) == []
    assert files_under(passing) == []


def test_file_above_its_own_limit_leaves_nothing_behind(
    caller: Caller, draft: ProductionRequest, media: Path, passing: Path
) -> None:
    answer = send_file(caller, draft, "drawing.pdf", b"%PDF-1.7" + BLOCK * 21)
    assert answer.status == 422
    assert "20 МБ" in answer.text
    assert files_under(media) == []
    assert files_left_under(passing) == []
