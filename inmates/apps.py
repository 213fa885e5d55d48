"""Inmates as a Django app: people, placements, work done and pay."""

from django.apps import AppConfig


class InmatesConfig(AppConfig):
    name = "inmates"
