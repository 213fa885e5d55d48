#!/usr/bin/env python
"""Django's command line; in development it holds the embedded servers while a command runs."""

import os
import sys

# Commands that need no database and no Redis.
WITHOUT_SERVERS = {
    "calculate_pay",
    "catalogues",
    "collectstatic",
    "help",
    "version",
    "--help",
    "--version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    from portal import embedded

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in WITHOUT_SERVERS:
        execute_from_command_line(sys.argv)
        return
    with embedded.hold():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
