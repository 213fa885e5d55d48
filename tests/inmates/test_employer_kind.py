"""An employer that becomes a private one: nobody works there who never consented, by any way."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from inmates.models import Placement
from portal.accounts.enums import PRIVATE_KINDS, OrganisationKind
from portal.accounts.models import Organisation
from portal.kernel.errors import ConstraintRefused, readable_refusals
from tests.people import TODAY, Cast, a_cast, a_consent, a_placement, an_inmate

GUARD = "employer_kind_needs_consents"


def becomes(employer: Organisation, kind: str) -> None:
    with readable_refusals(), transaction.atomic():
        Organisation.objects.filter(pk=employer.pk).update(kind=kind)


@pytest.mark.parametrize("kind", PRIVATE_KINDS)
def test_people_at_work_need_their_consents_first(cast: Cast, kind: str) -> None:
    a_placement(cast, an_inmate(cast))
    with pytest.raises(ConstraintRefused) as refusal:
        becomes(cast.enterprise, kind)
    assert refusal.value.constraint == GUARD
    assert "соглас" in str(refusal.value)
    cast.enterprise.refresh_from_db()
    assert cast.enterprise.kind == OrganisationKind.STATE_ENTERPRISE


def test_a_place_that_begins_later_counts_and_one_that_ended_does_not(cast: Cast) -> None:
    begin = TODAY + timedelta(days=30)
    placement = a_placement(cast, an_inmate(cast), effective_from=begin)
    with pytest.raises(ConstraintRefused):
        becomes(cast.enterprise, "company")
    placement.delete()
    a_placement(cast, an_inmate(cast, "2"), effective_to=TODAY)
    becomes(cast.enterprise, "company")


def test_with_a_consent_of_everybody_the_kind_changes(cast: Cast) -> None:
    first, second = an_inmate(cast, "1"), an_inmate(cast, "2")
    a_placement(cast, first)
    a_placement(cast, second)
    a_consent(first, cast.enterprise)
    with pytest.raises(ConstraintRefused):
        becomes(cast.enterprise, "company")
    a_consent(second, cast.enterprise)
    becomes(cast.enterprise, "company")


def test_other_changes_of_kind_are_nobodys_business_here(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_consent(inmate, cast.entrepreneur)
    a_placement(cast, inmate, employer=cast.entrepreneur, payer=cast.entrepreneur)
    becomes(cast.entrepreneur, "company")
    becomes(cast.entrepreneur, "state_enterprise")
    becomes(cast.enterprise, "akimat")
    becomes(cast.kindergarten, "company")


@pytest.mark.django_db(transaction=True)
def test_the_kind_does_not_change_while_somebody_is_being_placed() -> None:
    """The placement is written and not yet committed when the other connection asks."""
    cast = a_cast()
    inmate, asked, told = an_inmate(cast), threading.Event(), []

    def change() -> None:
        try:
            asked.set()
            becomes(cast.enterprise, "company")
        except ConstraintRefused as refusal:
            told.append(refusal.constraint)
        finally:
            connection.close()

    other = threading.Thread(target=change)
    with transaction.atomic():
        a_placement(cast, inmate)
        other.start()
        asked.wait(10)
        other.join(0.5)
        assert other.is_alive(), "it must wait for the placement"
    other.join(10)
    assert told == [GUARD]


@pytest.mark.django_db(transaction=True)
def test_nobody_is_placed_while_the_kind_changes() -> None:
    cast = a_cast()
    inmate, told = an_inmate(cast), []

    def place() -> None:
        try:
            with transaction.atomic():
                a_placement(cast, inmate)
        except DatabaseError as refusal:
            told.append("private_placement_needs_consent" in str(refusal))
        finally:
            connection.close()

    other = threading.Thread(target=place)
    with transaction.atomic():
        Organisation.objects.filter(pk=cast.enterprise.pk).update(kind="company")
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it must wait for the new kind"
    other.join(10)
    assert told == [True]
    assert not Placement.objects.exists()
