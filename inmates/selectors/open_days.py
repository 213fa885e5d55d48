"""Whether a day of work is open: freely, with a written explanation only, or not at all.

Asked by the gate of the services (`services.open_days`) and by the pages that show the day. Three
queries, however many days, workshops and payers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from inmates.closed_refusals import MonthApproved
from inmates.enums import FINAL_RUNS, RunStatus, TimesheetStatus
from inmates.models import PayParameter, PayrollRun
from inmates.refusals import (
    BeingCalculated,
    CorrectionOver,
    DayAhead,
    MonthCalculated,
    ParameterMissing,
    TimesheetHandedIn,
)
from inmates.run_refusals import MonthHeld
from inmates.selectors.closed_months import gravest, runs_of_places
from inmates.selectors.timesheets import timesheet_states
from inmates.shifts import last_day_of_correction
from portal.kernel.errors import PortalError
from portal.kernel.periods import Month, Period, overlap_q
from portal.kernel.text import date_short, month_name

CORRECTION, FULL_SHIFT = "shift_correction_days", "full_shift_minutes"
OWN_RULE = "decision of the portal"
HANDED_IN = (TimesheetStatus.SUBMITTED, TimesheetStatus.LOCKED)


@dataclass(frozen=True, slots=True)
class ShiftRules:
    """The dated parameters of a shift, with where the window of correction is written."""

    correction_days: int
    source: str
    is_own: bool  # a rule of the portal, not of the law or of somebody's order
    norm: dict[str, int]


@dataclass(frozen=True, slots=True)
class WorkDay:
    """A day at a workshop for a payer: what decides whether it is open."""

    day: date
    workshop_id: int
    institution_id: int
    payer_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`refusal`: nothing is written. `closed`: written with an explanation; it says why."""

    refusal: PortalError | None = None
    closed: PortalError | None = None


def rules_of_days(days: Iterable[date]) -> dict[date, ShiftRules]:
    """What holds on each day; one query. A missing parameter is never a guess."""
    days = sorted(set(days))
    if not days:
        return {}
    rows = list(
        PayParameter.objects.filter(overlap_q(Period(days[0])), code__in=(CORRECTION, FULL_SHIFT))
    )
    return {day: _rules_on(rows, day) for day in days}


def shift_rules(day: date) -> ShiftRules:
    """What holds on one day."""
    return rules_of_days([day])[day]


def is_before_first(code: str, day: date) -> bool:
    """Whether the parameter has values, all of them from later days on."""
    rows = PayParameter.objects.filter(code=code).order_by("effective_from")
    first = rows.values_list("effective_from", flat=True).first()
    return first is not None and day < first


def _rules_on(rows: Iterable[PayParameter], day: date) -> ShiftRules:
    found = {
        row.code: row for row in rows if Period(row.effective_from, row.effective_to).contains(day)
    }
    for code in (CORRECTION, FULL_SHIFT):
        if code not in found:
            raise ParameterMissing(code, day)
    window = found[CORRECTION]
    is_own = window.confidence == OWN_RULE
    return ShiftRules(window.value, window.source, is_own, found[FULL_SHIFT].value)


def standings(
    workdays: Iterable[WorkDay], *, on: date, rules: Mapping[date, ShiftRules]
) -> dict[WorkDay, Standing]:
    """Each day as it stands on `on`: two queries.

    A month that is being calculated refuses, whatever is explained: the figures are being read.
    So does one whose wages are just being posted; once they are approved, with an explanation.
    """
    workdays = set(workdays)
    sheets = timesheet_states(
        {one.workshop_id for one in workdays}, {Month.of(one.day) for one in workdays}
    )
    found: dict[tuple[int, int, date], list[PayrollRun]] = {}
    for run in runs_of(workdays).only(
        "payer_id", "institution_id", "month", "status", "calculated_at"
    ):
        found.setdefault((run.payer_id, run.institution_id, run.month), []).append(run)
    runs = {key: gravest(many) for key, many in found.items()}
    return {one: _standing(one, on, rules[one.day], sheets, runs) for one in workdays}


def _standing(
    one: WorkDay,
    on: date,
    rules: ShiftRules,
    sheets: Mapping[tuple[int, date], str],
    runs: Mapping[tuple[int, int, date], PayrollRun | None],
) -> Standing:
    if one.day > on:
        return Standing(refusal=DayAhead(day=date_short(one.day)))
    month = Month.of(one.day)
    run = runs.get((one.payer_id, one.institution_id, month.first_day))
    words = {"month": month_name(one.day)}
    if run is not None and run.status == RunStatus.CALCULATING:
        return Standing(refusal=BeingCalculated(**words))
    if run is not None and run.status == RunStatus.POSTING:
        return Standing(refusal=MonthHeld(**words))
    if run is not None and run.status in FINAL_RUNS:
        return Standing(closed=MonthApproved(**words))
    if run is not None and run.status == RunStatus.CALCULATED:
        return Standing(closed=MonthCalculated(**words))
    if sheets.get((one.workshop_id, month.first_day)) in HANDED_IN:
        return Standing(closed=TimesheetHandedIn(**words))
    until = last_day_of_correction(one.day, rules.correction_days)
    if on > until:
        return Standing(closed=CorrectionOver(day=date_short(one.day), until=date_short(until)))
    return Standing()


def runs_of(workdays: Collection[WorkDay]) -> "QuerySet[PayrollRun]":
    """The runs of these days' months, payers and institutions, corrections among them."""
    found = PayrollRun.objects.none()
    for month in {Month.of(one.day) for one in workdays}:
        of_month = [one for one in workdays if Month.of(one.day) == month]
        found |= runs_of_places(month, {(one.payer_id, one.institution_id) for one in of_month})
    return found
