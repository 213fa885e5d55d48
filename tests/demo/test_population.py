"""Two years played: the numbers of each month, and spans that make sense."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from portal.demo.counts import heads_of
from portal.demo.history import play_population
from portal.demo.people import invented_name
from portal.demo.population import Person, Span, State
from portal.demo.sources import read_data

TODAY = date(2026, 11, 22)
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def played():
    return play_population(300, TODAY, Random("test"))


def in_force(spans, day):
    return [s for s in spans if s.begin <= day and (s.end is None or day < s.end)]


def test_today_has_the_numbers_asked_for(played):
    heads = heads_of(300)
    held = [p for p in played.people if in_force(p.stays, TODAY)]
    assert len(held) == heads.held
    assert sum(in_force(p.states, TODAY)[0].what.ability == "able" for p in held) == heads.able
    assert sum(bool(in_force(p.jobs, TODAY)) for p in held) == heads.employed


def test_spans_of_a_kind_follow_each_other(played):
    for person in played.people:
        for spans in (person.stays, person.states, person.jobs):
            assert all(span.end is None or span.begin < span.end for span in spans)
            for before, after in pairwise(spans):
                assert before.end is not None
                assert before.end <= after.begin


def test_jobs_lie_inside_a_stay_at_the_same_institution(played):
    for person in played.people:
        for job in person.jobs:
            stays = in_force(person.stays, job.begin)
            assert stays[0].what == job.what.institution
            assert stays[0].end is None or (job.end is not None and job.end <= stays[0].end)


def test_everybody_held_has_one_state_every_day(played):
    for person in played.people:
        for stay in person.stays:
            for day in (stay.begin, (stay.end or TODAY + timedelta(days=1)) - timedelta(days=1)):
                assert len(in_force(person.states, day)) == 1


def test_the_placed_are_able_and_have_no_reason(played):
    for person in played.people:
        for job in person.jobs:
            state = in_force(person.states, job.begin)[0].what
            assert (state.ability, state.reason) == ("able", None)


def test_nothing_happens_after_today(played):
    for person in played.people:
        for spans in (person.stays, person.states, person.jobs):
            assert all(span.begin <= TODAY for span in spans)
            assert all(span.end is None or span.end <= TODAY for span in spans)


def test_workshop_that_changed_hands_places_everybody_anew(played):
    jobs = [j for p in played.people for j in p.jobs if j.what.handed_over_on]
    assert jobs
    for job in jobs:
        day = job.what.handed_over_on
        assert not (job.begin < day and (job.end is None or job.end > day))


def test_two_years_have_arrivals_releases_transfers_and_renewals(played):
    assert len(played.people) > 300
    assert any(not p.is_held for p in played.people)
    assert any(len(p.stays) > 1 for p in played.people)
    assert any(
        a.end == b.begin and a.what == b.what for p in played.people for a, b in pairwise(p.jobs)
    )


def test_same_seed_plays_the_same():
    first, second = (play_population(60, TODAY, Random("same")) for _turn in range(2))
    assert first.people == second.people
    assert first.people != play_population(60, TODAY, Random("other")).people


@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2026, 12, 31), date(2027, 3, 9)])
def test_any_day_can_be_the_demos_today(today):
    played = play_population(60, today, Random("day"))
    held = [p for p in played.people if p.is_held]
    assert sum(p.job is not None for p in held) == heads_of(60).employed


def test_new_state_drops_what_was_foreseen():
    person = Person(0, "able", is_subject=True, stays=[Span(0, MONDAY)])
    person.set_state(MONDAY, "quarantine")
    person.set_state(MONDAY + timedelta(days=15), "no-vacancy")
    person.set_state(MONDAY + timedelta(days=10), None)
    able = State("able", is_subject=True)
    assert person.states[-1] == Span(able, MONDAY + timedelta(days=10))
    assert len(person.states) == 2


def test_state_that_returns_the_same_day_goes_on():
    person = Person(0, "able", is_subject=True, stays=[Span(0, MONDAY)])
    person.set_state(MONDAY, "no-vacancy")
    person.close_states(MONDAY + timedelta(days=3))
    person.set_state(MONDAY + timedelta(days=3), "no-vacancy")
    assert [(span.begin, span.end) for span in person.states] == [(MONDAY, None)]


def test_names_are_made_of_our_words_only():
    words = {
        word for kind, text in read_data("names").items() if kind != "note" for word in text.split()
    }
    rng = Random("names")
    for _person in range(200):
        surname, first, father = invented_name(rng).split()
        assert surname[:-2] in words
        assert first in words
        assert father in words or father.removesuffix("ұлы") in words
