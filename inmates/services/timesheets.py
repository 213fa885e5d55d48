"""The way of a timesheet: submitted by the master, returned or locked by the accountant.

Called by the pages of both. What is written into the days of a month is `services.month`.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.enums import FINAL_RUNS
from inmates.models import Placement, Timesheet
from inmates.month_refusals import (
    MonthAhead,
    MonthNotOver,
    NobodyInMonth,
    ReasonTooShort,
    TimesheetGaps,
    WagesCalculated,
)
from inmates.rules import can_check_timesheet, can_lock_timesheet, can_record_work
from inmates.selectors.closed_months import runs_of_places
from inmates.selectors.timesheets import (
    closing_runs,
    gaps_of,
    last_day_ahead,
    placed_in_workshops,
)
from inmates.shifts import is_explanation
from inmates.states import TIMESHEET
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.states import move
from portal.kernel.text import date_short, month_name
from workshops.models import Workshop

LONGEST_REASON = 500


def submit_timesheet(*, actor: Any, workshop_id: int, month: Month, at: datetime) -> Timesheet:
    """The month of the workshop is submitted: from now on a day is corrected with a reason only.

    Refused: for whoever enters no work there, a month that has not begun, a workshop without
    people, a month whose last working day is ahead, one with a working day that is not entered
    (`TimesheetGaps` lists them), a sheet that is submitted or locked. Nothing happens after commit.
    Twice: the second is refused.
    """
    workshop = Workshop.objects.select_related("institution").get(pk=workshop_id)
    on = day_of(at)
    can_record_work(actor, workshop.institution.organisation_id, on).require()
    if month > Month.of(on):
        raise MonthAhead(month=month_name(month))
    with transaction.atomic():
        placements = _lock_people(workshop_id, month)
        sheet, _is_new = Timesheet.objects.get_or_create(
            workshop_id=workshop_id, month=month.first_day
        )
        sheet = lock_row(Timesheet, sheet.pk)
        if TIMESHEET.target(sheet.status, "submit"):
            if not placements:
                raise NobodyInMonth
            _require_whole(placements, month, on)
            sheet.submitted_by, sheet.submitted_at = actor, at
            sheet.save(update_fields=["submitted_by", "submitted_at"])
        move(sheet, "submit", machine=TIMESHEET, actor=actor, at=at)
        sheet.returned_reason = ""
        sheet.save(update_fields=["returned_reason"])
    return sheet


def return_timesheet(*, actor: Any, timesheet_id: int, reason: str, at: datetime) -> Timesheet:
    """The sheet is the master's again, with the reason on the page.

    Refused: for whoever pays nobody on it, without a reason in words, a sheet that is not
    submitted. Nothing happens after commit. Twice: the second is refused.
    """
    with transaction.atomic():
        sheet, _placements = _lock_checked(actor, timesheet_id, at)
        return _give_back(sheet, "return", actor=actor, reason=reason, at=at)


def lock_timesheet(*, actor: Any, timesheet_id: int, at: datetime) -> Timesheet:
    """The sheet is locked: wages are calculated from what it says.

    Refused: for whoever pays nobody on it, for whoever submitted it (by constraint too), a sheet
    that is not submitted, one in which a correction has left a working day empty. Nothing happens
    after commit. Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        sheet, placements = _lock_checked(actor, timesheet_id, at)
        if TIMESHEET.target(sheet.status, "lock"):
            can_lock_timesheet(
                actor,
                sheet.submitted_by_id,
                {one.payer_id for one in placements},
                sheet.workshop.institution.organisation_id,
                day_of(at),
            ).require()
            _require_whole(placements, Month.of(sheet.month), day_of(at))
            sheet.locked_by, sheet.locked_at = actor, at
            sheet.save(update_fields=["locked_by", "locked_at"])
        move(sheet, "lock", machine=TIMESHEET, actor=actor, at=at)
    return sheet


def reopen_timesheet(*, actor: Any, timesheet_id: int, reason: str, at: datetime) -> Timesheet:
    """The locked sheet is the master's again; it is submitted and locked anew.

    That of a month whose wages are approved too: its payslips stay, and what is changed goes with
    the next wages, for which the sheet is locked first. Refused: for whoever pays nobody on it,
    without a reason in words, a sheet that is not locked, a month whose wages are calculated and
    not approved yet, being calculated or posted (a run that is to begin waits until this is
    decided). Nothing happens after commit. Twice: the second is refused.
    """
    with transaction.atomic():
        sheet, placements = _lock_checked(actor, timesheet_id, at)
        month = Month.of(sheet.month)
        payers = {(one.payer_id, sheet.workshop.institution_id) for one in placements}
        lock_rows(runs_of_places(month, payers))
        made = closing_runs(month, payers).exclude(status__in=FINAL_RUNS)
        if TIMESHEET.target(sheet.status, "reopen") and made.exists():
            raise WagesCalculated(month_name(month))
        return _give_back(sheet, "reopen", actor=actor, reason=reason, at=at)


def _lock_people(workshop_id: int, month: Month) -> list[Placement]:
    """Who is saving days of these people is waited for, and waits for us (open_days.py)."""
    return lock_rows(
        placed_in_workshops([workshop_id], month).select_related("inmate").order_by("pk")
    )


def _lock_checked(actor: Any, timesheet_id: int, at: datetime) -> tuple[Timesheet, list[Placement]]:
    """The sheet and its people, locked in the order of all writers: people first."""
    found = Timesheet.objects.get(pk=timesheet_id)
    placements = _lock_people(found.workshop_id, Month.of(found.month))
    sheet = lock_row(Timesheet, timesheet_id)
    can_check_timesheet(
        actor,
        {one.payer_id for one in placements},
        sheet.workshop.institution.organisation_id,
        day_of(at),
    ).require()
    return sheet, placements


def _give_back(
    sheet: Timesheet, action: str, *, actor: Any, reason: str, at: datetime
) -> Timesheet:
    """Returned with its reason; whoever locked it before no longer vouches for it."""
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not is_explanation(words):
        raise ReasonTooShort
    if TIMESHEET.target(sheet.status, action):
        sheet.returned_reason = words
        sheet.save(update_fields=["returned_reason"])
    move(sheet, action, machine=TIMESHEET, actor=actor, at=at, reason=words)
    sheet.locked_by = sheet.locked_at = None
    sheet.save(update_fields=["locked_by", "locked_at"])
    return sheet


def _require_whole(placements: list[Placement], month: Month, on: date) -> None:
    """Before its last working day nobody can know what a sheet will say."""
    ahead = last_day_ahead(placements, month, on)
    if ahead is not None:
        raise MonthNotOver(day=date_short(ahead))
    gaps = gaps_of(placements, month, on)
    if gaps:
        raise TimesheetGaps(gaps)
