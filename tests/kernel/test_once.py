"""A form sent twice is done once, and answered as the first time."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.template import Context, Template
from django.test import Client, RequestFactory

from portal.kernel import tasks
from portal.kernel.models import Submission, TaskRun
from portal.kernel.once import KEEP_DAYS, forget_submissions, submission_key
from portal.kernel.queue import enqueue, run_here
from tests.kernel.sent_forms import URL, form, written
from tests.people import NOW, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.sent_forms")]


@pytest.fixture
def sender(client: Client) -> Client:
    client.force_login(a_user("master@test.example"))
    return client


def said(sender: Client) -> list[str]:
    """What the next page says."""
    return [str(one) for one in get_messages(sender.get(URL).wsgi_request)]


def test_second_sending_gets_the_answer_of_the_first(sender: Client) -> None:
    sent = form(text="30 entries")
    first, second = sender.post(URL, sent), sender.post(URL, sent)
    assert written() == 1
    assert (first.status_code, first["Location"]) == (302, "/there/?page=2")
    assert (second.status_code, second["Location"]) == (302, "/there/?page=2")
    assert said(sender) == ["Saved: 30 entries"]
    row = Submission.objects.get()
    assert str(row.key) == sent["submission"]
    assert row.outcome["location"] == "/there/?page=2"


def test_another_name_is_another_save(sender: Client) -> None:
    sender.post(URL, form(text="same"))
    sender.post(URL, form(text="same"))
    assert (written(), Submission.objects.count()) == (2, 2)


def test_same_name_with_other_content_is_another_save(sender: Client) -> None:
    """A page taken from the browser's history has an old name: what is typed there is not lost."""
    key = uuid.uuid4()
    sender.post(URL, form(key, text="one"))
    sender.post(URL, form(key, text="two"))
    assert said(sender) == ["Saved: one", "Saved: two"]
    assert (written(), Submission.objects.count()) == (2, 1)
    # The newer one is what stands under the name now.
    sender.post(URL, form(key, text="two"))
    assert written() == 2


def test_token_of_the_form_is_not_its_content(sender: Client) -> None:
    sent = form()
    sender.post(URL, sent | {"csrfmiddlewaretoken": "a" * 32})
    sender.post(URL, sent | {"csrfmiddlewaretoken": "b" * 32})
    assert written() == 1


def test_query_of_the_address_is_content(sender: Client) -> None:
    sent = form()
    sender.post(f"{URL}?order=1", sent)
    sender.post(f"{URL}?order=2", sent)
    assert written() == 2


def test_name_of_one_person_says_nothing_of_another(sender: Client) -> None:
    sent = form()
    sender.post(URL, sent)
    sender.force_login(a_user("second@test.example"))
    sender.post(URL, sent)
    assert (written(), Submission.objects.count()) == (2, 2)


@pytest.mark.parametrize("name", [None, "", "17", "x" * 5000, "\x00", "{}"])
def test_form_without_a_readable_name_is_saved_as_ever(sender: Client, name: str | None) -> None:
    sent = {"act": "save"} | ({} if name is None else {"submission": name})
    assert sender.post(URL, sent).status_code == 302
    assert sender.post(URL, sent).status_code == 302
    assert written() == 2


def test_page_itself_is_no_submission(sender: Client) -> None:
    answer = sender.get(URL, form())
    assert answer.content == b"the form"
    assert not Submission.objects.exists()


def test_visitor_is_sent_to_sign_in_and_names_nothing(client: Client) -> None:
    answer = client.post(URL, form())
    assert "/login/" in answer["Location"]
    assert not Submission.objects.exists()


def test_refused_form_may_be_sent_again(sender: Client) -> None:
    """What the page looked at is kept, as without the name; only the name is free."""
    key = uuid.uuid4()
    assert sender.post(URL, form(key, "refuse")).status_code == 422
    assert written() == 1
    assert not Submission.objects.exists()
    assert sender.post(URL, form(key, "save")).status_code == 302
    assert written() == 2


def test_refusal_of_an_old_name_leaves_what_it_stands_for(sender: Client) -> None:
    key = uuid.uuid4()
    sender.post(URL, form(key, "save"))
    sender.post(URL, form(key, "refuse"))
    sender.post(URL, form(key, "save"))
    assert written() == 2


@pytest.mark.parametrize(("act", "status"), [("conflict", 409), ("gone", 404)])
def test_error_leaves_neither_the_save_nor_its_name(sender: Client, act: str, status: int) -> None:
    assert sender.post(URL, form(act=act)).status_code == status
    assert (written(), Submission.objects.count()) == (0, 0)


def test_fault_leaves_neither_the_save_nor_its_name(sender: Client) -> None:
    sent = form(act="break")
    with pytest.raises(ZeroDivisionError):
        sender.post(URL, sent)
    assert (written(), Submission.objects.count()) == (0, 0)


# --- The script ---------------------------------------------------------------------------------


def test_script_is_told_where_to_go_and_what_was_said(sender: Client) -> None:
    sent = form(text="a")
    for _time in range(2):
        answer = sender.post(URL, sent, headers={"X-Outbox": "now"})
        assert answer.json() == {
            "outcome": "done", "location": "/there/?page=2", "messages": [[25, "Saved: a", ""]]
        }  # fmt: skip
    assert written() == 1


def test_message_waits_for_the_page_once(sender: Client) -> None:
    """The answer was lost after its head: the message's cookie had come, the body had not."""
    sent = form(text="a")
    for _time in range(3):
        sender.post(URL, sent, headers={"X-Outbox": "now"})
    assert said(sender) == ["Saved: a"]


def test_what_is_sent_later_leaves_no_message_for_another_page(sender: Client) -> None:
    sender.post(URL, form(text="earlier"))
    sent = form(text="later")
    for _time in range(2):
        answer = sender.post(URL, sent, headers={"X-Outbox": "later"})
        assert [one[1] for one in answer.json()["messages"]] == ["Saved: later"]
    # Of the form before it, which nobody has read yet.
    assert said(sender) == ["Saved: earlier"]


def test_refusal_comes_to_the_script_as_it_is(sender: Client) -> None:
    answer = sender.post(URL, form(act="refuse"), headers={"X-Outbox": "later"})
    assert (answer.status_code, answer.content) == (422, b"not so")


def test_form_of_another_person_is_not_done_in_the_name_of_this_one(sender: Client) -> None:
    answer = sender.post(URL, form(), headers={"X-Outbox": "later", "X-Outbox-User": "999999"})
    assert (answer.status_code, answer.json()) == (403, {"outcome": "another"})
    assert written() == 0
    own = sender.get("/office/sender/").json()["user"]
    answer = sender.post(URL, form(), headers={"X-Outbox": "later", "X-Outbox-User": own})
    assert answer.json()["outcome"] == "done"


def test_sender_is_told_who_is_signed_in_and_a_token_that_works() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/office/sender/").json()["user"] is None
    user = a_user("strict@test.example")
    strict.force_login(user)
    answer = strict.get("/office/sender/")
    assert answer.json()["user"] == str(user.pk)
    assert "no-store" in answer["Cache-Control"]
    assert strict.post(URL, form()).status_code == 403
    sent = form() | {"csrfmiddlewaretoken": answer.json()["token"]}
    assert strict.post(URL, sent).status_code == 302
    assert Client().post("/office/sender/").status_code == 405


# --- What is kept -------------------------------------------------------------------------------


def test_content_is_kept_as_a_mark_that_cannot_be_read(sender: Client) -> None:
    sender.post(URL, form(text="a note of the master"))
    row = Submission.objects.get()
    assert re.fullmatch("[0-9a-f]{64}", row.content)


def test_names_are_forgotten_after_their_time(sender: Client) -> None:
    sender.post(URL, form())
    sender.post(URL, form())
    old, new = Submission.objects.all()
    Submission.objects.filter(pk=old.pk).update(at=NOW - timedelta(days=KEEP_DAYS, seconds=1))
    Submission.objects.filter(pk=new.pk).update(at=NOW - timedelta(days=KEEP_DAYS))
    assert forget_submissions(at=NOW) == 1
    assert forget_submissions(at=NOW) == 0
    assert Submission.objects.get().pk == new.pk


def test_forgetting_is_work_of_the_queue(sender: Client, settings) -> None:
    sender.post(URL, form())
    Submission.objects.update(at=NOW - timedelta(days=2 * KEEP_DAYS))
    run = enqueue("kernel.forget_submissions", key="2026-11-22", actor=None, at=NOW)
    run_here(
        run, lambda progress: tasks.forget_submissions.__wrapped__.__wrapped__(progress, on="")
    )
    assert not Submission.objects.exists()
    assert TaskRun.objects.get(pk=run.pk).done == 1
    beat = [row.get("args") for row in settings.CELERY_BEAT_SCHEDULE.values()]
    assert ["kernel.forget_submissions"] in beat


def test_session_outlasts_a_day_without_a_line(settings) -> None:
    """Two weeks from signing in; a token of a page opened this morning is good for a year."""
    assert settings.SESSION_COOKIE_AGE >= 7 * 24 * 3600
    assert settings.ACCOUNT_SESSION_REMEMBER
    assert not settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert settings.CSRF_COOKIE_AGE >= settings.SESSION_COOKIE_AGE


# --- In a page ----------------------------------------------------------------------------------

TAG = Template("{% load portal_outbox %}{% submission %}")


def test_each_page_names_a_submission_of_its_own() -> None:
    request = RequestFactory().get(URL)
    pages = {TAG.render(Context({"request": request})) for _time in range(2)}
    assert len(pages) == 2
    for page in pages:
        assert re.fullmatch(r'<input type="hidden" name="submission" value="[0-9a-f-]{36}">', page)


def test_page_that_comes_back_refused_keeps_the_name() -> None:
    key = str(uuid.uuid4())
    request = RequestFactory().post(URL, {"submission": key})
    assert key in TAG.render(Context({"request": request}))
    assert str(submission_key(request)) == key


def test_unreadable_name_is_not_repeated_into_the_page() -> None:
    request = RequestFactory().post(URL, {"submission": '"><script>'})
    assert "script" not in TAG.render(Context({"request": request}))
