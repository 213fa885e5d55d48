"""The sheets of a shift sent twice over the pages: stored once, answered twice."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from inmates.models import Attendance, ShiftChange, WorkEntry
from inmates.services.attendance import AttendedDay
from portal.kernel.models import AuditEvent, Submission
from tests.inmates.shifts import FRIDAY, Floor, opened, text
from workshops.models import Downtime, FloorReason
from workshops.services.floor_reasons import load_floor_reasons

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_friday")]


def named(html: str) -> str:
    found = re.search(r'name="submission" value="([0-9a-f-]{36})"', html)
    assert found
    return found[1]


def sheet(client: Client, url: str, **changes: str) -> dict[str, str]:
    """What a browser sends of the page as it is open now."""
    page = client.get(url).content.decode()
    order = re.search(r'name="order" value="(\d+)"', page)
    values = opened(client, url) | {"submission": named(page)}
    return values | ({"order": order[1]} if order else {}) | changes


def later(client: Client, url: str, values: dict[str, str]) -> Any:
    return client.post(url, values, headers={"X-Outbox": "later"})


def test_attendance_sent_twice_is_stored_once(master: Client, floor: Floor) -> None:
    sent = sheet(master, floor.url())
    first, second = later(master, floor.url(), sent), later(master, floor.url(), sent)
    assert first.json() == second.json()
    assert first.json()["messages"][0][1] == "Сохранено: 3 записи."
    assert first.json()["location"] == floor.url()
    assert Attendance.objects.count() == 3
    assert not ShiftChange.objects.exists()


def test_answer_of_the_first_stands_though_another_has_changed_the_sheet_since(
    master: Client, floor: Floor
) -> None:
    """The line was cut after the commit; before the second sending somebody corrected the day."""
    sent = sheet(master, floor.url())
    later(master, floor.url(), sent)
    officer = floor.cast.labour_officer
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.visit.pk), actor=officer)
    again = later(master, floor.url(), sent)
    assert again.json()["outcome"] == "done"
    assert Attendance.objects.get(placement=floor.placements[0]).reason == floor.visit


def test_output_sent_twice_is_stored_once(master: Client, floor: Floor) -> None:
    url = f"{floor.url(part='output/')}?order={floor.order.pk}"
    cell = f"q-{floor.placements[0].pk}.{floor.cutting.pk}"
    sent = sheet(master, url)
    cell = next(name for name in sent if name.startswith("q-"))
    sent[cell] = "7"
    for _time in range(3):
        assert later(master, url, sent).json()["outcome"] == "done"
    assert WorkEntry.objects.get().quantity == 7
    floor.cutting.refresh_from_db()
    assert floor.cutting.done == 7


def test_refused_sheet_keeps_its_name_and_is_saved_when_corrected(
    master: Client, floor: Floor
) -> None:
    first = f"minutes-{floor.placements[0].pk}"
    sent = sheet(master, floor.url(), **{first: "nine"})
    refused = later(master, floor.url(), sent)
    assert refused.status_code == 422
    assert named(refused.content.decode()) == sent["submission"]
    assert not Submission.objects.exists()
    assert later(master, floor.url(), sent | {first: "480"}).json()["outcome"] == "done"
    assert Attendance.objects.count() == 3


def test_who_was_shown_a_refused_sheet_has_still_read_its_names(
    master: Client, floor: Floor
) -> None:
    """The name of the submission is taken back; that names of people were shown is not."""
    sent = sheet(master, floor.url(), **{f"minutes-{floor.placements[0].pk}": "nine"})
    before = AuditEvent.objects.count()
    later(master, floor.url(), sent)
    assert AuditEvent.objects.count() == before + 1


def test_sheet_names_itself_without_a_person(master: Client, floor: Floor) -> None:
    page = text(master.get(floor.url()))
    assert 'data-outbox="Явка, Столярный цех, 20.11.2026"' in page
    page = text(master.get(floor.url(part="output/")))
    assert 'data-outbox="Выработка, Столярный цех, 20.11.2026"' in page
    # A sheet of output is that of one work order, whatever is the first when it is opened again.
    assert f'action="?order={floor.order.pk}"' in page


def test_what_adds_a_row_is_added_once(master: Client, floor: Floor) -> None:
    """The browser shows that the line broke; whoever reloads sends the same form again."""
    load_floor_reasons()
    url = floor.url(part="downtime/")
    sent = {"submission": named(master.get(url).content.decode()), "thing": "workshop"}
    refused = master.post(url, sent)
    assert refused.status_code == 422
    assert named(refused.content.decode()) == sent["submission"]
    reason = FloorReason.objects.get(code="no-electricity")
    sent |= {"began": "9:00", "ended": "10:30", "reason": str(reason.pk), "note": ""}
    for _time in range(2):
        assert master.post(url, sent)["Location"] == url
    assert Downtime.objects.count() == 1


@pytest.mark.parametrize("part", ["downtime/", "defects/", "materials/"])
def test_forms_of_the_floor_name_their_submission(master: Client, floor: Floor, part: str) -> None:
    assert named(master.get(floor.url(part=part)).content.decode())


def test_name_of_another_page_is_no_key_to_this_one(master: Client, floor: Floor) -> None:
    sent = sheet(master, floor.url())
    later(master, floor.url(), sent)
    url = f"{floor.url(part='output/')}?order={floor.order.pk}"
    output = sheet(master, url, submission=sent["submission"])
    output[next(name for name in output if name.startswith("q-"))] = "3"
    assert later(master, url, output).json()["outcome"] == "done"
    assert WorkEntry.objects.get().quantity == 3
    assert uuid.UUID(sent["submission"]) == Submission.objects.get().key
