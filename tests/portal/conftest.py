"""A data folder for the tests of the development servers."""

import shutil
import tempfile
from pathlib import Path

import pytest

from portal import embedded
from portal.embedded import places

URLS = ("DATABASE_URL", "REDIS_URL", "CACHE_URL")


@pytest.fixture
def folder():
    """A short-lived folder everybody may walk through; what we started in it is stopped."""
    path = Path(tempfile.mkdtemp(prefix="portal-embedded-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data(folder, monkeypatch):
    for name in URLS:
        monkeypatch.delenv(name, raising=False)
    path = folder / "data"
    monkeypatch.setenv("PORTAL_DATA", str(path))
    yield path
    embedded.stop()
    elsewhere = places.find_places().servers
    if elsewhere != path:
        shutil.rmtree(elsewhere, ignore_errors=True)
