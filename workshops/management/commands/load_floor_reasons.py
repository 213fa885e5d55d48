"""`manage.py load_floor_reasons`: enter the shipped reasons that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from workshops.services.floor_reasons import load_floor_reasons


class Command(BaseCommand):
    help = "Enter the reasons of downtime and defects shipped with the project; the others stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_floor_reasons()} reasons of the floor entered")
