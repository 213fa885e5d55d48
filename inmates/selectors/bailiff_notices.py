"""Whom a bailiff has to be told of, and the notices an accountant or head of the payer sees."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from inmates.models import BailiffNotice, WritOfExecution
from inmates.papers.enums import NoticeStatus
from inmates.rules import PAYROLL_READERS
from inmates.selectors.payroll import granted_q
from inmates.selectors.writs import balances, months_of_writs
from portal.accounts.enums import PRIVATE_KINDS

# Who left a payer in some days with a writ in force: at a movement everybody who paid them on the
# last day there, otherwise the payer none of whose placements went on. A private payer is told no
# more than that the work ended: a term is none of its business (law.md §9).
LEFT_A_PAYER = """
WITH gone AS (
  SELECT c.inmate_id, c.effective_to AS day, CASE WHEN EXISTS (
      SELECT FROM inmates_custodystay n
      WHERE n.inmate_id = c.inmate_id AND n.effective_from = c.effective_to
    ) THEN 'transfer' ELSE 'release' END AS cause
  FROM inmates_custodystay c
  WHERE c.effective_to >= %(since)s AND c.effective_to <= %(on)s
    AND (%(everybody)s OR c.inmate_id = ANY(%(people)s))
), left_payer AS (
  SELECT p.inmate_id, p.payer_id, w.institution_id, g.day, g.cause
  FROM gone g
  JOIN inmates_placement p ON p.inmate_id = g.inmate_id AND p.effective_from < g.day
    AND (p.effective_to IS NULL OR p.effective_to >= g.day)
  JOIN workshops_post s ON s.id = p.post_id
  JOIN workshops_workshop w ON w.id = s.workshop_id
  UNION ALL
  SELECT p.inmate_id, p.payer_id, w.institution_id, p.effective_to, 'payer'
  FROM inmates_placement p
  JOIN workshops_post s ON s.id = p.post_id
  JOIN workshops_workshop w ON w.id = s.workshop_id
  WHERE p.effective_to >= %(since)s AND p.effective_to <= %(on)s
    AND (%(everybody)s OR p.inmate_id = ANY(%(people)s))
    AND NOT EXISTS (
      SELECT FROM inmates_placement o
      WHERE o.inmate_id = p.inmate_id AND o.payer_id = p.payer_id
        AND o.effective_from <= p.effective_to
        AND (o.effective_to IS NULL OR o.effective_to > p.effective_to))
)
SELECT DISTINCT ON (l.payer_id, l.day, x.id) l.inmate_id, x.id, l.payer_id, l.institution_id,
  CASE WHEN k.kind = ANY(%(private)s) THEN 'payer' ELSE l.cause END, l.day
FROM left_payer l
JOIN accounts_organisation k ON k.id = l.payer_id
JOIN inmates_writofexecution x ON x.inmate_id = l.inmate_id AND x.effective_from <= l.day
  AND (x.effective_to IS NULL OR x.effective_to > l.day)
WHERE NOT EXISTS (
  SELECT FROM inmates_bailiffnotice b
  WHERE b.writ_id = x.id AND b.payer_id = l.payer_id AND b.happened_on = l.day)
ORDER BY l.payer_id, l.day, x.id, l.cause = 'payer', l.cause, l.institution_id
"""


@dataclass(frozen=True, slots=True)
class Untold:
    """A bailiff whom a payer has to tell of a person; `happened_on`: the first day without it."""

    inmate_id: int
    writ_id: int
    payer_id: int
    institution_id: int
    cause: str
    happened_on: date


def untold(*, since: date, on: date, people: Collection[int] | None = None) -> list[Untold]:
    """What happened from `since` to `on` and has no notice yet; a writ paid off needs none.

    Three statements, one where nothing happened.
    """
    scope: dict[str, Any] = {
        "since": since,
        "on": on,
        "everybody": people is None,
        "people": list(people or ()),
        "private": [str(kind) for kind in PRIVATE_KINDS],
    }
    with connection.cursor() as cursor:
        cursor.execute(LEFT_A_PAYER, scope)
        found = [Untold(*row) for row in cursor.fetchall()]
    if not found:
        return []
    writs = WritOfExecution.objects.filter(pk__in={one.writ_id for one in found})
    standing = balances(writs, months_of_writs([writ.pk for writ in writs]))
    return [one for one in found if _asks_for_something(standing[one.writ_id])]


def _asks_for_something(balance: Any) -> bool:
    """Alimony goes on; of a claim its debt or the bailiff's fee is left."""
    return balance.debt_left is None or bool(balance.debt_left) or bool(balance.fee_left)


def notices_visible_to(user: Any, on: date) -> "QuerySet[BailiffNotice]":
    """Of payers in which the user is accountant or head, at their places; the only door."""
    granted = granted_q(user, on, PAYROLL_READERS, payer="payer", institution="institution")
    return BailiffNotice.objects.filter(granted).select_related(
        "inmate", "writ", "payer", "institution__organisation", "sent_by"
    )


def notices_listed(user: Any, on: date, *, state: str) -> "QuerySet[BailiffNotice]":
    """Those to be sent by their last day, or those that are settled, the newest first."""
    rows = notices_visible_to(user, on)
    waiting = Q(status=NoticeStatus.WAITING)
    if state == "settled":
        return rows.filter(~waiting).order_by("-happened_on", "-id")
    return rows.filter(waiting).order_by("due_on", "inmate__personnel_number", "id")


def late_notices(user: Any, on: date) -> "QuerySet[BailiffNotice]":
    """Waiting over their last day, the oldest first."""
    return notices_listed(user, on, state="waiting").filter(due_on__lt=on)


def late_unraised(on: date) -> "QuerySet[BailiffNotice]":
    """Of all payers: over their last day, and nobody above was told."""
    return BailiffNotice.objects.filter(
        status=NoticeStatus.WAITING, due_on__lt=on, raised_at=None
    ).order_by("payer_id", "institution_id", "id")


def waiting_of_person(inmate_id: int, payers: Collection[int]) -> "QuerySet[BailiffNotice]":
    """What these payers still have to send about the person."""
    return BailiffNotice.objects.filter(
        inmate=inmate_id, payer__in=payers, status=NoticeStatus.WAITING
    )
