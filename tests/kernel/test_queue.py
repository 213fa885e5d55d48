"""The outbox: a row before a message, one run per key, one worker at a time, nothing lost."""

import threading
import uuid
from datetime import timedelta

import kombu.pools
import pytest
from celery import current_app
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.queue import (
    MAX_ATTEMPTS,
    AlreadyRunning,
    TaskSuperseded,
    claim_run,
    enqueue,
    portal_task,
    resend_silent_runs,
    send,
)
from tests.people import NOW, a_user

done: list[dict] = []


@portal_task("tests.note_thing")
def note_thing(progress, *, thing_id):
    progress.report(done=1, total=2)
    done.append({"thing": thing_id, "seen": TaskRun.objects.get(pk=progress.run.pk).done})


@portal_task("tests.refuse_thing")
def refuse_thing(progress):
    raise PortalError("The thing is closed.")


@portal_task("tests.break_thing")
def break_thing(progress):
    raise ZeroDivisionError("a fault of the code")


LOST = {"operational": OperationalError, "interface": InterfaceError}


@portal_task("tests.lose_database")
def lose_database(progress, *, kind):
    raise LOST[kind]("server closed the connection unexpectedly")


@pytest.fixture(autouse=True)
def _fresh_notes():
    done.clear()


def a_run(name: str = "tests.note_thing", key: str = "7", **arguments: object) -> TaskRun:
    return enqueue(name, key=key, actor=None, at=NOW, arguments=arguments)


def make_silent(run: TaskRun, status: str = TaskStatus.RUNNING) -> None:
    long_ago = clock.now() - timedelta(minutes=5)
    TaskRun.objects.filter(pk=run.pk).update(
        status=status, heartbeat_at=long_ago, sent_at=long_ago, created_at=long_ago
    )


@pytest.fixture
def redis_down():
    """A broker address where nothing listens."""

    def forget() -> None:
        kombu.pools.reset()
        current_app.amqp._producer_pool = None
        current_app._pool = None

    address = current_app.conf.broker_url
    current_app.conf.broker_url = "redis+socket:///nowhere/redis.sock"
    forget()
    yield
    current_app.conf.broker_url = address
    forget()


@pytest.mark.django_db(transaction=True)
def test_enqueue_sends_after_the_commit():
    with transaction.atomic():
        run = a_run(thing_id=1)
        assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.WAITING
    assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.SENT


@pytest.mark.django_db(transaction=True)
def test_a_cause_that_fails_leaves_no_task():
    with pytest.raises(RuntimeError), transaction.atomic():
        a_run(thing_id=1)
        raise RuntimeError("the cause failed")
    assert not TaskRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_with_redis_down_the_row_waits_and_goes_later(redis_down):
    run = a_run(thing_id=1)
    assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.WAITING
    assert resend_silent_runs(at=clock.now() + timedelta(seconds=10)) == 0
    assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.WAITING


@pytest.mark.django_db(transaction=True)
def test_what_waited_is_sent_when_redis_is_back(db):
    run = TaskRun.objects.create(name="tests.note_thing", key="1", created_at=NOW)
    assert resend_silent_runs(at=NOW + timedelta(seconds=10)) == 1
    assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.SENT


def test_enqueue_of_an_unfinished_key_is_refused(db):
    a_run(thing_id=1)
    with pytest.raises(AlreadyRunning):
        a_run(thing_id=2)
    assert TaskRun.objects.get().arguments == {"thing_id": 1}


def test_refused_enqueue_leaves_the_transaction_of_its_caller_whole(db):
    a_run(thing_id=1)
    with transaction.atomic():
        with pytest.raises(AlreadyRunning):
            a_run(thing_id=2)
        TaskRun.objects.update(done=7)
    assert TaskRun.objects.get().done == 7


def test_refused_enqueue_sends_nothing(db, django_capture_on_commit_callbacks):
    a_run(thing_id=1)
    with django_capture_on_commit_callbacks() as after, pytest.raises(AlreadyRunning):
        a_run(thing_id=2)
    assert after == []


def test_enqueue_asks_for_its_row_and_nothing_else(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        a_run(thing_id=1)


def test_enqueue_of_a_finished_key_starts_anew(db):
    first = a_run(thing_id=1)
    note_thing(task_run=str(first.pk))
    again = a_run(thing_id=2)
    assert again.pk == first.pk
    fresh = TaskRun.objects.get()
    assert (fresh.status, fresh.done, fresh.attempts) == (TaskStatus.WAITING, 0, 0)
    assert fresh.arguments == {"thing_id": 2}


def test_the_body_runs_with_its_arguments_and_reports(db):
    run = a_run(thing_id=5)
    note_thing(task_run=str(run.pk))
    assert done == [{"thing": 5, "seen": 1}]
    run.refresh_from_db()
    assert (run.status, run.total, run.attempts) == (TaskStatus.DONE, 2, 1)
    assert run.finished_at is not None
    assert run.is_finished


def test_a_second_delivery_is_left_alone(db):
    run = a_run(thing_id=5)
    note_thing(task_run=str(run.pk))
    note_thing(task_run=str(run.pk))
    assert len(done) == 1


def test_an_unknown_run_is_left_alone(db):
    note_thing(task_run=str(uuid.uuid4()))
    assert done == []


def test_a_refusal_is_kept_as_its_sentence(db):
    run = a_run("tests.refuse_thing")
    refuse_thing(task_run=str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.error) == (TaskStatus.FAILED, "The thing is closed.")


def test_a_fault_shows_no_inner_words(db, caplog):
    run = a_run("tests.break_thing")
    break_thing(task_run=str(run.pk))
    run.refresh_from_db()
    assert run.status == TaskStatus.FAILED
    assert run.error
    assert "ZeroDivision" not in run.error
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("kind", LOST)
def test_a_database_that_went_away_leaves_the_run_to_beat(db, kind):
    """Nobody has to start it again: it is silent, and goes on when the database is back."""
    run = a_run("tests.lose_database", kind=kind)
    lose_database(task_run=str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.error) == (TaskStatus.RUNNING, "")
    TaskRun.objects.update(heartbeat_at=NOW - timedelta(days=1), sent_at=NOW - timedelta(days=1))
    assert resend_silent_runs(at=clock.now()) == 1


def test_the_failure_speaks_the_language_of_who_asked(db):
    user = a_user("kk@example.kz")
    user.language = "en"
    user.save()
    run = enqueue("tests.break_thing", key="1", actor=user, at=NOW)
    break_thing(task_run=str(run.pk))
    run.refresh_from_db()
    assert run.error == "An error of the portal; it is logged."


def test_a_living_run_cannot_be_claimed_but_a_silent_one_can(db):
    run = a_run(thing_id=1)
    first = claim_run(str(run.pk))
    assert first is not None
    assert claim_run(str(run.pk)) is None
    make_silent(run)
    second = claim_run(str(run.pk))
    assert second is not None
    with pytest.raises(TaskSuperseded):
        first.report(done=1, total=1)
    second.report(done=2, total=2)
    run.refresh_from_db()
    assert (run.done, run.attempts) == (2, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [TaskStatus.RUNNING, TaskStatus.SENT])
def test_a_silent_run_is_sent_again(status):
    run = a_run(thing_id=1)
    make_silent(run, status)
    assert resend_silent_runs(at=clock.now()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [TaskStatus.RUNNING, TaskStatus.SENT])
def test_a_silent_run_is_not_sent_at_every_tick(status):
    """While all workers are busy, each tick of beat would put one more message into Redis."""
    run = a_run(thing_id=1)
    make_silent(run, status)
    now = clock.now()
    assert resend_silent_runs(at=now) == 1
    assert resend_silent_runs(at=now + timedelta(seconds=10)) == 0
    assert resend_silent_runs(at=now + timedelta(seconds=61)) == 1
    assert claim_run(str(run.pk)) is not None


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_alive_is_not_sent_again():
    run = a_run(thing_id=1)
    assert claim_run(str(run.pk))
    assert resend_silent_runs(at=clock.now()) == 0


def test_a_run_lost_too_often_is_given_up(db):
    run = a_run(thing_id=1)
    make_silent(run)
    TaskRun.objects.filter(pk=run.pk).update(attempts=MAX_ATTEMPTS)
    assert resend_silent_runs(at=clock.now()) == 0
    run.refresh_from_db()
    assert run.status == TaskStatus.FAILED
    assert run.error


def test_one_row_per_key_is_kept_by_the_database(db):
    a_run(thing_id=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        TaskRun.objects.create(name="tests.note_thing", key="7", created_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_delivered_three_times_at_once_it_runs_once():
    run = a_run(thing_id=9)
    together = threading.Barrier(3)

    def worker() -> None:
        together.wait()
        try:
            note_thing(task_run=str(run.pk))
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(3)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert [note["thing"] for note in done] == [9]


@pytest.mark.django_db(transaction=True)
def test_send_says_whether_it_went(redis_down):
    run = TaskRun.objects.create(name="tests.note_thing", key="1", created_at=NOW)
    assert send(run.pk) is False
