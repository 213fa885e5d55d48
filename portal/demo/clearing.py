"""Empties the database for a fresh demo; called by `manage.py seed --fresh` alone."""

from django.apps import apps
from django.db import connection

# What a migration fills and no seed does.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def clear_database() -> None:
    """Every table of the portal is empty and counts from 1. TRUNCATE asks no row trigger."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    names = ", ".join(connection.ops.quote_name(name) for name in sorted(tables - KEPT))
    with connection.cursor() as cursor:
        # TRUNCATE is refused while a deferred trigger (catalogue stamp, foreign key) is waiting.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
