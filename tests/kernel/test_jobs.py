"""Orders over a run of the queue: retry what failed, send what waits; each once and audited."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from portal.kernel import clock, jobs, logs
from portal.kernel.access import YES, no
from portal.kernel.errors import Forbidden
from portal.kernel.jobs import (
    NotNow,
    QueueAway,
    may_be_retried,
    may_be_sent_again,
    retry_task_run,
    runs_counted,
    send_task_run_again,
    task_label,
    task_runs,
)
from portal.kernel.models import AuditEvent, TaskRun, TaskStatus
from tests.people import NOW, a_user

ORDERS = {"retry": retry_task_run, "send": send_task_run_again}


def anybody(_user, _on):
    return YES


def nobody(_user, _on):
    return no("Not you.")


def a_run(status: str = TaskStatus.FAILED, **fields: object) -> TaskRun:
    values = {
        "name": "tests.thing", "key": str(TaskRun.objects.count()), "created_at": NOW,
        "status": status, "arguments": {"thing_id": 7}, "attempts": 3, "error": "It broke.",
    }  # fmt: skip
    return TaskRun.objects.create(**(values | fields))


def order(name: str, run: TaskRun, rule=anybody) -> TaskRun:
    actor = a_user(f"{name}{AuditEvent.objects.count()}@example.kz")
    return ORDERS[name](actor=actor, run_id=run.pk, at=clock.now(), rule=rule)


def test_a_failed_run_waits_again_with_its_arguments(db):
    run = a_run(request_id="the-first-request", done=3, total=9)
    order("retry", run)
    run.refresh_from_db()
    assert run.status == TaskStatus.WAITING
    assert run.arguments == {"thing_id": 7}
    assert (run.attempts, run.done, run.total, run.error) == (0, 0, 0, "")
    assert run.created_at == NOW, "it is the same order"


@pytest.mark.django_db(transaction=True)
def test_a_retried_run_is_sent_after_the_commit(own_messages):
    run = a_run()
    order("retry", run)
    assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.SENT


def test_the_retry_carries_the_request_that_ordered_it(db, rf):
    run = a_run()
    with logs.request_context(rf.get("/"), "the-retrying-request"):
        order("retry", run)
    assert TaskRun.objects.get(pk=run.pk).request_id == "the-retrying-request"


@pytest.mark.parametrize("status", [s for s in TaskStatus.values if s != TaskStatus.FAILED])
def test_retry_refuses_what_has_not_failed(db, status):
    run = a_run(status)
    with pytest.raises(NotNow):
        order("retry", run)
    assert TaskRun.objects.get(pk=run.pk).status == status
    assert not AuditEvent.objects.filter(action="task_retried").exists()


def test_retry_twice_is_refused(db):
    run = a_run()
    order("retry", run)
    with pytest.raises(NotNow):
        order("retry", run)


@pytest.mark.parametrize("name", ORDERS)
def test_the_rule_decides(db, name):
    run = a_run(TaskStatus.FAILED if name == "retry" else TaskStatus.WAITING)
    with pytest.raises(Forbidden, match="Not you"):
        order(name, run, rule=nobody)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("name", "action"), [("retry", "task_retried"), ("send", "task_sent_again")]
)
def test_each_order_is_audited_by_ids(db, name, action):
    run = a_run(TaskStatus.FAILED if name == "retry" else TaskStatus.WAITING)
    order(name, run)
    event = AuditEvent.objects.get(action=action)
    assert event.actor is not None
    assert event.details == {"task": "tests.thing", "task_run": str(run.pk)}


@pytest.mark.parametrize(
    ("status", "sent_seconds_ago", "is_allowed"),
    [
        (TaskStatus.WAITING, None, True),
        (TaskStatus.SENT, 10, False),
        (TaskStatus.SENT, 120, True),
        (TaskStatus.RUNNING, 120, False),
        (TaskStatus.DONE, 120, False),
        (TaskStatus.FAILED, 120, False),
    ],
)
def test_what_may_be_sent_again(db, status, sent_seconds_ago, is_allowed):
    now = clock.now()
    sent_at = now - timedelta(seconds=sent_seconds_ago) if sent_seconds_ago else None
    run = a_run(status, sent_at=sent_at)
    verdict = may_be_sent_again(run, now)
    assert bool(verdict) is is_allowed
    assert is_allowed or verdict.reason
    assert bool(may_be_retried(run)) is (status == TaskStatus.FAILED)


def test_sending_a_waiting_run(db):
    run = a_run(TaskStatus.WAITING)
    order("send", run)
    run.refresh_from_db()
    assert run.status == TaskStatus.SENT
    with pytest.raises(NotNow):
        order("send", run)


def test_sending_while_redis_is_away_is_told_and_changes_nothing(db, monkeypatch):
    monkeypatch.setattr(jobs, "send", lambda _run_id: False)
    run = a_run(TaskStatus.WAITING)
    with pytest.raises(QueueAway) as refusal:
        order("send", run)
    assert refusal.value.status == 503
    assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.WAITING


@pytest.mark.django_db(transaction=True)
def test_two_people_retry_at_once_and_one_is_refused(own_messages):
    run = a_run()
    actors = [a_user(f"two{number}@example.kz") for number in range(2)]
    together, refused = threading.Barrier(2), []

    def press(actor):
        together.wait()
        try:
            retry_task_run(actor=actor, run_id=run.pk, at=clock.now(), rule=anybody)
        except NotNow:
            refused.append(actor)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert AuditEvent.objects.filter(action="task_retried").count() == 1


def test_runs_by_status_and_name_the_newest_first(db, django_assert_num_queries):
    old = a_run(created_at=NOW - timedelta(days=1))
    new = a_run()
    other = a_run(TaskStatus.DONE, name="tests.other", created_at=NOW - timedelta(days=2))
    assert list(task_runs()) == [new, old, other]
    assert list(task_runs(status="failed")) == [new, old]
    assert list(task_runs(name="tests.other")) == [other]
    assert list(task_runs(status="failed", name="tests.other")) == []
    with django_assert_num_queries(1):
        assert runs_counted() == {("tests.thing", "failed"): 2, ("tests.other", "done"): 1}


def test_an_unknown_task_keeps_its_inner_name():
    assert task_label("tests.removed_long_ago") == "tests.removed_long_ago"


def test_every_task_of_ours_has_a_readable_name():
    """An administrator reads «Расчёт зарплаты», not the name of a function."""
    task_label("")
    ours = {
        name: str(label)
        for name, label in jobs.TASK_LABELS.items()
        if not name.startswith("tests.")
    }
    assert ours
    assert {name for name, label in ours.items() if label == name} == set()
