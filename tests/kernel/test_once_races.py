"""The same form over two real connections at once, and a connection cut in the middle of a save."""

import uuid
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from portal.accounts.models import User
from portal.kernel.models import Submission
from tests.kernel import sent_forms
from tests.kernel.sent_forms import GO_ON, INSIDE, URL, form, written
from tests.people import a_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.kernel.sent_forms"),
]


@pytest.fixture(autouse=True)
def _nobody_is_inside() -> Iterator[None]:
    INSIDE.clear()
    GO_ON.clear()
    yield
    GO_ON.set()


class Sending:
    """One sending of a form over a connection of its own."""

    def __init__(self, user: User, sent: dict[str, str]) -> None:
        self.result: Any = None
        self.client = Client()
        self.client.force_login(user)
        self.thread = Thread(target=self._send, args=(sent,))
        self.thread.start()

    def _send(self, sent: dict[str, str]) -> None:
        try:
            self.result = self.client.post(URL, sent)
        except OperationalError as error:
            self.result = error
        finally:
            connection.close()

    def answer(self) -> Any:
        self.thread.join(20)
        assert not self.thread.is_alive()
        return self.result


def test_second_waits_for_the_first_that_still_runs_and_gets_its_answer() -> None:
    user = a_user("master@test.example")
    sent = form(act="slow", text="a")
    first = Sending(user, sent)
    assert INSIDE.wait(10)
    second = Sending(user, sent)
    second.thread.join(0.5)
    assert second.thread.is_alive(), "the second did not wait for the first"
    GO_ON.set()
    assert first.answer()["Location"] == second.answer()["Location"] == "/there/?page=2"
    assert (written(), Submission.objects.count()) == (1, 1)


def test_second_does_it_where_the_first_was_refused() -> None:
    user, key = a_user("master@test.example"), uuid.uuid4()
    first = Sending(user, form(key, "slow, then refuse"))
    assert INSIDE.wait(10)
    second = Sending(user, form(key, "save"))
    GO_ON.set()
    assert first.answer().status_code == 422
    assert second.answer().status_code == 302
    assert (written(), Submission.objects.count()) == (2, 1)


def test_other_forms_of_the_same_person_do_not_wait() -> None:
    user = a_user("master@test.example")
    first = Sending(user, form(act="slow"))
    assert INSIDE.wait(10)
    assert Sending(user, form()).answer().status_code == 302
    GO_ON.set()
    assert first.answer().status_code == 302
    assert written() == 2


def test_five_at_once_are_done_once() -> None:
    user = a_user("master@test.example")
    sent = form(text="a")
    sendings = [Sending(user, sent) for _time in range(5)]
    assert {one.answer()["Location"] for one in sendings} == {"/there/?page=2"}
    assert (written(), Submission.objects.count()) == (1, 1)


def test_connection_cut_in_the_middle_of_a_save_leaves_nothing_and_again_is_once() -> None:
    """The server dies with half a save written: neither it nor its name is there afterwards."""
    user = a_user("master@test.example")
    sent = form(act="slow", text="a")
    first = Sending(user, sent)
    assert INSIDE.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", sent_forms.cut)
    GO_ON.set()
    answer = first.answer()
    assert isinstance(answer, OperationalError) or answer.status_code in (500, 503)
    assert (written(), Submission.objects.count()) == (0, 0)
    again = Sending(user, sent).answer()
    assert again["Location"] == "/there/?page=2"
    assert (written(), Submission.objects.count()) == (1, 1)
