"""The administrator's pages in a real browser: health as it is, a failed job retried by hand."""

from datetime import timedelta

import pytest

from portal.kernel import clock
from portal.kernel.models import TaskRun, TaskStatus
from tests.browser.conftest import sign_in
from tests.people import PASSWORD, Cast, a_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> Cast:
    world = a_cast()
    now = clock.now()

    def a_run(key: str, status: str, minutes: int, **fields: object) -> TaskRun:
        values = {"name": "inmates.calculate_payroll_run", "created_by": world.accountant}
        at = now - timedelta(minutes=minutes)
        return TaskRun.objects.create(key=key, status=status, created_at=at, **(values | fields))

    a_run(
        "17", TaskStatus.FAILED, 9, attempts=1, started_at=now - timedelta(minutes=9),
        finished_at=now - timedelta(minutes=8), done=200, total=312, failed=3,
        error="Ошибка портала; она записана в журнале.",
        request_id="3f2a91c0-5b1d-4c59-9c0e-1f6a2f0b7d11",
    )  # fmt: skip
    a_run(
        "16", TaskStatus.RUNNING, 4, attempts=1, started_at=now - timedelta(minutes=3),
        heartbeat_at=now, done=40, total=312,
    )  # fmt: skip
    a_run(
        "5:2026-10:ru:1", TaskStatus.DONE, 60, attempts=1, done=4, total=4,
        name="reports.build_employment_report", created_by=world.analyst,
        started_at=now - timedelta(minutes=60), finished_at=now - timedelta(minutes=59),
    )  # fmt: skip
    a_run("22", TaskStatus.WAITING, 90, created_by=None)
    return world


def test_a_failed_job_is_retried(world, desktop, picture):
    sign_in(desktop, "admin@example.kz", PASSWORD)
    desktop.get_by_role("link", name="Задания").first.click()
    picture(desktop, "jobs-ru-1280")
    desktop.get_by_role("link", name="Не удалось").click()
    row = desktop.locator("#jobs tbody tr")
    assert row.count() == 1
    row.get_by_role("button", name="Повторить").click()
    desktop.get_by_text("Задание снова в очереди").wait_for()
    assert "status=failed" in desktop.url
    desktop.get_by_text("Таких заданий нет.").wait_for()
    run = TaskRun.objects.get(key="17")
    assert run.status in (TaskStatus.WAITING, TaskStatus.SENT)


def test_the_list_follows_a_running_job_by_itself(world, desktop):
    sign_in(desktop, "admin@example.kz", PASSWORD)
    desktop.goto("/office/jobs/?status=running")
    desktop.locator("progress[value='40']").wait_for()
    TaskRun.objects.filter(key="16").update(done=200)
    desktop.locator("progress[value='200']").wait_for()


def test_health_is_read_on_a_desktop(world, desktop, picture):
    sign_in(desktop, "admin@example.kz", PASSWORD)
    desktop.goto("/office/health/")
    assert desktop.locator("#part-database").get_by_text("Работает").is_visible()
    assert desktop.locator("#part-worker .second, #part-beat .second").first.is_visible()
    picture(desktop, "health-ru-1280")
    desktop.get_by_role("link", name="Проверить ещё раз").click()
    desktop.get_by_role("heading", name="Состояние портала").wait_for()


def test_both_pages_on_a_telephone_in_kazakh(world, phone, picture):
    # The longest name of a job: the list to choose from must not widen the page.
    longest = {"name": "orders.tell_overdue_visits", "key": "2026-11-22"}
    TaskRun.objects.create(**longest, status=TaskStatus.DONE, created_at=clock.now())
    sign_in(phone, "admin@example.kz", PASSWORD)
    phone.goto("/office/health/")
    picture(phone, "health-kk-360")
    phone.goto("/office/jobs/")
    phone.get_by_role("button", name="Қайталау").wait_for()
    picture(phone, "jobs-kk-360")
