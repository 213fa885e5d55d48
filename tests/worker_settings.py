"""Settings of a worker process in the tests: the database that the tests have made."""

from portal.settings_test import *  # noqa: F403 - the settings of the tests, but for one name

DATABASES["default"]["NAME"] = DATABASES["default"]["TEST"]["NAME"]  # noqa: F405 - from the star
