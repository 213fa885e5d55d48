"""`manage.py load_earning_kinds`: enter the shipped kinds of earnings that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from inmates.services.directories import load_earning_kinds


class Command(BaseCommand):
    help = "Enter the kinds of earnings shipped with the project; those already entered stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_earning_kinds()} kinds of earnings entered")
