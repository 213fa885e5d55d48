"""`manage.py seed`: build the demo in an empty database; --print-accounts: who can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.build import PEOPLE, build_demo, is_empty
from portal.demo.sources import rate_choice
from portal.demo.users import accounts_file
from portal.kernel import clock


class Command(BaseCommand):
    help = "Build the invented demo: organisations, people, work, wages, orders, accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=PEOPLE, help="people held today")
        parser.add_argument("--fresh", action="store_true", help="empty the database first")
        parser.add_argument(
            "--i-know-what-i-do",
            action="store_true",
            help="let --fresh empty a database named by DATABASE_URL",
        )
        parser.add_argument(
            "--print-accounts", action="store_true", help="role, e-mail, password; builds nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_accounts"]:
            self._print_accounts()
            return
        if options["people"] < 50:
            raise CommandError("The demo needs at least 50 people.")
        is_fresh = options["fresh"]
        if is_fresh and settings.IS_DEPLOYED and not options["i_know_what_i_do"]:
            raise CommandError(
                "DATABASE_URL names a database that may be real. "
                "Add --i-know-what-i-do to empty it."
            )
        if not is_fresh and not is_empty():
            self.stdout.write("There is data already; nothing done (--fresh builds it anew).")
            return
        build_demo(
            today=clock.today(),
            people=options["people"],
            is_fresh=is_fresh,
            say=self.stdout.write,
        )
        self.stdout.write(rate_choice()["en"])
        self.stdout.write(f"Accounts: {accounts_file()}")

    def _print_accounts(self) -> None:
        """Without a file nothing is printed and nothing fails: the data may not be the demo."""
        try:
            lines = accounts_file().read_text(encoding="utf-8")
        except FileNotFoundError:
            self.stderr.write("There are no demo accounts; `manage.py seed` makes them.")
        else:
            self.stdout.write(lines, ending="")
