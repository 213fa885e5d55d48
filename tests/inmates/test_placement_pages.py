"""Arrivals, placements and their papers on the pages: the right way, and each mended mistake."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from pypdf import PdfReader

from inmates.models import Inmate, InmateIdentity, Placement
from portal.documents.models import IssuedDocument
from portal.kernel.models import AuditEvent
from tests.inmates.desk import (
    ARRIVED,
    NOVEMBER,
    a_full_shift,
    a_second_colony,
    placed,
    queue_points,
    released,
    somebody,
    transferred,
    why_released,
)
from tests.inmates.months import NAME, an_identity
from tests.people import NOW, TODAY, Cast, a_consent, an_hourly_rate
from workshops.models import WorkshopOperator

pytestmark = pytest.mark.usefixtures("today")
IIN = "900517300811"
ARRIVAL = {
    "on": "20.11.2026",
    "iin": IIN,
    "born_on": "17.05.1990",
    "full_name": NAME,
    "personnel_number": "1700",
}


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the tests on every clock of the views."""
    monkeypatch.setattr("portal.kernel.clock.today", lambda: TODAY)
    monkeypatch.setattr("portal.kernel.clock.now", lambda: NOW)


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    queue_points()
    client.force_login(cast.labour_officer)
    return client


# --- arrivals ------------------------------------------------------------------------------------


def arrived(desk: Client, cast: Cast, **fields: Any) -> Any:
    form = ARRIVAL | {"institution": cast.institution.pk} | fields
    return desk.post("/people/arrivals/new/", form)


def test_an_arrival_is_entered_and_leads_to_the_person(desk: Client, cast: Cast) -> None:
    assert desk.get("/people/arrivals/new/").status_code == 200
    assert arrived(desk, cast)["Location"] == "/people/1700/"
    stay = Inmate.objects.get().stays.get()
    assert (stay.institution, stay.effective_from) == (cast.institution, date(2026, 11, 20))
    assert InmateIdentity.objects.get().full_name == NAME


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"iin": "900517300815"}, "900517300815"),
        ({"born_on": "18.05.1990"}, "17.05.1990"),
        ({"born_on": "29.02.1990", "iin": ""}, "29.02.1990"),
        ({"iin": "", "born_on": "01.01.2027"}, "01.01.2027"),
        ({"iin": "", "born_on": "01.01.2015"}, "14"),
        ({"iin": "", "born_on": "01.01.1900"}, "1900"),
        ({"on": "23.11.2026"}, "23.11.2026"),
        ({"on": "01.01.1990"}, "14"),
        ({"personnel_number": "abc"}, "abc"),
        ({"personnel_number": ""}, "personnel_number"),
        ({"institution": "0"}, "0"),
    ],
)
def test_an_arrival_that_cannot_be_is_mended_where_it_was_typed(
    desk: Client, cast: Cast, fields: dict[str, str], words: str
) -> None:
    refused = arrived(desk, cast, **fields)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert words in text
    assert NAME in text
    assert not Inmate.objects.exists()


def test_somebody_without_an_iin_arrives_as_well(desk: Client, cast: Cast) -> None:
    arrived(desk, cast, iin="")
    assert InmateIdentity.objects.get().iin is None


def known(cast: Cast) -> Inmate:
    inmate = somebody(cast)
    an_identity(inmate, NAME, IIN)
    return inmate


def offered(answer: Any) -> dict[str, Any]:
    """The hidden fields of the act that is offered for somebody known."""
    form = answer.context["known_form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_somebody_who_was_released_is_offered_as_arrived_again(desk: Client, cast: Cast) -> None:
    inmate = known(cast)
    released(cast, inmate, why_released(), on=NOVEMBER)
    answer = arrived(desk, cast)
    assert (answer.status_code, answer.context["known"]) == (422, inmate)
    assert desk.post("/people/arrivals/known/", offered(answer))["Location"] == "/people/1648/"
    spans = inmate.stays.order_by("effective_from").values_list("effective_from", "effective_to")
    assert list(spans) == [(ARRIVED, NOVEMBER), (date(2026, 11, 20), None)]
    assert Inmate.objects.count() == 1


def test_somebody_entered_elsewhere_is_taken_over_by_who_receives_them(
    client: Client, cast: Cast
) -> None:
    inmate, there = known(cast), a_second_colony(cast)
    placement = placed(cast, inmate)
    client.force_login(cast.other_officer)
    answer = arrived(client, cast, institution=there.pk)
    assert "№ 16" in answer.content.decode()
    assert client.post("/people/arrivals/known/", offered(answer))["Location"] == "/people/1648/"
    placement.refresh_from_db()
    assert placement.effective_to == date(2026, 11, 20)
    assert inmate.stays.get(effective_to=None).institution == there


def test_who_is_known_is_told_only_to_who_knows_the_iin_and_the_look_is_kept(
    desk: Client, cast: Cast
) -> None:
    known(cast)
    arrived(desk, cast)
    assert AuditEvent.objects.filter(action="iin_looked_up").count() == 1
    bare = {"institution": cast.institution.pk, "on": "20.11.2026"}
    for iin in ("", "900101300811"):
        answer = desk.post("/people/arrivals/known/", bare | {"iin": iin})
        assert answer["Location"] == "/people/arrivals/new/"


def test_a_namesake_without_an_iin_is_asked_about_and_may_arrive_again(
    desk: Client, cast: Cast
) -> None:
    inmate = known(cast)
    Inmate.objects.update(born_on=date(1990, 5, 17))
    released(cast, inmate, why_released(), on=NOVEMBER)
    answer = arrived(desk, cast, iin="", full_name=NAME.lower())
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "№ 1648 — это тот же человек?" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert 'type="checkbox" name="is_another"' in text
    assert desk.post("/people/arrivals/known/", offered(answer))["Location"] == "/people/1648/"
    assert inmate.stays.filter(effective_to=None).exists()
    assert Inmate.objects.count() == 1


def test_a_tick_says_that_a_namesake_is_another_person(desk: Client, cast: Cast) -> None:
    known(cast)
    Inmate.objects.update(born_on=date(1990, 5, 17))
    answer = arrived(desk, cast, iin="")
    # Held here already: there is nothing to take over, only a page to look at.
    assert 'href="/people/1648/"' in answer.content.decode()
    assert "/people/arrivals/known/" not in answer.content.decode()
    again = arrived(desk, cast, iin="", is_another="on", on="")
    assert 'type="checkbox" name="is_another"' in again.content.decode()
    assert arrived(desk, cast, iin="", is_another="on")["Location"] == "/people/1700/"
    assert (
        'type="checkbox" name="is_another"'
        not in desk.get("/people/arrivals/new/").content.decode()
    )


@pytest.mark.parametrize(
    "token",
    ["1", "abc:def", signing.dumps(1), ""],
    ids=["bare", "badly-signed", "of-another-use", "empty"],
)
def test_nobody_is_taken_over_by_a_number_of_ones_own(desk: Client, cast: Cast, token: str) -> None:
    inmate = known(cast)
    released(cast, inmate, why_released(), on=NOVEMBER)
    bare = {"institution": cast.institution.pk, "on": "20.11.2026", "namesake": token}
    answer = desk.post("/people/arrivals/known/", bare)
    assert answer["Location"] == "/people/arrivals/new/"
    assert inmate.stays.count() == 1


def test_taking_over_to_a_place_of_others_is_not_offered(desk: Client, cast: Cast) -> None:
    inmate, there = known(cast), a_second_colony(cast)
    stolen = {"institution": there.pk, "on": "20.11.2026", "iin": IIN}
    desk.post("/people/arrivals/known/", stolen)
    assert inmate.stays.get().institution == cast.institution


# --- placements ----------------------------------------------------------------------------------


def terms(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "post": cast.joiners.pk, "employer": cast.enterprise.pk, "pay_form": "time",
        "basis": "приказ № 7", "effective_from": "01.11.2026",
    } | fields  # fmt: skip


def test_a_placement_is_entered(desk: Client, cast: Cast) -> None:
    somebody(cast)
    page = desk.get("/people/1648/placements/new/").content.decode()
    assert "10" in page
    assert desk.post("/people/1648/placements/new/", terms(cast)).status_code == 302
    placement = Placement.objects.get()
    assert (placement.payer, placement.is_full_time, placement.effective_to) == (
        cast.enterprise, True, None,
    )  # fmt: skip


def test_part_time_is_entered_in_hours(desk: Client, cast: Cast) -> None:
    a_full_shift()
    somebody(cast)
    desk.post("/people/1648/placements/new/", terms(cast, hours="4,5", last_day="30.11.2026"))
    placement = Placement.objects.get()
    assert (placement.is_full_time, placement.daily_minutes) == (False, 270)
    assert placement.effective_to == date(2026, 12, 1)
    assert "4,5" in desk.get("/people/1648/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": "4,51"},
        {"hours": "восемь"},
        {"hours": "9"},
        {"hours": "-1"},
        {"last_day": "31.10.2026"},
        {"effective_from": "01.01.2126"},
        {"effective_from": "04.10.2026"},
        {"post": "0"},
        {"basis": ""},
    ],
)
def test_terms_that_cannot_be_are_mended_where_they_were_typed(
    desk: Client, cast: Cast, fields: dict[str, str]
) -> None:
    a_full_shift()
    somebody(cast)
    refused = desk.post("/people/1648/placements/new/", terms(cast, **fields))
    assert refused.status_code == 422
    assert refused.context["form"].errors
    assert not Placement.objects.exists()


def test_an_employer_that_does_not_run_the_workshop_is_not_taken(desk: Client, cast: Cast) -> None:
    somebody(cast)
    for employer in (cast.entrepreneur, cast.kindergarten):
        refused = desk.post("/people/1648/placements/new/", terms(cast, employer=employer.pk))
        assert refused.status_code == 422
    own = desk.post("/people/1648/placements/new/", terms(cast, employer=cast.colony.pk))
    assert own.status_code == 302


def private_workshop(cast: Cast) -> None:
    WorkshopOperator.objects.update(effective_to=NOVEMBER)
    WorkshopOperator.objects.create(
        workshop=cast.workshop, operator=cast.entrepreneur, effective_from=NOVEMBER,
        basis="договор № 2",
    )  # fmt: skip


def test_only_who_can_employ_at_some_post_is_offered(desk: Client, cast: Cast) -> None:
    somebody(cast)
    private_workshop(cast)
    form = desk.get("/people/1648/placements/new/").context["form"]
    offered_ = {pk for pk, _name in form.fields["employer"].choices}
    assert offered_ == set().union(*form.allowed.values()) == {cast.entrepreneur.pk}


def test_a_private_employer_waits_for_the_consent(desk: Client, cast: Cast) -> None:
    inmate = somebody(cast)
    private_workshop(cast)
    form = terms(cast, employer=cast.entrepreneur.pk)
    assert desk.post("/people/1648/placements/new/", form).status_code == 422
    # Nor in the name of the institution: the work would be the entrepreneur's all the same.
    in_its_name = desk.post("/people/1648/placements/new/", terms(cast, employer=cast.colony.pk))
    assert "employer" in in_its_name.context["form"].errors
    a_consent(inmate, cast.entrepreneur)
    assert desk.post("/people/1648/placements/new/", form).status_code == 302


def test_a_full_post_asks_for_a_reason(desk: Client, cast: Cast) -> None:
    type(cast.joiners).objects.update(seats=1)
    placed(cast, somebody(cast, "1"))
    somebody(cast)
    refused = desk.post("/people/1648/placements/new/", terms(cast))
    assert refused.status_code == 422
    done = desk.post("/people/1648/placements/new/", terms(cast, overfill_reason="вторая смена"))
    assert done.status_code == 302
    assert "вторая смена" in desk.get("/people/1648/").content.decode()


def test_whoever_is_not_first_is_placed_with_a_reason(desk: Client, cast: Cast) -> None:
    somebody(cast, "1")
    somebody(cast)
    refused = desk.post("/people/1648/placements/new/", terms(cast))
    assert refused.status_code == 422
    assert "№ 1" in refused.content.decode()
    done = desk.post("/people/1648/placements/new/", terms(cast, queue_reason="нужен сварщик"))
    assert done.status_code == 302


def test_terms_are_changed_from_a_day_on(desk: Client, cast: Cast) -> None:
    a_full_shift()
    old = placed(cast, somebody(cast))
    address = f"/people/1648/placements/{old.pk}/change/"
    assert desk.get(address).context["form"]["effective_from"].value() == TODAY
    first_day = desk.post(address, terms(cast))
    assert first_day.status_code == 422
    done = desk.post(address, terms(cast, effective_from="22.11.2026", hours="4", basis="№ 8"))
    assert done.status_code == 302
    old.refresh_from_db()
    new = Placement.objects.exclude(pk=old.pk).get()
    assert (old.effective_to, new.effective_from, new.daily_minutes) == (TODAY, TODAY, 240)


def test_a_placement_ends_with_its_last_day(desk: Client, cast: Cast) -> None:
    old = placed(cast, somebody(cast))
    address = f"/people/1648/placements/{old.pk}/end/"
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"last_day": "20.10.2026"}).status_code == 422
    assert desk.post(address, {"last_day": "20.11.2026"}).status_code == 302
    old.refresh_from_db()
    assert old.effective_to == date(2026, 11, 21)


def test_a_placement_of_another_person_or_place_is_not_found(desk: Client, cast: Cast) -> None:
    other = placed(cast, somebody(cast, "1"))
    inmate = somebody(cast)
    earlier = placed(cast, inmate)
    for part in ("change", "end", "pdf"):
        assert desk.get(f"/people/1648/placements/{other.pk}/{part}").status_code in (301, 404)
        assert desk.get(f"/people/1648/placements/{other.pk}/{part}/").status_code == 404
    transferred(cast, inmate, a_second_colony(cast))
    desk.force_login(cast.other_officer)
    assert desk.get("/people/1648/").status_code == 200
    assert desk.get(f"/people/1648/placements/{earlier.pk}/end/").status_code == 404
    assert desk.get(f"/people/1648/placements/{earlier.pk}/pdf").status_code == 403


# --- papers --------------------------------------------------------------------------------------


def paper(desk: Client, placement: Placement, language: str = "ru") -> str:
    answer = desk.get(f"/people/1648/placements/{placement.pk}/pdf?language={language}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def a_person_with_a_name(cast: Cast) -> Inmate:
    inmate = somebody(cast)
    an_identity(inmate)
    a_full_shift()
    return inmate


def test_at_a_state_enterprise_an_order_is_printed(desk: Client, cast: Cast) -> None:
    placement = placed(cast, a_person_with_a_name(cast))
    an_hourly_rate(cast, "600.00")
    text = paper(desk, placement)
    for words in (NAME, "1648", "РГП «Тест»", "Столяр", "8", "40", "600,00", "приказ № 7"):
        assert words in text, words
    assert IssuedDocument.objects.get().kind == "placement_order"


@pytest.mark.parametrize(
    ("language", "title", "person"),
    [
        ("ru", "Договор о труде осуждённого", "Осуждённый"),
        ("kk", "Сотталған адамның еңбегі туралы шарт", "Сотталған адам"),
    ],
)
def test_at_a_business_three_parties_sign_in_either_language(
    desk: Client, cast: Cast, language: str, title: str, person: str
) -> None:
    inmate = a_person_with_a_name(cast)
    a_consent(inmate, cast.entrepreneur, document_number="С-77")
    placement = placed(cast, inmate, employer=cast.entrepreneur)
    text = paper(desk, placement, language)
    for words in (title, person, NAME, cast.entrepreneur.bin, cast.colony.bin, "С-77"):
        assert words in text, words
    assert "122" in text
    issued = IssuedDocument.objects.get()
    assert (issued.kind, issued.issuer) == ("labour_contract", cast.colony)


def test_the_two_languages_are_one_document_and_other_terms_another(
    desk: Client, cast: Cast
) -> None:
    placement = placed(cast, a_person_with_a_name(cast))
    for language in ("ru", "kk", "ru", "xx"):
        paper(desk, placement, language)
    assert IssuedDocument.objects.count() == 1
    Placement.objects.update(effective_to=TODAY + timedelta(days=9))
    paper(desk, placement)
    assert sorted(IssuedDocument.objects.values_list("status", flat=True)) == [
        "superseded",
        "valid",
    ]


def test_part_time_and_a_shorter_week_stand_on_the_paper(desk: Client, cast: Cast) -> None:
    inmate = a_person_with_a_name(cast)
    Inmate.objects.update(disability_group=2)
    placement = placed(cast, inmate)
    assert "7,2" in paper(desk, placement)
    Placement.objects.update(is_full_time=False, daily_minutes=240)
    text = paper(desk, placement)
    assert "20 " in text
    assert Decimal(4) == Decimal(240) / 60


def test_who_printed_whose_paper_is_kept(desk: Client, cast: Cast) -> None:
    inmate = a_person_with_a_name(cast)
    placement = placed(cast, inmate)
    paper(desk, placement)
    read = AuditEvent.objects.get(action="identity_read")
    printed = AuditEvent.objects.get(action="placement_paper_printed")
    assert (read.subject_id, read.details["purpose"]) == (inmate.pk, "placement_paper")
    assert (printed.subject_id, printed.actor) == (placement.pk, cast.labour_officer)


def test_a_paper_is_for_the_labour_officer(desk: Client, cast: Cast) -> None:
    placement = placed(cast, a_person_with_a_name(cast))
    address = f"/people/1648/placements/{placement.pk}/pdf"
    for who in ("master", "accountant", "head", "stranger"):
        desk.force_login(cast.users[who])
        assert desk.get(address).status_code == 403
    assert not AuditEvent.objects.filter(action="identity_read").exists()
