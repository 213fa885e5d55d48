"""`manage.py load_pay_parameters`: enter the shipped figures of the law that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from inmates.services.parameters import load_pay_parameters


class Command(BaseCommand):
    help = "Enter the pay parameters shipped with the project; those already entered stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_pay_parameters()} pay parameters entered")
