"""Services for people and work: what they refuse with a sentence, and what happens at once."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from inmates.enums import ConsentKind
from inmates.models import Consent, Placement, WorkEntry
from inmates.services.consents import give_consent, withdraw_consent
from inmates.services.output import Output, record_output
from inmates.services.placements import end_placement, place_inmate
from portal.kernel.errors import ConstraintRefused, Forbidden, PortalError
from tests.inmates.months import attended
from tests.inmates.second_place import second_place
from tests.people import (
    LONG_AGO,
    NOW,
    Cast,
    a_cast,
    a_consent,
    a_placement,
    a_user,
    a_work_order,
    an_inmate,
)

SPRING = date(2026, 3, 1)


# --- consents as services give and take them back ---------------------------------------------
@pytest.mark.parametrize(
    ("kind", "with_employer"),
    [(ConsentKind.PRIVATE_WORK, False), (ConsentKind.PERSONAL_DATA, True)],
)
def test_a_consent_of_a_wrong_shape_is_refused_with_a_sentence(
    cast: Cast, kind: str, with_employer: bool
) -> None:
    inmate = an_inmate(cast)
    with pytest.raises(ConstraintRefused) as refusal:
        give_consent(
            actor=cast.labour_officer, inmate_id=inmate.pk, kind=kind, document_number="С-1",
            given_on=SPRING, at=NOW, employer=cast.entrepreneur if with_employer else None,
        )  # fmt: skip
    assert refusal.value.constraint == "consent_names_employer"
    assert str(refusal.value)


def test_withdrawing_before_it_was_given_is_refused_with_a_sentence(cast: Cast) -> None:
    consent = a_consent(an_inmate(cast), cast.entrepreneur, given_on=SPRING)
    with pytest.raises(ConstraintRefused) as refusal:
        withdraw_consent(
            actor=cast.labour_officer, consent_id=consent.pk, on=SPRING - timedelta(days=1), at=NOW
        )
    assert refusal.value.constraint == "consent_order_of_dates"


def test_withdrawing_takes_back_no_placement_in_which_work_is_entered(cast: Cast) -> None:
    """The placement began after the day of withdrawal: there is no day to end it on."""
    inmate = an_inmate(cast)
    consent = a_consent(inmate, cast.entrepreneur)
    placement = a_placement(cast, inmate, employer=cast.entrepreneur, effective_from=SPRING)
    attended(placement, [SPRING])
    with pytest.raises(PortalError) as refusal:
        withdraw_consent(
            actor=cast.labour_officer, consent_id=consent.pk, on=date(2026, 2, 1), at=NOW
        )
    assert "%" not in str(refusal.value)
    assert Placement.objects.get().effective_to is None
    assert Consent.objects.get().withdrawn_on is None


# --- the right to enter work ------------------------------------------------------------------
def test_output_is_not_booked_on_a_work_order_of_another_institution(cast: Cast) -> None:
    """A master of № 22 has a placement there; the work order is of № 16."""
    institution, post = second_place(cast)
    master = a_user("master22@example.kz", institution.organisation, "master")
    placement = a_placement(cast, an_inmate(cast), post=post)
    foreign = a_work_order(cast).operations.get(operation=cast.cutting)
    with pytest.raises(Forbidden):
        record_output(actor=master, entries=[Output(placement.pk, foreign.pk, SPRING, 1)], at=NOW)
    assert not WorkEntry.objects.exists()


# --- at once ----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_consent_cannot_be_withdrawn_under_a_placement_being_made() -> None:
    """The placement holds the consent until it is committed; the withdrawal then ends it."""
    cast = a_cast()
    inmate = an_inmate(cast)
    consent = a_consent(inmate, cast.entrepreneur)
    officer = cast.labour_officer
    with transaction.atomic():
        place_inmate(
            actor=officer, inmate_id=inmate.pk, post_id=cast.joiners.pk, pay_form="time",
            employer=cast.entrepreneur, basis="договор № 1", effective_from=LONG_AGO, at=NOW,
        )  # fmt: skip
        thread = _in_thread(
            lambda: withdraw_consent(actor=officer, consent_id=consent.pk, on=SPRING, at=NOW)
        )
        thread.join(0.5)
        assert thread.is_alive(), "it has not waited for the placement"
    thread.join(20)
    assert Placement.objects.get().effective_to == SPRING
    assert Consent.objects.get().withdrawn_on == SPRING


@pytest.mark.django_db(transaction=True)
def test_ending_a_placement_and_withdrawing_its_consent_never_wait_for_each_other() -> None:
    cast = a_cast()
    officer, errors = cast.labour_officer, []
    for number in range(6):
        inmate = an_inmate(cast, str(number))
        consent = a_consent(inmate, cast.entrepreneur, document_number=f"С-{number}")
        placement = a_placement(cast, inmate, employer=cast.entrepreneur)
        acts = [
            lambda p=placement: end_placement(actor=officer, placement_id=p.pk, on=SPRING, at=NOW),
            lambda c=consent: withdraw_consent(actor=officer, consent_id=c.pk, on=SPRING, at=NOW),
        ]
        threads = [_in_thread(act, errors) for act in acts]
        for thread in threads:
            thread.join(20)
    assert errors == []
    assert set(Placement.objects.values_list("effective_to", flat=True)) == {SPRING}


def _in_thread(act: Callable[[], Any], errors: list | None = None) -> threading.Thread:
    def alone() -> None:
        try:
            act()
        except (DatabaseError, PortalError) as error:
            if errors is None:
                raise
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=alone)
    thread.start()
    return thread
