"""A shift as values: what is proposed, whose entry stands, until when; no database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.shifts import (
    Earlier,
    Mark,
    Outcome,
    full_minutes,
    last_day_of_correction,
    outcome,
    proposal,
)

NORM = {"general": 480, "disabled_1_2": 432}
THURSDAY = date(2026, 11, 19)
A, B, C = Mark(480), Mark(0, 1), Mark(0, 2, "справка")


@pytest.mark.parametrize(
    ("shown", "was_entered", "mine", "theirs", "expected"),
    [
        # Nobody has entered anything: what the page proposed is saved, and so is an exception.
        (A, False, A, None, Outcome.WRITE),
        (A, False, B, None, Outcome.WRITE),
        # A stored mark, corrected here alone or not at all.
        (A, True, B, A, Outcome.WRITE),
        (A, True, A, A, Outcome.NOTHING),
        # Somebody else was first: with the same, with another, with just what was proposed.
        (A, False, B, B, Outcome.NOTHING),
        (A, False, B, C, Outcome.CONFLICT),
        (A, False, B, A, Outcome.WRITE),
        # Not touched here: theirs stands.
        (A, False, A, B, Outcome.THEIRS),
        (A, True, A, B, Outcome.THEIRS),
        (A, True, A, None, Outcome.THEIRS),
        # Corrected by both.
        (A, True, B, C, Outcome.CONFLICT),
        (A, True, B, None, Outcome.CONFLICT),
        # A day off: nothing was there, and nothing is wanted.
        (None, False, None, None, Outcome.NOTHING),
        (None, False, A, None, Outcome.WRITE),
        (A, True, None, A, Outcome.WRITE),
    ],
)
def test_whose_entry_stands(
    shown: Mark | None,
    was_entered: bool,
    mine: Mark | None,
    theirs: Mark | None,
    expected: Outcome,
) -> None:
    found = outcome(shown=shown, was_entered=was_entered, mine=mine, theirs=theirs)
    assert found is expected


marks = st.sampled_from([None, A, B, C])


@given(shown=marks, mine=marks, theirs=marks, was_entered=st.booleans())
def test_nothing_of_theirs_is_lost_unseen(
    shown: Mark | None, mine: Mark | None, theirs: Mark | None, was_entered: bool
) -> None:
    """Whatever is written over was seen by who writes: stored then, or proposed then."""
    found = outcome(shown=shown, was_entered=was_entered, mine=mine, theirs=theirs)
    if found is Outcome.WRITE:
        assert theirs in (shown, None)
    if found is Outcome.CONFLICT:
        assert mine not in (shown, theirs)


@given(mine=marks, shown=marks, was_entered=st.booleans())
def test_what_was_written_is_nothing_to_write_again(
    mine: Mark | None, shown: Mark | None, was_entered: bool
) -> None:
    found = outcome(shown=shown, was_entered=was_entered, mine=mine, theirs=mine)
    assert found is Outcome.NOTHING


@pytest.mark.parametrize(("group", "minutes"), [(None, 480), (1, 432), (2, 432), (3, 480)])
def test_a_full_shift_is_shorter_for_groups_1_and_2(group: int | None, minutes: int) -> None:
    assert full_minutes(NORM, group) == minutes


def test_the_last_day_of_correction_counts_in_full() -> None:
    assert last_day_of_correction(THURSDAY, 3) == date(2026, 11, 22)
    assert last_day_of_correction(THURSDAY, 0) == THURSDAY


def test_without_an_earlier_day_the_full_shift_is_proposed() -> None:
    assert proposal(None, norm=480, is_workday=True) == Mark(480)
    assert proposal(None, norm=None, is_workday=True) is None


def test_minutes_are_those_of_the_last_full_day_not_of_a_short_one() -> None:
    short = Earlier(THURSDAY, Mark(300, 3), full_minutes=450)
    assert proposal(short, norm=480, is_workday=True) == Mark(450)


def test_a_lasting_reason_goes_on_and_a_visit_does_not() -> None:
    sick = Earlier(THURSDAY, Mark(0, 1, "справка 7"), is_lasting=True, full_minutes=480)
    visit = Earlier(THURSDAY, Mark(0, 2), full_minutes=480)
    assert proposal(sick, norm=480, is_workday=True) == Mark(0, 1, "справка 7")
    assert proposal(visit, norm=480, is_workday=True) == Mark(480)


def test_a_day_is_copied_as_it_was_and_no_other() -> None:
    visit = Earlier(THURSDAY, Mark(0, 2), full_minutes=480)
    friday = THURSDAY + timedelta(days=1)
    assert proposal(visit, norm=480, is_workday=True, copied=THURSDAY) == Mark(0, 2)
    assert proposal(visit, norm=480, is_workday=True, copied=friday) is None
    assert proposal(None, norm=480, is_workday=True, copied=THURSDAY) is None


def test_on_a_day_off_nobody_is_expected() -> None:
    sick = Earlier(THURSDAY, Mark(0, 1), is_lasting=True, full_minutes=480)
    assert proposal(sick, norm=480, is_workday=False) is None
    assert proposal(None, norm=480, is_workday=False) is None
