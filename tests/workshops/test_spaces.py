"""Idle areas: the public list and its filter, one area, adverts, small numbers, nothing leaked."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.accounts.models import RoleGrant
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.orders.spaces import SECRET_NAME, a_colleague, a_space, counted
from tests.people import NOW, TODAY, Cast, a_user, an_inmate, an_organisation
from tests.reports.worlds import an_institution
from workshops.models import LabourAvailability, ProductionSpace, Trade
from workshops.presenters.spaces import people_count, space_title
from workshops.selectors.spaces import availability_of, officials_of, spaces_advertised
from workshops.services import record_labour_availability
from workshops.services.spaces import NobodyAnswers, NotIdle, confirm_advert, take_advert_off

LIST = "/spaces/"


def titles(client: Client, **asked: str) -> list[str]:
    return [card["title"] for card in client.get(LIST, asked).context["cards"]]


@pytest.fixture
def welder(cast: Cast) -> Trade:
    return Trade.objects.create(code="welder", name_ru="Сварщик", name_kk="Дәнекерлеуші")


# --- which adverts hold -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days_ago", "holds"), [(0, True), (1, True), (29, True), (30, False), (31, False), (-1, False)]
)
def test_advert_holds_thirty_days(cast: Cast, days_ago: int, holds: bool) -> None:
    a_space(cast, confirmed_on=TODAY - timedelta(days=days_ago))
    assert spaces_advertised(TODAY).exists() is holds


@pytest.mark.parametrize(
    "changes", [{"confirmed_on": None}, {"is_idle": False, "confirmed_on": None}]
)
def test_what_is_not_advertised_is_not_on_the_list(
    client: Client, cast: Cast, changes: dict[str, Any]
) -> None:
    a_space(cast, **changes)
    assert titles(client) == []
    assert client.get("/spaces/hall-1/").status_code == 404


def test_expired_advert_says_so_and_leads_to_the_others(client: Client, cast: Cast) -> None:
    a_space(cast, confirmed_on=TODAY - timedelta(days=30))
    response = client.get("/spaces/hall-1/")
    assert response.status_code == 404
    html = response.content.decode()
    assert "не подтвердило объявление" in html
    assert 'href="/spaces/"' in html


def test_unknown_area_is_not_found(client: Client, cast: Cast) -> None:
    assert client.get("/spaces/nowhere/").status_code == 404


# --- the list and its filter ------------------------------------------------------------------
def test_list_is_open_to_everybody_the_largest_first(client: Client, cast: Cast) -> None:
    a_space(cast, "small", kind="room", area_m2=Decimal("96.5"))
    a_space(cast, "large", area_m2=Decimal("1480.0"))
    assert [one.replace("\xa0", " ") for one in titles(client)] == [
        "Производственный цех, 1 480 м²",
        "Комната для мастерской, 96,5 м²",
    ]


def test_empty_list_says_when_to_come_again(client: Client, cast: Cast) -> None:
    assert "Сейчас площадей нет" in client.get(LIST).content.decode()


def test_filter_by_each_field(client: Client, cast: Cast, welder: Trade) -> None:
    other = an_institution(cast, "30")
    a_space(cast, "large", area_m2=Decimal("1480"), power_kw=60, is_heated=False)
    a_space(
        cast, "small", kind="room", institution=other, area_m2=Decimal("140"), power_kw=250,
        is_heated=True, has_crane=True, has_gate=True,
    )  # fmt: skip
    counted(cast.institution, {cast.trade: 9, None: 30})
    counted(other, {welder: 2, cast.trade: 0})
    large, small = ("large",), ("small",)
    expected = {
        "area=140": (*large, *small),
        "area=140,1": large,
        "area=1 480": large,
        "power=100": small,
        "institution=30": small,
        "trade=joiner": large,
        "trade=welder": small,
        "heated=on": small,
        "crane=on": small,
        "gate=on": small,
        "area=2000": (),
        "area=100&heated=on&trade=welder": small,
        "heated=on&trade=joiner": (),
    }
    for asked, codes in expected.items():
        fields = dict(part.split("=") for part in asked.split("&"))
        response = client.get(LIST, fields)
        shown = tuple(card["url"].split("/")[-2] for card in response.context["cards"])
        assert (response.status_code, shown) == (200, codes), asked


def test_filter_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    a_space(cast)
    html = client.get(LIST, {"area": "900", "heated": "on"}).content.decode()
    assert 'value="900"' in html
    assert "Ничего не подходит" in html
    assert "checked" in html


def test_wrong_field_is_told_and_the_others_still_filter(client: Client, cast: Cast) -> None:
    a_space(cast, "large", area_m2=Decimal("1480"))
    a_space(cast, "small", area_m2=Decimal("140"))
    response = client.get(LIST, {"area": "1000", "power": "много"})
    assert response.status_code == 400
    assert [card["url"] for card in response.context["cards"]] == ["/spaces/large/"]
    assert "много" in response.content.decode()


JUNK = [
    "",
    " ",
    "\x00",
    "-1",
    "1e309",
    "NaN",
    "Infinity",
    "9" * 40,
    "²",
    "<script>alert(1)",
    "'" * 300,
]


@pytest.mark.parametrize("typed", JUNK)
@pytest.mark.parametrize("name", ["area", "power", "institution", "trade", "heated", "page"])
def test_nonsense_in_the_address_is_no_fault(
    client: Client, cast: Cast, name: str, typed: str
) -> None:
    a_space(cast)
    response = client.get(LIST, {name: typed})
    assert response.status_code in (200, 400)
    assert b"<script>alert" not in response.content


def test_filter_offers_only_what_is_there(client: Client, cast: Cast, welder: Trade) -> None:
    an_institution(cast, "30")
    a_space(cast)
    counted(cast.institution, {cast.trade: 7, welder: 0})
    form = client.get(LIST).context["form"]
    assert [row.number for row in form.fields["institution"].queryset] == ["16"]
    assert [row.code for row in form.fields["trade"].queryset] == ["joiner"]


def test_list_asks_the_same_queries_for_one_and_three(client: Client, cast: Cast) -> None:
    a_space(cast, "first")
    counted(cast.institution, {cast.trade: 7})
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in ("30", "31"):
        place = an_institution(cast, number)
        a_space(cast, f"next-{number}", institution=place)
        counted(place, {cast.trade: 7})
    with CaptureQueriesContext(connection) as more:
        client.get(LIST)
    assert len(more) == len(few) <= 6


def test_wrong_methods(client: Client, cast: Cast) -> None:
    a_space(cast)
    for address in (LIST, "/spaces/hall-1/"):
        assert client.post(address).status_code == 405


# --- people as numbers ------------------------------------------------------------------------
@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_few_people_are_never_told_by_number(people: int) -> None:
    with translation.override("ru"):
        assert people_count(people) == "меньше\xa05"
    with translation.override("kk"):
        assert people_count(people) == "5-тен аз"


def test_from_five_on_people_are_counted() -> None:
    with translation.override("ru"):
        assert [people_count(5), people_count(1204)] == ["5", "1\xa0204"]


def test_page_tells_people_by_trade_and_the_day(client: Client, cast: Cast, welder: Trade) -> None:
    a_space(cast)
    counted(cast.institution, {cast.trade: 12, welder: 3, None: 40}, TODAY - timedelta(days=1))
    html = client.get("/spaces/hall-1/").content.decode()
    people = html.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "на 21.11.2026" in html
    for trade, shown in (
        ("Столяр", "12"),
        ("Сварщик", "меньше\xa05"),
        ("Пока без профессии", "40"),
    ):
        assert trade in people
        assert f'<td class="number">{shown}</td>' in people
    assert '<td class="number">3</td>' not in people


def test_latest_counted_day_is_shown(cast: Cast) -> None:
    for days_ago, people in ((3, 9), (1, 7)):
        counted(cast.institution, {cast.trade: people}, TODAY - timedelta(days=days_ago))
    counted(cast.institution, {cast.trade: 99}, TODAY + timedelta(days=1))
    known = availability_of([cast.institution.pk], TODAY)[cast.institution.pk]
    assert known.day == TODAY - timedelta(days=1)
    assert [one.people for one in known.trades] == [7]


@pytest.mark.parametrize(("joiners", "welders"), [(1, 4), (4, 1)])
def test_order_of_small_numbers_tells_nothing(
    cast: Cast, welder: Trade, joiners: int, welders: int
) -> None:
    painter = Trade.objects.create(code="painter", name_ru="Маляр", name_kk="Сырлаушы")
    counted(cast.institution, {welder: welders, painter: 6, cast.trade: joiners, None: 30})
    known = availability_of([cast.institution.pk], TODAY)[cast.institution.pk]
    assert [one.trade for one in known.trades] == [painter, cast.trade, welder, None]


def test_nobody_free_and_not_counted_differ(client: Client, cast: Cast) -> None:
    a_space(cast)
    assert "ещё не считали" in client.get("/spaces/hall-1/").content.decode()
    record_labour_availability(counts={cast.institution.pk: {}}, on=TODAY)
    html = client.get("/spaces/hall-1/").content.decode()
    assert "на 22.11.2026" in html
    assert "Сейчас свободных людей нет" in html


def test_counts_of_a_day_are_replaced(cast: Cast, welder: Trade) -> None:
    place = cast.institution.pk
    record_labour_availability(counts={place: {cast.trade.pk: 9, welder.pk: 4}}, on=TODAY)
    record_labour_availability(counts={place: {cast.trade.pk: 8}}, on=TODAY)
    rows = LabourAvailability.objects.filter(day=TODAY).order_by("people")
    assert [(row.trade, row.people) for row in rows] == [(None, 0), (cast.trade, 8)]


def test_counts_name_nobody() -> None:
    """The table itself has no way to a person."""
    names = {field.name for field in LabourAvailability._meta.get_fields()}
    assert names == {"id", "institution", "trade", "day", "people"}


# --- nothing of the place leaks ---------------------------------------------------------------
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_no_place_and_no_inmate_on_public_pages(client: Client, cast: Cast, language: str) -> None:
    a_space(cast)
    inmate = an_inmate(cast, "77001")
    counted(cast.institution, {cast.trade: 12})
    client.cookies["django_language"] = language
    for address in (LIST, "/spaces/hall-1/", "/spaces/hall-1/ask/"):
        html = client.get(address).content.decode()
        for secret in (SECRET_NAME, "Корпус 9", "восточных", inmate.personnel_number):
            assert secret not in html, address


def test_title_is_made_of_kind_and_size_alone(cast: Cast) -> None:
    with translation.override("kk"):
        title = space_title(a_space(cast))
    assert title.replace("\xa0", " ") == "Өндірістік цех, 1 480 м²"


def test_official_stands_on_the_page_by_name(client: Client, cast: Cast) -> None:
    a_space(cast)
    html = client.get("/spaces/hall-1/").content.decode()
    assert "Labour" in html
    assert "инспектор отдела труда" in html
    assert 'href="/spaces/hall-1/ask/"' in html
    assert cast.labour_officer.email not in html


def test_without_an_official_nobody_can_be_asked(client: Client, cast: Cast) -> None:
    a_space(cast)
    RoleGrant.objects.filter(role="labour_officer").delete()
    html = client.get("/spaces/hall-1/").content.decode()
    assert "некому отвечать" in html
    assert "/ask/" not in html


def test_officials_come_in_order_and_once(cast: Cast) -> None:
    colleague = a_colleague(cast)
    head = a_colleague(cast, "chief@example.kz", "head")
    RoleGrant.objects.create(
        membership=head.memberships.get(), role="labour_officer", effective_from=TODAY
    )
    known = officials_of([cast.colony.pk], TODAY)[cast.colony.pk]
    assert [one.user for one in known] == [cast.labour_officer, colleague, head]


# --- the institution keeps its adverts --------------------------------------------------------
def test_confirming_puts_the_area_on_the_list(cast: Cast) -> None:
    space = a_space(cast, None, confirmed_on=None)
    confirm_advert(actor=cast.labour_officer, space_id=space.pk, at=NOW)
    space.refresh_from_db()
    assert (space.code, space.confirmed_on) == (f"hall-{space.pk}", TODAY)
    confirm_advert(actor=cast.labour_officer, space_id=space.pk, at=NOW)
    assert AuditEvent.objects.filter(action="advert_confirmed").count() == 1


def test_confirming_again_prolongs_and_keeps_the_address(cast: Cast) -> None:
    space = a_space(cast, confirmed_on=TODAY - timedelta(days=40))
    confirm_advert(actor=cast.labour_officer, space_id=space.pk, at=NOW)
    space.refresh_from_db()
    assert (space.code, space.confirmed_on) == ("hall-1", TODAY)


def test_area_in_use_is_not_offered(cast: Cast) -> None:
    space = a_space(cast, is_idle=False, confirmed_on=None)
    with pytest.raises(NotIdle):
        confirm_advert(actor=cast.labour_officer, space_id=space.pk, at=NOW)


def test_advert_needs_somebody_who_answers(cast: Cast) -> None:
    space = a_space(cast, confirmed_on=None)
    # Allowed for one place is enough to see, but the office of it is held by nobody else.
    RoleGrant.objects.filter(role="labour_officer").update(scope=cast.colony)
    assert confirm_advert(actor=cast.labour_officer, space_id=space.pk, at=NOW)
    type(cast.labour_officer).objects.filter(pk=cast.labour_officer.pk).update(is_active=False)
    with pytest.raises(NobodyAnswers):
        confirm_advert(actor=cast.labour_officer, space_id=space.pk, at=NOW)


@pytest.mark.parametrize("who", ["buyer", "master", "head", "analyst", "stranger"])
def test_only_officials_of_the_institution_offer_its_areas(cast: Cast, who: str) -> None:
    space = a_space(cast)
    for act in (confirm_advert, take_advert_off):
        with pytest.raises(Forbidden):
            act(actor=getattr(cast, who), space_id=space.pk, at=NOW)


def test_taking_off_is_harmless_twice(cast: Cast) -> None:
    space = a_space(cast)
    for _time in range(2):
        take_advert_off(actor=cast.labour_officer, space_id=space.pk, at=NOW)
    space.refresh_from_db()
    assert (space.confirmed_on, space.code) == (None, "hall-1")
    assert AuditEvent.objects.filter(action="advert_taken_off").count() == 1


# --- the office page --------------------------------------------------------------------------
KEPT = "/institution/spaces/"


def test_office_sees_its_areas_with_their_names(client: Client, cast: Cast) -> None:
    a_space(cast, "old", confirmed_on=TODAY - timedelta(days=40))
    a_space(cast, "new")
    a_space(cast, None, confirmed_on=None)
    a_space(cast, "used", is_idle=False, confirmed_on=None)
    client.force_login(cast.labour_officer)
    response = client.get(KEPT)
    rows = response.context["rows"]
    assert [(row["tone"], row["until"]) for row in rows] == [
        ("quiet", ""),
        ("warn", "11.11.2026"),
        ("ok", "21.12.2026"),
    ]
    assert SECRET_NAME in response.content.decode()


def test_office_confirms_and_takes_off(client: Client, cast: Cast) -> None:
    space = a_space(cast, confirmed_on=None)
    client.force_login(cast.labour_officer)
    assert client.post(f"{KEPT}{space.pk}/confirm/").status_code == 302
    assert spaces_advertised(TODAY).exists()
    assert client.post(f"{KEPT}{space.pk}/off/").status_code == 302
    assert not spaces_advertised(TODAY).exists()


def test_office_is_told_why_not(client: Client, cast: Cast) -> None:
    space = a_space(cast, confirmed_on=None)
    client.force_login(cast.labour_officer)
    RoleGrant.objects.filter(role="labour_officer").update(scope=cast.colony)
    ProductionSpace.objects.update(is_idle=False)
    assert client.post(f"{KEPT}{space.pk}/confirm/").status_code == 404
    assert not ProductionSpace.objects.filter(confirmed_on__isnull=False).exists()


def test_office_of_another_institution_finds_nothing(client: Client, cast: Cast) -> None:
    space = a_space(cast)
    elsewhere = an_organisation("institution", "Учреждение № 22 (тест)", 22)
    client.force_login(a_user("other@example.kz", elsewhere, "labour_officer"))
    assert SECRET_NAME not in client.get(KEPT).content.decode()
    for act in ("confirm", "off"):
        assert client.post(f"{KEPT}{space.pk}/{act}/").status_code == 404


def test_office_pages_refuse_others_and_wrong_methods(client: Client, cast: Cast) -> None:
    space = a_space(cast)
    acts = [f"{KEPT}{space.pk}/{act}/" for act in ("confirm", "off")]
    assert client.get(KEPT)["Location"].startswith("/accounts/login/?next=")
    for who in ("buyer", "master", "analyst"):
        client.force_login(cast.users[who])
        assert client.get(KEPT).status_code == 403
        assert [client.post(act).status_code for act in acts] == [403, 403]
    client.force_login(cast.labour_officer)
    assert client.post(KEPT).status_code == 405
    assert [client.get(act).status_code for act in acts] == [405, 405]
    assert spaces_advertised(TODAY).exists()


# --- what the database refuses ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "tent"}, "space_kind_known"),
        ({"code": None}, "space_advert_is_idle"),
        ({"is_idle": False}, "space_advert_is_idle"),
        ({"area_m2": 0}, "space_area_positive"),
        ({"condition": "new"}, "space_condition_known"),
    ],
)
def test_constraints_of_an_area(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    a_space(cast)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ProductionSpace.objects.update(**changes)


def test_two_areas_have_two_addresses(cast: Cast) -> None:
    a_space(cast)
    with pytest.raises(IntegrityError, match="code"), transaction.atomic():
        a_space(cast)
    for _time in range(2):
        a_space(cast, None, confirmed_on=None)


def test_a_trade_is_counted_once_a_day_also_without_one(cast: Cast) -> None:
    for trade in (cast.trade, None):
        counted(cast.institution, {trade: 5}, date(2026, 11, 1))
        with pytest.raises(IntegrityError, match="availability_once_a_day"), transaction.atomic():
            counted(cast.institution, {trade: 6}, date(2026, 11, 1))
