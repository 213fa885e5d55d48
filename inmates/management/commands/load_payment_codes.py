"""`manage.py load_payment_codes`: enter the shipped codes of payments that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from inmates.services.payment_codes import load_payment_codes


class Command(BaseCommand):
    help = "Enter how each payment is transferred (КНП, КБК, recipient); those entered stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_payment_codes()} codes of payments entered")
