"""`manage.py check_books`: prove that lines, payslips, totals, postings and balances agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from inmates.models import JournalEntry, PayrollRun
from inmates.selectors.books import Difference, Names, book_differences, names_of

NO_TABLES = (
    "this database has no tables of wages: run `make run` here first, or set PORTAL_DATA to the "
    "folder of the portal whose books are meant"
)


class Command(BaseCommand):
    help = "Prove the books of wages; each difference is named and the command ends with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        if JournalEntry._meta.db_table not in connection.introspection.table_names():
            raise CommandError(NO_TABLES)
        found = list(book_differences())
        names = names_of(found)
        for one in found:
            self.stderr.write(_sentence(one, names))
        runs, entries = PayrollRun.objects.count(), JournalEntry.objects.count()
        if found:
            raise CommandError(f"{len(found)} differences in {runs} runs and {entries} entries")
        self.stdout.write(f"{runs} runs and {entries} entries: everything agrees")


def _sentence(one: Difference, names: Names) -> str:
    """Where, what, and the two sums."""
    where = [
        names.runs.get(one.run_id or 0, ""),
        names.slips.get(one.payslip_id or 0, ""),
        names.accounts.get(one.account_id or 0, ""),
    ]
    sums = ""
    if one.expected is not None or one.found is not None:
        expected = "nothing" if one.expected is None else one.expected
        sums = f": {expected} expected, {one.found} found"
    return ", ".join([*filter(None, where), one.what]) + sums
