"""Real workers for the tests of the queue and of its logs."""

from tests.worker import own_messages, start_worker  # noqa: F401 - fixtures
