"""The page of jobs: filters, progress, failure, retry; who may; how many queries."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from portal.front import jobs
from portal.kernel import clock
from portal.kernel.models import AuditEvent, TaskRun, TaskStatus
from tests.people import NOW

PAGE = "/office/jobs/"
HTMX = {"HX-Request": "true"}
CALCULATE, REPORT = "inmates.calculate_payroll_run", "reports.build_employment_report"


def a_run(status: str = TaskStatus.FAILED, name: str = CALCULATE, **fields: object) -> TaskRun:
    values = {"name": name, "key": str(uuid.uuid4())[:8], "created_at": NOW, "status": status}
    return TaskRun.objects.create(**(values | fields))


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return client


def text_of(client, query: str = "", **headers: str) -> str:
    return client.get(PAGE + query, headers=headers).content.decode()


def test_nothing_yet(administrator):
    assert "Заданий ещё не было" in text_of(administrator)


def test_a_failed_run_with_its_reason_and_its_trace(administrator, cast):
    a_run(
        error="Нет ставки на 12.10.2026.", created_by=cast.accountant, attempts=2,
        request_id="request-in-the-log", started_at=NOW, finished_at=NOW + timedelta(seconds=75),
    )  # fmt: skip
    text = text_of(administrator)
    for words in (
        "Расчёт зарплаты", "Нет ставки на 12.10.2026.", "request-in-the-log", "Accountant",
        "1 мин 15 с", "Повторить",
    ):  # fmt: skip
        assert words in text
    assert CALCULATE not in text.replace(f'value="{CALCULATE}"', "")


def test_a_running_one_shows_progress_and_the_part_refreshes_itself(administrator):
    a_run(TaskStatus.RUNNING, done=40, total=312, failed=2, started_at=NOW)
    text = text_of(administrator)
    assert 'value="40" max="312"' in text
    assert 'hx-trigger="every 3s"' in text
    part = text_of(administrator, "?status=running", **HTMX)
    assert part.startswith('<div id="jobs"')
    assert "status=running" in part[:200], "the refreshed part keeps the filter"
    assert "<html" not in part


def test_when_all_is_finished_nothing_is_asked_again(administrator):
    a_run(TaskStatus.DONE, done=5, total=5)
    text = text_of(administrator)
    assert "hx-get" not in text[text.index('id="jobs"') :]
    assert "Повторить" not in text


def test_filters_stand_in_the_address(administrator):
    failed, done = a_run(), a_run(TaskStatus.DONE, REPORT)

    def shown(query: str) -> set[uuid.UUID]:
        return {row.run.pk for row in administrator.get(PAGE + query).context["rows"]}

    assert shown("") == {failed.pk, done.pk}
    assert shown("?status=failed") == {failed.pk}
    assert shown(f"?name={REPORT}") == {done.pk}
    assert shown(f"?status=failed&name={REPORT}") == set()
    assert shown("?status=nonsense&name=' OR 1=1&page=x") == {failed.pk, done.pk}


def test_an_empty_filter_leads_back(administrator):
    a_run()
    text = text_of(administrator, "?status=done")
    assert "Таких заданий нет" in text
    assert "Показать все" in text


def test_chips_count_within_the_chosen_work(administrator):
    a_run(), a_run(), a_run(TaskStatus.DONE, REPORT)
    choices = administrator.get(f"{PAGE}?name={CALCULATE}").context["statuses"]
    counts = {choice.label: choice.count for choice in choices}
    assert counts["Все"] == 2
    assert sum(counts.values()) == 4
    assert choices[0].is_chosen
    assert all(f"name={CALCULATE}" in choice.query for choice in choices)


def test_pages_of_twenty_five(administrator):
    for number in range(30):
        a_run(key=f"k{number}")
    assert len(administrator.get(PAGE).context["rows"]) == 25
    assert len(administrator.get(f"{PAGE}?page=2").context["rows"]) == 5


def test_the_same_queries_for_one_and_three(administrator, cast, django_assert_num_queries):
    a_run(created_by=cast.accountant)
    administrator.get(PAGE)
    with django_assert_num_queries(7):
        administrator.get(PAGE)
    a_run(created_by=cast.head), a_run(TaskStatus.RUNNING, REPORT, created_by=cast.analyst)
    with django_assert_num_queries(7):
        administrator.get(PAGE)


def test_retry_from_the_page(administrator):
    run = a_run(error="x")
    response = administrator.post(reverse("front:job_retry", args=[run.pk]) + "?status=failed")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?status=failed")
    run.refresh_from_db()
    assert not run.is_finished
    assert AuditEvent.objects.filter(action="task_retried").count() == 1
    assert "скоро начнётся" in text_of(administrator)


def test_retry_of_what_goes_on_is_refused_in_words(administrator):
    run = a_run(TaskStatus.RUNNING, started_at=NOW, heartbeat_at=clock.now())
    administrator.post(reverse("front:job_retry", args=[run.pk]))
    assert "Повторить можно только неудавшееся задание." in text_of(administrator)
    assert TaskRun.objects.get().status == TaskStatus.RUNNING


def test_send_from_the_page(administrator):
    run = a_run(TaskStatus.WAITING)
    act = reverse("front:job_send", args=[run.pk])
    assert f'"{act}?' in text_of(administrator)
    administrator.post(act)
    run.refresh_from_db()
    assert run.status == TaskStatus.SENT
    assert f'"{act}?' not in text_of(administrator)


@pytest.mark.parametrize("name", ["job_retry", "job_send"])
def test_acts_five_questions(client, cast, name):
    run = a_run(TaskStatus.FAILED if name == "job_retry" else TaskStatus.WAITING)
    address = reverse(f"front:{name}", args=[run.pk])
    assert client.post(address).status_code == 302, "nobody signs in first"
    for person in ("operator", "accountant", "head", "stranger"):
        client.force_login(cast.users[person])
        assert client.post(address).status_code == 403, person
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 405
    assert client.post(reverse(f"front:{name}", args=[uuid.uuid4()])).status_code == 404
    assert not AuditEvent.objects.filter(action__startswith="task_").exists()
    client.post(address)
    assert AuditEvent.objects.filter(action__startswith="task_").count() == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", "Отчёт о занятости"), ("kk", "Жұмыспен қамту есебі"), ("en", "Workbook of the")],
)
def test_works_are_named_in_three_languages(administrator, language, words):
    administrator.cookies["django_language"] = language
    a_run(name=REPORT)
    assert words in text_of(administrator)


@pytest.mark.parametrize(
    ("started", "finished", "text"),
    [(None, None, ""), (0, 5, "5 с"), (0, 61, "1 мин 1 с"), (0, None, "1 мин 40 с"), (9, 3, "0 с")],
)
def test_how_long_it_took(started, finished, text):
    def moment(seconds):
        return None if seconds is None else NOW + timedelta(seconds=seconds)

    run = TaskRun(started_at=moment(started), finished_at=moment(finished))
    assert jobs.lasted(run, NOW + timedelta(seconds=100)) == text
