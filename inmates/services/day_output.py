"""What output says about a day of attendance: nobody absent made anything, alone or in a team.

Called by `services.attendance` under its locks; refuses the sheet at the people it is about.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inmates.models import Placement, WorkEntry
from inmates.refusals import SheetRefused
from inmates.selectors.teams import team_minutes
from inmates.shifts import Mark
from portal.kernel.text import number

Day = tuple[int, date]


def require_output_fits(wanted: Mapping[Day, Mark | None]) -> None:
    """Pieces made by somebody who was not there would be paid to a mistake.

    Nor does a team's entry count more minutes of a person than the day has.
    """
    minutes = {key: mark.minutes if mark is not None else 0 for key, mark in wanted.items()}
    made = _made({key for key, worked in minutes.items() if not worked})
    in_team = team_minutes({key[0] for key in minutes}, {key[1] for key in minutes})
    short = {
        key: counted
        for key, counted in in_team.items()
        if key in minutes and counted > minutes[key] and key not in made
    }
    if not made and not short:
        return
    numbers = dict(
        Placement.objects.filter(pk__in={key[0] for key in (*made, *short)}).values_list(
            "pk", "inmate__personnel_number"
        )
    )
    problems: dict[Any, str | Promise] = {
        key[0]: _in_team(numbers[key[0]], counted) for key, counted in sorted(short.items())
    }
    problems |= {
        key[0]: _("№ %(number)s has output on this day: %(count)s pcs. Take the output away first, "
                  "or choose a short day.") % {"number": numbers[key[0]], "count": count}
        for key, count in sorted(made.items())
    }  # fmt: skip
    raise SheetRefused(problems)


def _made(absent: set[Day]) -> dict[Day, int]:
    entries = WorkEntry.objects.filter(
        placement__in={key[0] for key in absent}, worked_on__in={key[1] for key in absent}
    ).values_list("placement_id", "worked_on", "quantity")
    made: dict[Day, int] = {}
    for placement_id, worked_on, quantity in entries:
        if (placement_id, worked_on) in absent:
            made[placement_id, worked_on] = made.get((placement_id, worked_on), 0) + quantity
    return made


def _in_team(personnel_number: str, counted: int) -> str:
    return _(
        "№ %(number)s stands in a team of this day with %(minutes)s min. Correct the team first."
    ) % {"number": personnel_number, "minutes": number(counted)}
