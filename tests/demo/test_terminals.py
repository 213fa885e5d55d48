"""The reading terminals of the demo wait for a code, as on the first day."""

from datetime import date

from inmates.models import Terminal
from portal.demo.places import Places
from portal.demo.terminals import TERMINALS, make_terminals
from portal.kernel.clock import day_of
from tests.people import Cast

TODAY = date(2026, 11, 22)


def test_three_terminals_where_the_officers_have_accounts(cast: Cast):
    cast.institution.number = "13"
    places = Places(institutions=[cast.institution])
    users = {code: cast.labour_officer for _number, code, _place in TERMINALS}
    make_terminals(places, users, TODAY)
    one = Terminal.objects.get()
    assert one.place == "Отряд 1, библиотека (демо)"
    assert (one.activated_at, one.code_hash) == (None, None)
    assert day_of(one.added_at) == TODAY


def test_every_place_says_that_it_is_invented():
    assert all("(демо)" in place for _number, _code, place in TERMINALS)
    assert len({place for _number, _code, place in TERMINALS}) == len(TERMINALS)
