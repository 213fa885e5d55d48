"""Real servers for the whole suite, and the cast of people every test may call."""

import os

import pytest
from django.utils import translation

from portal import embedded

# Playwright drives the browser from an event loop of its own; the ORM calls around it are fine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# One start of the servers before settings are read and workers are forked.
embedded.hold_for_process()


@pytest.fixture(autouse=True)
def _the_default_language_again():
    """A request leaves its language active in the thread; the next test must not inherit it."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _media_in_a_folder_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


from tests import emptying  # noqa: E402 - after the servers
from tests.people import cast  # noqa: E402, F401 - the fixture of every test, after the servers

emptying.install()
