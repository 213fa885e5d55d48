"""`manage.py load_consent_texts`: enter the shipped wordings of consents that are missing."""

from typing import Any

from django.core.management.base import BaseCommand

from inmates.services.consent_texts import load_consent_texts


class Command(BaseCommand):
    help = "Enter the wordings of consents shipped with the project; those already entered stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_consent_texts()} wordings of consents entered")
