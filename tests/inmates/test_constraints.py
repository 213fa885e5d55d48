"""Nonsense in people, work and pay is refused by the database, whoever writes: raw SQL too.

Where a person can cause it, the refusal has a sentence.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from inmates.models import (
    Attendance,
    CustodyStay,
    Inmate,
    InmateIdentity,
    LabourState,
    PayParameter,
    PayRate,
    Placement,
    TaxApplication,
    WorkEntry,
    WritOfExecution,
)
from inmates.services.consents import withdraw_consent
from portal.kernel.errors import ConstraintRefused, readable_refusals
from tests.inmates.months import a_writ, an_application, an_identity, attended, made
from tests.inmates.second_place import second_place
from tests.people import (
    LONG_AGO,
    NOW,
    TODAY,
    Cast,
    a_consent,
    a_placement,
    a_work_order,
    an_hourly_rate,
    an_inmate,
)
from workshops.models import WorkOrder, WorkOrderOperation

SPRING = date(2026, 3, 1)
NEXT = date(2026, 3, 2)


def refused(constraint: str, act: Callable[[], Any]) -> None:
    """The act is refused by exactly this constraint."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    assert caught.value.__cause__.diag.constraint_name == constraint


def sql(statement: str, *arguments: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)


# --- writs ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "claim", "queue": 2},
        {"kind": "claim", "queue": 2, "debt": "0"},
        {"kind": "claim", "queue": 2, "debt": "10", "amount": "10"},
        {"kind": "claim", "queue": 2, "debt": "10", "share_numerator": 1, "share_denominator": 4},
        {"kind": "alimony"},
        {"kind": "alimony", "amount": "0"},
        {"kind": "alimony", "debt": "10"},
        {"kind": "alimony", "amount": "10", "share_numerator": 1, "share_denominator": 4},
        {"kind": "alimony", "queue": 2, "amount": "10"},
        {"kind": "alimony", "share_numerator": 5, "share_denominator": 4},
        {"kind": "alimony", "share_numerator": 0, "share_denominator": 4},
        {"kind": "gift", "amount": "10"},
    ],
)
def test_a_writ_claims_exactly_one_thing(cast: Cast, fields: dict) -> None:
    inmate = an_inmate(cast)
    sums = {name: Decimal(fields[name]) for name in ("debt", "amount") if name in fields}
    refused("writ_claims_one_thing", lambda: a_writ(inmate, "И-1", **(fields | sums)))


@pytest.mark.parametrize("parts", [(1, None), (None, 4)])
def test_a_share_of_a_writ_has_both_parts(cast: Cast, parts: tuple) -> None:
    inmate = an_inmate(cast)
    above, below = parts
    with pytest.raises(IntegrityError, match="writ_"), transaction.atomic():
        a_writ(inmate, "И-1", share_numerator=above, share_denominator=below)


@pytest.mark.parametrize("queue", [0, 6])
def test_a_writ_is_in_one_of_five_queues(cast: Cast, queue: int) -> None:
    inmate = an_inmate(cast)
    fields = {"kind": "claim", "queue": queue, "debt": Decimal(1)}
    refused("writ_queue_1_5", lambda: a_writ(inmate, "И-1", **fields))


def test_writs_that_claim_one_thing_are_taken(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_writ(inmate, "И-1", kind="claim", queue=4, debt=Decimal("10.50"))
    a_writ(inmate, "И-2", amount=Decimal("20000.00"))
    a_writ(inmate, "И-3", share_numerator=1, share_denominator=3)
    assert WritOfExecution.objects.count() == 3


# --- placements -------------------------------------------------------------------------------
def test_full_time_placements_cannot_be_moved_over_each_other(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_placement(cast, inmate, effective_to=SPRING)
    second = a_placement(cast, inmate, effective_from=SPRING)
    move = Placement.objects.filter(pk=second.pk)
    refused(
        "placement_full_time_no_overlap",
        lambda: move.update(effective_from=SPRING - timedelta(days=1)),
    )


def test_a_part_time_placement_cannot_become_a_second_full_one(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_placement(cast, inmate)
    second = a_placement(cast, inmate, is_full_time=False)
    refused(
        "placement_full_time_no_overlap",
        lambda: Placement.objects.filter(pk=second.pk).update(is_full_time=True),
    )


def test_a_placement_cannot_be_handed_to_somebody_already_placed(cast: Cast) -> None:
    first, second = an_inmate(cast, "1"), an_inmate(cast, "2")
    a_placement(cast, first)
    other = a_placement(cast, second)
    refused(
        "placement_full_time_no_overlap",
        lambda: sql("UPDATE inmates_placement SET inmate_id=%s WHERE id=%s", first.pk, other.pk),
    )


@pytest.mark.parametrize("kind", ["company", "entrepreneur", "other"])
def test_every_private_kind_needs_consent_also_by_update(cast: Cast, kind: str) -> None:
    type(cast.entrepreneur).objects.filter(pk=cast.entrepreneur.pk).update(kind=kind)
    placement = a_placement(cast, an_inmate(cast))
    refused(
        "private_placement_needs_consent",
        lambda: Placement.objects.filter(pk=placement.pk).update(employer=cast.entrepreneur),
    )


def test_a_private_placement_cannot_be_stretched_before_its_consent(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_consent(inmate, cast.entrepreneur, given_on=SPRING)
    placement = a_placement(cast, inmate, employer=cast.entrepreneur, effective_from=SPRING)
    refused(
        "private_placement_needs_consent",
        lambda: Placement.objects.filter(pk=placement.pk).update(effective_from=LONG_AGO),
    )


def test_a_private_placement_cannot_be_opened_beyond_a_withdrawn_consent(cast: Cast) -> None:
    inmate = an_inmate(cast)
    consent = a_consent(inmate, cast.entrepreneur)
    a_placement(cast, inmate, employer=cast.entrepreneur)
    withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=SPRING, at=NOW)
    refused(
        "private_placement_needs_consent",
        lambda: Placement.objects.update(effective_to=None),
    )


@pytest.mark.parametrize(
    "change",
    ["given_on = '2026-02-01'", "kind = 'personal_data', employer_id = NULL",
     "withdrawn_on = '2026-06-01'"],
)  # fmt: skip
def test_a_consent_in_use_keeps_what_a_placement_rests_on(cast: Cast, change: str) -> None:
    inmate = an_inmate(cast)
    a_consent(inmate, cast.entrepreneur)
    a_placement(cast, inmate, employer=cast.entrepreneur)
    refused("consent_in_use", lambda: sql(f"UPDATE inmates_consent SET {change}"))  # noqa: S608 - our own words


def test_a_consent_may_go_when_another_bears_the_placement(cast: Cast) -> None:
    inmate = an_inmate(cast)
    first = a_consent(inmate, cast.entrepreneur)
    a_consent(inmate, cast.entrepreneur, document_number="С-2")
    a_placement(cast, inmate, employer=cast.entrepreneur)
    first.delete()
    refused("consent_in_use", lambda: sql("DELETE FROM inmates_consent"))


# --- the days worked --------------------------------------------------------------------------
@pytest.fixture
def placed(cast: Cast) -> Placement:
    return a_placement(cast, an_inmate(cast), effective_from=SPRING, effective_to=date(2026, 6, 1))


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 6, 1)])
def test_attendance_lies_in_its_placement(placed: Placement, day: date) -> None:
    refused("attendance_outside_placement", lambda: attended(placed, [day]))


def test_attendance_cannot_be_moved_out_of_its_placement(placed: Placement) -> None:
    attended(placed, [SPRING])
    refused(
        "attendance_outside_placement",
        lambda: Attendance.objects.update(worked_on=date(2026, 6, 1)),
    )


def test_attendance_cannot_be_handed_to_a_placement_of_other_days(
    cast: Cast, placed: Placement
) -> None:
    attended(placed, [SPRING])
    later = a_placement(cast, placed.inmate, effective_from=date(2026, 6, 1))
    refused("attendance_outside_placement", lambda: Attendance.objects.update(placement=later))


@pytest.mark.parametrize(
    "dates",
    [{"effective_from": SPRING + timedelta(days=1)}, {"effective_to": date(2026, 3, 31)}],
)
def test_a_placement_cannot_shrink_from_its_attendance(placed: Placement, dates: dict) -> None:
    attended(placed, [SPRING, date(2026, 3, 31)])
    refused("placement_covers_work", lambda: Placement.objects.update(**dates))


def test_a_placement_may_shrink_to_its_attendance(placed: Placement) -> None:
    attended(placed, [SPRING, date(2026, 3, 31)])
    Placement.objects.update(effective_to=date(2026, 4, 1))
    placed.refresh_from_db()
    assert placed.effective_to == date(2026, 4, 1)


def test_a_placement_cannot_shrink_from_its_output(cast: Cast, placed: Placement) -> None:
    cutting = a_work_order(cast).operations.get(operation=cast.cutting)
    made(placed, cutting, date(2026, 5, 31), 1)
    refused(
        "placement_covers_work", lambda: Placement.objects.update(effective_to=date(2026, 5, 31))
    )


def test_a_day_has_no_more_minutes_than_it_has(placed: Placement) -> None:
    refused("attendance_fits_a_day", lambda: attended(placed, [SPRING], minutes=1441))


def test_a_day_is_entered_once(placed: Placement) -> None:
    attended(placed, [SPRING])
    refused("attendance_once_a_day", lambda: attended(placed, [SPRING]))


# --- output -----------------------------------------------------------------------------------
@pytest.fixture
def cutting(cast: Cast) -> WorkOrderOperation:
    return a_work_order(cast, 10).operations.get(operation=cast.cutting)


def test_output_above_the_order_is_refused_in_every_way(
    cast: Cast, placed: Placement, cutting: WorkOrderOperation
) -> None:
    made(placed, cutting, SPRING, 6)
    refused("output_within_work_order", lambda: made(placed, cutting, NEXT, 5))
    refused("output_within_work_order", lambda: WorkEntry.objects.update(quantity=11))
    painting = cutting.work_order.operations.get(operation=cast.painting)
    made(placed, painting, NEXT, 6)
    refused(
        "output_within_work_order",
        lambda: WorkEntry.objects.update(work_order_operation=cutting),
    )
    refused("output_within_work_order", lambda: WorkOrderOperation.objects.update(quantity=5))


def test_output_is_neither_nothing_nor_less(placed: Placement, cutting: WorkOrderOperation) -> None:
    refused("workentry_positive", lambda: made(placed, cutting, SPRING, 0))


def test_output_of_a_person_on_an_operation_stands_once_a_day(
    placed: Placement, cutting: WorkOrderOperation
) -> None:
    made(placed, cutting, SPRING, 3)
    refused("workentry_once_a_day", lambda: made(placed, cutting, SPRING, 3))
    made(placed, cutting, NEXT, 3)


def test_what_is_done_follows_the_entries_that_move(
    cast: Cast, placed: Placement, cutting: WorkOrderOperation
) -> None:
    painting = cutting.work_order.operations.get(operation=cast.painting)
    made(placed, cutting, SPRING, 6)
    WorkEntry.objects.update(work_order_operation=painting)
    cutting.refresh_from_db()
    painting.refresh_from_db()
    assert (cutting.done, painting.done) == (0, 6)


# --- dated facts about a person ---------------------------------------------------------------
def test_nobody_is_held_in_two_places_on_a_day(cast: Cast) -> None:
    inmate = an_inmate(cast)
    institution, _post = second_place(cast)
    refused(
        "stay_no_overlap",
        lambda: CustodyStay.objects.create(
            inmate=inmate, institution=institution, effective_from=TODAY
        ),
    )


def test_nobody_is_in_two_states_on_a_day(cast: Cast) -> None:
    inmate = an_inmate(cast)
    state = {"ability": "unable", "is_subject_to_labour": False, "effective_from": TODAY}
    refused("labourstate_no_overlap", lambda: LabourState.objects.create(inmate=inmate, **state))


def test_the_deduction_is_applied_for_at_one_payer_at_a_time(cast: Cast) -> None:
    inmate = an_inmate(cast)
    an_application(cast, inmate)
    refused(
        "taxapplication_no_overlap",
        lambda: an_application(cast, inmate, payer=cast.entrepreneur, effective_from=TODAY),
    )
    TaxApplication.objects.update(effective_to=TODAY)
    an_application(cast, inmate, payer=cast.entrepreneur, effective_from=TODAY)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("inmate_pension_known", {"pension": "early"}),
        ("inmate_disability_group_known", {"disability_group": 4}),
    ],
)
def test_a_person_has_known_facts_only(cast: Cast, constraint: str, fields: dict) -> None:
    refused(constraint, lambda: an_inmate(cast, **fields))


def test_an_iin_is_stored_with_what_finds_it(cast: Cast) -> None:
    identity = an_identity(an_inmate(cast))
    refused(
        "identity_iin_with_hmac",
        lambda: InmateIdentity.objects.filter(pk=identity.pk).update(iin_hmac=None),
    )


# --- rates and parameters ---------------------------------------------------------------------
def test_a_rate_has_one_subject(cast: Cast) -> None:
    values = {"payer": cast.enterprise, "amount": Decimal(1), "effective_from": LONG_AGO}
    refused("payrate_one_subject", lambda: PayRate.objects.create(**values))
    both = {"post": cast.joiners, "operation": cast.cutting}
    refused("payrate_one_subject", lambda: PayRate.objects.create(**values, **both))
    per = {"post": cast.joiners, "per_pieces": 5}
    refused("payrate_one_subject", lambda: PayRate.objects.create(**values, **per))


def test_a_rate_is_more_than_nothing(cast: Cast) -> None:
    refused("payrate_positive", lambda: an_hourly_rate(cast, "0.00"))


def test_two_rates_of_a_post_never_hold_on_a_day(cast: Cast) -> None:
    an_hourly_rate(cast)
    refused("payrate_post_no_overlap", lambda: an_hourly_rate(cast, "700.00", effective_from=TODAY))


def test_two_rates_of_an_operation_never_hold_on_a_day(cast: Cast) -> None:
    values = {
        "payer": cast.enterprise, "operation": cast.cutting, "unit": "piece", "amount": Decimal(1)
    }  # fmt: skip
    PayRate.objects.create(**values, effective_from=LONG_AGO, effective_to=TODAY)
    PayRate.objects.create(**values, effective_from=TODAY)
    refused(
        "payrate_operation_no_overlap",
        lambda: PayRate.objects.filter(effective_from=TODAY).update(effective_from=SPRING),
    )


def test_two_values_of_a_parameter_never_hold_on_a_day(cast: Cast) -> None:
    values = {"code": "mzp", "source": "test", "confidence": "test"}
    PayParameter.objects.create(**values, value="85000", effective_from=LONG_AGO)
    refused(
        "payparameter_no_overlap",
        lambda: PayParameter.objects.create(**values, value="90000", effective_from=TODAY),
    )


def test_the_sentence_of_a_refusal_is_the_constraints_own(cast: Cast) -> None:
    a_placement(cast, an_inmate(cast))
    with pytest.raises(ConstraintRefused) as refusal, readable_refusals(), transaction.atomic():
        a_placement(cast, Inmate.objects.get())
    assert refusal.value.constraint == "placement_full_time_no_overlap"


def test_a_work_order_knows_the_quantity_of_its_operations(cast: Cast) -> None:
    """Otherwise raising an operation's quantity would let more be booked than is ordered."""
    order = a_work_order(cast, 10)
    assert WorkOrder.objects.get().quantity == 10
    refused("output_within_work_order", lambda: order.operations.update(quantity=11))
