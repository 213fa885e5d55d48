"""Hands down how many people are free to work; the nightly task and the demo call it."""

from datetime import date

from inmates.selectors.availability import free_people
from workshops.services import record_labour_availability


def refresh_labour_availability(*, on: date) -> int:
    """Workshops knows the free people of the day by trade, without names; returns the rows.

    Twice replaces the day's counts by the same.
    """
    return record_labour_availability(counts=free_people(on), on=on)
