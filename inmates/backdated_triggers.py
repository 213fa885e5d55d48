"""Triggers that mark what changed in closed months, on all that wages are made from beside days.

Placements, stays, facts about people, rates, writs and the directories of the law; those of days,
output and extra payments are in month_triggers. The tax regime of a payer is a table of the layer
below: its triggers are made by SQL in the migration of the marks.
"""

import pgtrigger

from inmates.backdated_marks import CLOSED, OPERATIONS, mark, marks_of_dated, statement
from inmates.parameters import PARAMETER_CODES
from inmates.wage_codes import EARNING_LAW_CODES

# A mark carries the reason that the service was given, whichever trigger writes it.
MARK_HAS_REASON = pgtrigger.Trigger(
    name="mark_has_reason",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
    IF NEW.reason = '' THEN
      NEW.reason = left(COALESCE(current_setting('portal.reason', true), ''), 300);
    END IF;
    RETURN NEW;
    """,
)

# The end of work, and the leave that is due then, are asked of all places of the payer together:
# whoever worked elsewhere for it in the months reached is marked there as well.
MARK_PLACEMENTS = marks_of_dated(
    "placements",
    "placement",
    ("inmate_id", "payer_id", "post_id", "pay_form"),
    """
    SELECT x.inmate_id, x.payer_id, w.institution_id,
      MIN(GREATEST(x.first_day - {before}, p.effective_from)) AS first_day,
      'infinity'::date AS until, 'placement:' || x.id AS subject, NULL::bigint AS recorded_by
    FROM ({parts}) x
    CROSS JOIN LATERAL (
      SELECT x.post_id, x.effective_from
      UNION ALL
      SELECT e.post_id, e.effective_from FROM inmates_placement e
      WHERE e.inmate_id = x.inmate_id AND e.payer_id = x.payer_id AND e.id <> x.id
        AND (e.effective_to IS NULL
             OR e.effective_to > date_trunc('month', x.first_day - {before})::date)) p
    JOIN workshops_post s ON s.id = p.post_id
    JOIN workshops_workshop w ON w.id = s.workshop_id
    GROUP BY x.inmate_id, x.payer_id, w.institution_id, x.id
    """,
    of_payer=True,
)
MARK_STAYS = marks_of_dated(
    "stays",
    "person",
    ("inmate_id",),
    """
    SELECT p.inmate_id, p.payer_id, w.institution_id,
      MIN(GREATEST(x.first_day - {before}, p.effective_from)) AS first_day,
      'infinity'::date AS until, 'stay' AS subject, NULL::bigint AS recorded_by
    FROM ({parts}) x
    JOIN inmates_placement p ON p.inmate_id = x.inmate_id
      AND (p.effective_to IS NULL OR p.effective_to >= x.first_day)
    JOIN workshops_post s ON s.id = p.post_id
    JOIN workshops_workshop w ON w.id = s.workshop_id
    GROUP BY p.inmate_id, p.payer_id, w.institution_id
    """,
)

# Facts about a person: of the payers and places that paid them in the months concerned.
_BY_SLIPS = """
    SELECT {person} AS inmate_id, r.payer_id, r.institution_id,
      GREATEST(MIN(x.first_day), MIN(r.month)) AS first_day, 'infinity'::date AS until,
      {subject} AS subject, MAX({recorded_by})::bigint AS recorded_by
    FROM {source}
    JOIN inmates_payrollrun r ON r.status IN ({closed})
      AND r.month >= date_trunc('month', x.first_day)::date AND r.month < x.until {also}
    WHERE EXISTS (SELECT FROM inmates_payslip s
                  WHERE s.run_id = r.id AND s.inmate_id = {person})
    GROUP BY 1, 2, 3, 6
"""


def _by_slips(
    subject: str,
    *,
    source: str = "({parts}) x",
    person: str = "x.inmate_id",
    recorded_by: str = "NULL",
    also: str = "",
) -> str:
    return _BY_SLIPS.format(
        person=person, subject=subject, recorded_by=recorded_by, source=source, closed=CLOSED,
        also=also,
    )  # fmt: skip


MARK_APPRENTICESHIPS = marks_of_dated(
    "apprenticeships",
    "apprenticeship",
    ("inmate_id", "trade_id", "norm_coefficient"),
    _by_slips("'apprenticeship:' || x.id", recorded_by="x.recorded_by_id"),
)
MARK_APPLICATIONS = marks_of_dated(
    "applications",
    "application",
    ("inmate_id", "payer_id"),
    _by_slips("'application'", recorded_by="x.recorded_by_id", also="AND r.payer_id = x.payer_id"),
    of_payer=True,
)
# The terms of one document follow each other: it is named by its first row.
_DOCUMENT = (
    "'writ:' || COALESCE((SELECT MIN(v.id) FROM inmates_writofexecution v"
    " WHERE v.number = {row}.number), {row}.id)"
)
MARK_WRITS = marks_of_dated(
    "writs",
    "writ",
    (
        "inmate_id", "number", "queue", "kind", "share_numerator", "share_denominator", "amount",
        "debt", "fee",
    ),
    _by_slips(_DOCUMENT.format(row="x")),
)  # fmt: skip
MARK_SUSPENSIONS = marks_of_dated(
    "suspensions",
    "writ",
    ("writ_id",),
    _by_slips(
        _DOCUMENT.format(row="t"),
        source="({parts}) x JOIN inmates_writofexecution t ON t.id = x.writ_id",
        person="t.inmate_id",
    ),
)
# These have no dates of their own: whatever was paid by them is looked at again.
_FACTS = "id, born_on, pension, disability_group"
_PERSON = (
    "(SELECT DISTINCT d.id AS inmate_id, DATE '1900-01-01' AS first_day, "  # noqa: S608 - constants
    "'infinity'::date AS until"
    f" FROM (SELECT {_FACTS} FROM ("
    f"SELECT {_FACTS} FROM old_rows UNION ALL SELECT {_FACTS} FROM new_rows) AS sides"
    f" GROUP BY {_FACTS} HAVING count(*) = 1) d) x"
)
MARK_PERSON = statement(
    "mark_person_changed",
    pgtrigger.Update,
    mark("person", _by_slips("'person'", source=_PERSON)) + "RETURN NULL;",
)

_RATES = """
    (
    SELECT p.inmate_id, p.payer_id, w.institution_id,
      MIN(GREATEST(x.first_day, p.effective_from)) AS first_day, MAX(x.until) AS until,
      'post:' || x.post_id AS subject, MAX(x.recorded_by_id) AS recorded_by
    FROM ({parts}) x
    JOIN inmates_placement p ON p.payer_id = x.payer_id AND p.post_id = x.post_id
      AND p.pay_form = 'time' AND p.effective_from < x.until
      AND (p.effective_to IS NULL OR p.effective_to > x.first_day)
    JOIN workshops_post s ON s.id = p.post_id
    JOIN workshops_workshop w ON w.id = s.workshop_id
    GROUP BY p.inmate_id, p.payer_id, w.institution_id, x.post_id
    ) UNION ALL (
    SELECT p.inmate_id, p.payer_id, w.institution_id, MIN(e.worked_on) AS first_day,
      MAX(x.until) AS until, 'operation:' || x.operation_id AS subject,
      MAX(x.recorded_by_id) AS recorded_by
    FROM ({parts}) x
    JOIN workshops_workorderoperation o ON o.operation_id = x.operation_id
    CROSS JOIN LATERAL (
      SELECT e.worked_on, e.placement_id FROM inmates_workentry e
      WHERE e.work_order_operation_id = o.id
        AND e.worked_on >= x.first_day AND e.worked_on < x.until
      UNION ALL
      SELECT t.worked_on, h.placement_id FROM inmates_teamentry t
      JOIN inmates_teamshare h ON h.team_entry_id = t.id
      WHERE t.work_order_operation_id = o.id
        AND t.worked_on >= x.first_day AND t.worked_on < x.until) e
    JOIN inmates_placement p ON p.id = e.placement_id AND p.payer_id = x.payer_id
    JOIN workshops_post s ON s.id = p.post_id
    JOIN workshops_workshop w ON w.id = s.workshop_id
    GROUP BY p.inmate_id, p.payer_id, w.institution_id, x.operation_id
    )
"""
MARK_RATES = marks_of_dated(
    "rates",
    "rate",
    ("payer_id", "post_id", "operation_id", "amount", "unit", "per_pieces"),
    _RATES,
    of_payer=True,
)

# --- the law ----------------------------------------------------------------------------------
# A month without a row of a code cannot be calculated: what is added to a gap was never paid by.
# A row that takes the place of another is seen by the end of that other one.
_ANY_PAYER = "SELECT r.payer_id FROM inmates_payrollrun r WHERE r.month >= first_month"
_REPLACED = ("changed", "removed")
# What the engine reads, but for the part of wages that pays a debt back: closed months keep theirs.
WAGE_CODES = sorted({*PARAMETER_CODES, *EARNING_LAW_CODES} - {"overpayment_recovery_share"})
_WAGE_CODES = ", ".join(f"'{code}'" for code in WAGE_CODES)
_ALL_SLIPS = """
    SELECT s.inmate_id, r.payer_id, r.institution_id,
      GREATEST(MIN(x.first_day), MIN(r.month)) AS first_day, 'infinity'::date AS until,
      {subject} AS subject, NULL::bigint AS recorded_by
    FROM ({{parts}}) x
    JOIN inmates_payrollrun r ON r.status IN ({closed})
      AND r.month >= date_trunc('month', x.first_day)::date AND r.month < x.until
    JOIN inmates_payslip s ON s.run_id = r.id
    WHERE {where}
    GROUP BY 1, 2, 3, 6
"""
MARK_PARAMETERS = marks_of_dated(
    "parameters",
    "parameter",
    ("code", "value"),
    _ALL_SLIPS.format(
        subject="'parameter:' || x.code", closed=CLOSED, where=f"x.code IN ({_WAGE_CODES})"
    ),
    payers=_ANY_PAYER,
    words=_REPLACED,
)
# Whoever earned something of the kind: their bases in its months, their average in later ones.
_HAS_KIND = """
    EXISTS (
      SELECT FROM inmates_payslip k
      JOIN inmates_payslipline l ON l.payslip_id = k.id AND l.kind = 'earning' AND l.code = x.code
      JOIN inmates_payrollrun m ON m.id = k.run_id AND m.payer_id = r.payer_id
      WHERE k.inmate_id = s.inmate_id AND m.status IN ({closed}) AND m.month <= r.month
        AND m.month >= date_trunc('month', x.first_day)::date)
"""
MARK_KINDS = marks_of_dated(
    "kinds",
    "kind",
    (
        "code", "in_opv", "in_so", "in_osms", "in_ipn", "in_social_tax", "is_attachable",
        "in_average", "in_minimum_wage",
    ),
    _ALL_SLIPS.format(
        subject="'kind:' || x.code", closed=CLOSED, where=_HAS_KIND.format(closed=CLOSED)
    ),
    payers=_ANY_PAYER,
    words=_REPLACED,
)  # fmt: skip
# A day of the calendar is a norm of its month; leave that is paid at the end of the work is
# counted in working days of the months behind it.
_CALENDAR = """
    SELECT s.inmate_id, r.payer_id, r.institution_id, MIN(GREATEST(r.month, x.first_day))
      AS first_day, 'infinity'::date AS until, 'calendar:' || MIN(x.day) AS subject,
      NULL::bigint AS recorded_by
    FROM ({days}) d
    CROSS JOIN LATERAL (SELECT d.day, date_trunc('month', d.day)::date AS month) day
    JOIN inmates_payrollrun r ON r.status IN ({closed}) AND r.month <= day.month
      AND r.month > day.month - interval '1 year'
    JOIN inmates_payslip s ON s.run_id = r.id
    CROSS JOIN LATERAL (
      SELECT d.day, CASE WHEN r.month = day.month THEN d.day ELSE r.month END AS first_day) x
    WHERE r.month = day.month OR EXISTS (
      SELECT FROM inmates_payslipline l
      WHERE l.payslip_id = s.id AND l.code = 'leave_compensation')
    GROUP BY s.inmate_id, r.payer_id, r.institution_id
"""
_EVERY_PAYER = "SELECT r.payer_id FROM inmates_payrollrun r"
_CHANGED_DAYS = (
    "SELECT n.day FROM new_rows n JOIN old_rows o ON o.day = n.day"
    " WHERE n.is_workday <> o.is_workday"
)
MARK_CALENDAR = [
    statement(
        f"mark_calendar_{word}",
        OPERATIONS[word],
        mark(
            "calendar",
            _CALENDAR.format(days=days, closed=CLOSED),
            _EVERY_PAYER,
        )
        + "RETURN NULL;",
    )
    for word, days in (("changed", _CHANGED_DAYS), ("removed", "SELECT o.day FROM old_rows o"))
]
