"""Every address × every role against the reviewed table in access_table.py."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.enums import Role
from tests.access_table import EVERYBODY, SIGNED_IN, TABLE, TERMINAL, Row

VISITOR = "visitor"
# A person with an account and no role, and everybody's roles by name of the cast.
PEOPLE = [VISITOR, "stranger", *Role.values]


def walk(resolver: URLResolver, namespace: str = "") -> list[str]:
    """The names of all addresses, with their namespaces."""
    names = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            names += walk(entry, inner)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"an address without a name: {entry.pattern}"
            names.append(f"{namespace}{entry.name}")
    return names


def test_every_address_is_in_the_table_and_the_other_way_round():
    assert set(walk(get_resolver())) == set(TABLE)


def may(person: str, row: Row) -> bool:
    if row.who is EVERYBODY:
        return True
    if row.who is SIGNED_IN:
        return person != VISITOR
    return person in row.who


def is_sent_to_sign_in(response) -> bool:
    return response.status_code == 302 and "/accounts/login/?next=" in response["Location"]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_address_by_role(client, cast, name):
    row = TABLE[name]
    address = reverse(name, kwargs=row.kwargs)
    for person in PEOPLE:
        client.logout()
        if person != VISITOR:
            client.force_login(cast.users[person])
        response = getattr(client, row.method)(address)
        what = f"{person} at {address}: {response.status_code}"
        if row.who is TERMINAL:
            assert response.status_code == 404, what
        elif may(person, row):
            assert response.status_code < 500, what
            assert response.status_code != 403, what
            assert row.who is EVERYBODY or not is_sent_to_sign_in(response), what
        elif person == VISITOR:
            assert is_sent_to_sign_in(response), what
        else:
            assert response.status_code == (404 if row.is_hidden else 403), what


def test_roles_of_the_table_exist():
    named = {role for row in TABLE.values() if isinstance(row.who, frozenset) for role in row.who}
    assert named <= set(Role.values)
