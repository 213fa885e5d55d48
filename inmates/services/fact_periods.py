"""Closing the facts of an institution and month, and reopening them with a reason.

Called by the department's page of periods, the command and the demo.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.enums import FactStatus
from inmates.fact_refusals import (
    DefinitionChanged,
    MonthBeforeFacts,
    MonthNotOver,
    ReasonTooShort,
    UnknownDaysChanged,
)
from inmates.facts import DEFINITION
from inmates.models import FactDirty, FactHorizon, FactPeriod
from inmates.rules import can_close_facts
from inmates.selectors.facts import FactSummary, fact_summary
from inmates.services.facts import locked_horizon, rebuild_facts, redo_changed
from inmates.states import FACT_PERIOD
from portal.kernel.locks import lock_row
from portal.kernel.periods import Month
from portal.kernel.states import move
from portal.kernel.text import date_short
from workshops.models import Institution

FEWEST_LETTERS = 5


def finalise_facts(
    *, actor: Any, institution_id: int, month: Month, unknown_seen: int, on: date, at: datetime
) -> FactPeriod:
    """The facts of the month are final: hashed, with who and when, and changed no more.

    What was written since the last night is made into facts first. Refused: to whoever is no
    analyst of the department; before the month is over and made; if not exactly `unknown_seen`
    person-days are unknown, for whoever closes a month has seen them; before facts begin, where a
    day without any would stand for nobody held; facts of an earlier definition. Twice: refused.
    """
    institution = Institution.objects.get(pk=institution_id)
    _require(actor, institution, on)
    with transaction.atomic():
        horizon = locked_horizon(at)
        _require_made(horizon, month)
        redo_changed(horizon)
        period = _period(institution_id, month)
        summary = fact_summary(institution_id, month)
        if summary.unknown_days != unknown_seen:
            raise UnknownDaysChanged(count=summary.unknown_days, seen=unknown_seen)
        # What a final one says is not written over, not even by whoever the move then refuses.
        if period.status != FactStatus.FINAL:
            _say_what_it_holds(period, summary, actor, at)
        move(period, "finalise", machine=FACT_PERIOD, actor=actor, at=at)
    return period


def reopen_facts(
    *, actor: Any, institution_id: int, month: Month, reason: str, on: date, at: datetime
) -> FactPeriod:
    """The month is provisional again and says what came late; the reason stays in its history.

    Refused: to whoever is no analyst of the department; without a written reason; a month that
    is not final, so twice as well. What the facts were hashed to when they were final stays.
    A month closed by an earlier definition is made again by the present one.
    """
    institution = Institution.objects.get(pk=institution_id)
    _require(actor, institution, on)
    if len(reason.strip()) < FEWEST_LETTERS:
        raise ReasonTooShort
    with transaction.atomic():
        horizon = locked_horizon(at)
        period = _period(institution_id, month)
        move(period, "reopen", machine=FACT_PERIOD, actor=actor, at=at, reason=reason.strip())
        FactDirty.objects.filter(period=period).update(period=None)
        if horizon.built_until:
            redo_changed(horizon)
            if period.definition != DEFINITION:
                rebuild_facts(
                    begin=month.first_day, end=month.next().first_day, at=at,
                    institutions=[institution_id],
                )  # fmt: skip
    return period


def _say_what_it_holds(period: FactPeriod, summary: FactSummary, actor: Any, at: datetime) -> None:
    """The constraint wants all of it when the status is written."""
    period.rows_hash, period.definition = summary.rows_hash, DEFINITION
    period.person_days, period.unknown_days = summary.person_days, summary.unknown_days
    period.closed_by, period.closed_at = actor, at
    period.save(
        update_fields=[
            "rows_hash", "definition", "person_days", "unknown_days", "closed_by", "closed_at",
        ]
    )  # fmt: skip


def _require_made(horizon: FactHorizon, month: Month) -> None:
    """Every day of the month has facts, and of the present definition."""
    until = horizon.built_until
    if until is None or until < month.next().first_day:
        raise MonthNotOver(day=date_short(until) if until else "—")
    if month.first_day < horizon.built_from:
        raise MonthBeforeFacts(day=date_short(horizon.built_from))
    if horizon.definition != DEFINITION:
        raise DefinitionChanged


def _require(actor: Any, institution: Institution, on: date) -> None:
    can_close_facts(actor, institution.department_id, institution.organisation_id, on).require()


def _period(institution_id: int, month: Month) -> FactPeriod:
    """The locked period; made where no fact of the month ever was."""
    FactPeriod.objects.bulk_create(
        [FactPeriod(institution_id=institution_id, first_day=month.first_day)],
        ignore_conflicts=True,
    )
    period = FactPeriod.objects.get(institution_id=institution_id, first_day=month.first_day)
    return lock_row(FactPeriod, period.pk)
