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
from portal.accounts.models import Organisation
from portal.kernel.clock import day_of
from portal.kernel.models import AuditEvent
from portal.kernel.periods import period_q
from portal.kernel.states import subject_type
from workshops.models import Post

# The action of an audit event about a person; its details are read by `_taken_back`.
TAKEN_BACK = "placement_taken_back"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A placement that was taken back before anybody worked by it; only the audit knows it."""

    begin: date
    on: date
    post: str
    employer: str
    contracts: list[str]


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
    taken_back: list[TakenBack]

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
        taken_back=_taken_back(inmate),
    )


def _taken_back(inmate: Inmate) -> list[TakenBack]:
    """One query for nearly everybody: the names are asked for only where something was."""
    events = list(
        AuditEvent.objects.filter(
            action=TAKEN_BACK, subject_type=subject_type(inmate), subject_id=inmate.pk
        ).order_by("at", "id")
    )
    if not events:
        return []
    posts = Post.objects.in_bulk({one.details["post"] for one in events})
    employers = Organisation.objects.in_bulk({one.details["employer"] for one in events})
    return [
        TakenBack(
            begin=date.fromisoformat(one.details["begin"]),
            on=day_of(one.at),
            post=posts[one.details["post"]].name,
            employer=employers[one.details["employer"]].name,
            contracts=one.details["contracts"],
        )
        for one in events
    ]
