"""Default deny: no view without a rule, and each refusal has its reason."""

from datetime import date

import pytest
from django.conf import settings as portal_settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import include, path

from portal.accounts.rules import role_holders
from portal.kernel.access import (
    YES,
    DefaultDenyMiddleware,
    Verdict,
    allow,
    no,
    public,
    signed_in,
)
from portal.kernel.errors import Forbidden
from tests.people import TODAY, a_user


def plain(request):
    return HttpResponse("open")


guarded = allow(lambda user, on: no("only on Mondays"))(plain)
opened = public(plain)
urlpatterns = [
    path("plain/", plain, name="plain"),
    path("guarded/", guarded, name="guarded"),
    path("opened/", opened, name="opened"),
    path("their/", plain, name="their_public"),
    path("their/private/", plain, name="their_private"),
    path("", include("portal.urls")),
]


@pytest.fixture(autouse=True)
def _routes(settings):
    settings.ROOT_URLCONF = __name__
    ours = {"their_public": "public", "their_private": "signed_in"}
    settings.THIRD_PARTY_ACCESS = portal_settings.THIRD_PARTY_ACCESS | ours


def test_verdict_speaks_for_itself():
    assert YES
    refusal = no("because")
    assert not refusal
    with pytest.raises(Forbidden, match="because"):
        refusal.require()
    Verdict(ok=True).require()


def test_a_view_without_a_rule_is_refused(client, cast):
    client.force_login(cast.administrator)
    assert client.get("/plain/").status_code == 403


def test_a_public_view_is_open(client, db):
    assert client.get("/opened/").content == b"open"


def test_a_refused_visitor_is_sent_to_sign_in_and_back(rf: RequestFactory, db):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/guarded/?a=1")
    request.user = AnonymousUser()
    response = guarded(request)
    assert response.status_code == 302
    assert response["Location"].endswith("next=/guarded/%3Fa%3D1")


def test_a_refused_person_reads_the_reason(client, cast):
    client.force_login(cast.buyer)
    response = client.get("/guarded/")
    assert response.status_code == 403
    assert "only on Mondays" in response.content.decode()


def test_library_views_follow_the_table(client, cast):
    assert client.get("/their/").status_code == 200
    assert client.get("/their/private/").status_code == 302
    client.force_login(cast.buyer)
    assert client.get("/their/private/").status_code == 200


def test_the_middleware_refuses_without_a_match(rf: RequestFactory):
    request = rf.get("/nowhere/")
    request.resolver_match = None
    with pytest.raises(PermissionDenied):
        DefaultDenyMiddleware(lambda r: r).process_view(request, plain, (), {})


def test_signed_in_asks_for_an_account(cast):
    from django.contrib.auth.models import AnonymousUser

    assert not signed_in(AnonymousUser(), TODAY)
    assert signed_in(cast.stranger, TODAY)


def test_role_holders_go_by_the_day(cast):
    rule = role_holders("accountant")
    assert rule(cast.accountant, TODAY)
    assert not rule(cast.accountant, date(2023, 12, 31))
    assert not rule(cast.buyer, TODAY)
    assert rule(cast.buyer, TODAY).reason


def test_a_grant_ends_with_its_period_or_the_membership(cast):
    grant = cast.accountant.memberships.get().grants.get()
    grant.effective_to = TODAY
    grant.save()
    fresh = type(cast.accountant).objects.get(pk=cast.accountant.pk)
    assert not role_holders("accountant")(fresh, TODAY)
    assert role_holders("accountant")(fresh, date(2026, 11, 21))


def test_a_new_user_holds_nothing(cast):
    assert not role_holders("buyer", "operator", "accountant")(a_user("new@example.kz"), TODAY)
