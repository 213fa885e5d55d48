"""`manage.py states --update | --check`: the diagrams of the machines in the documentation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.kernel.state_docs import page


class Command(BaseCommand):
    help = "Draw the state machines into portal/docs/states.md, or check that it is up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        act = parser.add_mutually_exclusive_group(required=True)
        act.add_argument("--update", action="store_true", help="write the page")
        act.add_argument("--check", action="store_true", help="exit 1 if the page is not current")
        parser.add_argument(
            "--file", type=Path, default=Path(settings.BASE_DIR) / "portal/docs/states.md"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, fresh = options["file"], page()
        if options["update"]:
            path.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"{path.name} is written.")
        elif not path.is_file() or path.read_text(encoding="utf-8") != fresh:
            raise CommandError(f"{path.name} is out of date: run manage.py states --update.")
        else:
            self.stdout.write(f"{path.name} is up to date.")
