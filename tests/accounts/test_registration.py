"""A customer registers: by BIN, by IIN, each error its own sentence, nothing half-written."""

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from portal.accounts.models import Membership, Organisation, RoleGrant
from portal.accounts.selectors import has_role_in
from portal.accounts.services import AlreadyRegistered, WrongIdentifier, register_customer
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.people import NOW, TODAY, Cast, a_bin, a_cast

ADDRESS = "/organisations/new/"
BIN = a_bin(60)
IIN = "900101300811"
FACTS = {
    "kind": "kindergarten",
    "identifier": BIN,
    "name_ru": "Ясли-сад «Ақбота» (демо)",
    "name_kk": "«Ақбота» балабақшасы (демо)",
    "address": "ул. Новая, 2",
    "phone": "+7 701 123 45 67",
}


def register(cast: Cast, **changes: Any) -> Organisation:
    return register_customer(**({"actor": cast.stranger, "at": NOW} | FACTS | changes))


def test_register_customer_makes_a_buyer_from_today(cast: Cast) -> None:
    organisation = register(cast)
    member = Membership.objects.get(organisation=organisation)
    assert (member.user, member.effective_from) == (cast.stranger, TODAY)
    assert has_role_in(cast.stranger, TODAY, organisation.id, "buyer")
    assert not has_role_in(
        type(cast.stranger).objects.get(pk=cast.stranger.pk),
        date(2026, 11, 21),
        organisation.id,
        "buyer",
    )
    assert AuditEvent.objects.get().subject_id == organisation.id


def test_name_in_kazakh_may_be_left_out(cast: Cast) -> None:
    organisation = register(cast, name_kk="")
    with translation.override("kk"):
        organisation.refresh_from_db()
        assert organisation.name == FACTS["name_ru"]


def test_entrepreneur_registers_by_iin(cast: Cast) -> None:
    assert register(cast, kind="entrepreneur", identifier=IIN).bin == IIN


@pytest.mark.parametrize(
    ("kind", "identifier"),
    [("entrepreneur", BIN), ("kindergarten", IIN), ("school", "123456789011"), ("company", "1")],
)
def test_number_that_does_not_fit_is_refused(cast: Cast, kind: str, identifier: str) -> None:
    before = Organisation.objects.count()
    with pytest.raises(WrongIdentifier):
        register(cast, kind=kind, identifier=identifier)
    assert Organisation.objects.count() == before


@pytest.mark.parametrize("kind", ["institution", "department", "state_enterprise", "bank", ""])
def test_kind_of_the_administrator_is_refused(cast: Cast, kind: str) -> None:
    with pytest.raises(Forbidden):
        register(cast, kind=kind)


def test_registered_number_is_refused_without_a_name(cast: Cast) -> None:
    with pytest.raises(AlreadyRegistered) as refused:
        register(cast, identifier=cast.enterprise.bin)
    assert "РГП" not in str(refused.value)
    assert not Membership.objects.filter(user=cast.stranger).exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_register_one_number_at_once() -> None:
    cast = a_cast()
    start, results = Barrier(2), []

    def run(actor: Any) -> None:
        try:
            start.wait()
            results.append(type(register(cast, actor=actor)).__name__)
        except AlreadyRegistered:
            results.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(actor,)) for actor in (cast.stranger, cast.master)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Organisation", "refused"]
    assert RoleGrant.objects.filter(membership__organisation__bin=BIN).count() == 1


@pytest.fixture
def person(client, cast: Cast):
    client.force_login(cast.stranger)
    return client


def test_page_registers_and_returns(person) -> None:
    response = person.post(ADDRESS, FACTS | {"next": "/orders/new/"})
    assert response["Location"] == "/orders/new/"
    assert Organisation.objects.filter(bin=BIN).exists()


def test_number_may_be_typed_with_spaces(person) -> None:
    typed = f"{BIN[:6]} {BIN[6:9]}-{BIN[9:]}"
    assert person.post(ADDRESS, FACTS | {"identifier": typed}).status_code == 302


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_page_never_leads_away(person, following: str) -> None:
    assert person.post(ADDRESS, FACTS | {"next": following})["Location"] == "/office/"


def wrong_last(number: str) -> str:
    return number[:11] + str((int(number[11]) + 1) % 10)


@pytest.mark.parametrize(
    ("kind", "identifier", "sentence"),
    [
        ("kindergarten", "", "Обязательное поле"),
        ("kindergarten", "12345", "12"),
        ("kindergarten", "99014000030A", "цифр"),
        ("kindergarten", "991340000305", "месяц"),
        ("kindergarten", wrong_last(BIN), "контрольная"),
        ("kindergarten", IIN, "ИИН человека"),
        ("entrepreneur", BIN, "Это БИН"),
        ("entrepreneur", wrong_last(IIN), "контрольная"),
        ("entrepreneur", "901301300811", "дат"),
    ],
)
def test_each_error_has_its_own_sentence(person, kind: str, identifier: str, sentence: str) -> None:
    response = person.post(ADDRESS, FACTS | {"kind": kind, "identifier": identifier})
    assert response.status_code == 422
    errors = " ".join(response.context["form"].errors["identifier"])
    assert sentence in errors
    assert "ул. Новая, 2" in response.content.decode()
    assert not Organisation.objects.filter(name_ru=FACTS["name_ru"]).exists()


def test_registered_number_is_told_on_the_page_without_a_name(person, cast: Cast) -> None:
    response = person.post(ADDRESS, FACTS | {"identifier": cast.kindergarten.bin})
    page = response.content.decode()
    assert response.status_code == 422
    assert "уже зарегистрирована" in page
    assert cast.kindergarten.name not in page


@pytest.mark.parametrize("field", ["name_ru", "address", "phone", "kind"])
def test_missing_field_is_asked_for(person, field: str) -> None:
    response = person.post(ADDRESS, FACTS | {field: ""})
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_forged_kind_is_refused(person) -> None:
    assert person.post(ADDRESS, FACTS | {"kind": "department"}).status_code == 422


def test_wrong_method(person) -> None:
    assert person.delete(ADDRESS).status_code == 405


def test_nobody_is_sent_to_sign_in(client, cast: Cast) -> None:
    assert client.post(ADDRESS, FACTS)["Location"] == f"/accounts/login/?next={ADDRESS}"
