"""What the people paid by the piece made, day by day, and for which work order. Pure.

Orders of customers come first, the rest goes to the stock of the workshop. Everybody works on the
operation of their trade that lags furthest behind.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random

from portal.demo.days import Day
from portal.demo.placements import Job

# Tempo of a person against the norm, drawn once.
SLOWEST, FASTEST = 0.97, 1.16
STOCK_STEP = 5


@dataclass(frozen=True, slots=True)
class Step:
    """An operation of a product's routing."""

    product: str
    sequence: int
    trade: str
    minutes: int
    share: int  # pieces of this product among those of the workshop


@dataclass(slots=True)
class Demand:
    """A work order: a quantity from a day on; without a quantity it is for the stock."""

    key: object
    workshop: str
    product: str
    begin: date
    quantity: int | None = None
    days: int = 1
    done: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def room(self, sequence: int, on: date) -> int | None:
        """Pieces that may be made by a day, the order being spread evenly over its days."""
        if self.quantity is None:
            return None
        passed = min((on - self.begin).days + 1, self.days)
        return (2 * self.quantity * passed + self.days) // (2 * self.days) - self.done[sequence]


@dataclass(frozen=True, slots=True)
class Made:
    """Accepted pieces of one person on one operation of a demand on one day."""

    job: Job
    demand: Demand
    sequence: int
    on: date
    quantity: int


@dataclass
class Floor:
    """The workshops at work: routing, demands and what each person has begun."""

    steps: dict[str, list[Step]]
    demands: list[Demand]
    rng: Random
    made: dict[tuple[str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    current: dict[int, Step] = field(default_factory=dict)
    spare: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    tempo: dict[int, float] = field(default_factory=dict)

    def work(self, days: list[Day]) -> list[Made]:
        """All output of the days, which come in the order of time."""
        return [
            entry
            for day in days
            if day.job.pay_form == "piece" and day.minutes
            for entry in self._work_day(day)
        ]

    def _work_day(self, day: Day) -> list[Made]:
        """Whole pieces of the day; minutes left over are the next day's start on the same step."""
        person = day.job.inmate.pk
        tempo = self.tempo.setdefault(person, self.rng.uniform(SLOWEST, FASTEST))
        step = self.current.get(person)
        if step is None or step not in self._steps(day):
            step, self.spare[person] = self._next_step(day), 0.0
        minutes = day.minutes * tempo + self.spare[person]
        count = int(minutes // step.minutes)
        self.spare[person] = minutes - count * step.minutes
        # With less than a tenth of a piece begun one may change over; otherwise one finishes it.
        self.current[person] = step
        if self.spare[person] < step.minutes / 10:
            del self.current[person]
        return self._book(day, step, count)

    def _steps(self, day: Day) -> list[Step]:
        return [step for step in self.steps[day.job.workshop] if step.trade == day.job.trade]

    def _next_step(self, day: Day) -> Step:
        workshop = day.job.workshop

        def lag(step: Step) -> tuple[bool, float]:
            waits = any(
                demand.room(step.sequence, day.on)
                for demand in self._open(workshop, step.product, day.on)
            )
            return not waits, self.made[workshop, step.product, step.sequence] / step.share

        return min(self._steps(day), key=lag)

    def _open(self, workshop: str, product: str, on: date) -> list[Demand]:
        return [
            demand
            for demand in self.demands
            if demand.workshop == workshop and demand.product == product and demand.begin <= on
        ]

    def _book(self, day: Day, step: Step, count: int) -> list[Made]:
        entries = []
        self.made[day.job.workshop, step.product, step.sequence] += count
        for demand in self._open(day.job.workshop, step.product, day.on):
            room = demand.room(step.sequence, day.on)
            taken = count if room is None else min(count, room)
            if taken:
                demand.done[step.sequence] += taken
                entries.append(Made(day.job, demand, step.sequence, day.on, taken))
                count -= taken
        return entries


def stock_quantity(demand: Demand) -> int:
    """How many a stock order asks for: a little more than was made of it."""
    most = max(demand.done.values(), default=0)
    return (most // STOCK_STEP + 2) * STOCK_STEP
