"""Numbers without gaps: given inside the document's transaction, returned when it fails."""

import threading

import pytest
from django.db import connection, transaction

from portal.kernel.numbering import document_number, next_number


def take(series: str = "order", scope: str = "org:1", year: int = 2026) -> int:
    with transaction.atomic():
        return next_number(series=series, scope=scope, year=year)


def test_numbers_follow_each_other(db):
    assert [take(), take(), take()] == [1, 2, 3]


def test_each_series_scope_and_year_counts_for_itself(db):
    take()
    assert take(series="invoice") == 1
    assert take(scope="org:2") == 1
    assert take(year=2027) == 1
    assert take() == 2


def test_a_failed_document_gives_its_number_back(db):
    take()
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_number(series="order", scope="org:1", year=2026) == 2
        raise RuntimeError("the document failed")
    assert take() == 2


def test_printed_numbers_carry_the_year(db):
    with transaction.atomic():
        assert document_number(series="order", scope="org:1", year=2026) == "2026-00001"


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside"):
        next_number(series="order", scope="org:1", year=2026)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_numbers_without_gaps():
    got: list[int] = []

    def clerk() -> None:
        try:
            got.extend(take() for _ in range(5))
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk) for _ in range(4)]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    assert sorted(got) == list(range(1, 21))
