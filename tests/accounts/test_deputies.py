"""The first signature by order: handed to a deputy for some days, and given back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts import deputies
from portal.accounts.deputies import appoint_deputy, end_deputy
from portal.accounts.deputy_refusals import (
    AnotherSigns,
    EndsBeforeStart,
    GivenToOneself,
    NotMember,
    NotYours,
    OrderMissing,
    OutsideOrder,
    SignedAlready,
)
from portal.accounts.enums import FIRST_SIGNATURE
from portal.accounts.models import FirstSignature, Membership, RoleGrant, User
from portal.accounts.rules import can_appoint_deputy
from portal.accounts.selectors import first_signature_holder, grants_of, headed_organisations
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.locks import Gone
from portal.kernel.models import AuditEvent
from tests.inmates.books import first_signature
from tests.inmates.test_shift_races import at_once
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_cast, a_user

DAY = timedelta(days=1)
BEGIN, END = date(2026, 12, 1), date(2026, 12, 15)
ORDER = "приказ № 9"


@pytest.fixture
def deputy(cast: Cast) -> User:
    first_signature(cast)
    return a_user("deputy@example.kz", cast.enterprise)


def appoint(cast: Cast, holder: User, **fields: Any) -> FirstSignature:
    values = {"effective_from": BEGIN, "effective_to": END, "basis": ORDER, "actor": cast.head}
    return appoint_deputy(
        organisation_id=cast.enterprise.pk, holder_id=holder.pk, at=NOW, **(values | fields)
    )


def periods(cast: Cast) -> list[tuple[str, date, date | None]]:
    rows = FirstSignature.objects.filter(organisation=cast.enterprise).order_by("effective_from")
    return [
        (row.holder.email.partition("@")[0], row.effective_from, row.effective_to) for row in rows
    ]


def fresh(user: User) -> User:
    """The same person in another request: roles are read anew."""
    return User.objects.get(pk=user.pk)


ALONE = [("head", LONG_AGO, None)]
WITH_DEPUTY = [("head", LONG_AGO, BEGIN), ("deputy", BEGIN, END), ("head", END, None)]


# --- appointing -------------------------------------------------------------------------------
def test_the_deputy_signs_in_the_days_of_the_order_and_the_head_before_and_after(
    cast: Cast, deputy: User
) -> None:
    row = appoint(cast, deputy, basis="  приказ № 9 ")
    assert periods(cast) == WITH_DEPUTY
    assert (row.basis, row.given_by, row.given_at) == (ORDER, cast.head, NOW)
    payer = cast.enterprise.pk
    assert first_signature_holder(payer, BEGIN - DAY) == cast.head.pk
    assert first_signature_holder(payer, BEGIN) == deputy.pk
    assert first_signature_holder(payer, END - DAY) == deputy.pk
    assert first_signature_holder(payer, END) == cast.head.pk
    own = FirstSignature.objects.filter(holder=cast.head)
    assert set(own.values_list("basis", "given_by")) == {("приказ № 1", None)}


def test_an_appointment_is_on_record_without_a_name(cast: Cast, deputy: User) -> None:
    row = appoint(cast, deputy)
    event = AuditEvent.objects.get(action="deputy_appointed")
    assert (event.actor, event.subject_id, event.at) == (cast.head, row.pk, NOW)
    assert event.details == {"holder": deputy.pk, "begin": "2026-12-01", "end": "2026-12-15"}


def test_only_the_head_of_the_whole_organisation_appoints(cast: Cast, deputy: User) -> None:
    limited = a_user("limited@example.kz", cast.enterprise)
    RoleGrant.objects.create(
        membership=limited.memberships.get(), role="head", scope=cast.colony,
        effective_from=LONG_AGO,
    )  # fmt: skip
    others = [cast.accountant, cast.administrator, cast.stranger, deputy, limited]
    for person in others:
        with pytest.raises(Forbidden, match="руководитель"):
            appoint(cast, deputy, actor=person)
        assert not can_appoint_deputy(person, cast.enterprise.pk, TODAY)
    assert can_appoint_deputy(cast.head, cast.enterprise.pk, TODAY)
    assert not can_appoint_deputy(cast.head, cast.colony.pk, TODAY)
    assert [one.pk for one in headed_organisations(cast.head, TODAY)] == [cast.enterprise.pk]
    assert not headed_organisations(limited, TODAY)
    assert periods(cast) == ALONE


def test_a_head_limited_to_the_organisation_itself_appoints(cast: Cast, deputy: User) -> None:
    RoleGrant.objects.filter(role="head").update(scope=cast.enterprise)
    appoint(cast, deputy)
    assert periods(cast) == WITH_DEPUTY


@pytest.mark.parametrize("end", [BEGIN, BEGIN - DAY])
def test_an_end_before_the_start_is_refused(cast: Cast, deputy: User, end: date) -> None:
    with pytest.raises(EndsBeforeStart, match="раньше первого"):
        appoint(cast, deputy, effective_to=end)
    assert periods(cast) == ALONE


@pytest.mark.parametrize("basis", ["", "  ", "№9", " ab  "])
def test_an_order_without_a_name_is_refused(cast: Cast, deputy: User, basis: str) -> None:
    with pytest.raises(OrderMissing, match="приказ"):
        appoint(cast, deputy, basis=basis)


def test_nobody_is_their_own_deputy(cast: Cast, deputy: User) -> None:
    with pytest.raises(GivenToOneself):
        appoint(cast, cast.head)


def test_a_deputy_belongs_to_the_organisation_through_all_the_days(
    cast: Cast, deputy: User
) -> None:
    with pytest.raises(NotMember, match="состоит"):
        appoint(cast, cast.master)
    with pytest.raises(NotMember):
        appoint_deputy(
            actor=cast.head, organisation_id=cast.enterprise.pk, holder_id=0, at=NOW,
            effective_from=BEGIN, effective_to=END, basis=ORDER,
        )  # fmt: skip
    Membership.objects.filter(user=deputy).update(effective_to=END - DAY)
    with pytest.raises(NotMember):
        appoint(cast, deputy)
    Membership.objects.filter(user=deputy).update(effective_to=END)
    User.objects.filter(pk=deputy.pk).update(is_active=False)
    with pytest.raises(NotMember):
        appoint(cast, deputy)
    assert periods(cast) == ALONE
    User.objects.filter(pk=deputy.pk).update(is_active=True)
    appoint(cast, deputy)
    assert periods(cast) == WITH_DEPUTY


@pytest.mark.parametrize(
    ("begin", "end"),
    [(BEGIN, END), (BEGIN - DAY, BEGIN + DAY), (END - DAY, END + DAY), (BEGIN - DAY, END + DAY)],
)
def test_days_of_another_deputy_are_refused_with_the_name(
    cast: Cast, deputy: User, begin: date, end: date
) -> None:
    appoint(cast, deputy)
    with pytest.raises(AnotherSigns, match=r"Deputy: с 01\.12\.2026"):
        appoint(cast, cast.accountant, effective_from=begin, effective_to=end)
    assert periods(cast) == WITH_DEPUTY


def test_deputies_follow_one_another(cast: Cast, deputy: User) -> None:
    appoint(cast, deputy)
    appoint(cast, cast.accountant, effective_from=END, effective_to=END + DAY)
    assert periods(cast) == [
        *WITH_DEPUTY[:2], ("accountant", END, END + DAY), ("head", END + DAY, None),
    ]  # fmt: skip


def test_a_deputy_who_is_a_head_hands_nothing_on(cast: Cast, deputy: User) -> None:
    second = a_user("second@example.kz", cast.enterprise, "head")
    appoint(cast, second)
    with pytest.raises(AnotherSigns):
        appoint(cast, deputy, actor=second)


def test_a_head_without_the_signature_has_nothing_to_hand_over(cast: Cast, deputy: User) -> None:
    FirstSignature.objects.update(effective_to=END - DAY)
    with pytest.raises(NotYours, match="первая подпись ваша"):
        appoint(cast, deputy)
    FirstSignature.objects.all().delete()
    with pytest.raises(NotYours):
        appoint(cast, deputy)
    FirstSignature.objects.create(
        organisation=cast.enterprise, holder=cast.accountant, effective_from=LONG_AGO, basis="устав"
    )
    with pytest.raises(AnotherSigns):
        appoint(cast, deputy)


@pytest.mark.parametrize(
    ("own_from", "own_to", "left"),
    [
        (BEGIN, None, [("deputy", BEGIN, END), ("head", END, None)]),
        (LONG_AGO, END, [("head", LONG_AGO, BEGIN), ("deputy", BEGIN, END)]),
        (BEGIN, END, [("deputy", BEGIN, END)]),
    ],
)
def test_no_row_without_a_day_is_left(
    cast: Cast, deputy: User, own_from: date, own_to: date | None, left: list[Any]
) -> None:
    FirstSignature.objects.update(effective_from=own_from, effective_to=own_to)
    row = appoint(cast, deputy)
    assert periods(cast) == left
    end_deputy(actor=cast.head, signature_id=row.pk, on=BEGIN, at=NOW)
    assert periods(cast) == [("head", own_from, own_to)]


@pytest.fixture
def signed_until(monkeypatch: pytest.MonkeyPatch) -> list[date | None]:
    """What an app would tell of the last day on which something was signed."""
    told: list[date | None] = [None]
    monkeypatch.setattr(deputies, "SIGNED", [lambda _payer: told[0]])
    return told


def test_days_on_which_something_is_signed_stay_as_they_are(
    cast: Cast, deputy: User, signed_until: list[date | None]
) -> None:
    signed_until[0] = BEGIN
    with pytest.raises(SignedAlready, match=r"01\.12\.2026"):
        appoint(cast, deputy)
    assert periods(cast) == ALONE
    signed_until[0] = BEGIN - DAY
    row = appoint(cast, deputy)
    signed_until[0] = BEGIN + DAY
    with pytest.raises(SignedAlready):
        end_deputy(actor=cast.head, signature_id=row.pk, on=BEGIN + DAY, at=NOW)
    assert periods(cast) == WITH_DEPUTY
    end_deputy(actor=cast.head, signature_id=row.pk, on=BEGIN + 2 * DAY, at=NOW)
    assert periods(cast)[1] == ("deputy", BEGIN, BEGIN + 2 * DAY)


# --- giving back ------------------------------------------------------------------------------
def test_the_head_signs_again_from_the_day(cast: Cast, deputy: User) -> None:
    row = appoint(cast, deputy)
    middle = BEGIN + 3 * DAY
    end_deputy(actor=cast.head, signature_id=row.pk, on=middle, at=NOW)
    assert periods(cast) == [
        ("head", LONG_AGO, BEGIN), ("deputy", BEGIN, middle), ("head", middle, None),
    ]  # fmt: skip
    event = AuditEvent.objects.get(action="deputy_ended")
    assert event.details == {"holder": deputy.pk, "begin": "2026-12-01", "end": "2026-12-04"}


def test_an_order_taken_back_whole_leaves_the_head_alone(cast: Cast, deputy: User) -> None:
    row = appoint(cast, deputy)
    end_deputy(actor=cast.head, signature_id=row.pk, on=BEGIN, at=NOW)
    assert periods(cast) == ALONE
    with pytest.raises(Gone):
        end_deputy(actor=cast.head, signature_id=row.pk, on=BEGIN, at=NOW)


def test_days_between_two_deputies_go_to_the_head(cast: Cast, deputy: User) -> None:
    first = appoint(cast, deputy)
    appoint(cast, cast.accountant, effective_from=END, effective_to=END + DAY)
    middle = END - DAY
    end_deputy(actor=cast.head, signature_id=first.pk, on=middle, at=NOW)
    assert periods(cast)[1:] == [
        ("deputy", BEGIN, middle), ("head", middle, END), ("accountant", END, END + DAY),
        ("head", END + DAY, None),
    ]  # fmt: skip
    end_deputy(actor=cast.head, signature_id=first.pk, on=BEGIN, at=NOW)
    assert periods(cast)[:2] == [("head", LONG_AGO, END), ("accountant", END, END + DAY)]


@pytest.mark.parametrize("on", [BEGIN - DAY, END, END + DAY])
def test_a_day_outside_the_order_is_refused(cast: Cast, deputy: User, on: date) -> None:
    row = appoint(cast, deputy)
    with pytest.raises(OutsideOrder, match=r"с 01\.12\.2026 по 14\.12\.2026"):
        end_deputy(actor=cast.head, signature_id=row.pk, on=on, at=NOW)
    assert periods(cast) == WITH_DEPUTY


def test_only_the_head_takes_it_back_and_never_their_own(cast: Cast, deputy: User) -> None:
    row = appoint(cast, deputy)
    for person in (deputy, cast.accountant, cast.stranger):
        with pytest.raises(Forbidden):
            end_deputy(actor=person, signature_id=row.pk, on=BEGIN, at=NOW)
    own = FirstSignature.objects.filter(holder=cast.head).first()
    assert own is not None
    with pytest.raises(Gone):
        end_deputy(actor=cast.head, signature_id=own.pk, on=TODAY, at=NOW)
    assert periods(cast) == WITH_DEPUTY


# --- what it is worth -------------------------------------------------------------------------
def test_the_signature_stands_among_the_roles_in_its_days_with_one_query(
    cast: Cast, deputy: User
) -> None:
    appoint(cast, deputy)
    for on, held in ((BEGIN - DAY, False), (BEGIN, True), (END - DAY, True), (END, False)):
        person = fresh(deputy)
        with CaptureQueriesContext(connection) as queries:
            grants = grants_of(person, on)
        assert len(queries) == 1
        expected = [(FIRST_SIGNATURE, cast.enterprise.pk, None)] if held else []
        assert [(one.role, one.organisation_id, one.scope_id) for one in grants] == expected


# --- two at once ------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_appointments_at_once_one_wins(transactional_db: None) -> None:
    cast = a_cast()
    first_signature(cast)
    holders = [a_user(f"{name}@example.kz", cast.enterprise) for name in ("deputy", "second")]
    head = [fresh(cast.head) for _one in holders]
    results = at_once(
        *(
            lambda actor=actor, holder=holder: appoint(cast, holder, actor=actor)
            for actor, holder in zip(head, holders, strict=True)
        )
    )
    refused = [one for one in results if isinstance(one, PortalError)]
    assert len(refused) == 1
    assert isinstance(refused[0], AnotherSigns)
    rows = periods(cast)
    assert [row[0] for row in rows] in (["head", "deputy", "head"], ["head", "second", "head"])
    assert [row[1:] for row in rows] == [row[1:] for row in WITH_DEPUTY]


@pytest.mark.django_db(transaction=True)
def test_an_appointment_and_an_end_at_once_leave_every_day_signed_once(
    transactional_db: None,
) -> None:
    cast = a_cast()
    first_signature(cast)
    holder = a_user("deputy@example.kz", cast.enterprise)
    row = appoint(cast, holder)
    results = at_once(
        lambda: end_deputy(actor=fresh(cast.head), signature_id=row.pk, on=BEGIN, at=NOW),
        lambda: appoint(cast, holder, actor=fresh(cast.head)),
    )
    assert not isinstance(results[0], PortalError)
    assert periods(cast) == (ALONE if isinstance(results[1], PortalError) else WITH_DEPUTY)
