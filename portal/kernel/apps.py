"""The kernel as a Django app: the rows of history, audit, queue and numbering live here."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "portal.kernel"
    label = "kernel"
