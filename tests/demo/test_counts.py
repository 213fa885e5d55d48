"""How many people the demo holds: the published 62 % and the way there."""

from itertools import pairwise

import pytest

from portal.demo.build import PEOPLE
from portal.demo.counts import MONTHS, Heads, heads_before, heads_of, spread
from portal.demo.sources import published_rate, rate_choice, read_data

SHARES = [row["share"] for row in read_data("places")["institutions"]]
RATES = [row["rate"] for row in read_data("places")["institutions"]]


def percent(heads: Heads) -> int:
    return round(100 * heads.employed / heads.able)


def test_full_demo_has_the_numbers_of_the_sketch():
    assert heads_of(PEOPLE) == Heads(held=2228, able=2005, employed=1243)


@pytest.mark.parametrize("people", [112, 500, 1000, 2000, PEOPLE, 5000])
def test_rate_is_the_published_one_at_any_size(people):
    assert percent(heads_of(people)) == 62 == round(float(published_rate()) * 100)


def test_denominator_is_stated_in_three_languages():
    choice = rate_choice()
    assert choice["denominator"] == "able_bodied"
    assert all(choice[language] for language in ("ru", "kk", "en"))


def test_region_two_years_ago_employed_fewer_of_more_people():
    now, then = heads_of(PEOPLE), heads_before(heads_of(PEOPLE), MONTHS, 11)
    assert then.held > now.held
    assert percent(then) < 55


def test_rate_of_months_rises_and_is_not_flat():
    heads = heads_of(PEOPLE)
    months = [(ago, (10 - ago) % 12 + 1) for ago in range(MONTHS, -1, -1)]
    rates = [percent(heads_before(heads, ago, month)) for ago, month in months]
    assert len(set(rates)) > 8
    assert rates[-1] == max(rates)
    assert any(later < earlier for earlier, later in pairwise(rates))


def test_present_month_is_the_goal_itself():
    assert heads_before(heads_of(PEOPLE), 0, 11) == heads_of(PEOPLE)


@pytest.mark.parametrize("people", [60, 333, PEOPLE])
def test_spread_adds_up(people):
    heads = heads_of(people)
    parts = spread(heads, SHARES, RATES)
    assert sum(part.held for part in parts) == heads.held
    assert sum(part.able for part in parts) == heads.able
    assert sum(part.employed for part in parts) == heads.employed


def test_spread_gives_each_institution_a_rate_of_its_own():
    rates = [percent(part) for part in spread(heads_of(PEOPLE), SHARES, RATES)]
    assert len(set(rates)) == len(rates)
    assert all(part.employed <= part.able for part in spread(heads_of(60), SHARES, RATES))
