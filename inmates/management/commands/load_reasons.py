"""`manage.py load_reasons`: enter the shipped reasons of absence that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from inmates.services.reasons import load_reasons


class Command(BaseCommand):
    help = "Enter the reasons shipped with the project; those already entered stay."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_reasons()
        self.stdout.write(f"{loaded.entered} reasons entered")
        if loaded.left_out:
            codes = ", ".join(loaded.left_out)
            self.stdout.write(f"left out, their letters stand for other reasons: {codes}")
