"""A team in one workshop: what several made alike on a day, entered as made together."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from inmates.models import TeamEntry, TeamShare
from portal.demo.days import Day, evening
from portal.demo.orders import moment
from portal.demo.output import Made
from portal.kernel.copying import copy_rows, next_ids

LEAST, MOST = 2, 5
# The team works together on so many days, the last ones: wages of the last full month know it.
DAYS = 30
FOREMAN = Decimal("1.20")
EVERYBODY = Decimal("1.00")


@dataclass(frozen=True, slots=True)
class Team:
    """The entries of single people that become one of a team."""

    entries: tuple[Made, ...]

    @property
    def quantity(self) -> int:
        return sum(one.quantity for one in self.entries)

    @property
    def first(self) -> Made:
        return self.entries[0]


def form_teams(
    made: list[Made], institution: int, begun: dict[object, date]
) -> tuple[list[Made], list[Team]]:
    """What single people made, and the teams of the workshop where most work side by side.

    `begun`: the first day of each demand, which its single people begin.
    """
    together: dict[tuple[object, int, date, int], list[Made]] = defaultdict(list)
    for one in made:
        if one.job.institution == institution and one.on != begun[one.demand.key]:
            payer = one.job.employer.pk
            together[one.demand.key, one.sequence, one.on, payer].append(one)
    chosen: dict[str, list[Team]] = defaultdict(list)
    for entries in together.values():
        people = {one.job.placement_id: one for one in entries}
        if len(people) == len(entries) and LEAST <= len(entries) <= MOST:
            chosen[entries[0].job.workshop].append(Team(tuple(entries)))
    if not chosen:
        return made, []
    workshop = max(chosen, key=lambda code: (len(chosen[code]), code))
    days = sorted({team.first.on for team in chosen[workshop]})[-DAYS:]
    by_day = {team.first.on: team for team in chosen[workshop] if team.first.on in days}
    teams = [by_day[day] for day in days]
    taken = {id(one) for team in teams for one in team.entries}
    return [one for one in made if id(one) not in taken], teams


def write_teams(
    teams: list[Team],
    days: list[Day],
    operation_of: Callable[[Made], int],
    recorded_by: int | None,
) -> None:
    """The teams with the minutes of the day; the first of each is the foreman."""
    minutes = {(day.job.placement_id, day.on): day.minutes for day in days}
    keys = next_ids(TeamEntry, len(teams))
    copy_rows(
        TeamEntry,
        ("id", "work_order_operation_id", "worked_on", "quantity", "recorded_by_id", "recorded_at"),
        [
            (
                key,
                operation_of(team.first),
                team.first.on,
                team.quantity,
                recorded_by,
                _recorded_at(team.first.on),
            )
            for key, team in zip(keys, teams, strict=True)
        ],
    )
    copy_rows(
        TeamShare,
        ("team_entry_id", "placement_id", "minutes", "coefficient"),
        [
            (
                key,
                one.job.placement_id,
                minutes[one.job.placement_id, one.on],
                FOREMAN if place == 0 else EVERYBODY,
            )
            for key, team in zip(keys, teams, strict=True)
            for place, one in enumerate(team.entries)
        ],
    )


def _recorded_at(day: date) -> datetime:
    return moment(day, 0) + evening(day)
