"""Briefings, protective equipment and medical admission: entered, ended, asked for by output.

Called by the safety pages and the seed; `require_cleared` by the service of output.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from inmates.models import (
    Clearance,
    ClearanceRequirement,
    CustodyStay,
    Inmate,
    Placement,
    TeamShare,
    WorkEntry,
)
from inmates.presenters.clearances import refusal_of_output
from inmates.refusals import SheetRefused
from inmates.rules import can_record_clearance
from inmates.safety_refusals import (
    ClearanceAhead,
    ClearanceEnded,
    ClearanceInUse,
    ClearanceOtherwise,
    NobodyChosen,
    NotHeldHere,
)
from inmates.selectors.clearances import lacks_of
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import period_q
from portal.kernel.text import date_short
from workshops.models import WorkOrderOperation

Entry = tuple[int, int, date]  # placement, operation of a work order, day


def record_clearances(
    *,
    actor: Any,
    inmate_ids: Collection[int],
    kind: str,
    document: str,
    effective_from: date,
    at: datetime,
    trade_id: int | None = None,
    effective_to: date | None = None,
) -> int:
    """Each of these people is cleared from the day by this one document. How many were entered.

    Refused as a whole: nobody named, a day ahead, somebody not held today in an institution where
    the actor may enter this kind (the master a briefing alone), an end before the beginning, the
    same day entered otherwise. Twice is harmless: what stands already is not entered again.
    """
    wanted = set(inmate_ids)
    if not wanted:
        raise NobodyChosen
    if effective_from > day_of(at):
        raise ClearanceAhead(day=date_short(effective_from))
    with readable_refusals(), transaction.atomic():
        lock_rows(Inmate.objects.filter(pk__in=wanted))
        _require_right(actor, wanted, kind, day_of(at))
        stored = Clearance.objects.filter(
            inmate__in=wanted, kind=kind, trade=trade_id, effective_from=effective_from
        )
        known = {row.inmate_id: row for row in stored.select_related("inmate")}
        otherwise = sorted(
            row.inmate.personnel_number
            for row in known.values()
            if (row.document, row.effective_to) != (document, effective_to)
        )
        if otherwise:
            raise ClearanceOtherwise(numbers=", ".join(otherwise))
        fresh = Clearance.objects.bulk_create(
            Clearance(
                inmate_id=inmate_id,
                kind=kind,
                trade_id=trade_id,
                document=document,
                effective_from=effective_from,
                effective_to=effective_to,
                recorded_by=actor,
                recorded_at=at,
            )
            for inmate_id in sorted(wanted - set(known))
        )
    return len(fresh)


def end_clearance(*, actor: Any, clearance_id: int, on: date, at: datetime) -> Clearance:
    """The clearance ends: `on` is the first day without it.

    Refused: for whoever may not enter this kind, a day ahead, one that has ended earlier, output
    on later days that nothing else covers. Twice with the same day is harmless.
    """
    inmate_id = Clearance.objects.values_list("inmate_id", flat=True).get(pk=clearance_id)
    if on > day_of(at):
        raise ClearanceAhead(day=date_short(on))
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate_id)
        row = lock_row(Clearance, clearance_id)
        _require_right(actor, {inmate_id}, row.kind, day_of(at))
        if row.effective_to == on:
            return row
        if row.effective_to is not None and row.effective_to < on:
            raise ClearanceEnded(day=date_short(row.effective_to))
        # Whoever enters output of this person holds the placement: one of the two waits.
        placements = lock_rows(Placement.objects.filter(inmate=inmate_id))
        before, row.effective_to = row.effective_to, on
        row.save(update_fields=["effective_to"])
        _require_output_covered(inmate_id, {one.pk for one in placements}, on)
        audit.record(
            actor=actor, action="clearance_ended", at=at, subject=row,
            kind=row.kind, before=before.isoformat() if before else "", on=on.isoformat(),
        )  # fmt: skip
    return row


def _require_right(actor: Any, inmates: Collection[int], kind: str, on: date) -> None:
    """Everybody is held today where the actor may enter it."""
    stays = CustodyStay.objects.filter(period_q(on), inmate__in=inmates)
    places = dict(stays.values_list("inmate_id", "institution__organisation_id"))
    for place_id in sorted(set(places.values())):
        can_record_clearance(actor, place_id, kind, on).require()
    strangers = set(inmates) - set(places)
    if strangers:
        numbers = Inmate.objects.filter(pk__in=strangers).order_by("personnel_number")
        found = numbers.values_list("personnel_number", flat=True)
        raise NotHeldHere(numbers=", ".join(found))


def _require_output_covered(inmate_id: int, placements: Collection[int], since: date) -> None:
    rows = WorkEntry.objects.filter(placement__in=placements, worked_on__gte=since).values_list(
        "work_order_operation__operation__trade_id", "worked_on"
    )
    in_teams = TeamShare.objects.filter(
        placement__in=placements, team_entry__worked_on__gte=since
    ).values_list("team_entry__work_order_operation__operation__trade_id", "team_entry__worked_on")
    lacks = lacks_of({(inmate_id, trade_id, day) for trade_id, day in [*rows, *in_teams]})
    if lacks:
        raise ClearanceInUse(day=date_short(min(day for _inmate, _trade, day in lacks)))


def require_cleared(changed: Mapping[Entry, int], stored: Mapping[Entry, WorkEntry]) -> None:
    """Refused with a sentence for each cell whose person lacks what the operation's trade asks for.

    Called under the lock of the placements by the service of output. Only where pieces are added:
    taking some away is possible for whoever is no longer cleared too.
    """
    if not ClearanceRequirement.objects.exists():
        return
    added = {
        key
        for key, quantity in changed.items()
        if quantity > (stored[key].quantity if key in stored else 0)
    }
    operations = _operations({operation_id for _placement, operation_id, _day in added})
    people = {
        pk: (inmate_id, number)
        for pk, inmate_id, number in Placement.objects.filter(
            pk__in={placement_id for placement_id, _operation, _day in added}
        ).values_list("pk", "inmate_id", "inmate__personnel_number")
    }
    asked = {
        key: (people[key[0]][0], operations[key[1]].operation.trade_id, key[2]) for key in added
    }
    lacks = lacks_of(set(asked.values()))
    problems: dict[Any, str | Promise] = {
        (key[0], key[1]): refusal_of_output(
            people[key[0]][1], operations[key[1]].operation.name, lacks[asked[key]]
        )
        for key in sorted(added)
        if asked[key] in lacks
    }
    if problems:
        raise SheetRefused(problems)


def _operations(ids: Collection[int]) -> Mapping[int, WorkOrderOperation]:
    return WorkOrderOperation.objects.select_related("operation").in_bulk(ids)
