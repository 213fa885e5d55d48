"""The pages of safety, accidents and trainings: they work, refuse in words, and show their own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import Accident, Apprenticeship, Clearance, ClearanceRequirement, Inmate
from inmates.selectors.clearances import until_by_rule
from inmates.services.requirements import load_clearance_requirements, read_shipped_requirements
from portal.accounts.enums import Role
from portal.kernel.models import AuditEvent
from tests.inmates.months import attended
from tests.inmates.safety import (
    BRIEFING,
    MEDICAL,
    a_clearance,
    a_grade,
    a_painter,
    a_requirement,
    an_accident,
    an_apprenticeship,
)
from tests.inmates.second_place import second_place
from tests.inmates.shifts import FRIDAY, THURSDAY, Floor, text
from tests.inmates.wage_papers.quarters import text_of
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_placement, a_user, an_inmate

SAFETY, ENTER = "/people/safety/", "/people/safety/enter/"
ACCIDENTS, TRAININGS = "/people/accidents/", "/people/apprenticeships/"


@pytest.fixture
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officer(client: Client, cast: Cast, now: None) -> Client:
    client.force_login(cast.labour_officer)
    return client


def queries(client: Client, url: str) -> int:
    client.get(url)  # content types and the like are remembered
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


# --- who is not cleared -----------------------------------------------------------------------
def test_the_list_says_who_lacks_what_and_what_runs_out(officer: Client, cast: Cast) -> None:
    a_requirement(BRIEFING, valid_days=182)
    lacking, ending = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    for one in (lacking, ending):
        a_placement(cast, one)
    a_clearance(cast, ending, effective_to=TODAY + timedelta(days=3))
    page = text(officer.get(SAFETY))
    missing, _mark, rest = page.partition('id="ending"')
    assert "1648" in missing
    assert "с 01.01.2024" in missing
    assert "1650" in rest.partition('id="requirements"')[0]
    assert "25.11.2026" in rest


def test_the_list_costs_the_same_for_one_and_for_three(officer: Client, cast: Cast) -> None:
    a_requirement(BRIEFING)
    a_placement(cast, an_inmate(cast, "1648"))
    one = queries(officer, SAFETY)
    for number in ("1650", "1651"):
        a_placement(cast, an_inmate(cast, number))
    assert queries(officer, SAFETY) == one


def test_people_of_another_institution_are_not_on_the_list(officer: Client, cast: Cast) -> None:
    a_requirement(BRIEFING)
    _institution, post = second_place(cast)
    a_placement(cast, an_inmate(cast, "1777"), post=post)
    assert "1777" not in text(officer.get(SAFETY))


def test_a_head_reads_and_is_offered_no_act(client: Client, cast: Cast, now: None) -> None:
    client.force_login(a_user("colonyhead@example.kz", cast.colony, Role.HEAD))
    page = text(client.get(SAFETY))
    assert ENTER not in page
    inmate = an_inmate(cast)
    url = f"/people/{inmate.personnel_number}/safety/"
    assert "<form" not in text(client.get(url)).partition("<main")[2].replace("logout", "")
    assert client.post(url, {"kind": BRIEFING}).status_code == 403


# --- one briefing for many --------------------------------------------------------------------
def briefing(*people: Inmate, **fields: Any) -> dict[str, Any]:
    values = {
        "kind": BRIEFING,
        "document": "журнал № 12",
        "effective_from": "22.11.2026",
        "people": [one.pk for one in people],
    }
    return values | fields


def test_a_master_briefs_a_workshop_at_once(client: Client, cast: Cast, now: None) -> None:
    a_requirement(BRIEFING, valid_days=182)
    people = [an_inmate(cast, number) for number in ("1648", "1650", "1651")]
    for one in people:
        a_placement(cast, one)
    a_clearance(cast, people[2])
    client.force_login(cast.master)
    url = f"{ENTER}?workshop={cast.workshop.code}"
    assert client.get(ENTER).headers["Location"] == url
    page = client.get(url)
    assert page.headers["Cache-Control"] == "no-store"
    # Ticked: who lacks it today. Only the briefing is offered to a master.
    assert text(page).count(" checked") == 2
    assert MEDICAL not in text(page)
    assert client.post(url, briefing(*people[:2])).status_code == 302
    rows = Clearance.objects.filter(document="журнал № 12")
    assert {row.inmate for row in rows} == set(people[:2])
    # The end follows from the rule: 182 days.
    assert {row.effective_to for row in rows} == {TODAY + timedelta(days=182)}
    assert client.post(url, briefing(people[0], kind=MEDICAL)).status_code == 422


def test_the_names_of_the_tick_list_are_an_audit_event(
    client: Client, floor: Floor, on_friday: None
) -> None:
    client.force_login(floor.cast.master)
    page = client.get(f"{ENTER}?workshop={floor.cast.workshop.code}")
    assert floor.names[0] in text(page)
    event = AuditEvent.objects.get(action="identities_read")
    assert (event.details["purpose"], len(event.details["inmates"])) == ("safety", 3)


@pytest.mark.parametrize(
    "fields",
    [
        {"people": []},
        {"document": ""},
        {"effective_from": "29.02.2026"},
        {"effective_from": "23.11.2026"},
        {"effective_to": "21.11.2026"},
    ],
)
def test_a_wrong_sheet_keeps_what_was_typed(
    officer: Client, cast: Cast, fields: dict[str, Any]
) -> None:
    inmate = an_inmate(cast)
    a_placement(cast, inmate)
    url = f"{ENTER}?workshop={cast.workshop.code}"
    response = officer.post(url, briefing(inmate, **fields))
    assert response.status_code == 422
    if "document" not in fields:
        assert "журнал № 12" in text(response)
    assert not Clearance.objects.exists()


def test_a_workshop_of_another_institution_is_out_of_sight(officer: Client, cast: Cast) -> None:
    _institution, post = second_place(cast)
    assert officer.get(f"{ENTER}?workshop={post.workshop.code}").status_code == 404


# --- one person -------------------------------------------------------------------------------
def test_a_person_s_page_enters_and_ends(officer: Client, cast: Cast) -> None:
    inmate = an_inmate(cast)
    url = f"/people/{inmate.personnel_number}/safety/"
    fields = {"kind": MEDICAL, "document": "справка № 4", "effective_from": "20.11.2026"}
    assert officer.post(url, fields).status_code == 302
    row = Clearance.objects.get()
    assert "справка № 4" in text(officer.get(url))
    end = f"{url}{row.pk}/end/"
    page = officer.post(end, {"on": "22.11.2026"}, follow=True)
    row.refresh_from_db()
    assert row.effective_to == TODAY
    assert "не действует" in text(page)
    page = officer.post(end, {"on": "31.02.2026"}, follow=True)
    assert "Такого дня нет" in text(page) or "нет такого дня" in text(page).lower()
    assert officer.get(end).status_code == 405


def test_somebody_else_s_person_and_clearance_are_out_of_sight(officer: Client, cast: Cast) -> None:
    one, two = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    row = a_clearance(cast, two)
    assert (
        officer.post(f"/people/1648/safety/{row.pk}/end/", {"on": "22.11.2026"}).status_code == 404
    )
    one.stays.update(effective_to=TODAY)
    for part in ("safety", "apprenticeship"):
        assert officer.get(f"/people/1648/{part}/").status_code == 409


# --- the shift --------------------------------------------------------------------------------
def test_a_blocked_cell_says_why_before_anything_is_typed(
    client: Client, floor: Floor, on_friday: None
) -> None:
    a_requirement(BRIEFING)
    a_clearance(floor.cast, floor.placements[1].inmate)
    client.force_login(floor.cast.master)
    page = text(client.get(floor.url(part="output/")))
    blocked = f'id="q-{floor.placements[0].pk}-{floor.cutting.pk}"'
    cell = page.partition(blocked)[2].partition(">")[0]
    assert "readonly" in cell
    assert f'aria-describedby="blocked-{floor.placements[0].pk}"' in cell
    assert "не внесено" in page.partition(f'id="blocked-{floor.placements[0].pk}"')[2]
    free = page.partition(f'id="q-{floor.placements[1].pk}-{floor.cutting.pk}"')[2]
    assert "readonly" not in free.partition(">")[0]


def test_what_is_typed_past_the_page_is_refused_with_the_sentence(
    client: Client, floor: Floor, on_friday: None
) -> None:
    a_requirement(BRIEFING)
    client.force_login(floor.cast.master)
    url = floor.url(part="output/")
    field = f"q-{floor.placements[0].pk}.{floor.cutting.pk}"
    response = client.post(url, {"order": floor.order.pk, "seen": "{}", field: "3"})
    assert response.status_code == 422
    assert "№ 1601 нельзя ставить на операцию «Раскрой»" in text(response)


def test_the_attendance_names_who_is_not_cleared(
    client: Client, floor: Floor, on_friday: None
) -> None:
    client.force_login(floor.cast.master)
    assert 'id="uncleared"' not in text(client.get(floor.url()))
    a_requirement(MEDICAL, floor.cast.trade)
    a_clearance(floor.cast, floor.placements[0].inmate, MEDICAL, effective_to=FRIDAY)
    a_clearance(floor.cast, floor.placements[1].inmate, MEDICAL)
    box = text(client.get(floor.url())).partition('id="uncleared"')[2].partition("</section>")[0]
    assert "1601" in box
    assert "1602" not in box
    assert "1603" in box
    # On the day before it was in force.
    earlier = text(client.get(floor.url(THURSDAY)))
    assert "1601" not in earlier.partition('id="uncleared"')[2].partition("</section>")[0]


def test_the_sheet_costs_the_same_whatever_is_lacking(
    client: Client, floor: Floor, on_friday: None
) -> None:
    a_requirement(BRIEFING)
    client.force_login(floor.cast.master)
    url = floor.url(part="output/")
    nobody = queries(client, url)
    for one in floor.placements:
        a_clearance(floor.cast, one.inmate)
    assert queries(client, url) == nobody


# --- accidents --------------------------------------------------------------------------------
def accident_fields(cast: Cast, **fields: Any) -> dict[str, Any]:
    values = {
        "institution": cast.institution.pk,
        "workshop": cast.workshop.pk,
        "kind": "light",
        "day": "22.11.2026",
        "clock": "9:15",
        "people": "1648, 1650",
        "circumstances": "Ушиб кисти",
    }
    return values | fields


def test_an_accident_is_entered_told_of_and_closed(officer: Client, cast: Cast) -> None:
    an_inmate(cast, "1648"), an_inmate(cast, "1650")
    response = officer.post(f"{ACCIDENTS}new/", accident_fields(cast))
    accident = Accident.objects.get()
    url = f"{ACCIDENTS}{accident.pk}/"
    assert response.headers["Location"] == url
    assert accident.people.count() == 2
    assert "отправить до 23.11.2026" in text(officer.get(url))
    for notice in accident.notices.all():
        sent = {"document_number": "12-п", "day": "22.11.2026", "clock": "13:00"}
        prefixed = {f"n{notice.pk}-{name}": value for name, value in sent.items()}
        assert officer.post(f"{ACCIDENTS}notices/{notice.pk}/send/", prefixed).status_code == 302
    assert officer.post(f"{url}close/", {"reason": "да"}).status_code == 422
    assert officer.post(f"{url}close/", {"reason": "Акт № 4 от 22.11.2026"}).status_code == 302
    accident.refresh_from_db()
    assert accident.status == "closed"
    assert "Акт № 4 от 22.11.2026" in text(officer.get(url))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"people": "1648 9999"}, "9999"),
        ({"people": ""}, "хотя бы одного"),
        ({"clock": "25:00"}, "25:00"),
        ({"day": "23.11.2026"}, "ещё не наступил"),
        ({"circumstances": ""}, "Ушиб"),
    ],
)
def test_a_wrong_accident_is_refused_in_words(
    officer: Client, cast: Cast, fields: dict[str, Any], words: str
) -> None:
    an_inmate(cast, "1648"), an_inmate(cast, "1650")
    response = officer.post(f"{ACCIDENTS}new/", accident_fields(cast, **fields))
    assert response.status_code == 422
    if "circumstances" not in fields:
        assert words in text(response)
    assert not Accident.objects.exists()


def test_late_notices_stand_at_the_head_with_their_owner(client: Client, cast: Cast) -> None:
    an_accident(cast, an_inmate(cast))
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        client.force_login(cast.labour_officer)
        page = text(client.get(ACCIDENTS))
        box = page.partition('id="late-notices"')[2].partition("</section>")[0]
        assert "23.11.2026" in box
        assert "отвечает: Labour" in box
        assert "просрочено" in page
        assert "не отправлены сообщения о 1 несчастном случае" in text(
            client.get(reverse("front:start"))
        )
        client.force_login(cast.analyst)
        department = text(client.get(reverse("reports:employment")))
        head = department.partition('id="late-notices"')[2].partition("</section>")[0]
        assert "отвечает: Labour" in head
        # What happened is the institution's; the department reads where, which kind, until when.
        assert "Упала доска" not in department
        assert client.get(ACCIDENTS).status_code == 403


def test_an_accident_of_another_institution_is_out_of_sight(client: Client, cast: Cast) -> None:
    accident = an_accident(cast, an_inmate(cast))
    institution, _post = second_place(cast)
    client.force_login(a_user("labour22@example.kz", institution.organisation, Role.LABOUR_OFFICER))
    notice = accident.notices.first()
    assert client.get(f"{ACCIDENTS}{accident.pk}/").status_code == 404
    assert client.get(f"{ACCIDENTS}notices/{notice.pk}/pdf").status_code == 404
    assert client.post(f"{ACCIDENTS}notices/{notice.pk}/send/").status_code == 404
    assert client.post(f"{ACCIDENTS}{accident.pk}/close/").status_code == 404


def test_the_list_of_accidents_costs_the_same(officer: Client, cast: Cast) -> None:
    inmate = an_inmate(cast)
    an_accident(cast, inmate)
    one = queries(officer, ACCIDENTS)
    for kind in ("severe", "group"):
        an_accident(cast, inmate, kind=kind)
    assert queries(officer, ACCIDENTS) == one
    assert one <= 14


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_notice_is_printed_as_a_draft_of_the_form(
    officer: Client, cast: Cast, language: str
) -> None:
    notice = an_accident(cast, an_inmate(cast)).notices.first()
    response = officer.get(f"{ACCIDENTS}notices/{notice.pk}/pdf?language={language}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    text = " ".join(text_of(response.content).split())
    sender = {"ru": "От кого", "kk": "Кімнен"}[language]
    assert sender in text
    assert {"ru": "С какого дня", "kk": "Қай күннен"}[language] not in text


# --- trainings --------------------------------------------------------------------------------
def training(cast: Cast, **fields: Any) -> dict[str, Any]:
    values = {
        "trade": cast.trade.pk,
        "mentor_number": "1650",
        "free_mentor": "",
        "planned_hours": "160",
        "norm_coefficient": "0,6",
        "basis": "приказ № 3",
        "effective_from": "12.10.2026",
    }
    return values | fields


def test_a_training_from_beginning_to_grade(officer: Client, cast: Cast) -> None:
    inmate, mentor = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    a_grade(cast, mentor)
    url = "/people/1648/apprenticeship/"
    assert officer.post(url, training(cast)).status_code == 302
    row = Apprenticeship.objects.get()
    assert (row.mentor, str(row.norm_coefficient)) == (mentor, "0.6000")
    award = {"grade": "2", "document": "протокол № 5", "on": "22.11.2026"}
    done = f"{TRAININGS}{row.pk}/complete/"
    assert officer.post(done, award).status_code == 422
    start = row.effective_from
    attended(a_placement(cast, inmate), [start + timedelta(days=day) for day in range(20)])
    assert "160 / 160" in text(officer.get(TRAININGS))
    assert officer.post(done, award).status_code == 302
    assert "2 разряд" in text(officer.get(url))


@pytest.mark.parametrize(
    "fields",
    [
        {"mentor_number": "9999"},
        {"free_mentor": "мастер Тестов"},
        {"mentor_number": ""},
        {"norm_coefficient": "1,5"},
        {"norm_coefficient": "0"},
        {"planned_hours": "0"},
        {"mentor_number": "1651"},
    ],
)
def test_a_wrong_training_is_refused(officer: Client, cast: Cast, fields: dict[str, Any]) -> None:
    for number in ("1648", "1650", "1651"):
        an_inmate(cast, number)
    a_grade(cast, Inmate.objects.get(personnel_number="1650"))
    response = officer.post("/people/1648/apprenticeship/", training(cast, **fields))
    assert response.status_code == 422
    assert not Apprenticeship.objects.exists()


def test_a_training_is_discontinued_with_a_reason(officer: Client, cast: Cast) -> None:
    row = an_apprenticeship(cast, an_inmate(cast))
    url = f"{TRAININGS}{row.pk}/discontinue/"
    assert officer.post(url, {"reason": "-", "on": "22.11.2026"}).status_code == 422
    assert officer.post(url, {"reason": "переведён", "on": "22.11.2026"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "discontinued"
    assert officer.post(f"{TRAININGS}0/complete/").status_code == 404


def test_the_list_of_trainings_costs_the_same(officer: Client, cast: Cast) -> None:
    an_apprenticeship(cast, an_inmate(cast, "1648"))
    one = queries(officer, TRAININGS)
    for number in ("1650", "1651"):
        an_apprenticeship(cast, an_inmate(cast, number))
    assert queries(officer, TRAININGS) == one


# --- the shipped requirements -----------------------------------------------------------------
def test_shipped_requirements_are_entered_once_and_never_overwritten(cast: Cast) -> None:
    painter = a_painter(cast)
    a_requirement(MEDICAL, painter, source="решение медчасти")
    # Every trade: the briefing; the painter: equipment too, the admission stands already.
    assert load_clearance_requirements() == 2
    assert load_clearance_requirements() == 0
    kept = ClearanceRequirement.objects.get(trade=painter, kind=MEDICAL)
    assert kept.source == "решение медчасти"


def test_each_shipped_requirement_has_its_source_and_confidence() -> None:
    rows = read_shipped_requirements()
    assert [row["kind"] for row in rows if row["trade"] is None] == [BRIEFING]
    known = {"decision of the portal", "memory, unverified", "statute text"}
    assert all(row["source"] and row["confidence"] in known for row in rows)


def test_the_end_is_the_shortest_of_those_that_ask(cast: Cast) -> None:
    a_requirement(BRIEFING, valid_days=182)
    a_requirement(BRIEFING, cast.trade, valid_days=90)
    assert until_by_rule(BRIEFING, None, TODAY) == TODAY + timedelta(days=90)
    other = a_painter(cast)
    assert until_by_rule(BRIEFING, other.pk, TODAY) == TODAY + timedelta(days=182)
    assert until_by_rule(MEDICAL, None, LONG_AGO) is None


@pytest.mark.parametrize("part", ["safety", "apprenticeship"])
def test_trades_are_chosen_by_their_names(officer: Client, cast: Cast, part: str) -> None:
    an_inmate(cast, "1648")
    text = officer.get(f"/people/1648/{part}/").content.decode()
    assert f">{cast.trade.name}</option>" in text
    assert "object (" not in text
    assert "---" not in text


@pytest.mark.parametrize("name", ["on", "effective_from"])
def test_a_mistyped_year_is_told_at_the_field(officer: Client, cast: Cast, name: str) -> None:
    an_inmate(cast, "1648")
    form = {name: "01.01.0202"}
    page = "transfer" if name == "on" else "apprenticeship"
    answer = officer.post(f"/people/1648/{page}/", form)
    assert answer.status_code == 422
    assert "Проверьте год" in answer.content.decode()
