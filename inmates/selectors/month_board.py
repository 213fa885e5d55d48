"""The month of a payer in an institution, step by step: what the board of wages shows.

Counts alone, of the payer's own people: nobody's name, and no reason of an absence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from inmates.enums import RunKind, TimesheetStatus
from inmates.models import (
    Attendance,
    ExtraPay,
    Inmate,
    PayrollRun,
    Placement,
    TaxApplication,
    TeamShare,
    WorkEntry,
    WritOfExecution,
    WritSuspension,
)
from inmates.selectors.backdated import Waiting, waiting_changes
from inmates.selectors.pay_blockers import (
    Blocker,
    Sheet,
    contract_blockers,
    law_blockers,
    rate_blockers,
    sheet_blockers,
    sheets_of,
)
from inmates.selectors.payroll import Place, runs_with_totals
from inmates.selectors.payroll_inputs import placed_in_month
from inmates.selectors.timesheets import timesheet_states
from portal.kernel.periods import Month, overlap_q, period_q

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OutputCount:
    """What was booked by the piece, and how much of it on days without hours."""

    entries: int
    pieces: int
    shares: int
    without_hours: int


@dataclass(frozen=True, slots=True)
class WritCount:
    """Writs of the month's people: served, suspended on its last day, ended in it."""

    in_force: int
    suspended: int
    ended: int


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything the board of one month tells."""

    payer_id: int
    institution_id: int
    month: Month
    people: int
    without_application: int
    sheets: list[Sheet]
    rates: list[Blocker]
    contracts: list[Blocker]
    law: list[Blocker]
    output: OutputCount
    writs: WritCount
    extra: int
    changes: Waiting
    run: PayrollRun | None

    @property
    def blockers(self) -> list[Blocker]:
        """All that stops the calculation, in the order of the steps."""
        sheets = [*sheet_blockers(self.sheets), *self.changes.sheets]
        return [*sheets, *self.rates, *self.contracts, *self.law]


@dataclass(frozen=True, slots=True)
class SheetsOfPlace:
    """How many timesheets a payer's month rests on, and how far they are."""

    due: int = 0
    submitted: int = 0
    locked: int = 0


def month_facts(payer_id: int, institution_id: int, month: Month) -> MonthFacts:
    """The board of one month; a fixed number of queries, whatever the size."""
    placed = placed_in_month(payer_id, institution_id, month)
    people = Inmate.objects.filter(pk__in=placed.values("inmate"))
    has_application = Exists(
        TaxApplication.objects.filter(
            period_q(month.last_day), inmate=OuterRef("pk"), payer=payer_id
        )
    )
    counts = people.aggregate(all=Count("pk"), without=Count("pk", filter=~Q(has_application)))
    runs = PayrollRun.objects.filter(
        payer=payer_id,
        institution=institution_id,
        month=month.first_day,
        kind=RunKind.REGULAR,
        is_reversed=False,
    ).select_related("payer", "institution__organisation", "task_run", "approved_by", "started_by")
    extra = ExtraPay.objects.filter(
        payer=payer_id, institution=institution_id, month=month.first_day
    )
    return MonthFacts(
        payer_id=payer_id,
        institution_id=institution_id,
        month=month,
        people=counts["all"],
        without_application=counts["without"],
        sheets=sheets_of(payer_id, institution_id, month),
        rates=rate_blockers(payer_id, institution_id, month),
        contracts=contract_blockers(payer_id, institution_id, month),
        law=law_blockers(payer_id, month),
        output=_output(placed, month),
        writs=_writs(people, month),
        extra=extra.count(),
        changes=waiting_changes(payer_id, institution_id, month),
        run=runs_with_totals(runs).first(),
    )


def _output(placed: Any, month: Month) -> OutputCount:
    days = Q(worked_on__range=(month.first_day, month.last_day))
    hours = Attendance.objects.filter(
        placement=OuterRef("placement"), worked_on=OuterRef("worked_on"), minutes__gt=0
    )
    entries = WorkEntry.objects.filter(days, placement__in=placed.values("pk"))
    found = entries.annotate(has_hours=Exists(hours)).aggregate(
        entries=Count("pk"),
        pieces=Sum("quantity", default=0),
        without=Count("pk", filter=Q(has_hours=False)),
    )
    shares = TeamShare.objects.filter(
        placement__in=placed.values("pk"),
        team_entry__worked_on__range=(month.first_day, month.last_day),
    )
    return OutputCount(found["entries"], found["pieces"], shares.count(), found["without"])


def _writs(people: Any, month: Month) -> WritCount:
    last = month.last_day
    suspended = WritSuspension.objects.filter(period_q(last), writ=OuterRef("pk"))
    rows = WritOfExecution.objects.filter(overlap_q(month.period), inmate__in=people.values("pk"))
    found = rows.annotate(is_suspended=Exists(suspended)).aggregate(
        in_force=Count("pk", filter=period_q(last) & Q(is_suspended=False)),
        suspended=Count("pk", filter=period_q(last) & Q(is_suspended=True)),
        ended=Count("pk", filter=Q(effective_to__lte=last)),
    )
    return WritCount(found["in_force"], found["suspended"], found["ended"])


def sheets_of_places(places: Iterable[Place], month: Month) -> dict[Key, SheetsOfPlace]:
    """How far the timesheets of each payer and institution are; two queries."""
    keys = {place.key for place in places}
    rows = set(
        Placement.objects.filter(
            overlap_q(month.period),
            payer__in={payer_id for payer_id, _place in keys},
            post__workshop__institution__in={place_id for _payer, place_id in keys},
        )
        .values_list("payer_id", "post__workshop__institution_id", "post__workshop_id")
        .distinct()
    )
    states = timesheet_states({workshop_id for *_key, workshop_id in rows}, [month])
    found: dict[Key, list[str]] = {key: [] for key in keys}
    for payer_id, institution_id, workshop_id in sorted(rows):
        if (payer_id, institution_id) in found:
            status = states.get((workshop_id, month.first_day), TimesheetStatus.OPEN)
            found[payer_id, institution_id].append(status)
    return {key: _counted(statuses) for key, statuses in found.items()}


def _counted(statuses: list[str]) -> SheetsOfPlace:
    locked = statuses.count(TimesheetStatus.LOCKED)
    submitted = statuses.count(TimesheetStatus.SUBMITTED) + locked
    return SheetsOfPlace(len(statuses), submitted, locked)
