"""Who answers questions about wages: an officer of an overseeing office with no part in them."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from portal.accounts.enums import NEVER_OVERSEEING, OVERSEEING_KINDS, OrganisationKind, Role
from portal.accounts.models import Membership, Organisation, RoleGrant, User
from portal.accounts.rules import question_officers
from portal.accounts.selectors import overseeing_grants
from portal.kernel.access import OUT_OF_SIGHT, allow
from tests.people import LONG_AGO, TODAY, a_user, an_organisation


def officer_at(organisation: Organisation, email: str = "o@example.kz") -> User:
    return a_user(email, organisation, Role.QUESTION_OFFICER)


@pytest.mark.parametrize("kind", OrganisationKind.values)
def test_only_an_overseeing_office_has_officers(db, kind):
    officer = officer_at(an_organisation(kind, "Ведомство", 51))
    assert bool(overseeing_grants(officer, TODAY)) is (kind in OVERSEEING_KINDS)
    assert bool(question_officers(officer, TODAY)) is (kind in OVERSEEING_KINDS)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "question_officer"])
def test_any_part_in_the_wages_ends_it(cast, role):
    officer = officer_at(cast.department)
    member = Membership.objects.create(
        user=officer, organisation=cast.kindergarten, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(membership=member, role=role, effective_from=LONG_AGO)
    assert bool(overseeing_grants(officer, TODAY)) is (role not in NEVER_OVERSEEING)


def test_a_part_that_has_ended_is_none(cast):
    officer = officer_at(cast.department)
    member = Membership.objects.create(
        user=officer, organisation=cast.colony, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(
        membership=member, role=Role.MASTER, effective_from=LONG_AGO, effective_to=TODAY
    )
    assert overseeing_grants(officer, TODAY - timedelta(days=1)) == ()
    assert overseeing_grants(officer, TODAY)


def test_the_roles_of_customers_and_analysts_stay_apart():
    left = set(Role.values) - set(NEVER_OVERSEEING)
    assert left == {Role.BUYER, Role.ANALYST, Role.QUESTION_OFFICER}


def test_the_rule_hides_and_asks_a_visitor_in(cast):
    assert question_officers(cast.accountant, TODAY) is OUT_OF_SIGHT
    visitor = question_officers(AnonymousUser(), TODAY)
    assert not visitor
    assert not visitor.is_hidden


def test_who_has_not_the_role_costs_no_query(cast, django_assert_num_queries):
    user = User.objects.get(pk=cast.accountant.pk)
    overseeing_grants(user, TODAY)
    with django_assert_num_queries(0):
        overseeing_grants(user, TODAY)
    officer = User.objects.get(pk=cast.question_officer.pk)
    overseeing_grants(officer, TODAY)
    with django_assert_num_queries(0):
        overseeing_grants(officer, TODAY)


def test_a_hidden_page_is_not_found(cast):
    @allow(question_officers)
    def page(_request) -> HttpResponse:
        return HttpResponse("here")

    request = RequestFactory().get("/x/")
    for user in (cast.accountant, cast.administrator, cast.stranger):
        request.user = user
        with pytest.raises(Http404):
            page(request)
    request.user = cast.question_officer
    assert page(request).content == b"here"
    request.user = AnonymousUser()
    assert page(request).status_code == 302


def test_each_day_is_asked_by_itself(cast):
    officer = officer_at(cast.department)
    RoleGrant.objects.filter(membership__user=officer).update(effective_to=date(2026, 12, 1))
    assert overseeing_grants(officer, date(2026, 11, 30))
    assert overseeing_grants(officer, date(2026, 12, 1)) == ()
