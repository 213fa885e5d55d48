"""Who looked at identities: the head sees its own institution's log, the administrator all."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import CustodyStay, Inmate
from inmates.presenters.looks import PURPOSES, look_rows
from inmates.selectors.looks import (
    looks_at,
    numbers_of,
    overseen_institutions,
    person_overseen,
)
from inmates.selectors.people import identities, identities_on_list, inmate_by_iin, names_on_list
from portal.accounts.models import User
from portal.kernel import clock
from tests.inmates.months import IIN, NAME, an_identity
from tests.inmates.second_place import second_place
from tests.people import NOW, TODAY, Cast, a_user, an_inmate
from workshops.models import Institution

PAGE = reverse("inmates:looks")


@pytest.fixture
def head(cast: Cast) -> User:
    return a_user("head16@example.kz", cast.colony, "head")


@pytest.fixture
def reader(client: Client, head: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.cookies["django_language"] = "en"
    client.force_login(head)
    return client


def someone(cast: Cast, number: str = "1648") -> Inmate:
    inmate = an_inmate(cast, number)
    an_identity(inmate, iin=IIN if number == "1648" else None)
    return inmate


def looked(cast: Cast, *inmates: Inmate, days_ago: int = 0, purpose: str = "payslip") -> None:
    at = NOW - timedelta(days=days_ago)
    identities(actor=cast.accountant, inmates=inmates, purpose=purpose, at=at)


def listed(cast: Cast, *inmates: Inmate, purpose: str = "shift") -> None:
    names_on_list(
        actor=cast.master, inmates=inmates, purpose=purpose, at=NOW, subject=cast.workshop
    )


def week(*institutions: Institution, **filters: Any) -> list[Any]:
    values = {"since": TODAY - timedelta(days=6), "until": TODAY}
    return list(looks_at(institutions, **(values | filters)))


# --- what is seen -----------------------------------------------------------------------------
def test_every_way_to_look_is_in_the_log(cast: Cast) -> None:
    """One by one, a list of names, a list with IINs, a search by IIN."""
    one, two = someone(cast), someone(cast, "2")
    looked(cast, one)
    listed(cast, one, two)
    identities_on_list(
        actor=cast.accountant, inmates=[two], purpose="employer_workers", at=NOW,
        subject=cast.entrepreneur,
    )  # fmt: skip
    inmate_by_iin(actor=cast.labour_officer, iin=IIN, at=NOW)
    events = week(cast.institution)
    rows = look_rows(events, numbers_of(events))
    assert sorted((row["who"], row["people"]) for row in rows) == [
        ("Accountant", 1), ("Accountant", 1), ("Labour", 1), ("Master", 2)
    ]  # fmt: skip
    assert {row["number"] for row in rows} == {"1648", ""}


def test_the_log_tells_no_name(reader: Client, cast: Cast) -> None:
    looked(cast, someone(cast))
    page = reader.get(PAGE).content.decode()
    assert "№ 1648" in page
    assert NAME not in page
    assert IIN not in page


def test_a_look_at_somebody_of_another_institution_is_not_seen(cast: Cast) -> None:
    other, _post = second_place(cast)
    here, there = someone(cast), someone(cast, "2")
    CustodyStay.objects.filter(inmate=there).update(institution=other)
    looked(cast, there)
    assert week(cast.institution) == []
    listed(cast, here, there)
    assert len(week(cast.institution)) == 1
    assert len(week(other)) == 2
    assert len(week(cast.institution, other)) == 2


def test_a_look_belongs_to_where_the_person_was_on_that_day(cast: Cast) -> None:
    other, _post = second_place(cast)
    inmate = someone(cast)
    looked(cast, inmate, days_ago=3)
    moved = TODAY - timedelta(days=1)
    CustodyStay.objects.filter(inmate=inmate).update(effective_to=moved)
    CustodyStay.objects.create(inmate=inmate, institution=other, effective_from=moved)
    looked(cast, inmate)
    assert [event.at for event in week(other)] == [NOW]
    assert [event.at for event in week(cast.institution)] == [NOW - timedelta(days=3)]


def test_the_days_are_those_of_the_calendar_here(cast: Cast) -> None:
    """20:00 UTC is past midnight in Kazakhstan."""
    inmate = someone(cast)
    late = NOW.replace(hour=20)
    identities(actor=cast.accountant, inmates=[inmate], purpose="payslip", at=late)
    assert week(cast.institution) == []
    tomorrow = TODAY + timedelta(days=1)
    assert len(week(cast.institution, since=tomorrow, until=tomorrow)) == 1


def test_one_person_is_found_alone_and_in_lists(cast: Cast) -> None:
    one, two = someone(cast), someone(cast, "2")
    looked(cast, one)
    looked(cast, two)
    listed(cast, one, two)
    assert len(week(cast.institution, person=one)) == 2
    assert len(week(cast.institution, person=two)) == 2
    assert len(week(cast.institution, person=one, actors=[cast.master.pk])) == 1


def test_nobody_found_by_an_iin_is_no_look_at_a_person(cast: Cast) -> None:
    someone(cast)
    inmate_by_iin(actor=cast.labour_officer, iin="061211600012", at=NOW)
    assert week(cast.institution) == []


# --- whose log --------------------------------------------------------------------------------
def test_the_head_oversees_its_institution_and_the_administrator_all(
    cast: Cast, head: User
) -> None:
    other, _post = second_place(cast)
    assert list(overseen_institutions(head, TODAY)) == [cast.institution]
    assert set(overseen_institutions(cast.administrator, TODAY)) == {cast.institution, other}
    for nobody in (cast.head, cast.labour_officer, cast.analyst, cast.stranger):
        assert not overseen_institutions(nobody, TODAY)


def test_a_person_elsewhere_is_nobody_for_the_head(cast: Cast, head: User) -> None:
    other, _post = second_place(cast)
    inmate = someone(cast)
    assert person_overseen(head, TODAY, "1648") == inmate
    CustodyStay.objects.filter(inmate=inmate).update(institution=other)
    assert person_overseen(head, TODAY, "1648") is None
    assert person_overseen(cast.administrator, TODAY, "1648") == inmate


def test_others_have_no_such_page(client: Client, cast: Cast) -> None:
    for user in (cast.labour_officer, cast.accountant, cast.analyst, cast.master):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403


# --- the page ---------------------------------------------------------------------------------
def test_the_page_shows_who_when_what_for_and_how_many(reader: Client, cast: Cast) -> None:
    one, two = someone(cast), someone(cast, "2")
    listed(cast, one, two)
    (row,) = reader.get(PAGE).context["rows"]
    assert (row["who"], row["purpose"], row["people"], row["number"]) == ("Master", "Shift", 2, "")


def test_the_last_week_is_shown_unless_days_are_chosen(reader: Client, cast: Cast) -> None:
    looked(cast, someone(cast), days_ago=10)
    assert reader.get(PAGE).context["rows"] == []
    chosen = reader.get(PAGE, {"since": "01.11.2026", "until": "22.11.2026"})
    assert len(chosen.context["rows"]) == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"since": "22.11.2026", "until": "01.11.2026"}, "until"),
        ({"since": "01.01.2026", "until": "22.11.2026"}, "since"),
        ({"since": "31.02.2026"}, "since"),
        ({"person": "9999"}, "person"),
    ],
)
def test_a_wrong_question_is_told_at_its_field(
    reader: Client, cast: Cast, asked: dict, field: str
) -> None:
    answer = reader.get(PAGE, asked)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


def test_one_person_is_chosen_on_the_page(reader: Client, cast: Cast) -> None:
    one, two = someone(cast), someone(cast, "2")
    looked(cast, one)
    looked(cast, two)
    (row,) = reader.get(PAGE, {"person": "2"}).context["rows"]
    assert row["number"] == "2"


def test_the_queries_do_not_grow(reader: Client, cast: Cast) -> None:
    people = [someone(cast, number) for number in ("1648", "2", "3")]
    looked(cast, people[0])
    reader.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        reader.get(PAGE)
    looked(cast, *people)
    listed(cast, *people)
    with CaptureQueriesContext(connection) as more:
        reader.get(PAGE)
    assert len(one) == len(more) <= 8


def test_every_purpose_of_the_code_has_a_name() -> None:
    found = set()
    for path in (Path(settings.BASE_DIR) / "inmates").rglob("*.py"):
        found |= set(re.findall(r'purpose="([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert found <= set(PURPOSES), found - set(PURPOSES)
