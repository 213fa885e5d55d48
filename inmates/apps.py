"""Inmates as a Django app: people, placements, work done and pay."""

from django.apps import AppConfig


class InmatesConfig(AppConfig):
    name = "inmates"

    def ready(self) -> None:
        from inmates.services import (  # noqa: F401, PLC0415 - enters what the apps below ask
            certificates,
            papers,
            placement_papers,
            signing,
            work_papers,
        )
