"""Pages kept for visitors: who may be shown one, what keeps two apart, and a cache that is away."""

import re
import socket
from datetime import date
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import get_token
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from portal.kernel.kept import csrf_place, edition_of, kept_page, kept_part

DAY = date(2026, 11, 22)
HERE = "/catalogue/"
FORM = engines["django"].from_string("<form>{% csrf_token %}</form>{{ word }}")


class Maker:
    """Makes a page with a form and counts how often."""

    def __init__(self, word: str = "shelves") -> None:
        self.made = 0
        self.word = word

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.made += 1
        return HttpResponse(FORM.render({"word": self.word}, request))


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.KEEP_PAGES_SECONDS = 60


@pytest.fixture
def edition() -> str:
    """Another one for each test: what is kept is never deleted."""
    return edition_of(lambda: str(uuid4()), DAY)


def a_request(
    address: str = HERE,
    method: str = "get",
    session: dict[str, object] | None = None,
    **cookies: str,
) -> HttpRequest:
    request = getattr(RequestFactory(), method)(address)
    request.user = AnonymousUser()
    request.COOKIES |= cookies
    request.session = session or {}
    if session is not None:
        request.COOKIES["sessionid"] = "anything"
    return request


def asked(edition: str, maker: Maker, request: HttpRequest | None = None, at: str = HERE) -> str:
    request = request or a_request()
    return kept_page(request, edition, at, lambda: maker(request)).content.decode()


def token_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def test_page_is_made_once_for_two_visitors(edition: str) -> None:
    maker = Maker()
    pages = [asked(edition, maker) for _ in range(2)]
    assert maker.made == 1
    assert all("shelves" in page for page in pages)


def test_each_visitor_gets_a_token_of_its_own(edition: str) -> None:
    maker = Maker()
    tokens = set()
    for _ in range(3):
        request = a_request()
        token = token_of(asked(edition, maker, request))
        # The middleware compares what the form sends with the secret it hands out as a cookie.
        assert len(token) == len(get_token(request))
        assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
        tokens.add(token)
    assert len(tokens) == 3


def test_token_of_who_made_the_page_is_not_kept(edition: str) -> None:
    maker = Maker()
    secrets = []
    for _ in range(2):
        request = a_request()
        asked(edition, maker, request)
        secrets.append(request.META["CSRF_COOKIE"])
    assert secrets[0] != secrets[1]


def test_whoever_has_a_message_waiting_gets_a_page_of_its_own(edition: str) -> None:
    maker = Maker()
    asked(edition, maker)
    asked(edition, maker, a_request(messages="anything"))
    assert maker.made == 2
    asked(edition, maker)
    assert maker.made == 2


@pytest.mark.parametrize("key", ["_auth_user_id", "_messages", "account_verified_email", "new"])
def test_session_with_anything_unknown_gets_a_page_of_its_own(edition: str, key: str) -> None:
    asked(edition, Maker("a name"), a_request(session={key: "1", "basket_count": 2}))
    maker = Maker()
    assert "a name" not in asked(edition, maker, a_request(session={"basket_count": 2}))
    assert "a name" not in asked(edition, maker)


def test_session_that_shows_nothing_is_answered_like_no_session(edition: str) -> None:
    maker = Maker()
    for session in (None, {}, {"basket_key": "one"}, {"basket_key": "another"}):
        asked(edition, maker, a_request(session=session))
    assert maker.made == 1


def test_what_a_session_shows_keeps_pages_apart(edition: str) -> None:
    makers = {count: Maker(f"{count} things") for count in (1, 2)}
    for _ in range(2):
        for count, maker in makers.items():
            session = {"basket_key": str(uuid4()), "basket_count": count}
            assert f"{count} things" in asked(edition, maker, a_request(session=session))
    assert [maker.made for maker in makers.values()] == [1, 1]
    assert "things" not in asked(edition, Maker())


def test_part_for_htmx_is_not_the_page(edition: str) -> None:
    maker = Maker()
    request = a_request()
    request.META["HTTP_HX_REQUEST"] = "true"
    asked(edition, maker, request)
    asked(edition, maker)
    assert maker.made == 2


def test_only_reading_is_answered_from_what_is_kept(edition: str) -> None:
    maker = Maker()
    asked(edition, maker)
    asked(edition, maker, a_request(method="post"))
    assert maker.made == 2
    asked(edition, maker, a_request(method="head"))
    assert maker.made == 2


@pytest.mark.parametrize("query", ["?utm_source=x", "?page=2", "?audience=nonsense", "?"])
def test_invented_query_fills_no_cache(edition: str, query: str) -> None:
    maker = Maker()
    for _ in range(2):
        asked(edition, maker, a_request(HERE + query))
    assert maker.made == (1 if query == "?" else 2)


@pytest.mark.parametrize(
    ("host", "is_kept"),
    [
        ("testserver", True),
        ("testserver:80", True),
        ("portal.example:8443", True),
        ("testserver:81", False),
        ("testserver:00080", False),
        ("TestServer", False),
        ("testserver.", False),
    ],
)
def test_invented_host_fills_no_cache(edition: str, settings, host: str, is_kept: bool) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "portal.example"]
    settings.PUBLIC_URL = "https://portal.example:8443"
    maker = Maker()
    for _ in range(2):
        request = a_request()
        request.META["HTTP_HOST"] = host
        asked(edition, maker, request)
    assert maker.made == (1 if is_kept else 2)


def test_what_was_refused_is_not_kept(edition: str) -> None:
    answers = [HttpResponseForbidden("no"), HttpResponse("yes")]
    pages = [kept_page(a_request(), edition, HERE, lambda: answers.pop(0)) for _ in range(2)]
    assert [page.status_code for page in pages] == [403, 200]
    assert pages[0].content == b"no"


def test_page_with_a_cookie_of_its_own_is_not_kept(edition: str) -> None:
    def page() -> HttpResponse:
        response = HttpResponse("page")
        response.set_cookie("seen", "1")
        return response

    kept_page(a_request(), edition, HERE, page)
    assert "seen" not in kept_page(a_request(), edition, HERE, HttpResponse).cookies


def test_languages_are_kept_apart(edition: str) -> None:
    maker = Maker()
    for language in ("ru", "kk", "ru"):
        with translation.override(language):
            asked(edition, maker)
    assert maker.made == 2


def test_hosts_and_schemes_are_kept_apart(edition: str) -> None:
    maker = Maker()
    for host, scheme in (("localhost", "http"), ("127.0.0.1", "http"), ("localhost", "https")):
        request = a_request()
        request.META |= {"HTTP_HOST": host, "wsgi.url_scheme": scheme}
        asked(edition, maker, request)
    assert maker.made == 3


def test_addresses_are_kept_apart(edition: str) -> None:
    maker = Maker()
    for address in (HERE, HERE + "?audience=city", "/catalogue/bench/"):
        asked(edition, maker, a_request(address), at=address)
    assert maker.made == 3


def test_another_stamp_day_or_release_is_another_edition(settings) -> None:
    from django.contrib.staticfiles.storage import staticfiles_storage

    first = edition_of(lambda: "a", DAY)
    assert first == edition_of(lambda: "a", DAY)
    assert first != edition_of(lambda: "b", DAY)
    assert first != edition_of(lambda: "a", date(2026, 11, 23))
    staticfiles_storage.manifest_hash = "another release"
    try:
        assert first != edition_of(lambda: "a", DAY)
    finally:
        del staticfiles_storage.manifest_hash


def test_without_a_stamp_nothing_is_kept() -> None:
    maker = Maker()
    edition = edition_of(lambda: "", DAY)
    assert edition == ""
    for _ in range(2):
        asked(edition, maker)
    assert maker.made == 2


def test_where_pages_are_not_kept_the_stamp_is_not_asked(settings) -> None:
    settings.KEEP_PAGES_SECONDS = 0

    def never() -> str:
        raise AssertionError("asked")

    assert edition_of(never, DAY) == ""


def test_part_is_made_once_and_in_each_language(edition: str) -> None:
    made = []

    def part() -> str:
        made.append(translation.get_language())
        return f"<b>{made[-1]}</b>"

    for language in ("ru", "kk", "ru"):
        with translation.override(language):
            assert kept_part(edition, "goods", part) == f"<b>{language}</b>"
    assert made == ["ru", "kk"]


def test_part_without_an_edition_is_made_each_time() -> None:
    assert [kept_part("", "goods", word.lower) for word in ("A", "B")] == ["a", "b"]


def test_other_pages_keep_djangos_token() -> None:
    assert csrf_place(a_request()) == {}


def test_closed_port_instead_of_redis_costs_no_page(settings, edition: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{port}/0"}
    }
    maker = Maker()
    for _ in range(3):
        assert "shelves" in asked(edition, maker)
        assert kept_part(edition, "goods", lambda: "goods") == "goods"
    # What the process keeps meanwhile is found by the same edition.
    assert maker.made == 1
