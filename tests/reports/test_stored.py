"""Ordering, building, listing and downloading a workbook; its numbers are the page's."""

import hashlib
import io
import threading
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from portal.accounts.enums import OrganisationKind, Role
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent, TaskRun, TaskStatus
from portal.reports import services, tasks
from portal.reports.employment.period import PeriodRefused, period_of
from portal.reports.employment.workbook import safe_text
from portal.reports.models import StoredReport
from tests.people import NOW, TODAY, Cast, a_user, an_organisation
from tests.reports.counted import employment_report, facts_now
from tests.reports.worlds import a_person, a_sheet, a_worker, an_institution, reasons

ORDER = "/reports/employment/order"
LIST = "/reports/"


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel("2026-11-22T09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def world(cast: Cast) -> Cast:
    known = reasons()
    for _number in range(2):
        placement = a_worker(cast, cast.institution)
        for day in range(1, 22):
            a_sheet(placement, date(2026, 10, day), 450)
    a_person(cast.institution, reason=known["no_place"])
    other = an_institution(cast, "30")
    a_worker(cast, other)
    a_person(other, ability="unable", subject=False, reason=known["disability"])
    an_institution(cast, "13")
    facts_now()
    return cast


def order(cast: Cast, **fields: Any) -> StoredReport:
    values = {
        "actor": cast.analyst,
        "department": cast.department,
        "kind": "month",
        "value": "2026-10",
        "language": "ru",
        "on": TODAY,
        "at": NOW,
    }
    return services.order_employment_report(**(values | fields))


def build(report: StoredReport) -> StoredReport:
    tasks.build_employment_report.run(task_run=str(report.task_run_id))
    report.refresh_from_db()
    report.task_run.refresh_from_db()
    return report


def content_of(report: StoredReport) -> bytes:
    with report.file.open("rb") as stored:
        return stored.read()


def sheets_of(report: StoredReport) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content_of(report)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def row_named(rows: list[list[Any]], name: str) -> list[Any]:
    return next(row for row in rows if str(row[0]).startswith(name))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Ordering ---------------------------------------------------------------------------------
def test_order_makes_a_row_and_a_waiting_run(world: Cast) -> None:
    report = order(world)
    assert report.parameters["month"] == "2026-10"
    assert len(report.parameters["institutions"]) == 3
    assert report.task_run.status == TaskStatus.WAITING
    assert report.task_run.name == "reports.build_employment_report"
    assert not report.is_ready


def test_the_same_order_is_the_same_report_while_unfinished(world: Cast) -> None:
    first = order(world)
    assert order(world) == first
    assert order(world, language="kk") != first
    assert order(world, value="2026-09") != first
    assert order(world, kind="day", value="2026-10-20") != first
    assert TaskRun.objects.count() == StoredReport.objects.count() == 4


def test_the_same_order_after_the_end_is_a_new_report(world: Cast) -> None:
    first = build(order(world))
    assert first.is_ready
    second = order(world)
    assert second != first
    assert second.task_run_id != first.task_run_id
    first.refresh_from_db()
    assert first.is_ready


def test_order_refuses_a_stranger(world: Cast) -> None:
    with pytest.raises(Forbidden):
        order(world, actor=world.accountant)
    with pytest.raises(Forbidden):
        order(world, department=None)
    assert not StoredReport.objects.exists()


@pytest.mark.parametrize("value", ["2026-13", "2027-01", "", "x"])
def test_order_refuses_a_bad_month(world: Cast, value: str) -> None:
    if not value:
        assert order(world, value=value).parameters["day"] == "2026-11-21"
        return
    with pytest.raises(PeriodRefused):
        order(world, value=value)
    assert not TaskRun.objects.exists()


def test_two_clicks_at_once_make_one_order(world_committed: Cast) -> None:
    made: list[int] = []

    def click() -> None:
        try:
            made.append(order(world_committed).pk)
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click) for _number in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(made) == 2
    assert len(set(made)) == StoredReport.objects.count() == 1


@pytest.fixture
def world_committed(transactional_db: None, cast: Cast, monkeypatch: Any) -> Cast:
    monkeypatch.setattr("portal.kernel.queue.send", lambda _run_id: True)
    return cast


# --- Building ---------------------------------------------------------------------------------
def test_build_stores_the_file_with_its_checksum_and_progress(world: Cast) -> None:
    report = build(order(world))
    content = content_of(report)
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert report.size == len(content)
    assert report.task_run.status == TaskStatus.DONE
    assert (report.task_run.done, report.task_run.total, report.task_run.failed) == (4, 4, 0)


def test_task_delivered_again_leaves_the_file_alone(world: Cast) -> None:
    report = build(order(world))
    name, checksum = report.file.name, report.sha256
    again = build(report)
    assert (again.file.name, again.sha256) == (name, checksum)


def test_service_called_again_keeps_the_first_file(world: Cast) -> None:
    report = build(order(world))
    told: list[Any] = []
    same = services.build_employment_report(
        task_run_id=report.task_run_id, report_progress=lambda **step: told.append(step)
    )
    assert same.file.name == report.file.name
    assert told == []


def test_task_delivered_twice_at_once_stores_one_file(world_committed: Cast) -> None:
    a_person(world_committed.institution)
    report = order(world_committed)

    def deliver() -> None:
        try:
            tasks.build_employment_report.run(task_run=str(report.task_run_id))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=deliver) for _number in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    report.refresh_from_db()
    assert report.is_ready
    _folders, files = report.file.storage.listdir("reports")
    assert len(files) == 1
    assert TaskRun.objects.get().attempts == 1


def test_same_data_and_moment_give_the_same_file(world: Cast) -> None:
    first = build(order(world))
    second = build(order(world))
    assert first.sha256 == second.sha256


def test_report_tells_the_day_of_the_order_not_of_the_building(world: Cast) -> None:
    report = order(world, value="2026-11")
    with time_machine.travel("2026-11-29T09:00:00+00:00", tick=False):
        build(report)
    text = str(sheets_of(report))
    assert "21.11.2026" in text
    assert "28.11.2026" not in text


# --- The file ---------------------------------------------------------------------------------
def test_workbook_equals_the_page(world: Cast) -> None:
    report = build(order(world))
    page = signed_in(world.analyst).get("/reports/employment/", {"month": "2026-10"})
    summary, months, _reasons, _definitions = sheets_of(report).values()

    def number(text: str) -> float | str:
        if text in ("—", ""):
            return ""
        plain = text.replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
        return round(float(plain[:-1]) / 100, 6) if plain.endswith("%") else float(plain)

    lines = [*page.context["rows"], page.context["total"]]
    for line in lines:
        if line.heads[0] == "—":
            assert set(row_named(summary, line.name)[2:]) == {""}
            continue
        row = row_named(summary, line.name)
        assert row[1:5] == [number(text) for text in line.heads]
        assert row[5] == number(line.unknown)
        assert row[6] == number(line.employed[0].people)
        assert row[7:11] == [number(share.rate) for share in line.employed]
        assert row[11] == number(line.worked[0].people)
        assert row[12:16] == [number(share.rate) for share in line.worked]
        assert row[16] == number(line.hours)
    told = {row["value"]: row for row in page.context["month_rows"]}
    last = [row for row in months if row[0] and row[8]][-1]
    assert last[4] == number(told["2026-10"]["employed"])
    assert last[6] == number(told["2026-10"]["worked"])
    assert last[7] == number(told["2026-10"]["hours"])


def test_workbook_has_known_numbers(world: Cast) -> None:
    report = build(order(world))
    summary, months, reasons_sheet, _definitions = sheets_of(report).values()
    row = row_named(summary, "Учреждение № 16")
    assert row[1:5] == [3, 3, 3, 3]
    assert row[6] == 2
    assert row[7] == pytest.approx(0.667)
    assert row[16] == 2 * 21 * 7.5
    total = summary[-1]
    assert total[1:5] == [5, 4, 4, 4]
    assert total[6] == 3
    # № 30 handed in nothing: its worked is empty, not zero.
    assert row_named(summary, "Учреждение № 30")[11:16] == [""] * 5
    assert len([row for row in months if len(str(row[1])) > 5 and row[8]]) == 12
    told = {(row[0], row[2]): row[3] for row in reasons_sheet[3:]}
    assert told["Учреждение № 16 (тест)", "Нет рабочего места"] == 1
    assert told["Учреждение № 30 (тест)", "Инвалидность"] == 1


def test_workbook_states_definition_version_freshness_and_standing(world: Cast) -> None:
    sheets = list(sheets_of(build(order(world))).values())
    head = "\n".join(str(row[0]) for row in sheets[0][:10])
    assert "EMP-employed/1" in head
    assert "EMP-month-mean/1" in head
    assert "31.10.2026" in head
    assert "22.11.2026" in head
    codes = [row[0] for row in sheets[3][1:]]
    assert codes[:4] == ["EMP-custody/1", "EMP-able/1", "EMP-subject/1", "EMP-available/1"]


@pytest.mark.parametrize(
    ("language", "month"), [("ru", "октябрь"), ("kk", "қазан"), ("en", "October")]
)
def test_workbook_speaks_the_language_of_the_order(world: Cast, language: str, month: str) -> None:
    sheets = sheets_of(build(order(world, language=language)))
    assert month in str(next(iter(sheets.values()))[0][0])
    assert len(sheets) == 4


def test_workbook_of_a_day(world: Cast) -> None:
    sheets = list(sheets_of(build(order(world, kind="day", value="2026-10-20"))).values())
    assert "20.10.2026" in str(sheets[0][0][0])
    assert sheets[0][-1][1:5] == [5, 4, 4, 4]


def test_a_name_is_never_a_formula(world: Cast) -> None:
    organisation = world.institution.organisation
    organisation.name_ru = '=HYPERLINK("http://example.kz")'
    organisation.save()
    summary = next(iter(sheets_of(build(order(world))).values()))
    assert any(str(row[0]).startswith("'=HYPERLINK") for row in summary)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_safe_text_neutralises(start: str) -> None:
    assert safe_text(f"{start}1+1") == f"'{start}1+1"
    assert safe_text("№ 16") == "№ 16"


# --- The pages --------------------------------------------------------------------------------
def test_order_by_post_leads_to_the_list(world: Cast) -> None:
    client = signed_in(world.analyst)
    response = client.post(ORDER, {"month": "2026-10"})
    report = StoredReport.objects.get()
    assert response["Location"] == f"{LIST}#report-{report.pk}"
    page = client.get(LIST).content.decode()
    assert "hx-trigger" in page
    assert f'id="report-{report.pk}"' in page


def test_a_report_beyond_the_thousandth_is_found_by_its_address(world: Cast) -> None:
    StoredReport.objects.filter(pk=order(world).pk).update(id=123456)
    assert 'id="report-123456"' in signed_in(world.analyst).get(LIST).content.decode()


def test_order_with_a_bad_period_says_why(world: Cast) -> None:
    response = signed_in(world.analyst).post(ORDER, {"day": "2027-01-01"}, follow=True)
    assert response.status_code == 200
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert not StoredReport.objects.exists()


def test_order_refuses_wrong_method_others_and_nobody(world: Cast) -> None:
    assert signed_in(world.analyst).get(ORDER).status_code == 405
    assert signed_in(world.accountant).post(ORDER, {"month": "2026-10"}).status_code == 403
    assert Client().post(ORDER, {"month": "2026-10"}).status_code == 302
    assert not StoredReport.objects.exists()


def test_list_shows_progress_and_stops_asking_when_done(world: Cast) -> None:
    client = signed_in(world.analyst)
    report = order(world)
    TaskRun.objects.filter(pk=report.task_run_id).update(done=2, total=4)
    part = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'value="2"' in part
    assert 'max="4"' in part
    build(report)
    part = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert f"/reports/stored/{report.pk}/download" in part


def test_list_shows_why_a_report_failed(world: Cast) -> None:
    report = order(world)
    StoredReport.objects.filter(pk=report.pk).update(
        parameters={"month": "2026-13"}
        | {
            "ordered_on": "2026-11-22",
            "institutions": [],
        }
    )
    build(report)
    assert report.task_run.status == TaskStatus.FAILED
    assert report.task_run.error


def test_list_is_empty_with_one_act(world: Cast) -> None:
    page = signed_in(world.analyst).get(LIST).content.decode()
    assert "/reports/employment/" in page
    assert "hx-trigger" not in page


def test_list_takes_as_many_queries_for_three_as_for_one(world: Cast) -> None:
    client = signed_in(world.analyst)
    order(world)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    order(world, language="kk")
    order(world, language="en")
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(three) == len(one)


def test_download_gives_the_stored_bytes_and_is_audited(world: Cast) -> None:
    report = build(order(world))
    response = signed_in(world.analyst).get(f"/reports/stored/{report.pk}/download")
    content = b"".join(response.streaming_content)
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert 'filename="employment-2026-10-ru.xlsx"' in response["Content-Disposition"]
    event = AuditEvent.objects.get(action="reports.export_employment")
    assert (event.actor, event.subject_id) == (world.analyst, report.pk)
    assert event.at == datetime.fromisoformat("2026-11-22T09:00:00+00:00")


def test_download_is_closed_to_everybody_else(world: Cast) -> None:
    report = build(order(world))
    url = f"/reports/stored/{report.pk}/download"
    other = an_organisation(OrganisationKind.DEPARTMENT, "ДУИС другой области (тест)", 90)
    far = a_user("far@example.kz", other, Role.ANALYST)
    assert signed_in(far).get(url).status_code == 404
    assert signed_in(world.accountant).get(url).status_code == 403
    assert Client().get(url).status_code == 302
    assert signed_in(world.analyst).post(url).status_code == 405
    assert not AuditEvent.objects.filter(action="reports.export_employment").exists()


def test_download_before_the_file_is_ready_is_not_found(world: Cast) -> None:
    report = order(world)
    url = f"/reports/stored/{report.pk}/download"
    assert signed_in(world.analyst).get(url).status_code == 404


def test_download_of_a_lost_file_is_a_sentence(world: Cast) -> None:
    report = build(order(world))
    report.file.storage.delete(report.file.name)
    response = signed_in(world.analyst).get(f"/reports/stored/{report.pk}/download")
    assert response.status_code == 409


def test_report_and_file_come_from_the_same_selector(world: Cast) -> None:
    period = period_of(month="2026-10", today=TODAY)
    data = employment_report([world.institution], period, TODAY)
    assert data.total == data.lines[0].line
