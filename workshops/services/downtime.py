"""Downtime of a post, a machine or a whole workshop: entered, ended, withdrawn.

Called by the master's page of the shift.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from workshops.enums import FloorReasonGroup
from workshops.models import Downtime, Equipment, Post, Workshop
from workshops.refusals import DowntimeAhead, DowntimeTurned, NotInWorkshop
from workshops.services.floor_gate import late_text, require_floor, require_words, usable_reason


def record_downtime(
    *,
    actor: Any,
    workshop_id: int,
    reason_id: int,
    began_at: datetime,
    ended_at: datetime | None,
    at: datetime,
    days_open: int,
    post_id: int | None = None,
    equipment_id: int | None = None,
    note: str = "",
    late_why: str = "",
) -> Downtime:
    """The post, the machine or (neither named) the workshop stood still from `began_at`.

    Without an end it still stands. Refused: neither master nor labour officer of the institution,
    a time ahead, past the window without words, an end before the beginning, a thing of another
    workshop, a reason that is not offered or lacks its text, a time of the same thing that is
    entered already (so twice is refused). Nothing happens after commit.
    """
    with readable_refusals(), transaction.atomic():
        # One after another: two rivals of one exclusion constraint may else wait for each other.
        workshop = lock_row(Workshop, workshop_id)
        require_floor(actor, workshop, at)
        late = late_text(day_of(began_at), at=at, days_open=days_open, late_why=late_why)
        _require_times(began_at, ended_at, at)
        _require_here(workshop_id, post_id, equipment_id)
        reason = usable_reason(reason_id, FloorReasonGroup.DOWNTIME, note)
        return Downtime.objects.create(
            workshop=workshop,
            post_id=post_id,
            equipment_id=equipment_id,
            began_at=began_at,
            ended_at=ended_at,
            ended_by=actor if ended_at else None,
            reason=reason,
            note=note.strip(),
            late_why=late,
            recorded_by=actor,
            recorded_at=at,
        )


def end_downtime(*, actor: Any, downtime_id: int, ended_at: datetime, at: datetime) -> Downtime:
    """The downtime that was open ended at this moment.

    Refused: neither master nor labour officer, an end ahead or before the beginning, one that is
    ended or withdrawn already; so twice is refused. However late: it stood all the time.
    """
    with readable_refusals(), transaction.atomic():
        row = _locked(actor, downtime_id, at)
        _require_times(row.began_at, ended_at, at)
        row.ended_at, row.ended_by = ended_at, actor
        row.save(update_fields=["ended_at", "ended_by"])
    return row


def withdraw_downtime(*, actor: Any, downtime_id: int, why: str, at: datetime) -> Downtime:
    """The entry is withdrawn, with the reason, and its time is free for another.

    Refused: neither master nor labour officer, a reason of fewer than five letters, twice.
    """
    with readable_refusals(), transaction.atomic():
        row = _locked(actor, downtime_id, at)
        row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = actor, at, require_words(why)
        row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])
    return row


def _locked(actor: Any, downtime_id: int, at: datetime) -> Downtime:
    row = lock_row(Downtime, downtime_id)
    workshop = Workshop.objects.select_related("institution").get(pk=row.workshop_id)
    require_floor(actor, workshop, at)
    return row


def _require_times(began_at: datetime, ended_at: datetime | None, at: datetime) -> None:
    if began_at > at or (ended_at is not None and ended_at > at):
        raise DowntimeAhead
    if ended_at is not None and ended_at <= began_at:
        raise DowntimeTurned


def _require_here(workshop_id: int, post_id: int | None, equipment_id: int | None) -> None:
    posts = Post.objects.filter(pk=post_id, workshop=workshop_id)
    machines = Equipment.objects.filter(pk=equipment_id, workshop=workshop_id)
    if post_id is not None and equipment_id is not None:
        raise NotInWorkshop
    if post_id is not None and not posts.exists():
        raise NotInWorkshop
    if equipment_id is not None and not machines.exists():
        raise NotInWorkshop
