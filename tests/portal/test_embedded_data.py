"""The folders, secrets and commands around the development servers; nothing is started here."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal import embedded
from portal.embedded import places

CHECKOUT = Path(__file__).resolve().parents[2]


def test_missing_packages_are_told_with_the_way_out(data, monkeypatch):
    monkeypatch.setattr(places.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(embedded.EmbeddedError, match="set DATABASE_URL and REDIS_URL"):
        embedded.ensure()


def test_two_checkouts_do_not_share_a_folder(monkeypatch):
    monkeypatch.delenv("PORTAL_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    one = places.find_places().data
    monkeypatch.setattr(places, "CHECKOUT", Path("/another") / CHECKOUT.name)
    other = places.find_places().data
    assert one.parent == other.parent
    assert one != other
    assert CHECKOUT not in one.parents


def test_a_folder_is_seen_finished_or_not_at_all(folder, monkeypatch):
    """Another command that looks meanwhile would refuse a folder without its mode and owner."""
    path, seen = folder / "run", []
    real = Path.chmod

    def chmod(self, mode):
        seen.append((self.parent, path.exists()))
        real(self, mode)

    monkeypatch.setattr(Path, "chmod", chmod)
    places.make_folder(path, 0o751)
    assert seen == [(folder, False)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert list(folder.iterdir()) == [path]


def test_of_two_who_make_a_folder_at_once_one_is_first(folder, monkeypatch):
    path = folder / "run"
    real = Path.chmod

    def chmod(self, mode):
        real(self, mode)
        path.mkdir()
        (path / "socket").touch()

    monkeypatch.setattr(Path, "chmod", chmod)
    places.make_folder(path, 0o700)
    assert [one.name for one in folder.iterdir()] == ["run"]
    assert (path / "socket").exists()


def test_secret_is_made_once_and_private(data):
    first = embedded.secret("secret_key")
    assert len(first) > 50
    assert embedded.secret("secret_key") == first
    assert embedded.secret("field_key") != first
    file = embedded.data_folder() / "secrets" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in file.parent.iterdir()) == ["field_key", "secret_key"]


def test_secret_of_two_commands_at_once_is_one(data):
    code = "from portal import embedded; print(embedded.secret('secret_key'))"
    both = [
        subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in both}) == 1


def test_status_by_hand(data):
    for action in ("status", "stop"):
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "portal.embedded", action],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"data\t{data}\n" in done.stdout
        assert "postgres\tstopped\n" in done.stdout
    assert not data.exists()
