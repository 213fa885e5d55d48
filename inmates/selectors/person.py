"""One person as the page shows them: where they are, what they do, what they can; no name."""

from dataclasses import dataclass
from datetime import date

from inmates.models import (
    CustodyStay,
    Inmate,
    LabourState,
    Placement,
    PlannedRelease,
    Qualification,
    WritOfExecution,
)
from portal.kernel.periods import period_q


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """The dated rows of one person, the newest first, looked at on `on`."""

    inmate: Inmate
    on: date
    stays: list[CustodyStay]
    states: list[LabourState]
    placements: list[Placement]
    qualifications: list[Qualification]
    expected: list[PlannedRelease]
    writs: int

    @property
    def stay(self) -> CustodyStay:
        """The last stay: it lasts, or it is the one the person left."""
        return self.stays[0]

    @property
    def is_held(self) -> bool:
        return self.stay.effective_to is None or self.on < self.stay.effective_to

    @property
    def state(self) -> LabourState | None:
        return next((one for one in self.states if _is_in_force(one, self.on)), None)

    @property
    def placed(self) -> list[Placement]:
        """The placements in force on the day."""
        return [one for one in self.placements if _is_in_force(one, self.on)]

    @property
    def expected_now(self) -> PlannedRelease | None:
        return next((one for one in self.expected if _is_in_force(one, self.on)), None)


def _is_in_force(row: CustodyStay | LabourState | Placement | PlannedRelease, on: date) -> bool:
    return row.effective_from <= on and (row.effective_to is None or on < row.effective_to)


def person_record(inmate: Inmate, on: date) -> PersonRecord:
    """Everything of the person's page in a fixed number of queries."""
    stays = inmate.stays.select_related("institution__organisation", "end_reason")
    placements = inmate.placements.select_related(
        "post__workshop__institution", "post__trade", "employer", "payer"
    )
    return PersonRecord(
        inmate=inmate,
        on=on,
        stays=list(stays.order_by("-effective_from")),
        states=list(inmate.labour_states.select_related("reason").order_by("-effective_from")),
        placements=list(placements.order_by("-effective_from", "-id")),
        qualifications=list(
            inmate.qualifications.select_related("trade").order_by("-awarded_on", "-grade", "id")
        ),
        expected=list(inmate.planned_releases.order_by("-effective_from")),
        writs=WritOfExecution.objects.filter(period_q(on), inmate=inmate).count(),
    )
