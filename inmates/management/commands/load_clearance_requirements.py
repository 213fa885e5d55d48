"""`manage.py load_clearance_requirements`: what the trades ask for, as shipped with the project."""

from typing import Any

from django.core.management.base import BaseCommand

from inmates.services.requirements import load_clearance_requirements


class Command(BaseCommand):
    help = "Enter the requirements of the trades; from then on they block output without them."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_clearance_requirements()} requirements entered")
