"""What stops the wages of a month: each thing that is missing, ready to be mended.

Asked by the service that starts a run, and by the month board, which says where each is mended.
Nothing here is ever taken for zero.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Trim

from inmates.enums import FINAL_RUNS, ConsentKind, TimesheetStatus
from inmates.models import Consent, Timesheet
from inmates.refusals import CalendarMissing, KindsMissing, ParameterMissing, ParameterUnusable
from inmates.selectors.payroll_inputs import (
    operation_titles,
    placed_in_month,
    post_titles,
)
from inmates.selectors.payroll_law import law_of_month
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.selectors import tax_status_on
from portal.kernel.periods import Month
from workshops.models import Workshop

# Minutes and pieces whose post or operation has no rate of this payer on their day.
TIME_WITHOUT_RATE = """
SELECT p.post_id, COUNT(DISTINCT p.inmate_id), MIN(a.worked_on)
FROM inmates_attendance a
JOIN inmates_placement p ON p.id = a.placement_id
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id
LEFT JOIN inmates_reason q ON q.id = a.reason_id
WHERE p.payer_id = %(payer)s AND w.institution_id = %(institution)s
  AND a.worked_on BETWEEN %(first)s AND %(last)s
  AND (%(people)s::bigint[] IS NULL OR p.inmate_id = ANY(%(people)s))
  AND p.pay_form = 'time' AND a.minutes > 0 AND (a.reason_id IS NULL OR q.is_worked)
  AND NOT EXISTS (
    SELECT FROM inmates_payrate r WHERE r.payer_id = p.payer_id AND r.post_id = p.post_id
      AND r.effective_from <= a.worked_on
      AND (r.effective_to IS NULL OR a.worked_on < r.effective_to))
GROUP BY p.post_id ORDER BY MIN(a.worked_on), p.post_id
"""
PIECES_WITHOUT_RATE = """
WITH output AS (
  SELECT e.placement_id, e.work_order_operation_id, e.worked_on FROM inmates_workentry e
  WHERE e.worked_on BETWEEN %(first)s AND %(last)s
  UNION ALL
  SELECT h.placement_id, t.work_order_operation_id, t.worked_on
  FROM inmates_teamentry t JOIN inmates_teamshare h ON h.team_entry_id = t.id
  WHERE t.worked_on BETWEEN %(first)s AND %(last)s)
SELECT o.operation_id, COUNT(DISTINCT p.inmate_id), MIN(e.worked_on)
FROM output e
JOIN inmates_placement p ON p.id = e.placement_id
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id
JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
WHERE p.payer_id = %(payer)s AND w.institution_id = %(institution)s AND p.pay_form = 'piece'
  AND (%(people)s::bigint[] IS NULL OR p.inmate_id = ANY(%(people)s))
  AND NOT EXISTS (
    SELECT FROM inmates_payrate r
    WHERE r.payer_id = p.payer_id AND r.operation_id = o.operation_id
      AND r.effective_from <= e.worked_on
      AND (r.effective_to IS NULL OR e.worked_on < r.effective_to))
GROUP BY o.operation_id ORDER BY MIN(e.worked_on), o.operation_id
"""

# For whom it is asked: None for everybody the payer has there in the month.
People = Collection[int] | None
# Sheets of earlier months that are open while somebody on them waits for a new calculation.
OPEN_SHEETS = """
SELECT w.code, w.name_ru, w.name_kk, w.name_en, t.month, t.status
FROM inmates_timesheet t
JOIN workshops_workshop w ON w.id = t.workshop_id
WHERE w.institution_id = %(institution)s AND t.month < %(month)s AND t.status <> 'locked'
  AND EXISTS (
    SELECT FROM inmates_payrollrun r
    WHERE r.payer_id = %(payer)s AND r.institution_id = w.institution_id AND r.month = t.month
      AND r.status = ANY(%(final)s))
  AND EXISTS (
    SELECT FROM inmates_backdatedchange b
    JOIN inmates_placement p ON p.inmate_id = b.inmate_id AND p.payer_id = b.payer_id
    JOIN workshops_post s ON s.id = p.post_id AND s.workshop_id = w.id
    WHERE b.settled_by_id IS NULL AND b.payer_id = %(payer)s
      AND b.institution_id = w.institution_id
      AND b.first_day < t.month + interval '1 month'
      AND p.effective_from < t.month + interval '1 month'
      AND (p.effective_to IS NULL OR p.effective_to > t.month))
ORDER BY t.month, w.name_ru, w.id
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The timesheet of a workshop with people of the payer in the month."""

    code: str
    title: dict[str, str]
    status: str

    @property
    def is_locked(self) -> bool:
        return self.status == TimesheetStatus.LOCKED


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that is missing: `code` says what, the rest what its sentence needs."""

    code: str
    title: dict[str, str] | None = None
    people: int = 0
    day: date | None = None
    # Where it is mended: a workshop's code, a person's number, the key of a post or an operation.
    key: str = ""
    status: str = ""
    sentence: str = ""


def pay_blockers(payer_id: int, institution_id: int, month: Month) -> list[Blocker]:
    """All that is missing, in the order of the board; ten queries at most, whatever the size."""
    return [
        *sheet_blockers(sheets_of(payer_id, institution_id, month)),
        *past_sheet_blockers(payer_id, institution_id, month),
        *rate_blockers(payer_id, institution_id, month),
        *contract_blockers(payer_id, institution_id, month),
        *law_blockers(payer_id, month),
    ]


def sheets_of(
    payer_id: int, institution_id: int, month: Month, people: People = None
) -> list[Sheet]:
    """The timesheets in which the payer has people, or has these; one query."""
    placed = _placed(payer_id, institution_id, month, people).filter(post__workshop=OuterRef("pk"))
    stored = Timesheet.objects.filter(workshop=OuterRef("pk"), month=month.first_day)
    rows = (
        Workshop.objects.filter(Exists(placed), institution=institution_id)
        .annotate(sheet_status=Subquery(stored.values("status")))
        .order_by("name_ru", "id")
    )
    return [
        Sheet(
            row.code,
            {"ru": row.name_ru, "kk": row.name_kk or row.name_ru, "en": row.name_en or row.name_ru},
            row.sheet_status or TimesheetStatus.OPEN.value,
        )
        for row in rows
    ]


def sheet_blockers(sheets: Sequence[Sheet]) -> list[Blocker]:
    """Every timesheet that is not locked."""
    return [
        Blocker("timesheet", title=sheet.title, key=sheet.code, status=sheet.status)
        for sheet in sheets
        if not sheet.is_locked
    ]


def past_sheet_blockers(payer_id: int, institution_id: int, month: Month) -> list[Blocker]:
    """Timesheets of earlier months that were opened for a change and are not locked again.

    Those alone on which somebody waits to be calculated anew with this month; one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN_SHEETS,
            {
                "payer": payer_id,
                "institution": institution_id,
                "month": month.first_day,
                "final": [status.value for status in FINAL_RUNS],
            },
        )
        return [
            Blocker(
                "past_timesheet",
                title={"ru": ru, "kk": kk or ru, "en": en or ru},
                key=code,
                status=status,
                day=first,
            )
            for code, ru, kk, en, first, status in cursor.fetchall()
        ]


def rate_blockers(
    payer_id: int, institution_id: int, month: Month, people: People = None
) -> list[Blocker]:
    """Posts and operations at which somebody, or one of these, worked on a day without a rate."""
    scope = {
        "payer": payer_id,
        "institution": institution_id,
        "first": month.first_day,
        "last": month.last_day,
        "people": None if people is None else list(people),
    }
    with connection.cursor() as cursor:
        cursor.execute(TIME_WITHOUT_RATE, scope)
        posts = cursor.fetchall()
        cursor.execute(PIECES_WITHOUT_RATE, scope)
        operations = cursor.fetchall()
    found = list(_rates("rate_post", posts, post_titles([row[0] for row in posts])))
    names = operation_titles([row[0] for row in operations]) if operations else {}
    return [*found, *_rates("rate_operation", operations, names)]


def _rates(code: str, rows: list[Any], titles: dict[int, dict[str, str]]) -> Iterator[Blocker]:
    for subject_id, people, day in rows:
        title = titles[subject_id]
        yield Blocker(code, title=title, people=people, day=day, key=str(subject_id))


def contract_blockers(
    payer_id: int, institution_id: int, month: Month, people: People = None
) -> list[Blocker]:
    """Placements without the number of a contract; private ones without a consent in force."""
    consent = Consent.objects.filter(
        Q(withdrawn_on=None) | Q(withdrawn_on__gt=OuterRef("effective_from")),
        inmate=OuterRef("inmate"),
        employer=OuterRef("employer"),
        kind=ConsentKind.PRIVATE_WORK,
        given_on__lte=OuterRef("effective_from"),
    )
    is_private = Q(employer__kind__in=[kind.value for kind in PRIVATE_KINDS])
    rows = (
        _placed(payer_id, institution_id, month, people)
        .annotate(words=Trim("basis"), is_agreed=Exists(consent))
        .filter(Q(words="") | is_private & Q(is_agreed=False))
        .order_by("inmate__personnel_number", "id")
        .values_list("words", "inmate__personnel_number", "effective_from")
    )
    return [
        Blocker("consent" if words else "contract", people=1, day=day, key=number)
        for words, number, day in rows
    ]


def _placed(payer_id: int, institution_id: int, month: Month, people: People) -> Any:
    rows = placed_in_month(payer_id, institution_id, month)
    return rows if people is None else rows.filter(inmate__in=people)


def law_blockers(payer_id: int, month: Month) -> list[Blocker]:
    """The law's figures, the calendar, the kinds of earnings and the payer's tax regime."""
    found = []
    on = month.last_day
    try:
        law_of_month(month)
    except (ParameterMissing, ParameterUnusable) as refusal:
        found.append(Blocker("parameter", sentence=str(refusal), key=refusal.code, day=on))
    except CalendarMissing:
        found.append(Blocker("calendar", day=on))
    except KindsMissing:
        found.append(Blocker("kinds", day=on))
    if tax_status_on(payer_id, on) is None:
        found.append(Blocker("regime", day=on))
    return found
