"""The strip of the slow line on the office's pages: its words, its place, who it belongs to."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from portal.accounts.models import User
from tests.people import Cast, a_user

pytestmark = pytest.mark.django_db
SCRIPTS = Path(settings.BASE_DIR) / "static/js"
NAMES = ("early.js", "outbox.js", "outbox_forms.js")


def words(language: str) -> dict[str, str]:
    with translation.override(language):
        html = Template("{% load portal_outbox %}{% outbox_counts %}").render(Context())
    return dict(re.findall(r'data-word="([a-z-]+)">([^<]*)<', html))


def test_three_entries_wait_in_each_language() -> None:
    assert words("ru")["waiting-one"] == "{} запись ждёт отправки"
    assert words("ru")["waiting-few"] == "{} записи ждут отправки"
    assert words("ru")["waiting-many"] == "{} записей ждут отправки"
    assert words("kk")["waiting-one"] == words("kk")["waiting-other"]
    assert words("kk")["waiting-other"] == "{} жазба жіберілуді күтіп тұр"
    assert words("en")["waiting-one"] == "{} entry waits to be sent"
    assert words("en")["waiting-other"] == "{} entries wait to be sent"


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_counted_sentence_has_a_place_for_its_number(language: str) -> None:
    found = words(language)
    assert len(found) == 16
    assert all(sentence.count("{}") == 1 for sentence in found.values())


def test_every_office_page_has_the_strip_with_the_plain_number_of_its_reader(
    client: Client,
) -> None:
    """A separator of thousands in it would make everybody somebody else."""
    user = a_user("late@test.example")
    User.objects.filter(pk=user.pk).update(id=1_234_567)
    client.force_login(User.objects.get(pk=1_234_567))
    html = client.get("/office/").content.decode()
    assert 'data-user="1234567"' in html
    assert 'data-state="empty"' in html
    assert "data-signs-out" in html
    assert client.get("/office/sender/").json()["user"] == "1234567"


def test_strip_speaks_the_language_of_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.master)
    client.cookies["django_language"] = "kk"
    html = client.get("/office/", headers={"Accept-Language": "kk"}).content.decode()
    assert "Қазір жіберу" in html
    assert f"Жіберу үшін {cast.master.get_full_name()} болып кіріңіз" in html


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/contacts/"])
def test_pages_for_everybody_know_nothing_of_it(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    assert "outbox" not in html
    assert "early.js" not in html


def test_a_press_is_heard_before_the_first_style_and_the_deferred_scripts(
    client: Client, cast: Cast
) -> None:
    """A script in the head waits for the style sheets that stand before it."""
    client.force_login(cast.master)
    head = client.get("/office/").content.decode().split("</head>")[0]
    found = re.search(r'<script src="[^"]*js/early\.js"></script>', head)
    assert found is not None
    assert found.start() < head.index("stylesheet")


def test_every_word_the_scripts_ask_for_is_on_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.master)
    html = client.get("/office/").content.decode()
    known = set(re.findall(r'data-word="([a-z-]+)"', html))
    parts = set(re.findall(r"data-outbox-([a-z]+)", html))
    script = "".join((SCRIPTS / name).read_text(encoding="utf-8") for name in NAMES)
    asked = set(re.findall(r'word\("([a-z-]+)"\)', script))
    asked |= {f"note-{kind}" for kind in re.findall(r'note\("([a-z]+)"', script)}
    asked |= {f"{name}-other" for name in re.findall(r'counted\("([a-z]+)"', script)}
    asked |= {"state-draft", "state-refused", "state-waiting"}
    asked |= {"note-rebased", "note-restored"}
    assert asked <= known
    assert set(re.findall(r'part\("([a-z]+)"\)', script)) <= parts


def test_scripts_keep_no_page_and_no_token() -> None:
    for name in NAMES:
        script = (SCRIPTS / name).read_text(encoding="utf-8")
        assert "innerHTML" not in script
        assert "eval(" not in script
        assert "serviceWorker" not in script
    assert '"csrfmiddlewaretoken", "submission"' in script
