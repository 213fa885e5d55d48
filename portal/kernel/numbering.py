"""Document numbers without gaps: the counter is a row locked until the document is committed."""

from django.db import connection, transaction

NEXT = """
INSERT INTO kernel_numberseries (series, scope, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (series, scope, year) DO UPDATE SET last = kernel_numberseries.last + 1
RETURNING last
"""


def next_number(*, series: str, scope: str, year: int) -> int:
    """The next number of a series (kind of document) in a scope (whose) and year, from 1.

    Must run inside the transaction that writes the document: if that fails, the number returns.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a document number is taken inside the document's transaction")
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series, scope, year])
        return int(cursor.fetchone()[0])


def document_number(*, series: str, scope: str, year: int) -> str:
    """The printed number, such as 2026-00017."""
    return f"{year}-{next_number(series=series, scope=scope, year=year):05d}"
