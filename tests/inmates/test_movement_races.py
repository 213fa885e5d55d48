"""Two officers move or place the same person at the same moment, over two real connections."""

from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from inmates.desk_refusals import NotHeld, PostFull, SamePlace
from inmates.models import CustodyStay, Placement
from inmates.services.imports import ImportHasProblems
from inmates.services.parameters import load_pay_parameters
from portal.kernel.errors import Forbidden, PortalError
from tests.inmates.desk import (
    a_second_colony,
    placed,
    released,
    somebody,
    transferred,
    why_released,
)
from tests.inmates.test_imports import WORK, applied, received
from tests.inmates.test_shift_races import at_once
from tests.people import a_cast

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(results: list[Any]) -> list[PortalError]:
    return [one for one in results if isinstance(one, PortalError)]


def test_two_officers_transfer_one_person_and_one_of_them_is_told() -> None:
    """The sender and the receiver enter the same transfer: one stay, and a sentence."""
    cast = a_cast()
    inmate, there = somebody(cast), a_second_colony(cast)
    results = at_once(
        lambda: transferred(cast, inmate, there),
        lambda: transferred(cast, inmate, there, actor=cast.other_officer),
    )
    (refused,) = refusals(results)
    # The sender who comes second is no longer an officer of either side that moves anything.
    assert isinstance(refused, SamePlace | Forbidden)
    assert CustodyStay.objects.filter(inmate=inmate, effective_to=None).count() == 1
    assert CustodyStay.objects.filter(inmate=inmate).count() == 2


def test_a_release_and_a_transfer_at_once_leave_one_truth() -> None:
    cast = a_cast()
    inmate, there, served = somebody(cast), a_second_colony(cast), why_released()
    results = at_once(
        lambda: released(cast, inmate, served),
        lambda: transferred(cast, inmate, there, actor=cast.other_officer),
    )
    (refused,) = refusals(results)
    open_stays = CustodyStay.objects.filter(inmate=inmate, effective_to=None)
    assert open_stays.count() == (0 if isinstance(refused, NotHeld) else 1)


def test_the_last_seat_of_a_post_is_given_once() -> None:
    cast = a_cast()
    type(cast.joiners).objects.filter(pk=cast.joiners.pk).update(seats=1)
    first, second = somebody(cast, "1"), somebody(cast, "2")
    results = at_once(lambda: placed(cast, first), lambda: placed(cast, second))
    (refused,) = refusals(results)
    assert isinstance(refused, PostFull)
    assert Placement.objects.count() == 1


def test_a_placement_and_a_release_at_once_never_outlive_custody() -> None:
    cast = a_cast()
    inmate, served = somebody(cast), why_released()
    results = at_once(lambda: placed(cast, inmate), lambda: released(cast, inmate, served))
    assert len(refusals(results)) <= 1
    assert not Placement.objects.filter(inmate=inmate, effective_to=None).exists()


def test_an_import_waits_for_a_release_and_sees_it() -> None:
    """The release is written and not yet committed when the placements of a file are compared."""
    cast = a_cast()
    load_pay_parameters()
    inmate, served = somebody(cast), why_released()
    job = WORK | {"number": inmate.personnel_number, "post": cast.joiners.name}
    row, told = received(cast, job), []

    def write() -> None:
        try:
            applied(cast, row, reason="Первое заполнение")
        except ImportHasProblems as refused:
            told.append(refused)
        finally:
            connection.close()

    other = Thread(target=write)
    with transaction.atomic():
        released(cast, inmate, served)
        other.start()
        other.join(0.7)
        assert other.is_alive(), "it must wait for the release"
    other.join(20)
    assert len(told) == 1
    assert not Placement.objects.exists()
