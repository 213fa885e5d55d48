"""`manage.py facts`: how fresh the daily facts are, bring them up to date, or make them anew."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inmates.facts import DEFINITION
from inmates.models import FactPeriod
from inmates.selectors.facts import fact_summary, freshness_of_facts
from inmates.services.facts import rebuild_facts, refresh_facts
from portal.kernel import clock
from portal.kernel.periods import Month


class Command(BaseCommand):
    help = "The daily facts: --status (also without an option), --refresh, --rebuild."

    def add_arguments(self, parser: ArgumentParser) -> None:
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--status", action="store_true", help="how far and how fresh they are")
        act.add_argument("--refresh", action="store_true", help="close the days up to yesterday")
        act.add_argument("--rebuild", action="store_true", help="make provisional months anew")
        parser.add_argument("--from", dest="begin", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["rebuild"]:
            self._rebuild(options["begin"], options["end"])
        elif options["refresh"]:
            done = refresh_facts(on=clock.today(), at=clock.now())
            self.stdout.write(
                f"{done.closed_days} days closed, {done.redone_people} people made again, "
                f"{done.late} late facts kept for final months"
            )
        else:
            self._status()

    def _rebuild(self, begin: date | None, end: date | None) -> None:
        known = freshness_of_facts()
        first, last = begin or known.built_from, min(end or clock.today(), clock.today())
        if first is None or first >= last:
            raise CommandError("Nothing to rebuild: use --refresh first, or --from and --to.")
        months = rebuild_facts(begin=first, end=last, at=clock.now())
        self.stdout.write(f"{months} months made again by definition {DEFINITION}")

    def _status(self) -> None:
        known = freshness_of_facts()
        if known.built_until is None:
            self.stdout.write("no facts yet: manage.py facts --refresh")
            return
        self.stdout.write(
            f"facts of {known.built_from} up to {known.built_until} (excluded), definition "
            f"{known.definition}; {known.changed_people} people changed since"
        )
        finals = FactPeriod.objects.filter(status="final").order_by("first_day", "institution_id")
        changed = [one for one in finals if not _is_as_closed(one)]
        self.stdout.write(f"{len(finals)} final months of institutions")
        for one in changed:
            self.stderr.write(f"period {one.pk}: the facts are not those that were closed")
        if changed:
            raise CommandError(f"{len(changed)} final months were changed past the portal.")


def _is_as_closed(period: FactPeriod) -> bool:
    summary = fact_summary(period.institution_id, Month.of(period.first_day))
    return summary.rows_hash == period.rows_hash
