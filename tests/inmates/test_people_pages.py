"""The labour officer's pages: lists and their filters, names by an audited act, access, queries."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from inmates.models import CustodyStay, Inmate, PlannedRelease
from inmates.selectors.people_list import FREE, HELD, LEFT, PLACED, UNABLE, counts, read_wish
from portal.accounts.enums import Role
from portal.accounts.models import Membership, RoleGrant
from portal.kernel.models import AuditEvent
from tests.inmates.desk import (
    NOVEMBER,
    a_full_shift,
    a_second_colony,
    placed,
    planned,
    released,
    somebody,
    stated,
    transferred,
    why_idle,
    why_released,
    why_unable,
)
from tests.inmates.months import IIN, NAME, a_writ, an_identity
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_user

pytestmark = pytest.mark.usefixtures("today")
PEOPLE = "/people/"
QUERIES = 13
PERSON_QUERIES = 12


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the tests on every clock of the views."""
    monkeypatch.setattr("portal.kernel.clock.today", lambda: TODAY)
    monkeypatch.setattr("portal.kernel.clock.now", lambda: NOW)


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.labour_officer)
    return client


def page(client: Client, **asked: str) -> Any:
    return client.get(PEOPLE, asked)


def numbers(response: Any) -> list[str]:
    return [row.number for row in response.context["rows"]]


def everybody(cast: Cast) -> dict[str, Inmate]:
    """One of each: at work, idle with a reason and without, unable, not known, left."""
    people = {name: somebody(cast, str(1700 + k)) for k, name in enumerate(
        ("works", "idle", "free", "unable", "left")
    )}  # fmt: skip
    placed(cast, people["works"])
    stated(cast, people["idle"], reason_id=why_idle().pk)
    stated(cast, people["unable"], "unable", reason_id=why_unable().pk)
    released(cast, people["left"], why_released())
    unknown = Inmate.objects.create(personnel_number="1709", born_on=date(1990, 1, 1))
    CustodyStay.objects.create(
        inmate=unknown, institution=cast.institution, effective_from=NOVEMBER
    )
    return people | {"unknown": unknown}


# --- the list ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["1700", "1701", "1702", "1703", "1709"]),
        ({"show": "placed"}, ["1700"]),
        ({"show": "free"}, ["1701", "1702"]),
        ({"show": "free", "reason": "no-vacancy"}, ["1701"]),
        ({"show": "free", "reason": "none"}, ["1702"]),
        ({"show": "unable"}, ["1703"]),
        ({"show": "unable", "reason": "old-age"}, ["1703"]),
        ({"show": "unknown"}, ["1709"]),
        ({"show": "arrived"}, ["1709"]),
        ({"show": "left"}, ["1704"]),
        ({"number": "170"}, ["1700", "1701", "1702", "1703", "1709"]),
        ({"number": "1702"}, ["1702"]),
        ({"number": "nobody"}, []),
        ({"show": "nonsense", "place": "x", "page": "99", "number": "1703"}, ["1703"]),
    ],
)  # fmt: skip
def test_the_list_answers_each_filter_of_its_address(
    desk: Client, cast: Cast, asked: dict[str, str], expected: list[str]
) -> None:
    everybody(cast)
    assert numbers(page(desk, **asked)) == expected


def test_each_count_at_the_top_is_the_length_of_the_list_it_opens(desk: Client, cast: Cast) -> None:
    people = everybody(cast)
    planned(cast, people["works"], date(2026, 11, 28))
    for figure in page(desk).context["figures"]:
        assert len(numbers(desk.get(figure["url"]))) == int(figure["value"]), figure


def test_the_four_states_add_up_to_those_held(cast: Cast) -> None:
    everybody(cast)
    places = [cast.institution]
    totals, by_reason = counts(places, read_wish({}, places), TODAY)
    assert totals[HELD] == sum(totals[one] for one in (PLACED, FREE, UNABLE, "unknown"))
    assert (totals[LEFT], totals["arrived"]) == (1, 1)
    assert by_reason == {(FREE, "no-vacancy"): 1, (FREE, "none"): 1, (UNABLE, "old-age"): 1}


def test_a_row_says_where_somebody_works_or_why_not(desk: Client, cast: Cast) -> None:
    a_full_shift()
    people = everybody(cast)
    placed(cast, people["free"], is_full_time=False, daily_minutes=270)
    rows = {row.number: row for row in page(desk).context["rows"]}
    assert rows["1700"].why == "Столяр, Столярный цех"
    assert "4,5" in rows["1702"].why
    assert rows["1701"].why == "Нет места"
    assert rows["1703"].why == "Возраст"
    assert rows["1709"].tone == "warn"


def test_an_inability_that_ends_says_its_last_day(desk: Client, cast: Cast) -> None:
    inmate = somebody(cast)
    until = date(2026, 12, 1)
    stated(cast, inmate, "unable", reason_id=why_unable().pk, effective_to=until)
    assert "30.11.2026" in page(desk).context["rows"][0].why


def test_who_was_taken_over_stands_on_the_list_of_those_who_left_without_a_link(
    desk: Client, cast: Cast
) -> None:
    inmate = somebody(cast)
    transferred(cast, inmate, a_second_colony(cast))
    (row,) = page(desk, show="left").context["rows"]
    assert (row.number, row.url) == ("1648", "")
    assert desk.get(f"/people/{row.number}/").status_code == 404


def test_pages_of_fifty_keep_the_filter(desk: Client, cast: Cast) -> None:
    for number in range(51):
        somebody(cast, f"2{number:03d}")
    first = page(desk, show="free")
    assert len(numbers(first)) == 50
    assert "show=free&amp;page=2" in first.content.decode()
    assert numbers(page(desk, show="free", page="2")) == ["2050"]


def test_the_list_asks_as_often_for_three_people_as_for_one(
    desk: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    placed(cast, somebody(cast, "1"))
    page(desk)
    with django_assert_num_queries(QUERIES):
        page(desk)
    for number in ("2", "3"):
        inmate = somebody(cast, number)
        placed(cast, inmate)
        planned(cast, inmate, date(2027, 1, 1))
    with django_assert_num_queries(QUERIES):
        page(desk)


def test_two_institutions_are_told_apart_and_one_can_be_chosen(desk: Client, cast: Cast) -> None:
    there = a_second_colony(cast)
    member = Membership.objects.create(
        user=cast.labour_officer, organisation=there.organisation, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(membership=member, role=Role.LABOUR_OFFICER, effective_from=LONG_AGO)
    somebody(cast, "1")
    transferred(cast, somebody(cast, "2"), there)
    assert numbers(page(desk)) == ["1", "2"]
    assert numbers(page(desk, place=str(there.pk))) == ["2"]
    assert "№ 19" in page(desk).content.decode()


# --- names ---------------------------------------------------------------------------------------


def test_the_list_shows_numbers_and_never_a_name(desk: Client, cast: Cast) -> None:
    an_identity(somebody(cast))
    text = page(desk).content.decode()
    assert "1648" in text
    assert NAME not in text
    assert not AuditEvent.objects.filter(action="identities_read").exists()


def test_names_are_shown_by_an_act_that_is_kept_with_its_purpose(desk: Client, cast: Cast) -> None:
    inmate = somebody(cast)
    an_identity(inmate)
    shown = desk.post("/people/names/?show=free", {"purpose": "placing"})
    assert shown.status_code == 200
    assert NAME in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(action="identities_read")
    assert (event.actor, event.details["purpose"]) == (cast.labour_officer, "placing")
    assert event.details["inmates"] == [inmate.pk]


@pytest.mark.parametrize("purpose", ["", "curiosity"])
def test_names_without_a_purpose_stay_hidden(desk: Client, cast: Cast, purpose: str) -> None:
    an_identity(somebody(cast))
    refused = desk.post("/people/names/", {"purpose": purpose})
    assert refused.status_code == 422
    assert NAME not in refused.content.decode()
    assert not AuditEvent.objects.filter(action="identities_read").exists()


def test_only_the_names_of_the_filtered_page_are_read(desk: Client, cast: Cast) -> None:
    people = everybody(cast)
    for number, one in enumerate(people.values()):
        an_identity(one, f"Тестов {number}", None)
    desk.post("/people/names/?show=placed", {"purpose": "placing"})
    event = AuditEvent.objects.get(action="identities_read")
    assert event.details["inmates"] == [people["works"].pk]


def test_one_name_is_shown_by_the_same_kind_of_act(desk: Client, cast: Cast) -> None:
    inmate = somebody(cast)
    an_identity(inmate)
    assert NAME not in desk.get("/people/1648/").content.decode()
    assert desk.post("/people/1648/name/", {"purpose": ""}).status_code == 422
    shown = desk.post("/people/1648/name/", {"purpose": "meeting"})
    assert NAME in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(action="identities_read")
    assert (event.subject_id, event.details["purpose"]) == (inmate.pk, "meeting")


def test_the_head_of_the_institution_sees_numbers_and_enters_nothing(
    client: Client, cast: Cast
) -> None:
    head = a_user("head16@example.kz", cast.colony, Role.HEAD)
    an_identity(somebody(cast))
    client.force_login(head)
    assert numbers(page(client)) == ["1648"]
    text = client.get("/people/1648/").content.decode()
    assert "/people/1648/release/" not in text
    for address in ("/people/names/", "/people/1648/name/", "/people/find/"):
        assert client.post(address, {"purpose": "placing"}).status_code == 403
    assert client.get("/people/1648/release/").status_code == 403


# --- by IIN --------------------------------------------------------------------------------------


def test_a_person_is_found_by_iin_which_is_kept_and_stands_in_no_address(
    desk: Client, cast: Cast
) -> None:
    an_identity(somebody(cast))
    found = desk.post("/people/find/", {"iin": "900101 300811"})
    assert found["Location"] == "/people/1648/"
    event = AuditEvent.objects.get(action="iin_looked_up")
    assert event.details["found"] is True
    assert IIN not in str(event.details)


def test_somebody_held_elsewhere_is_not_told(desk: Client, cast: Cast) -> None:
    inmate = somebody(cast)
    an_identity(inmate)
    transferred(cast, inmate, a_second_colony(cast))
    answer = desk.post("/people/find/", {"iin": IIN}, follow=True)
    assert "1648" not in answer.content.decode()
    assert answer.redirect_chain == [("/people/", 302)]


def test_a_wrong_iin_is_mended_where_it_was_typed(desk: Client) -> None:
    refused = desk.post("/people/find/", {"iin": "900101300812"})
    assert refused.status_code == 422
    assert "900101300812" in refused.content.decode()
    assert not AuditEvent.objects.filter(action="iin_looked_up").exists()


# --- one person ----------------------------------------------------------------------------------


def test_a_person_of_another_institution_is_not_found(client: Client, cast: Cast) -> None:
    somebody(cast)
    a_second_colony(cast)
    client.force_login(cast.other_officer)
    for address in ("/people/1648/", "/people/1648/ability/", "/people/1648/placements/new/"):
        assert client.get(address).status_code == 404
    assert client.post("/people/1648/name/", {"purpose": "meeting"}).status_code == 404


def test_the_page_tells_where_the_person_stands(desk: Client, cast: Cast) -> None:
    inmate = somebody(cast)
    placed(cast, inmate)
    planned(cast, inmate, date(2028, 2, 29))
    text = desk.get("/people/1648/").content.decode()
    assert "Столярный цех" in text
    assert "29.02.2028" in text
    assert "приговор от 01.10.2026" in text


def test_the_page_asks_as_often_for_three_rows_as_for_one(
    desk: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    inmate = somebody(cast)
    placed(cast, inmate, effective_to=date(2026, 11, 10))
    desk.get("/people/1648/")
    with django_assert_num_queries(PERSON_QUERIES):
        desk.get("/people/1648/")
    for day in (10, 15):
        placed(
            cast, inmate, effective_from=date(2026, 11, day),
            effective_to=date(2026, 11, day + 5),
        )  # fmt: skip
    stated(cast, inmate, reason_id=why_idle().pk)
    with django_assert_num_queries(PERSON_QUERIES):
        desk.get("/people/1648/")


def test_who_has_left_is_shown_with_the_reason_and_the_notice_that_is_due(
    desk: Client, cast: Cast
) -> None:
    inmate = somebody(cast)
    a_writ(inmate, "И-1", amount="1000.00")
    released(cast, inmate, why_released())
    text = desk.get("/people/1648/").content.decode()
    assert "Отбыл срок" in text
    assert "25.11.2026" in text
    assert "/people/1648/release/" not in text


@pytest.mark.parametrize(
    "part", ["release", "transfer", "ability", "placements/new", "safety", "apprenticeship"]
)
def test_an_act_about_who_has_left_says_so(desk: Client, cast: Cast, part: str) -> None:
    inmate = somebody(cast)
    released(cast, inmate, why_released(), on=NOVEMBER)
    for answer in (desk.get(f"/people/1648/{part}/"), desk.post(f"/people/1648/{part}/")):
        assert answer.status_code == 409
        assert "01.11.2026" in answer.content.decode()
    assert inmate.stays.count() == 1
    assert desk.get(f"/people/9999/{part}/").status_code == 404


# --- acts ----------------------------------------------------------------------------------------


def sent(desk: Client, part: str, **fields: Any) -> Any:
    return desk.post(f"/people/1648/{part}/", fields)


def test_a_transfer_is_entered_and_the_person_is_gone_from_here(desk: Client, cast: Cast) -> None:
    inmate, there = somebody(cast), a_second_colony(cast)
    done = sent(desk, "transfer", institution=there.pk, on="22.11.2026")
    assert done["Location"] == PEOPLE
    assert inmate.stays.get(effective_to=None).institution == there


def test_a_refused_movement_keeps_what_was_typed_with_its_sentence(
    desk: Client, cast: Cast
) -> None:
    inmate, there = somebody(cast), a_second_colony(cast)
    ahead = sent(desk, "transfer", institution=there.pk, on="23.11.2026")
    no_day = sent(desk, "transfer", institution=there.pk, on="30.02.2026")
    here = sent(desk, "transfer", institution=cast.institution.pk, on="22.11.2026")
    for refused, words in ((ahead, "23.11.2026"), (no_day, "30.02.2026"), (here, "22.11.2026")):
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert inmate.stays.count() == 1


def test_a_release_is_entered_with_its_reason(desk: Client, cast: Cast) -> None:
    inmate, served = somebody(cast), why_released()
    assert sent(desk, "release", reason="", on="22.11.2026").status_code == 422
    before = sent(desk, "release", reason=served.pk, on="05.10.2026")
    assert "05.10.2026" in before.content.decode()
    assert sent(desk, "release", reason=served.pk, on="22.11.2026")["Location"] == "/people/1648/"
    assert inmate.stays.get().end_reason == served


def test_an_expected_release_is_entered(desk: Client, cast: Cast) -> None:
    somebody(cast)
    assert sent(desk, "expected-release", release_on="01.01.2020", basis="п").status_code == 422
    assert (
        sent(desk, "expected-release", release_on="29.02.2028", basis="приговор").status_code == 302
    )
    assert PlannedRelease.objects.get().release_on == date(2028, 2, 29)


def test_ability_takes_the_category_that_belongs_to_it(desk: Client, cast: Cast) -> None:
    inmate, idle, unable = somebody(cast), why_idle(), why_unable()
    form = {"ability": "unable", "reason": idle.pk, "effective_from": "20.11.2026"}
    without = sent(desk, "ability", **form)
    assert without.status_code == 422
    assert (
        sent(desk, "ability", **form, category=unable.pk, last_day="19.11.2026").status_code == 422
    )
    done = sent(desk, "ability", **form, category=unable.pk, last_day="30.11.2026")
    assert done.status_code == 302
    state = inmate.labour_states.order_by("-effective_from")[0]
    assert (state.reason, state.effective_to, state.is_subject_to_labour) == (
        unable, date(2026, 12, 1), False,
    )  # fmt: skip


def test_a_reason_of_the_able_is_entered(desk: Client, cast: Cast) -> None:
    inmate, idle = somebody(cast), why_idle()
    done = sent(
        desk, "ability", ability="able", reason=idle.pk, effective_from="22.11.2026",
        is_subject_to_labour="on",
    )  # fmt: skip
    assert done.status_code == 302
    assert inmate.labour_states.get(effective_to=None).reason == idle


def test_a_grade_is_entered_and_listed(desk: Client, cast: Cast) -> None:
    somebody(cast)
    form = {"trade": cast.trade.pk, "document": "протокол № 5", "awarded_on": "01.11.2026"}
    assert sent(desk, "grades/new", **form, grade="9").status_code == 422
    assert sent(desk, "grades/new", **form, grade="4").status_code == 302
    text = desk.get("/people/1648/").content.decode()
    assert "протокол № 5" in text


@pytest.mark.parametrize(
    "part",
    ["transfer", "release", "expected-release", "ability", "grades/new", "placements/new"],
)
def test_the_forms_of_a_person_answer_the_right_methods_and_roles(
    desk: Client, cast: Cast, part: str
) -> None:
    somebody(cast)
    address = f"/people/1648/{part}/"
    assert desk.get(address).status_code == 200
    assert desk.put(address).status_code == 405
    for who in ("master", "accountant", "stranger"):
        desk.force_login(cast.users[who])
        assert desk.get(address).status_code == 403
    desk.logout()
    assert "/accounts/login/" in desk.get(address)["Location"]


def test_why_somebody_is_without_work_is_not_said_of_whoever_works(
    desk: Client, cast: Cast
) -> None:
    idle, works, reason = somebody(cast, "1701"), somebody(cast, "1702"), why_idle()
    for inmate in (idle, works):
        stated(cast, inmate, reason_id=reason.pk)
    placed(cast, works)
    notes = {}
    for inmate in (idle, works):
        facts = desk.get(f"/people/{inmate.personnel_number}/").context["facts"]
        notes[inmate.pk] = facts[1]["note"]
    assert reason.name_ru in notes[idle.pk]
    assert reason.name_ru not in notes[works.pk]
