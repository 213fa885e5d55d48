"""Disk, font, translations, styles, mail: in order, and broken in the ways they break."""

import json
import shutil
import socketserver
import threading
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, default_storage

from portal.front.health import machine
from portal.front.health.findings import State

GIGABYTE = 1024**3


def test_a_file_can_be_stored(seen, tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "not" / "there" / "yet")
    found = seen(machine.disk)["disk"]
    assert found.state in (State.OK, State.WARN)
    assert "GB" in found.value or "ГБ" in found.value
    assert list(Path(settings.MEDIA_ROOT).iterdir()) == [], "nothing is left behind"


def test_a_folder_that_cannot_be_written(seen, settings):
    settings.MEDIA_ROOT = "/proc/portal-media"
    found = seen(machine.disk)["disk"]
    assert found.state == State.DOWN
    assert "/proc/portal-media" in found.advice


def test_a_file_where_the_folder_should_be(seen, settings, tmp_path):
    (tmp_path / "media").write_text("a file")
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert seen(machine.disk)["disk"].state == State.DOWN


@pytest.mark.parametrize(
    ("free", "state"),
    [
        (50 * GIGABYTE, State.OK),
        (2 * GIGABYTE, State.OK),
        (GIGABYTE, State.WARN),
        (GIGABYTE // 10, State.DOWN),
        (0, State.DOWN),
    ],
)
def test_room_on_the_disk(free, state):
    found = machine.judged_room(free)
    assert found.state == state
    assert bool(found.advice) == (state != State.OK)


def test_object_storage_is_asked(seen, monkeypatch):
    asked = []

    class Bucket:
        def exists(self, name):
            asked.append(name)
            return False

    assert isinstance(default_storage, FileSystemStorage)
    monkeypatch.setattr(machine, "default_storage", Bucket())
    assert seen(machine.disk)["disk"].state == State.OK
    assert asked


def test_the_font_prints_kazakh_and_the_tenge(seen):
    found = seen(machine.fonts)["fonts"]
    assert found.state == State.OK
    assert "Golos Text" in found.value


def test_no_font(seen, settings, tmp_path):
    settings.PRINT_FONTS = str(tmp_path)
    found = seen(machine.fonts)["fonts"]
    assert found.state == State.DOWN
    assert "GolosText_400Regular.ttf" in found.value
    assert "make setup" in found.advice


@pytest.fixture
def latin_font() -> Path:
    folder = django_settings.NODE_MODULES / "@fontsource/golos-text/files"
    return folder / "golos-text-latin-400-normal.woff"


def test_a_font_without_the_letters(seen, settings, tmp_path, latin_font):
    assert machine.letters_missing(latin_font, "AzӘ₸") == ["Ә", "₸"]
    for name in machine.FONT_FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(latin_font, tmp_path / name)
    settings.PRINT_FONTS = str(tmp_path)
    found = seen(machine.fonts)["fonts"]
    assert found.state == State.DOWN
    assert "Ә" in found.value


def test_another_face_under_the_name_of_ours(seen, monkeypatch):
    monkeypatch.setattr(machine, "PAPER", machine.PAPER.replace("Golos Text", "Nobody"))
    found = seen(machine.fonts)["fonts"]
    assert found.state == State.DOWN
    assert "nobody" in found.value


@pytest.fixture
def locale(settings, tmp_path) -> Path:
    root = tmp_path / "locale"
    for language in ("ru", "kk"):
        source = Path(django_settings.LOCALE_PATHS[0]) / language
        folder = root / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        for name in ("django.po", "django.mo"):
            shutil.copy(source / "LC_MESSAGES" / name, folder / name)
    settings.LOCALE_PATHS = [str(root)]
    return root


def test_translations_are_fresh(seen, locale):
    assert seen(machine.translations)["translations"].state == State.OK


def test_a_catalogue_that_is_not_compiled(seen, locale):
    (locale / "kk/LC_MESSAGES/django.mo").unlink()
    found = seen(machine.translations)["translations"]
    assert found.state == State.DOWN
    assert found.value.endswith("kk")
    assert "catalogues --compile" in found.advice


def test_a_catalogue_older_than_its_words(seen, locale):
    path = locale / "ru/LC_MESSAGES/django.po"
    path.write_text(path.read_text().replace('msgstr "Корзина"', 'msgstr "Корзинка"'))
    found = seen(machine.translations)["translations"]
    assert (found.state, found.value[-2:]) == (State.DOWN, "ru")


def test_a_broken_catalogue(locale):
    assert machine.is_fresh(locale, "ru")
    (locale / "ru/LC_MESSAGES/django.mo").write_bytes(b"not a catalogue at all")
    assert not machine.is_fresh(locale, "ru")


@pytest.fixture
def collected(settings, tmp_path) -> Path:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    return tmp_path


def test_static_files_in_development(seen):
    assert seen(machine.static_files)["static"].state == State.OK


def test_static_files_not_collected(seen, collected):
    found = seen(machine.static_files)["static"]
    assert found.state == State.DOWN
    assert "collectstatic" in found.advice


def test_static_files_of_the_manifest(seen, collected):
    manifest = {"version": "1.1", "hash": "x", "paths": {"a.css": "a.123.css", "b.js": "b.4.js"}}
    (collected / "staticfiles.json").write_text(json.dumps(manifest))
    (collected / "a.123.css").write_text("")
    found = seen(machine.static_files)["static"]
    assert found.state == State.DOWN
    assert "b.4.js" in found.value
    (collected / "b.4.js").write_text("")
    found = seen(machine.static_files)["static"]
    assert found.state == State.OK
    assert "2" in found.value


class Postman(socketserver.StreamRequestHandler):
    """As much of a mail server as says yes."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            is_end = line.lower().startswith(b"quit")
            self.wfile.write(b"221 bye\r\n" if is_end else b"250 ok\r\n")
            if is_end:
                return


@pytest.fixture
def mail_server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


def by_smtp(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_SSL = False


def test_mail_that_can_be_handed_over(seen, settings, mail_server):
    by_smtp(settings, mail_server)
    found = seen(machine.mail)["mail"]
    assert found.state == State.OK, found


def test_no_mail_server(seen, settings):
    by_smtp(settings, 1)
    found = seen(machine.mail)["mail"]
    assert found.state == State.DOWN
    assert "EMAIL_URL" in found.advice


def test_a_mail_server_that_hangs(seen, settings, silent_port, monkeypatch):
    monkeypatch.setattr(machine, "MAIL_SECONDS", 0.3)
    by_smtp(settings, silent_port)
    assert seen(machine.mail)["mail"].state == State.DOWN


@pytest.mark.parametrize(("is_deployed", "state"), [(False, State.OK), (True, State.WARN)])
def test_mail_that_goes_nowhere(seen, settings, is_deployed, state):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.IS_DEPLOYED = is_deployed
    found = seen(machine.mail)["mail"]
    assert found.state == state
    assert "console" in found.value
