"""The whole of a shift for its page."""

from dataclasses import dataclass
from datetime import date, timedelta

from inmates.models import Placement, Reason
from inmates.selectors.open_days import ShiftRules, WorkDay, shift_rules, standings
from inmates.selectors.shift import (
    Entered,
    attendance_reasons,
    due_counts,
    earlier_marks,
    expected_on,
    marks_on,
)
from inmates.selectors.two_places import OtherPlace, other_places
from inmates.shifts import Earlier, last_day_of_correction
from portal.kernel.errors import PortalError
from portal.kernel.workdays import is_workday
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class ShiftDay:
    """One workshop on one day, looked at on `on`; names are apart, because reading them counts."""

    workshop: Workshop
    day: date
    on: date
    rules: ShiftRules
    placements: list[Placement]
    entered: dict[int, Entered]
    reasons: list[Reason]
    due: dict[str, int]
    refusal: PortalError | None
    # Why what is entered now needs a written explanation; None while the day is open.
    closed: PortalError | None = None

    @property
    def is_workday(self) -> bool:
        return is_workday(self.day)

    @property
    def present(self) -> int:
        return sum(one.value.minutes > 0 for one in self.entered.values())

    @property
    def absent(self) -> int:
        return len(self.entered) - self.present

    @property
    def missing(self) -> int:
        return len(self.placements) - len(self.entered)

    @property
    def last_saved(self) -> Entered | None:
        return max(self.entered.values(), key=lambda one: one.at, default=None)

    @property
    def open_until(self) -> date:
        return last_day_of_correction(self.day, self.rules.correction_days)

    def earlier(self) -> dict[int, Earlier]:
        """The last day entered before this one, by placement; two queries."""
        return earlier_marks(self.workshop, self.placements, self.day)

    def other_places(self) -> dict[int, list[OtherPlace]]:
        """Where else the people of the sheet are expected on the day; one query."""
        return other_places(self.placements, self.day)


def shift_day(workshop: Workshop, day: date, on: date) -> ShiftDay:
    """Everything of a shift but the names; a number of queries that does not grow."""
    rules = shift_rules(day)
    placements = expected_on(workshop, day)
    standing = standings(
        {
            WorkDay(day, workshop.pk, workshop.institution_id, payer_id)
            for payer_id in {one.payer_id for one in placements} or {0}
        },
        on=on,
        rules={day: rules},
    ).values()
    return ShiftDay(
        workshop=workshop,
        day=day,
        on=on,
        rules=rules,
        placements=placements,
        entered=marks_on([one.pk for one in placements], day),
        reasons=list(attendance_reasons(day)),
        due=due_counts(workshop, on),
        refusal=next((one.refusal for one in standing if one.refusal), None),
        closed=next((one.closed for one in standing if one.closed), None),
    )


def last_workday_before(day: date) -> date:
    """The nearest earlier day on which a timesheet was due."""
    day -= timedelta(days=1)
    while not is_workday(day):
        day -= timedelta(days=1)
    return day
