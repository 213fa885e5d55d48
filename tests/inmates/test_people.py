"""People enter, are placed, give and withdraw consents; who they are is found and audited."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from inmates.desk_refusals import LooksLikeKnown
from inmates.identity import hmac_of_iin
from inmates.models import Consent, CustodyStay, Inmate, InmateIdentity, LabourState, Placement
from inmates.refusals import ConsentWithdrawn, IinWrong, InmateKnown, PlacementEnded
from inmates.selectors.people import identities, inmate_by_iin
from inmates.services.consents import give_consent, withdraw_consent
from inmates.services.placements import end_placement, place_inmate
from inmates.services.registration import register_inmate
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.models import AuditEvent
from tests.inmates.months import IIN, NAME, an_identity, attended
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_consent, a_placement, an_inmate

NOVEMBER = date(2026, 11, 1)


def registered(cast: Cast, **fields: Any) -> Inmate:
    values = {
        "actor": cast.labour_officer,
        "institution_id": cast.institution.pk,
        "personnel_number": "1700",
        "full_name": NAME,
        "iin": IIN,
        "born_on": date(1990, 1, 1),
        "on": NOVEMBER,
        "at": NOW,
    }
    return register_inmate(**(values | fields))


@pytest.mark.parametrize("iin", ["900517300816", "901317300811", "90051730081", "90051730081x"])
def test_an_iin_that_cannot_be_right_is_refused_in_words(cast: Cast, iin: str) -> None:
    with pytest.raises(IinWrong) as refusal:
        registered(cast, iin=iin)
    assert len(str(refusal.value)) > 20
    assert not Inmate.objects.exists()


def placed(cast: Cast, inmate: Inmate, **fields: Any) -> Placement:
    values = {
        "actor": cast.labour_officer,
        "inmate_id": inmate.pk,
        "post_id": cast.joiners.pk,
        "employer": cast.enterprise,
        "pay_form": "time",
        "basis": "приказ № 7",
        "effective_from": NOVEMBER,
        "at": NOW,
    }
    return place_inmate(**(values | fields))


def test_register_stores_the_identity_encrypted_and_apart(cast: Cast) -> None:
    inmate = registered(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT full_name, iin FROM inmates_inmateidentity")
        stored = " ".join(cursor.fetchone())
    assert NAME not in stored
    assert IIN not in stored
    assert InmateIdentity.objects.get(inmate=inmate).full_name == NAME
    assert CustodyStay.objects.get(inmate=inmate).institution == cast.institution
    assert AuditEvent.objects.get(action="inmate_registered").subject_id == inmate.pk


def test_register_allows_a_person_without_an_iin(cast: Cast) -> None:
    registered(cast, iin=None)
    registered(cast, iin="", personnel_number="1701", is_another=True)
    assert InmateIdentity.objects.filter(iin=None, iin_hmac=None).count() == 2


@pytest.mark.parametrize("name", [NAME, NAME.upper(), f"  {NAME.replace(' ', '   ')} "])
def test_register_asks_about_a_namesake_born_on_the_same_day(cast: Cast, name: str) -> None:
    first = registered(cast)
    with pytest.raises(LooksLikeKnown, match="1700") as refused:
        registered(cast, iin=None, personnel_number="1701", full_name=name)
    assert refused.value.inmate_id == first.pk
    assert Inmate.objects.count() == 1
    looks = AuditEvent.objects.filter(action="identities_read", details__purpose="namesake")
    assert [one.details["inmates"] for one in looks] == [[first.pk]]
    assert NAME not in str([one.details for one in looks])


@pytest.mark.parametrize(
    "fields",
    [
        {"iin": None, "full_name": "Тестов Другой"},
        {"iin": None, "born_on": date(1990, 1, 2)},
        {"iin": None, "is_another": True},
        {"iin": "900101300811", "full_name": "Тестов Ерлан Ё"},
    ],
)
def test_register_takes_whoever_is_not_the_same(cast: Cast, fields: dict[str, Any]) -> None:
    an_identity(an_inmate(cast, "1702"), NAME, "900517300811")
    Inmate.objects.update(born_on=date(1990, 1, 1))
    registered(cast, **fields)
    assert Inmate.objects.count() == 2


def test_a_namesake_is_found_with_either_letter(cast: Cast) -> None:
    registered(cast, full_name="Тестов Артём", iin=None)
    with pytest.raises(LooksLikeKnown):
        registered(cast, full_name="тестов артем", iin=None, personnel_number="1701")


def test_register_refuses_a_known_iin_however_it_is_typed(cast: Cast) -> None:
    registered(cast)
    with pytest.raises(InmateKnown):
        registered(cast, iin="900101 300811", personnel_number="1701")
    assert Inmate.objects.count() == 1


def test_the_database_refuses_a_known_iin_with_the_same_sentence(cast: Cast) -> None:
    registered(cast)
    with pytest.raises(ConstraintRefused, match=r"ИИН|IIN"), readable_refusals():
        an_identity(an_inmate(cast, "1702"))


def test_register_refuses_a_personnel_number_that_is_taken(cast: Cast) -> None:
    registered(cast)
    with pytest.raises(ConstraintRefused) as refused:
        registered(cast, iin=None, is_another=True)
    assert refused.value.constraint == "inmates_inmate_personnel_number_key"
    assert Inmate.objects.count() == 1


@pytest.mark.parametrize("who", ["master", "accountant", "buyer", "stranger"])
def test_register_is_for_the_labour_officer(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        registered(cast, actor=cast.users[who])
    assert not Inmate.objects.exists()


def test_hmac_needs_the_key_and_forgets_the_spaces(settings) -> None:
    first = hmac_of_iin(IIN)
    assert hmac_of_iin("900101-300-811") == first
    assert len(first) == 64
    settings.IDENTITY_HMAC_KEY = "another key"
    assert hmac_of_iin(IIN) != first


def test_a_person_is_found_by_iin_and_the_search_is_audited(cast: Cast) -> None:
    inmate = registered(cast)
    found = inmate_by_iin(actor=cast.accountant, iin="900101 300811", at=NOW)
    missed = inmate_by_iin(actor=cast.accountant, iin="061211600012", at=NOW)
    assert (found, missed) == (inmate, None)
    events = AuditEvent.objects.filter(action="iin_looked_up").order_by("id")
    assert [event.details["found"] for event in events] == [True, False]
    assert IIN not in str([event.details for event in events])


def test_each_identity_that_is_read_is_an_event(cast: Cast) -> None:
    one, two = registered(cast), an_inmate(cast, "1701")
    found = identities(actor=cast.accountant, inmates=[one, two], purpose="test", at=NOW)
    assert found[one.pk].full_name == NAME
    assert found[one.pk].iin == IIN
    assert two.pk not in found
    assert AuditEvent.objects.filter(action="identity_read").count() == 1


def test_place_makes_the_employer_the_payer(cast: Cast) -> None:
    placement = placed(cast, an_inmate(cast))
    assert placement.payer == placement.employer == cast.enterprise
    other = placed(cast, an_inmate(cast, "1701"), payer=cast.colony)
    assert other.payer == cast.colony


def test_place_refuses_a_second_full_time_placement_in_the_same_days(cast: Cast) -> None:
    inmate = an_inmate(cast)
    placed(cast, inmate)
    with pytest.raises(ConstraintRefused) as refused:
        placed(cast, inmate, effective_from=date(2026, 11, 15))
    assert refused.value.constraint == "placement_full_time_no_overlap"


def test_place_allows_the_next_placement_from_the_day_the_first_ends(cast: Cast) -> None:
    inmate = an_inmate(cast)
    placed(cast, inmate, effective_to=date(2026, 11, 15))
    assert placed(cast, inmate, effective_from=date(2026, 11, 15)).pk


@pytest.mark.parametrize("who", ["master", "accountant", "stranger"])
def test_place_is_for_the_labour_officer(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        placed(cast, an_inmate(cast), actor=cast.users[who])


def test_a_private_employer_needs_consent(cast: Cast) -> None:
    with pytest.raises(ConstraintRefused) as refused:
        placed(cast, an_inmate(cast), employer=cast.entrepreneur)
    assert refused.value.constraint == "private_placement_needs_consent"
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "is_enough"),
    [
        ({}, True),
        ({"given_on": date(2026, 11, 2)}, False),
        ({"withdrawn_on": date(2026, 11, 20)}, False),
        ({"kind": "personal_data"}, False),
    ],
)
def test_consent_must_hold_from_the_first_day_and_for_work(
    cast: Cast, fields: dict[str, Any], is_enough: bool
) -> None:
    inmate = an_inmate(cast)
    employer = None if "kind" in fields else cast.entrepreneur
    a_consent(inmate, employer, **fields)  # type: ignore[arg-type]
    if is_enough:
        assert placed(cast, inmate, employer=cast.entrepreneur).pk
        return
    with pytest.raises(ConstraintRefused):
        placed(cast, inmate, employer=cast.entrepreneur)


def test_consent_to_another_employer_is_not_enough(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_consent(inmate, cast.enterprise)
    with pytest.raises(ConstraintRefused):
        placed(cast, inmate, employer=cast.entrepreneur)


def test_a_consent_in_use_can_neither_be_withdrawn_nor_deleted_past_the_placement(
    cast: Cast,
) -> None:
    inmate = an_inmate(cast)
    consent = a_consent(inmate, cast.entrepreneur)
    placed(cast, inmate, employer=cast.entrepreneur)
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        Consent.objects.update(withdrawn_on=TODAY)
    assert refused.value.constraint == "consent_in_use"
    with pytest.raises(ConstraintRefused), readable_refusals(), transaction.atomic():
        consent.delete()


def test_give_consent_names_the_employer(cast: Cast) -> None:
    consent = give_consent(
        actor=cast.labour_officer, inmate_id=an_inmate(cast).pk, kind="private_work",
        document_number="С-7", given_on=NOVEMBER, employer=cast.entrepreneur, at=NOW,
    )  # fmt: skip
    assert consent.withdrawn_on is None


def test_withdrawing_a_consent_ends_its_placements_and_records_nothing_else(cast: Cast) -> None:
    inmate = an_inmate(cast)
    consent = a_consent(inmate, cast.entrepreneur)
    present = placed(cast, inmate, employer=cast.entrepreneur, effective_to=date(2026, 12, 1))
    placed(cast, inmate, employer=cast.entrepreneur, effective_from=date(2026, 12, 1))
    states = list(LabourState.objects.values())
    withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    consent.refresh_from_db()
    assert consent.withdrawn_on == TODAY
    assert [(one.pk, one.effective_to) for one in Placement.objects.all()] == [(present.pk, TODAY)]
    assert list(LabourState.objects.values()) == states
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "inmate_placed", "consent_withdrawn", "placement_taken_back",
    }  # fmt: skip


def test_withdrawing_leaves_placements_with_others_alone(cast: Cast) -> None:
    inmate = an_inmate(cast)
    consent = a_consent(inmate, cast.entrepreneur)
    other = placed(cast, inmate)
    withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    other.refresh_from_db()
    assert other.effective_to is None


def test_withdrawing_twice_is_refused(cast: Cast) -> None:
    consent = a_consent(an_inmate(cast), cast.entrepreneur)
    withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    with pytest.raises(ConsentWithdrawn, match=r"22\.11\.2026"):
        withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)


def test_withdrawing_refuses_as_a_whole_when_later_work_is_entered(cast: Cast) -> None:
    inmate = an_inmate(cast)
    consent = a_consent(inmate, cast.entrepreneur)
    attended(placed(cast, inmate, employer=cast.entrepreneur), [date(2026, 11, 20)])
    with pytest.raises(ConstraintRefused) as refused:
        withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=NOVEMBER.replace(day=10), at=NOW)  # fmt: skip # noqa: E501
    assert refused.value.constraint == "placement_covers_work"
    consent.refresh_from_db()
    assert consent.withdrawn_on is None


def ended(cast: Cast, placement: Placement, on: date = TODAY, **fields: Any) -> Placement:
    values = {"actor": cast.labour_officer, "placement_id": placement.pk, "at": NOW}
    return end_placement(on=on, **(values | fields))


def test_end_placement_twice_is_harmless(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    assert ended(cast, placement).effective_to == TODAY
    assert ended(cast, placement).effective_to == TODAY
    assert AuditEvent.objects.filter(action="placement_ended").count() == 1


def test_end_placement_refuses_a_day_after_its_end(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast), effective_to=NOVEMBER)
    with pytest.raises(PlacementEnded, match=r"01\.11\.2026"):
        ended(cast, placement)


def test_end_placement_refuses_to_leave_work_outside(cast: Cast) -> None:
    placement = a_placement(cast, an_inmate(cast))
    attended(placement, [TODAY])
    with pytest.raises(ConstraintRefused) as refused:
        ended(cast, placement)
    assert refused.value.constraint == "placement_covers_work"


def test_end_placement_is_for_the_labour_officer(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        ended(cast, a_placement(cast, an_inmate(cast)), actor=cast.master)


def test_a_placement_begins_before_it_ends(cast: Cast) -> None:
    with pytest.raises(ConstraintRefused) as refused:
        placed(cast, an_inmate(cast), effective_to=LONG_AGO)
    assert refused.value.constraint == "placement_period"
