#!/usr/bin/env python
"""Django's command line; in development it holds the embedded servers while a command runs."""

import os
import sys
from pathlib import Path

import environ

# Commands that need no database and no Redis; `run` holds them itself, once its port is free.
WITHOUT_SERVERS = {
    "calculate_pay",
    "catalogues",
    "collectstatic",
    "doctor",
    "help",
    "run",
    "version",
    "--help",
    "--version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # Before the servers are held: a DATABASE_URL or PORTAL_DATA written there counts for them too.
    environ.Env.read_env(str(Path(__file__).resolve().with_name(".env")), overwrite=False)
    from django.core.management import execute_from_command_line

    from portal import embedded

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in WITHOUT_SERVERS:
        execute_from_command_line(sys.argv)
        return
    embedded.hold_for_process()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
