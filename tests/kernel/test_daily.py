"""Work of each day: ordered once a day however often beat asks; and the days that are worked."""

from datetime import date, datetime, timedelta

import pytest

from portal.kernel import tasks
from portal.kernel.clock import ALMATY
from portal.kernel.daily import enqueue_for_day
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.workdays import add_workdays, is_workday, workdays_between
from tests.people import NOW

NAME = "kernel.test_nothing"


@pytest.mark.django_db
def test_day_has_one_run_however_often_it_is_asked_for() -> None:
    first = enqueue_for_day(NAME, at=NOW)
    assert first is not None
    assert (first.key, first.arguments) == ("2026-11-22", {"on": "2026-11-22"})
    assert enqueue_for_day(NAME, at=NOW + timedelta(hours=3)) is None
    assert TaskRun.objects.count() == 1


@pytest.mark.django_db
def test_next_day_begins_at_midnight_in_almaty() -> None:
    for hour, minute in ((23, 59), (0, 0)):
        day = 22 if hour else 23
        enqueue_for_day(NAME, at=datetime(2026, 11, day, hour, minute, tzinfo=ALMATY))
    keys = TaskRun.objects.order_by("key").values_list("key", flat=True)
    assert list(keys) == ["2026-11-22", "2026-11-23"]


@pytest.mark.django_db
@pytest.mark.parametrize("status", [TaskStatus.DONE, TaskStatus.RUNNING, TaskStatus.SENT])
def test_what_is_done_or_under_way_is_left_alone(status: str) -> None:
    enqueue_for_day(NAME, at=NOW)
    TaskRun.objects.update(status=status)
    assert enqueue_for_day(NAME, at=NOW) is None
    assert TaskRun.objects.get().status == status


@pytest.mark.django_db
def test_failure_is_tried_again_the_same_day() -> None:
    enqueue_for_day(NAME, at=NOW)
    TaskRun.objects.update(status=TaskStatus.FAILED, error="away")
    again = enqueue_for_day(NAME, at=NOW)
    assert again is not None
    assert (again.status, again.error) == (TaskStatus.WAITING, "")
    assert TaskRun.objects.count() == 1


@pytest.mark.django_db
def test_quicker_beat_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen nothing; the second finds the row of the first."""
    enqueue_for_day(NAME, at=NOW)
    monkeypatch.setattr(TaskRun.objects, "filter", lambda **_asked: TaskRun.objects.none())
    assert enqueue_for_day(NAME, at=NOW) is None


@pytest.mark.django_db
def test_beat_orders_by_name() -> None:
    tasks.enqueue_daily_task.run(NAME)
    tasks.enqueue_daily_task.run(NAME)
    assert TaskRun.objects.get().name == NAME


def test_beat_asks_for_tasks_that_exist(settings) -> None:
    from celery import current_app

    current_app.loader.import_default_modules()
    daily = [
        row["args"][0]
        for row in settings.CELERY_BEAT_SCHEDULE.values()
        if row["task"] == "kernel.enqueue_daily_task"
    ]
    assert {"inmates.count_free_people", "orders.tell_overdue_visits"} <= set(daily)
    assert set(daily) <= set(current_app.tasks)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 12, 16), False),
        (date(2027, 3, 22), False),
        (date(2027, 3, 25), True),
    ],
)
def test_is_workday(day: date, worked: bool) -> None:
    assert is_workday(day) is worked


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
        (date(2026, 11, 22), 5, date(2026, 11, 27)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2026, 12, 17)),
    ],
)
def test_add_workdays(day: date, count: int, expected: date) -> None:
    assert add_workdays(day, count) == expected


@pytest.mark.parametrize("begin", [date(2026, 11, 18) + timedelta(days=n) for n in range(10)])
@pytest.mark.parametrize("count", [1, 3, 5, 20])
def test_counting_back_gives_what_was_added(begin: date, count: int) -> None:
    end = add_workdays(begin, count)
    assert is_workday(end)
    assert workdays_between(begin, end) == count


def test_no_days_between_a_day_and_itself_or_an_earlier_one() -> None:
    day = date(2026, 11, 24)
    assert workdays_between(day, day) == 0
    assert workdays_between(day, day - timedelta(days=7)) == 0
