"""`manage.py load_calendar [YEAR …]`: enter the days the production calendar does not have."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from inmates.services.directories import CALENDAR_YEARS, load_calendar


class Command(BaseCommand):
    help = "Enter the days of these years in the production calendar; those entered stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int, help="by default all shipped years")

    def handle(self, *args: Any, **options: Any) -> None:
        years = options["years"] or CALENDAR_YEARS
        self.stdout.write(f"{load_calendar(years)} days entered")
