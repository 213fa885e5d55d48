"""Who holds which role where, by date and place; taxes and signatures by date."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from portal.accounts.enums import Role
from portal.accounts.models import (
    FirstSignature,
    Membership,
    Organisation,
    OrganisationTaxStatus,
    RoleGrant,
    User,
    VatRate,
)
from portal.accounts.selectors import (
    VatRateMissing,
    buyer_organisations_of,
    first_signature_holder,
    grants_of,
    has_role,
    has_role_in,
    organisation_ids,
    organisations_of,
    pays_vat,
    tax_status_on,
    vat_rate_in_force,
    vat_rate_on,
)
from tests.people import LONG_AGO, TODAY, a_bin, a_user

BEFORE = date(2023, 12, 31)


def test_a_visitor_holds_nothing(db):
    assert grants_of(AnonymousUser(), TODAY) == ()
    assert not organisations_of(AnonymousUser(), TODAY).exists()


def test_grants_are_read_once_a_day(cast, django_assert_num_queries):
    person = User.objects.get(pk=cast.accountant.pk)
    with django_assert_num_queries(1):
        assert has_role(person, TODAY, Role.ACCOUNTANT)
        assert not has_role(person, TODAY, Role.OPERATOR)
        assert organisation_ids(person, TODAY) == {cast.enterprise.pk}


def test_a_role_is_held_in_its_organisation_only(cast):
    assert has_role_in(cast.accountant, TODAY, cast.enterprise.pk, Role.ACCOUNTANT)
    assert not has_role_in(cast.accountant, TODAY, cast.entrepreneur.pk, Role.ACCOUNTANT)
    assert not has_role_in(cast.accountant, TODAY, cast.enterprise.pk, Role.OPERATOR)
    assert not has_role_in(cast.accountant, BEFORE, cast.enterprise.pk, Role.ACCOUNTANT)


def test_a_scope_limits_a_role_to_a_place(cast):
    person = a_user("scoped@example.kz", cast.enterprise)
    RoleGrant.objects.create(
        membership=person.memberships.get(),
        role=Role.ACCOUNTANT,
        scope=cast.colony,
        effective_from=LONG_AGO,
    )
    org = cast.enterprise.pk
    assert has_role_in(person, TODAY, org, Role.ACCOUNTANT, place_id=cast.colony.pk)
    assert not has_role_in(person, TODAY, org, Role.ACCOUNTANT, place_id=cast.department.pk)


def test_organisations_of_a_person_are_in_order_and_in_force(cast):
    other = cast.colony
    Membership.objects.create(
        user=cast.buyer, organisation=other, effective_from=LONG_AGO, effective_to=TODAY
    )
    assert list(organisations_of(cast.buyer, TODAY)) == [cast.kindergarten]
    assert set(organisations_of(cast.buyer, date(2026, 11, 21))) == {cast.kindergarten, other}
    assert list(buyer_organisations_of(cast.buyer, TODAY)) == [cast.kindergarten]
    assert not buyer_organisations_of(cast.operator, TODAY).exists()


def test_tax_status_and_vat_go_by_date(cast):
    assert tax_status_on(cast.enterprise.pk, TODAY).is_vat_payer
    assert tax_status_on(cast.enterprise.pk, BEFORE) is None
    for on, payers in ((TODAY, {cast.enterprise.pk}), (BEFORE, set())):
        rows = Organisation.objects.annotate(pays=pays_vat(on, "accounts_organisation.id"))
        assert {row.pk for row in rows if row.pays} == payers
    assert vat_rate_on(TODAY).rate == Decimal("0.16")


def test_a_day_without_a_rate_is_never_a_silent_zero(cast):
    with pytest.raises(VatRateMissing):
        vat_rate_on(date(2025, 12, 31))
    for on, rate in ((TODAY, Decimal("0.16")), (date(2025, 12, 31), None)):
        row = Organisation.objects.annotate(rate=vat_rate_in_force(on)).first()
        assert row.rate == rate


def test_the_first_signature_goes_to_a_deputy_by_order(cast):
    deputy = a_user("deputy@example.kz", cast.enterprise)
    FirstSignature.objects.create(
        organisation=cast.enterprise,
        holder=cast.head,
        basis="устав",
        effective_from=LONG_AGO,
        effective_to=date(2026, 11, 1),
    )
    FirstSignature.objects.create(
        organisation=cast.enterprise,
        holder=deputy,
        basis="приказ",
        effective_from=date(2026, 11, 1),
    )
    assert first_signature_holder(cast.enterprise.pk, date(2026, 10, 31)) == cast.head.pk
    assert first_signature_holder(cast.enterprise.pk, TODAY) == deputy.pk
    assert first_signature_holder(cast.kindergarten.pk, TODAY) is None


def test_two_first_signatures_at_once_are_refused(cast):
    FirstSignature.objects.create(
        organisation=cast.enterprise, holder=cast.head, basis="устав", effective_from=LONG_AGO
    )
    with pytest.raises(IntegrityError, match="firstsignature_no_overlap"), transaction.atomic():
        FirstSignature.objects.create(
            organisation=cast.enterprise, holder=cast.buyer, basis="приказ", effective_from=TODAY
        )


def test_overlapping_tax_statuses_and_rates_are_refused(cast):
    with pytest.raises(IntegrityError, match="taxstatus_no_overlap"), transaction.atomic():
        OrganisationTaxStatus.objects.create(organisation=cast.enterprise, effective_from=TODAY)
    with pytest.raises(IntegrityError, match="vatrate_no_overlap"), transaction.atomic():
        VatRate.objects.create(
            rate=Decimal("0.2"), effective_from=TODAY, source="x", confidence="x"
        )


def test_a_period_that_ends_before_it_begins_is_refused(cast):
    with pytest.raises(IntegrityError, match="membership_period"), transaction.atomic():
        Membership.objects.create(
            user=cast.stranger,
            organisation=cast.colony,
            effective_from=TODAY,
            effective_to=TODAY,
        )


def test_the_same_role_twice_at_once_is_refused(cast):
    membership = cast.accountant.memberships.get()
    with pytest.raises(IntegrityError, match="rolegrant_no_overlap"), transaction.atomic():
        RoleGrant.objects.create(membership=membership, role=Role.ACCOUNTANT, effective_from=TODAY)


def test_an_unknown_role_is_refused(cast):
    membership = cast.accountant.memberships.get()
    with pytest.raises(IntegrityError, match="rolegrant_role_known"), transaction.atomic():
        RoleGrant.objects.create(membership=membership, role="tsar", effective_from=TODAY)


def test_one_bin_is_one_organisation(cast):
    with pytest.raises(IntegrityError, match="organisation_bin_unique"), transaction.atomic():
        Organisation.objects.create(kind="school", name_ru="Двойник", bin=cast.colony.bin)


def test_a_bin_is_twelve_digits_in_the_database_too(cast):
    with pytest.raises(IntegrityError, match="organisation_bin_digits"), transaction.atomic():
        Organisation.objects.create(kind="school", name_ru="Без БИН", bin="12345678901x")


def test_names_sort_by_the_alphabet(db):
    for number, name in enumerate(["Ёлка", "Ер", "Жар", "Әлия", "Б"], start=20):
        Organisation.objects.create(kind="school", name_ru=name, name_kk=name, bin=a_bin(number))
    ru = list(Organisation.objects.order_by("sort_ru").values_list("name_ru", flat=True))
    assert ru.index("Ёлка") < ru.index("Жар")
    kk = list(Organisation.objects.order_by("sort_kk").values_list("name_ru", flat=True))
    assert kk[0] == "Әлия"


def test_an_email_is_kept_in_lower_case(db):
    assert a_user("Mixed@Example.KZ").email == "mixed@example.kz"
    with pytest.raises(IntegrityError, match="user_email_lowercase"), transaction.atomic():
        User.objects.create(email="Loud@example.kz")
