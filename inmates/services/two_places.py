"""No person has more than the hours of a day, at however many places; called by `attendance`.

More than a full shift together is allowed and shown on the sheet: overtime has its own rules.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inmates.models import Placement
from inmates.refusals import SheetRefused
from inmates.selectors.two_places import minutes_of_people
from inmates.shifts import DAY_MINUTES, Mark
from portal.kernel.text import number


def require_hours_of_a_day(changed: Mapping[tuple[int, date], Mark | None]) -> None:
    """Refused at the lines of those who would have more than 24 hours on one day.

    The caller holds all placements of these people locked: two masters cannot do it together.
    """
    more = {key for key, mark in changed.items() if mark is not None and mark.minutes}
    if not more:
        return
    stored = minutes_of_people({key[0] for key in more}, {key[1] for key in more})
    rows = Placement.objects.filter(pk__in={key[0] for key in changed})
    people = {
        pk: (inmate_id, personnel_number)
        for pk, inmate_id, personnel_number in rows.values_list(
            "pk", "inmate_id", "inmate__personnel_number"
        )
    }
    after = {key: dict(minutes) for key, minutes in stored.items()}
    for (placement_id, day), mark in changed.items():
        if placement_id in people:
            places = after.setdefault((people[placement_id][0], day), {})
            places[placement_id] = mark.minutes if mark is not None else 0
    problems: dict[Any, str | Promise] = {
        placement_id: _too_many(people[placement_id][1], sum(places.values()))
        for placement_id, day in sorted(more)
        if placement_id in people
        and sum((places := after[people[placement_id][0], day]).values()) > DAY_MINUTES
    }
    if problems:
        raise SheetRefused(problems)


def _too_many(personnel_number: str, minutes: int) -> str:
    words = {"number": personnel_number, "minutes": number(minutes), "most": number(DAY_MINUTES)}
    return (
        _(
            "№ %(number)s works at two places on this day: %(minutes)s minutes together, and a day "
            "has %(most)s. Agree with the other workshop who enters how much."
        )
        % words
    )
