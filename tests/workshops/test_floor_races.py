"""Two people at the same thing at the same moment, over two real connections."""

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from portal.kernel.errors import ConstraintRefused, PortalError
from tests.people import NOW, TODAY
from tests.workshops.floors import DAYS_OPEN, Bench, a_bench, at
from workshops.models import BatchCard, Downtime, MaterialIssue
from workshops.refusals import BatchFull, NothingToCard
from workshops.selectors.batches import batch_passed
from workshops.services.batches import book_on_batch, make_batch_cards
from workshops.services.downtime import end_downtime
from workshops.services.materials import take_material_back

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave or raised; all begin together, each over a connection of its own."""
    together = Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def person(place: int, act: Callable[[], Any]) -> None:
        try:
            together.wait(10)
            results[place] = act()
        except PortalError as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [Thread(target=person, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def refused(results: list[Any]) -> list[PortalError]:
    return [one for one in results if isinstance(one, PortalError)]


def test_the_same_downtime_is_entered_once() -> None:
    bench = a_bench()
    results = at_once(*[lambda: bench.stood(at(9), None)] * 2)
    (error,) = refused(results)
    assert isinstance(error, ConstraintRefused)
    assert error.constraint == "downtime_no_overlap"
    assert Downtime.objects.count() == 1


def test_a_downtime_ends_once() -> None:
    bench = a_bench()
    row = bench.stood(at(9), None)

    def end(minute: int) -> Downtime:
        return end_downtime(
            actor=bench.cast.master, downtime_id=row.pk, ended_at=at(10, minute), at=NOW
        )

    results = at_once(lambda: end(1), lambda: end(2))
    assert len(refused(results)) == 1
    row.refresh_from_db()
    stands = next(one for one in results if not isinstance(one, PortalError))
    assert row.ended_at == stands.ended_at


def test_no_more_material_comes_back_than_is_out() -> None:
    bench = a_bench()
    issue = bench.issued("5")

    def back() -> MaterialIssue:
        return take_material_back(
            actor=bench.cast.master, issue_id=issue.pk, quantity=Decimal(3),
            why="осталось лишнее", on=TODAY, at=NOW, days_open=DAYS_OPEN,
        )  # fmt: skip

    assert len(refused(at_once(back, back))) == 1
    assert sum(one.quantity for one in MaterialIssue.objects.all()) == 2


def made_cards(bench: Bench) -> list[BatchCard]:
    return make_batch_cards(actor=bench.cast.master, work_order_id=bench.order.pk, size=5, at=NOW)


def test_an_order_is_divided_once() -> None:
    bench = a_bench()
    (error,) = refused(at_once(lambda: made_cards(bench), lambda: made_cards(bench)))
    assert isinstance(error, NothingToCard)
    assert sum(card.quantity for card in BatchCard.objects.all()) == 10


def test_a_batch_is_filled_once() -> None:
    bench = a_bench()
    card = made_cards(bench)[0]

    def book() -> None:
        with transaction.atomic():
            book_on_batch(
                actor=bench.cast.master, card_id=card.pk, more={bench.cutting.pk: 3},
                passed_on=TODAY, at=NOW,
            )  # fmt: skip

    (error,) = refused(at_once(book, book))
    assert isinstance(error, BatchFull)
    assert batch_passed([card.pk]) == {(card.pk, bench.cutting.pk): 3}
