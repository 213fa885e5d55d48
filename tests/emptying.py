"""How the database is emptied after a test that commits; in force from tests/conftest.py.

Django truncates every table and makes permissions and content types anew, most of a second each
time. Here the tables that have rows are found by one question, and only these are emptied.
"""

from django.db import connection, transaction
from django.test import TransactionTestCase

# Made by migrations for the code as it is, the same for every test.
KEPT = frozenset({"auth_permission", "django_content_type", "django_migrations", "django_site"})


def tables_with_rows() -> list[str]:
    """Of the models' tables, without those that are kept."""
    quote = connection.ops.quote_name
    names = set(connection.introspection.django_table_names(include_views=False)) - KEPT
    questions = (
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})"  # noqa: S608 - our tables
        for name in sorted(names)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        return [name for (name,) in cursor.fetchall()]


def empty_database(_case: TransactionTestCase | None = None) -> None:
    """No row stays; no trigger or reference has a say, as with the truncation it stands for."""
    names = tables_with_rows()
    if not names:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in names:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - the same


def install() -> None:
    TransactionTestCase._fixture_teardown = empty_database
