"""Settings of a worker process in the tests: the database that the tests have made."""

import os

from portal.settings_test import *  # noqa: F403 - the settings of the tests, but for some names

DATABASES["default"]["NAME"] = DATABASES["default"]["TEST"]["NAME"]  # noqa: F405 - from the star
CELERY_IMPORTS = ["tests.worker_tasks"]
# A test does not wait a minute for what production waits a minute for.
TASK_SILENCE_SECONDS = int(os.environ.get("TASK_SILENCE_SECONDS", TASK_SILENCE_SECONDS))  # noqa: F405 - from the star
BEAT_SECONDS = float(os.environ.get("BEAT_SECONDS", "10"))
CELERY_BEAT_SCHEDULE = {
    "send-waiting-tasks": {"task": "kernel.send_waiting_tasks", "schedule": BEAT_SECONDS},
}
