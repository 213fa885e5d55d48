"""The stamp of the catalogue: pages are kept under it (portal/kernel/kept.py)."""

from django.db import connection


def catalogue_stamp() -> str:
    """Its present value, or nothing where there is none; then no page is kept.

    Asked before anything else of a page: what is read after it is never older.
    """
    # Plain SQL: this is all that a kept page asks, and the ORM would take longer than the answer.
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM workshops_cataloguestamp")
        row = cursor.fetchone()
    return str(row[0]) if row else ""
