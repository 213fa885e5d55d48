"""The two navigations: who sees what, and where one is."""

from dataclasses import replace

import pytest
from django.test import Client

from portal.accounts.enums import FIRST_SIGNATURE, Role
from portal.front import menu
from portal.front.menu import EVERYBODY, OFFICE_ROWS, Row, items_of, office_menu, public_menu
from tests.people import Cast

HOME = Row("Home", "front:home")
START = Row("Start", "front:start")
PAY = Row("Pay", "mfa_index", frozenset({Role.ACCOUNTANT}), "Money")


def test_a_row_without_a_view_is_left_out() -> None:
    nowhere = replace(HOME, url_name="nowhere:at_all")
    assert [item.label for _group, item in items_of([HOME, nowhere], (), "/")] == ["Home"]


def test_a_row_is_shown_to_its_roles_only() -> None:
    assert items_of([PAY], {Role.ACCOUNTANT}, "/")
    assert not items_of([PAY], {Role.BUYER}, "/")
    assert not items_of([PAY], (), "/")


def test_the_longest_address_is_where_one_is() -> None:
    here = {item.label: item.is_here for _g, item in items_of([HOME, START], (), "/office/")}
    assert here == {"Home": False, "Start": True}


def test_groups_keep_the_order_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "OFFICE_ROWS", (START, PAY))
    groups = office_menu({Role.ACCOUNTANT}, "/")
    assert [group.label for group in groups] == ["", "Money"]
    assert [item.label for item in groups[1].items] == ["Pay"]


def test_the_basket_shows_its_count_and_others_do_not() -> None:
    counted = {item.icon: item.count for item in public_menu("/", 3)}
    assert counted.get("cart", 3) == 3
    assert counted[""] == 0


def test_every_row_of_the_office_belongs_to_known_roles() -> None:
    for row in OFFICE_ROWS:
        assert row.roles <= EVERYBODY | {FIRST_SIGNATURE}


@pytest.mark.parametrize("role", ["buyer", "operator", "accountant", "analyst"])
def test_the_side_bar_opens_for_every_role(client: Client, cast: Cast, role: str) -> None:
    client.force_login(getattr(cast, role))
    html = client.get("/office/").content.decode()
    shown = office_menu({role}, "/office/")
    for group in shown:
        for item in group.items:
            assert f'href="{item.url}"' in html
