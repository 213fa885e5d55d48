"""The floor of the demo: some of everything, on workdays, in the evening, by the services."""

from datetime import date, timedelta
from random import Random

import pytest

from portal.demo.floor import BATCHES, DEFECTS, DOWNTIMES, make_floor
from portal.kernel.clock import day_of
from portal.kernel.workdays import is_workday
from tests.people import LONG_AGO, a_cast, a_work_order
from workshops.models import BatchCard, Defect, Downtime, MaterialIssue, WorkOrder

TODAY = date(2026, 11, 23)


@pytest.mark.django_db
def test_the_demo_shows_the_floor() -> None:
    cast = a_cast()
    order = a_work_order(cast, 10)
    WorkOrder.objects.filter(pk=order.pk).update(status="in_progress", due_on=TODAY)
    order.operations.update(done=5)
    assert LONG_AGO < TODAY
    make_floor(TODAY, cast.master, Random("floor"))
    assert Downtime.objects.count() == DOWNTIMES
    assert Defect.objects.count() == DEFECTS
    assert MaterialIssue.objects.exists()
    assert 1 < BatchCard.objects.count() <= BATCHES
    assert sum(card.quantity for card in BatchCard.objects.all()) == 10
    days = {day_of(row.began_at) for row in Downtime.objects.all()}
    days |= set(Defect.objects.values_list("found_on", flat=True))
    assert all(is_workday(day) and day < TODAY for day in days)
    assert max(days) >= TODAY - timedelta(days=5)
    assert not Downtime.objects.exclude(late_why="").exists()


@pytest.mark.django_db
def test_without_work_there_are_only_downtimes() -> None:
    cast = a_cast()
    make_floor(TODAY, cast.master, Random("floor"))
    assert Downtime.objects.count() == DOWNTIMES
    assert not Defect.objects.exists()
    assert not MaterialIssue.objects.exists()
    assert not BatchCard.objects.exists()
