"""`manage.py catalogues --update | --check | --compile`: the words of the portal, without gettext.

Needs neither PostgreSQL nor Redis.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.kernel import catalogue
from portal.kernel.catalogue_check import problems


class Command(BaseCommand):
    help = "Extract, check and compile the message catalogues."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        act = parser.add_mutually_exclusive_group(required=True)
        act.add_argument("--update", action="store_true", help="extract, merge and compile")
        act.add_argument("--check", action="store_true", help="name every problem; exit 1 if any")
        act.add_argument("--compile", action="store_true", help="write the .mo files")
        parser.add_argument("--words", type=Path, action="append", default=[], metavar="FILE.json")

    def handle(self, *args: Any, **options: Any) -> None:
        root, locale_root = Path(settings.BASE_DIR), Path(settings.LOCALE_PATHS[0])
        if options["words"] and not options["update"]:
            raise CommandError("--words goes with --update.")
        if options["update"]:
            self.update(root, locale_root, options["words"])
        elif options["compile"]:
            catalogue.compile_catalogues(locale_root)
        else:
            self.check_all(root, locale_root)

    def update(self, root: Path, locale_root: Path, files: list[Path]) -> None:
        words: catalogue.Words = {}
        for path in files:
            try:
                words |= catalogue.read_words(path)
            except (OSError, ValueError) as error:
                raise CommandError(f"{path}: {error}") from error
        found = catalogue.update_catalogues(root, locale_root, words)
        for name in found.unreadable:
            self.stderr.write(f"cannot be read: {name}")
        self.stdout.write(f"{len(found.catalogue)} messages.")

    def check_all(self, root: Path, locale_root: Path) -> None:
        found = problems(root, locale_root)
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} problems in the catalogues.")
        self.stdout.write("The catalogues are complete.")
